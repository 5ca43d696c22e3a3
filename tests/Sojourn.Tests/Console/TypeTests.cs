using Sojourn.Tests.Streams;

namespace Sojourn.Tests.Console;

/// <summary>The console's modules say what they take and give; a compiler reads that and compares.</summary>
public sealed class TypeTests
{
    [NodeFact("Console")]
    public async Task Every_module_keeps_to_its_types()
    {
        using var check = NodeFactAttribute.StartIn(
            "Console", ["node_modules/typescript/bin/tsc", "--project", ".", "--pretty", "false"]);
        var said = Task.WhenAll(check.StandardOutput.ReadToEndAsync(), check.StandardError.ReadToEndAsync());
        await check.WaitForExitAsync();

        string.Concat(await said).ShouldBeEmpty();
        check.ExitCode.ShouldBe(0);
    }

    [Fact]
    public void Every_module_asks_to_be_checked()
    {
        var modules = Tidy.SourceTree.Here.Texts
            .Where(file => file.IsUnder("src/Sojourn.Server/Console/Site")
                && file.Path.EndsWith(".js", StringComparison.Ordinal))
            .ToList();

        modules.Count.ShouldBeGreaterThan(30);
        modules.Where(file => file.Lines[0] != "// @ts-check").Select(file => file.Path).ShouldBeEmpty();
    }
}
