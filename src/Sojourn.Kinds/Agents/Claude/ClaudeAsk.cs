using System.Collections.Immutable;
using System.Text.Json;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Claude;

/// <summary>Something that Claude Code asks, and what is needed to answer it.</summary>
internal sealed record ClaudeAsk
{
    public const string Allow = "allow", AllowAlways = "allow-always", Deny = "deny";

    private const string QuestionTool = "AskUserQuestion";

    /// <summary>Its name for it.</summary>
    public required string Id { get; init; }

    /// <summary>The tool's parameters, as they came.</summary>
    public required byte[] Input { get; init; }

    /// <summary>What makes it not ask such a thing again; null if it proposes nothing.</summary>
    public byte[]? Suggestions { get; init; }

    /// <summary>Its questions: as people see them, and as they came.</summary>
    public ImmutableArray<(string Shown, string Asked)> Questions { get; init; } = [];

    /// <summary>Reads <c>can_use_tool</c>.</summary>
    public static (ClaudeAsk Kept, Ask Shown) Read(string id, JsonElement request)
    {
        var tool = request.Text("tool_name") ?? "tool";
        var input = request.Child("input") is { ValueKind: JsonValueKind.Object } parameters ? parameters : default;
        var isThere = input.ValueKind == JsonValueKind.Object;
        var questions = isThere && tool == QuestionTool ? ReadQuestions(input) : [];
        var suggestions = request.Items("permission_suggestions").Any()
            ? request.Child("permission_suggestions") : null;
        var kept = new ClaudeAsk
        {
            Id = id,
            Input = isThere ? input.Raw() : "{}"u8.ToArray(),
            Suggestions = suggestions?.Raw(),
            Questions = [.. questions.Select(each => (each.Question.Text, each.Asked))],
        };
        var title = questions.Count > 0 ? questions[0].Question.Text
            : AskTexts.TitleOf(request.Text("display_name") ?? tool, isThere ? input : null);
        return (kept, new Ask(
            id, Telling.Cut(tool, AskTexts.LongestName), Telling.Cut(title, AskTexts.LongestTitle),
            isThere ? input.Beginning(AskTexts.LongestDetail) : "{}",
            Choices(questions.Count > 0, suggestions is not null),
            default)
        {
            Questions = [.. questions.Select(each => each.Question)],
        });
    }

    private static ImmutableArray<AskChoice> Choices(bool isQuestion, bool canBeForAlways)
    {
        if (isQuestion)
        {
            return [new(Allow, "Answer", true), new(Deny, "Do not answer", false)];
        }

        var forAlways = new AskChoice(AllowAlways, "Allow and do not ask again", true);
        return [new(Allow, "Allow", true), .. canBeForAlways ? [forAlways] : default(AskChoice[]) ?? [],
            new(Deny, "Deny", false)];
    }

    private static List<(AskQuestion Question, string Asked)> ReadQuestions(JsonElement input) =>
    [
        .. input.Items("questions")
            .Select(each => (Text: each.Text("question"), Each: each))
            .Where(each => !string.IsNullOrEmpty(each.Text))
            .Take(AskTexts.MostQuestions)
            .Select(each => (Question(each.Text!, each.Each), each.Text!)),
    ];

    private static AskQuestion Question(string text, JsonElement question) => new(
        Telling.Cut(text, AskTexts.LongestQuestion),
        [
            .. question.Items("options").Select(option => option.Text("label")).OfType<string>()
                .Take(AskTexts.MostOptions).Select(label => Telling.Cut(label, AskTexts.LongestTitle)),
        ],
        question.Is("multiSelect"));
}
