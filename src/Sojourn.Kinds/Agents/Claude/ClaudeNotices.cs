using System.Text.Json;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Claude;

/// <summary>Words for people about what Claude Code says in figures.</summary>
internal static class ClaudeNotices
{
    public static string Retry(JsonElement line)
    {
        var why = line.Text("error") is { Length: > 0 } error ? $" ({error})" : "";
        var status = line.Number("error_status") is > 0 and var code ? $" answers {code}" : " does not answer";
        return $"The model's service{status}{why}: try {line.Number("attempt")} of {line.Number("max_retries")} in "
            + $"{line.Amount("retry_delay_ms") / 1000 ?? 0:0.#} s.";
    }
}
