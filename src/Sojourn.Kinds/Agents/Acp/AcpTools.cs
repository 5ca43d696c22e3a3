using System.Text;
using System.Text.Json;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Acp;

/// <summary>What tools do.</summary>
internal static class AcpTools
{
    private const int LongestDetail = 8000;

    /// <summary>A tool that is used, or what has changed with it; null without its name.</summary>
    public static AgentNews? Read(JsonElement update, bool isNew) => update.Text("toolCallId") is { Length: > 0 } call
        ? new AgentNews.Tool(
            Telling.Cut(call, AskTexts.LongestTitle), Short(update.Text("kind") ?? (isNew ? "other" : null)),
            Short(update.Text("title")), Short(update.Text("status") ?? (isNew ? "pending" : null)), DetailOf(update))
        : null;

    /// <summary>What a tool shows, or else what it was given; null for nothing.</summary>
    public static string? DetailOf(JsonElement call)
    {
        var detail = new StringBuilder();
        foreach (var part in call.Items("content").TakeWhile(_ => detail.Length < LongestDetail))
        {
            detail.Append(TextOf(part)).Append('\n');
        }

        return detail.Length > 0 ? Telling.Cut(detail.ToString().TrimEnd(), LongestDetail)
            : (call.Child("rawOutput") ?? call.Child("rawInput"))?.Beginning(LongestDetail);
    }

    private static string? TextOf(JsonElement part) => part.Text("type") switch
    {
        "content" => part.Child("content")?.Text("text"),
        "diff" => $"{part.Text("path")}\n--- before\n{Begin(part, "oldText")}\n+++ after\n{Begin(part, "newText")}",
        // Terminals of ours are not offered, so there are none.
        _ => null,
    };

    private static string Begin(JsonElement part, string name) =>
        Telling.Cut(part.Text(name) ?? "", LongestDetail / 2);

    private static string? Short(string? text) => text is null ? null : Telling.Cut(text, AskTexts.LongestTitle);
}
