using System.Text.RegularExpressions;

namespace Sojourn.Tests.Tidy;

/// <summary>The parts of a document that can be wrong about the code: spans, lines of code, links.</summary>
internal static partial class Markdown
{
    internal sealed record Part(int Line, string Text);

    public static IEnumerable<Part> Spans(SourceFile document) =>
        from line in Prose(document)
        from match in Span().Matches(line.Text)
        select new Part(line.Line, match.Groups["code"].Value.Trim());

    public static IEnumerable<Part> Links(SourceFile document) =>
        from line in Prose(document)
        from match in Link().Matches(Span().Replace(line.Text, ""))
        select new Part(line.Line, match.Groups["target"].Value);

    /// <summary>Fenced lines, with those joined that end in a backslash.</summary>
    public static IEnumerable<Part> CodeLines(SourceFile document)
    {
        Part? begun = null;
        foreach (var line in Split(document).Where(line => line.IsCode).Select(line => line.Part))
        {
            var whole = begun is null ? line : begun with { Text = begun.Text + " " + line.Text.Trim() };
            begun = whole.Text.EndsWith('\\') ? whole with { Text = whole.Text[..^1].TrimEnd() } : null;
            if (begun is null)
            {
                yield return whole;
            }
        }
    }

    private static IEnumerable<Part> Prose(SourceFile document) =>
        Split(document).Where(line => !line.IsCode).Select(line => line.Part);

    private static IEnumerable<(Part Part, bool IsCode)> Split(SourceFile document)
    {
        var inCode = false;
        foreach (var (index, line) in document.Lines.Index())
        {
            var isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            inCode ^= isFence;
            if (!isFence)
            {
                yield return (new Part(index + 1, line), inCode);
            }
        }
    }

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Span();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)[^)]*\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}
