using System.Text;
using System.Text.Json;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Claude;

/// <summary>What tools do, and what sub-agents say, which is work of the tool that runs them.</summary>
internal static class ClaudeTools
{
    private const int LongestDetail = 8000;

    public static AgentNews Begun(JsonElement block)
    {
        var name = block.Text("name") ?? "tool";
        var input = block.Child("input");
        return new AgentNews.Tool(
            CallOf(block.Text("id") ?? name), Telling.Cut(name, AskTexts.LongestName),
            AskTexts.TitleOf(name, input), "in_progress", input?.Beginning(LongestDetail));
    }

    /// <summary>The results that a line of the user's side carries.</summary>
    public static IEnumerable<AgentNews> Results(JsonElement message) =>
        from block in message.Items("content")
        where block.Text("type") == "tool_result"
        let call = block.Text("tool_use_id")
        where call is not null
        let state = block.Is("is_error") ? "failed" : "completed"
        select new AgentNews.Tool(CallOf(call), null, null, state, TextOf(block));

    /// <summary>What a sub-agent says or does, as a detail of the tool that it runs in.</summary>
    public static IEnumerable<AgentNews> OfSubAgent(string parent, JsonElement message) =>
        from block in message.Items("content")
        let says = block.Text("type") switch
        {
            "text" => block.Text("text"),
            "tool_use" => AskTexts.TitleOf(block.Text("name") ?? "tool", block.Child("input")),
            // Thoughts of others are too much.
            _ => null,
        }
        where !string.IsNullOrEmpty(says)
        select new AgentNews.Tool(CallOf(parent), null, null, null, Telling.Cut(says, LongestDetail));

    private static string CallOf(string id) => Telling.Cut(id, AskTexts.LongestId);

    private static string? TextOf(JsonElement result)
    {
        if (result.Text("content") is { } text)
        {
            return Telling.Cut(text, LongestDetail);
        }

        var all = new StringBuilder();
        foreach (var part in result.Items("content").TakeWhile(_ => all.Length < LongestDetail))
        {
            all.Append(part.Text("text") ?? $"({part.Text("type")})").Append('\n');
        }

        return all.Length == 0 ? null : Telling.Cut(all.ToString().TrimEnd(), LongestDetail);
    }
}
