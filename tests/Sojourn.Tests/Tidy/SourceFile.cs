using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Sojourn.Tests.Tidy;

/// <summary>One text file of the repository; its path is relative to the root, with '/'.</summary>
internal sealed class SourceFile(string path, string text)
{
    private static readonly CSharpParseOptions Newest = new(LanguageVersion.Latest);

    public string Path { get; } = path;

    public string Text { get; } = text;

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>The lines without their ends; a last line end begins no further line.</summary>
    public string[] Lines => field ??= Split(Text);

    public SyntaxNode Syntax => field ??= CSharpSyntaxTree.ParseText(Text, Newest, Path).GetRoot();

    public bool IsUnder(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    public Finding At(SyntaxNode node, string says) => At(node.GetFirstToken(), says);

    public Finding At(SyntaxToken token, string says) =>
        new(Path, token.GetLocation().GetLineSpan().StartLinePosition.Line + 1, says);

    private static string[] Split(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }
}
