using System.Text.Json;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Claude;

/// <summary>How a turn ended, as Claude Code says it; there may be several until it has nothing to do.</summary>
internal sealed record ClaudeResult(TurnOutcome Outcome, string? Error, TurnUsage Usage)
{
    public static ClaudeResult Nothing { get; } = new(TurnOutcome.Completed, null, new TurnUsage());

    public static ClaudeResult Read(JsonElement line, bool wasInterrupted)
    {
        var outcome = OutcomeOf(line, wasInterrupted);
        return new ClaudeResult(outcome, outcome == TurnOutcome.Completed ? null : ErrorOf(line), UsageOf(line));
    }

    /// <summary>A later result of the same span of work.</summary>
    public ClaudeResult With(ClaudeResult next) => next with
    {
        Usage = new TurnUsage(
            Usage.InputTokens + next.Usage.InputTokens, Usage.OutputTokens + next.Usage.OutputTokens,
            next.Usage.TotalCostUsd ?? Usage.TotalCostUsd),
    };

    // A failed login is a "success" with is_error: the subtype alone says little.
    private static TurnOutcome OutcomeOf(JsonElement line, bool wasInterrupted) => line.Text("subtype") switch
    {
        "error_max_turns" or "error_max_budget_usd" => TurnOutcome.Limited,
        "error_during_execution" when wasInterrupted
            || line.Text("terminal_reason")?.StartsWith("aborted", StringComparison.Ordinal) == true
            => TurnOutcome.Interrupted,
        "success" when !line.Is("is_error") => TurnOutcome.Completed,
        _ => TurnOutcome.Failed,
    };

    private static string? ErrorOf(JsonElement line)
    {
        var errors = line.Items("errors").Where(error => error.ValueKind == JsonValueKind.String)
            .Select(error => error.Beginning(AskTexts.LongestDetail).Trim('"')).ToList();
        return line.Text("result") is { Length: > 0 } text ? text
            : errors.Count > 0 ? string.Join(' ', errors) : line.Text("subtype");
    }

    private static TurnUsage UsageOf(JsonElement line)
    {
        var cost = line.Amount("total_cost_usd");
        return line.Child("usage") is { } usage
            ? new TurnUsage(
                usage.Number("input_tokens") + usage.Number("cache_read_input_tokens")
                    + usage.Number("cache_creation_input_tokens"),
                usage.Number("output_tokens"), cost)
            : new TurnUsage(TotalCostUsd: cost);
    }
}
