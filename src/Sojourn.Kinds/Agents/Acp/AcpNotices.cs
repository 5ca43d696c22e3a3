using System.Text.Json;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Acp;

/// <summary>Words for people about what an agent says beside its work.</summary>
internal static class AcpNotices
{
    public static string? Of(string kind, JsonElement update) => kind switch
    {
        "current_mode_update" when update.Text("currentModeId") is { } mode => $"Mode: {mode}.",
        "notice" => Join(update.Text("title"), update.Text("message")),
        "compaction_update" when update.Text("status") is { } status => $"Making the conversation shorter: {status}.",
        // Titles, commands and options change often, and the agent's own clients show them elsewhere.
        _ => null,
    };

    private static string? Join(string? title, string? message) =>
        (title, message) is (null, null) ? null : string.Join(": ", new[] { title, message }.OfType<string>());
}
