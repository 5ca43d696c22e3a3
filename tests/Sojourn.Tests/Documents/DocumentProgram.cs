using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Documents;

/// <summary>
/// A program that stands in a document: the blocks marked `csharp shared` and `csharp NAME`, and what it prints, in a
/// block marked `text NAME`.
/// </summary>
internal sealed record DocumentProgram(string Name, string Source, string? Output)
{
    // What the tests run on; hundreds of files, read once.
    private static readonly Lazy<Dictionary<string, MetadataReference>> Libraries = new(ReadLibraries);

    private static readonly string[] ClientLibraries = ["Sojourn.Client.dll", "Sojourn.Contracts.dll"];

    // What the SDK uses without being told, in a console program.
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    /// <summary>The programs of a document.</summary>
    public static IReadOnlyList<DocumentProgram> In(string markdown)
    {
        var blocks = Blocks(markdown).ToList();
        var shared = blocks.Where(block => block.Mark == "csharp shared").Select(block => block.Text).ToList();
        return
        [
            .. blocks.Where(block => block.Mark.StartsWith("csharp", StringComparison.Ordinal))
                .Where(block => block.Mark != "csharp shared")
                .GroupBy(block => block.Mark)
                .Select(program => new DocumentProgram(
                    program.Key["csharp".Length..].Trim(),
                    Merge([.. shared, .. program.Select(block => block.Text)]),
                    blocks.Find(block => block.Mark == "text" + program.Key["csharp".Length..])?.Text.Trim())),
        ];
    }

    /// <summary>True for a program that has the client's libraries, and not the engine's.</summary>
    public bool IsClient { get; init; }

    /// <summary>Compiles it to a file in this directory, as a user's project would.</summary>
    public string Compile(string directory)
    {
        var compilation = CSharpCompilation.Create(
            "Program",
            [CSharpSyntaxTree.ParseText(ImplicitUsings), CSharpSyntaxTree.ParseText(Source)],
            References(),
            new CSharpCompilationOptions(
                OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        var file = Path.Combine(directory, "Program.dll");
        var result = compilation.Emit(file);
        result.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
            .Select(diagnostic => diagnostic.ToString()).ShouldBeEmpty(Source);
        return file;
    }

    /// <summary>Runs it in a process of its own, in its own directory.</summary>
    public SojournProcess Start(
        ScratchDirectory directory, string[] arguments, params (string Name, string Value)[] environment)
    {
        var tests = Path.Combine(AppContext.BaseDirectory, "Sojourn.Tests");
        return SojournProcess.StartDotnet(
        [
            "exec", "--depsfile", $"{tests}.deps.json", "--runtimeconfig", $"{tests}.runtimeconfig.json",
            Compile(directory.Path), .. arguments,
        ], directory.Path, environment);
    }

    // Usings come first in a program, types come last, wherever the document has them.
    private static string Merge(IReadOnlyList<string> blocks)
    {
        var roots = blocks.Select(block => SyntaxFactory.ParseCompilationUnit(block)).ToList();
        var members = roots.SelectMany(root => root.Members).ToList();
        return string.Concat(
        [
            .. roots.SelectMany(root => root.Usings).Select(each => each.ToFullString()).Distinct(),
            .. members.Where(member => member is GlobalStatementSyntax).Select(member => member.ToFullString()),
            .. members.Where(member => member is not GlobalStatementSyntax).Select(member => member.ToFullString()),
        ]);
    }

    private static IEnumerable<Block> Blocks(string markdown)
    {
        string? mark = null;
        var lines = new List<string>();
        foreach (var line in markdown.Split('\n'))
        {
            var isFence = line.StartsWith("```", StringComparison.Ordinal);
            if (isFence && mark is not null)
            {
                yield return new Block(mark, string.Join('\n', lines) + "\n");
                mark = null;
            }
            else if (isFence)
            {
                mark = line[3..].Trim();
                lines.Clear();
            }
            else
            {
                lines.Add(line);
            }
        }
    }

    private IEnumerable<MetadataReference> References() => Libraries.Value
        .Where(library => !IsClient || !library.Key.StartsWith("Sojourn.", StringComparison.Ordinal)
            || ClientLibraries.Contains(library.Key))
        .Select(library => library.Value);

    private static Dictionary<string, MetadataReference> ReadLibraries() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(file => Path.GetFileName(file) is not ("Sojourn.Tests.dll" or "sojourn-crash.dll" or "Sojourn.Cli.dll"))
        .DistinctBy(file => Path.GetFileName(file))
        .ToDictionary(
            file => Path.GetFileName(file), MetadataReference (file) => MetadataReference.CreateFromFile(file));

    private sealed record Block(string Mark, string Text);
}
