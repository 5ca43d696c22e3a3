using System.Text.RegularExpressions;
using Sojourn.Cli;

namespace Sojourn.Tests.Cli;

public sealed class HelpTests
{
    public static TheoryData<string> Verbs =>
        [.. AllVerbs().Select(verb => verb.Path)];

    private static System.CommandLine.Command Root => new SojournCli(Terminal.OfThisProcess()).CreateRoot();

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Every_verb_helps_with_an_example(string verb)
    {
        var run = await CliRun.OfAsync(new CliSurroundings(), [.. verb.Split(' '), "--help"]);

        run.ExitCode.ShouldBe(ExitCodes.Done);
        var example = run.Out[run.Out.IndexOf("Example", StringComparison.Ordinal)..];
        example.ShouldContain($"sojourn {verb}");
    }

    [Fact]
    public async Task The_help_tells_every_exit_code()
    {
        var run = await CliRun.OfAsync(new CliSurroundings(), "--help");

        foreach (var (code, meaning) in ExitCodes.Table)
            run.Out.ShouldMatch($"{code}  {Regex.Escape(meaning)}");
    }

    [Fact]
    public void The_page_about_the_program_names_every_verb_option_and_exit_code()
    {
        var page = File.ReadAllText(Path.Combine(Repository(), "docs", "cli.md"));

        foreach (var (path, verb) in AllVerbs())
        {
            page.ShouldContain($"`sojourn {path}");
            foreach (var option in verb.Options)
                page.ShouldContain(option.Name, customMessage: $"{path} has it");
        }

        foreach (var option in Root.Options)
            page.ShouldContain(option.Name);
        foreach (var (code, meaning) in ExitCodes.Table)
            page.ShouldContain($"| {code} | {meaning} |");
    }

    [Fact]
    public void The_page_about_the_program_names_no_option_that_is_not_there()
    {
        var page = File.ReadAllText(Path.Combine(Repository(), "docs", "cli.md"));
        var there = AllVerbs().SelectMany(verb => verb.Verb.Options).Concat(Root.Options)
            .Select(option => option.Name).ToHashSet();

        const RegexOptions How = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;
        foreach (Match option in Regex.Matches(page, "[` \\[](?<name>--[a-z][a-z-]+)", How))
            there.ShouldContain(option.Groups["name"].Value);
    }

    private static IEnumerable<(string Path, System.CommandLine.Command Verb)> AllVerbs() => Root.Subcommands
        .SelectMany(verb =>
            verb.Subcommands.Select(inner => ($"{verb.Name} {inner.Name}", inner)).Prepend((verb.Name, verb)));

    private static string Repository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Sojourn.slnx")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("The tests do not run inside a clone.");
    }
}
