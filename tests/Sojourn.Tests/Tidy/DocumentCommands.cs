using System.Text.RegularExpressions;

namespace Sojourn.Tests.Tidy;

/// <summary>Every call of this project's programs in a document has a verb and options that they know.</summary>
internal static partial class DocumentCommands
{
    /// <param name="document">What to read.</param>
    /// <param name="programs">The sources of the programs; their options stand there as `"--name"`.</param>
    /// <param name="door">build.sh.</param>
    public static IEnumerable<Finding> Check(SourceFile document, IReadOnlyList<SourceFile> programs, SourceFile door)
    {
        var tool = programs.Where(file => file.IsUnder("src/Sojourn.Cli")).ToList();
        foreach (var (line, text) in Markdown.Spans(document).Concat(Markdown.CodeLines(document)))
        {
            var call = Call().Match(text);
            if (!call.Success && !text.StartsWith("--", StringComparison.Ordinal))
            {
                continue;
            }

            var verb = call.Groups["verb"].Value;
            if (verb.Length > 0 && !Knows(call.Groups["program"].Value, verb, tool, door))
            {
                yield return new Finding(document.Path, line,
                    $"{call.Groups["program"].Value} has no verb '{verb}'. Correct the document, or add the verb.");
            }

            var options = call.Success ? call.Groups["rest"].Value : text;
            foreach (var option in Option().Matches(options).Select(match => match.Value)
                .Where(each => !IsOption(each, programs, door)))
            {
                yield return new Finding(document.Path, line,
                    $"there is no option {option}. Correct the document, or add it.");
            }
        }
    }

    private static bool Knows(string program, string verb, IReadOnlyList<SourceFile> tool, SourceFile door) =>
        program == "sojourn"
            ? tool.Any(file => file.Text.Contains($"\"{verb}\"", StringComparison.Ordinal))
            : door.Lines.Any(line => line.TrimStart().StartsWith(verb + ")", StringComparison.Ordinal));

    private static bool IsOption(string option, IReadOnlyList<SourceFile> programs, SourceFile door) =>
        option is "--help" or "--version"
        || programs.Any(file => file.Text.Contains($"\"{option}\"", StringComparison.Ordinal))
        || door.Text.Contains(option + " ", StringComparison.Ordinal);

    [GeneratedRegex(@"^(\$ )?(\./)?(?<program>sojourn|build\.sh)(?<rest>( (?<verb>[a-z][a-z-]*)(?= |$))?( [^|;&#]*)?)",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Call();

    [GeneratedRegex("(?<![\\w-])--[a-z][a-z0-9-]*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Option();
}
