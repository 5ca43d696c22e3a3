using System.Text.RegularExpressions;

namespace Sojourn.Tests.Tidy;

/// <summary>A name in PascalCase that a document sets as code is one that the code knows.</summary>
internal static partial class DocumentNames
{
    /// <param name="document">What to read.</param>
    /// <param name="known">All names that occur in the code.</param>
    public static IEnumerable<Finding> Check(SourceFile document, IReadOnlySet<string> known) =>
        from span in Markdown.Spans(document)
        let match = TypeName().Match(span.Text)
        where match.Success && !known.Contains(match.Groups["name"].Value)
        select new Finding(document.Path, span.Line,
            $"the code knows no '{match.Groups["name"].Value}'. Name what is there now.");

    public static HashSet<string> Known(IEnumerable<SourceFile> code) => code
        .SelectMany(file => file.Syntax.DescendantTokens())
        .Select(token => token.Text)
        .ToHashSet(StringComparer.Ordinal);

    // Two humps at least: `Durable` may be an English word, `MemoryStore` is a name.
    [GeneratedRegex(@"^(?<name>I?[A-Z][a-z0-9]+([A-Z][a-z0-9]+)+|I[A-Z][a-z]+)(<.*>)?(\(.*\))?$",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TypeName();
}
