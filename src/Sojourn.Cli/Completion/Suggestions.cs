using System.CommandLine;
using System.Globalization;

namespace Sojourn.Cli.Completion;

/// <summary>
/// Answers a shell that asks what could come next: <c>sojourn [suggest:POSITION] "LINE"</c>, one suggestion a line.
/// </summary>
internal static class Suggestions
{
    private const string Opening = "[suggest";

    /// <summary>Whether these arguments are such a question.</summary>
    public static bool IsAsked(IReadOnlyList<string> args) => args.Count == 2
        && args[0].StartsWith(Opening, StringComparison.Ordinal) && args[0].EndsWith(']');

    /// <param name="root">The program's verbs.</param>
    /// <param name="parsing">How its lines are read.</param>
    /// <param name="args">The question; see <see cref="IsAsked"/>.</param>
    /// <returns>What could stand where the cursor is; empty if nobody knows.</returns>
    public static IReadOnlyList<string> For(Command root, ParserConfiguration parsing, IReadOnlyList<string> args)
    {
        // Only what stands before the cursor; and the first word is the program, under whatever name it was called.
        var line = args[1][..Position(args[0], args[1].Length)].TrimStart();
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0)
            return [];

        var words = line[(space + 1)..];
        return
        [
            .. root.Parse(words, parsing).GetCompletions(words.Length).Select(item => item.InsertText ?? item.Label)
                .Where(text => !text.Contains('\n', StringComparison.Ordinal)).Distinct(StringComparer.Ordinal),
        ];
    }

    private static int Position(string directive, int longest)
    {
        var number = directive[Opening.Length..^1].TrimStart(':');
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? Math.Min(position, longest) : longest;
    }
}
