using System.Text.Json;

namespace Sojourn.Kinds.Agents.Lines;

/// <summary>How long the texts of an ask may be: it stands in the session's state until it is answered.</summary>
internal static class AskTexts
{
    /// <summary>How many asks may be open at once; more are answered with no.</summary>
    public const int MostOpen = 20;

    public const int LongestDetail = 4000, LongestTitle = 200, LongestName = 100, LongestQuestion = 1000;

    /// <summary>The longest name of an ask, a message or a tool's use: it stands in the state, or in events.</summary>
    public const int LongestId = 256;

    public const int MostQuestions = 10, MostOptions = 20;

    private const int LongestSummary = 160;

    private static readonly string[] Telltale =
        ["command", "file_path", "notebook_path", "path", "pattern", "url", "query", "description", "prompt"];

    /// <summary>A tool's name with the parameter that says most.</summary>
    public static string TitleOf(string tool, JsonElement? input)
    {
        var says = input is { } parameters
            ? Telltale.Select(name => parameters.Text(name)).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text))
            : null;
        return says is null ? Telling.Cut(tool, LongestTitle)
            : $"{Telling.Cut(tool, LongestName - 60)}: {Telling.Cut(says.ReplaceLineEndings(" "), LongestSummary)}";
    }
}
