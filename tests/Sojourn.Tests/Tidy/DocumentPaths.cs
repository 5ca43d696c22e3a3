using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace Sojourn.Tests.Tidy;

/// <summary>Every relative link and every path of this repository that a document names leads somewhere.</summary>
internal static partial class DocumentPaths
{
    /// <param name="document">What to read.</param>
    /// <param name="exists">Whether a path from the root is there.</param>
    /// <param name="paths">All files, for paths with a `*`.</param>
    public static IEnumerable<Finding> Check(
        SourceFile document, Func<string, bool> exists, IReadOnlyList<string> paths) =>
        Links(document).Concat(Paths(document))
            .Where(part => part.Text.Contains('*', StringComparison.Ordinal)
                ? !paths.Any(path => Matches(part.Text, path))
                : !exists(part.Text))
            .Select(part => new Finding(document.Path, part.Line,
                $"'{part.Text}' is not there. Correct the path, or add the file."));

    private static IEnumerable<Markdown.Part> Links(SourceFile document) => Markdown.Links(document)
        .Where(link => !link.Text.StartsWith('#') && !ElsewhereInTheWorld().IsMatch(link.Text))
        .Select(link => link with { Text = Resolve(document.Path, link.Text.Split('#')[0]) });

    private static IEnumerable<Markdown.Part> Paths(SourceFile document) => Markdown.Spans(document)
        .Select(span => (span, match: RepositoryPath().Match(span.Text)))
        .Where(each => each.match.Success)
        .Select(each => each.span with { Text = each.match.Groups["path"].Value });

    private static bool Matches(string pattern, string path) =>
        FileSystemName.MatchesSimpleExpression($"{pattern.TrimEnd('/')}*", path, ignoreCase: false);

    private static string Resolve(string from, string target)
    {
        var folder = new Stack<string>(from.Split('/')[..^1]);
        foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(step => step != "."))
        {
            if (step != ".." || !folder.TryPop(out _))
            {
                folder.Push(step);
            }
        }

        return string.Join('/', folder.Reverse());
    }

    [GeneratedRegex("^([a-z]+:|//)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ElsewhereInTheWorld();

    [GeneratedRegex(@"^(\./)?(?<path>(src|tests|docs|bench|samples|\.ci)/[\w./*-]*)(:\d+)?$",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RepositoryPath();
}
