using System.Text.Json;
using Sojourn.Kinds.Generation;

namespace Sojourn.Models;

// What the text model answers, as the schemas in Question say. A model may answer anything, so each is checked.

internal sealed record AnalysisAnswer(
    IReadOnlyList<string> Themes, IReadOnlyList<string> Characters, IReadOnlyList<string> Places, int EstimatedScenes);

internal sealed record PlanAnswer(IReadOnlyList<int> Starts);

internal static class Answers
{
    private const int LongestName = 100;

    /// <summary>Reads an answer strictly.</summary>
    /// <exception cref="ModelException">It is not the JSON that was asked for; asking again may help.</exception>
    public static T Read<T>(string said)
    {
        // Servers that do not hold a model to the schema let it put its JSON between fences or pleasantries.
        var (start, end) = (said.IndexOf('{', StringComparison.Ordinal), said.LastIndexOf('}'));
        try
        {
            return JsonSerializer.Deserialize<T>(
                start >= 0 && end > start ? said.AsSpan(start, end - start + 1) : said, SojournJson.Options)!;
        }
        catch (JsonException)
        {
            throw new ModelException("It is not JSON as the schema says.", Cure.AskAgain);
        }
    }

    /// <summary>The counts stay as they are: a model counts badly.</summary>
    public static StoryAnalysis InTo(this AnalysisAnswer answer, StoryAnalysis counted) => counted with
    {
        Themes = Names(answer.Themes, 5),
        Characters = Names(answer.Characters, 10),
        Places = Names(answer.Places, 8),
        EstimatedScenes = Math.Clamp(answer.EstimatedScenes, 1, StoryRules.MaxScenes),
    };

    /// <exception cref="ModelException">The rules would not take it; asking again may help.</exception>
    public static SceneText Check(SceneText text)
    {
        var trimmed = new SceneText(text.Title.Trim(), text.Description.Trim(), text.ImagePrompt.Trim());
        return SceneRules.Check(trimmed.Title, trimmed.Description, trimmed.ImagePrompt) is { } fault
            ? throw new ModelException(fault.Message, Cure.AskAgain)
            : trimmed;
    }

    private static List<string> Names(IReadOnlyList<string> names, int most) =>
    [
        .. names.Where(name => name is not null).Select(name => name.Trim())
            .Where(name => name.Length is > 0 and <= LongestName)
            .Distinct(StringComparer.OrdinalIgnoreCase).Take(most),
    ];
}
