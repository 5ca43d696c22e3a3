using System.Text.Json;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Acp;

/// <summary>What the updates of a session mean.</summary>
internal sealed class AcpUpdates(int run)
{
    private const int MostSteps = 100, MostTitles = 200;

    private readonly AcpTexts _texts = new(run);
    private readonly Dictionary<string, string> _titles = [];
    private decimal? _cost;
    private string? _mode;

    /// <summary>What a tool was called when it was told; null if it was not.</summary>
    public string? TitleOf(string call) => _titles.GetValueOrDefault(call);

    public void Take(JsonElement update, List<AgentNews> news)
    {
        switch (update.Text("sessionUpdate"))
        {
            case "agent_message_chunk":
                _texts.Take(update.Text("messageId"), TextOf(update), false, news);
                break;
            case "agent_thought_chunk":
                _texts.Take(update.Text("messageId"), TextOf(update), true, news);
                break;
            case "tool_call":
                TakeTool(update, isNew: true, news);
                break;
            case "tool_call_update":
                TakeTool(update, isNew: false, news);
                break;
            case "plan":
                news.Add(new AgentNews.Planned([.. update.Items("entries").Take(MostSteps).Select(Step)]));
                break;
            case "usage_update":
                if (update.Child("cost") is { } cost && cost.Text("currency") is null or "USD")
                {
                    _cost = cost.Amount("amount") ?? _cost;
                }

                break;
            // Some tell the mode with each prompt.
            case { } kind when AcpNotices.Of(kind, update) is { } notice && notice != _mode:
                _mode = kind == "current_mode_update" ? notice : _mode;
                news.Add(new AgentNews.Noticed(NoticeKind.Info, notice));
                break;
            default:
                // What the user said is in the log already, and what commands there are nobody asks here.
                break;
        }
    }

    /// <summary>What is being written is told whole.</summary>
    public void Close(List<AgentNews> news) => _texts.Close(news);

    /// <summary>How the turn ended.</summary>
    public AgentNews.TurnEnded EndOf(RpcAnswer answer)
    {
        _titles.Clear();
        if (answer.Error is { } error)
        {
            return new AgentNews.TurnEnded(TurnOutcome.Failed, error, new TurnUsage(TotalCostUsd: _cost));
        }

        var outcome = answer.Result.Text("stopReason") switch
        {
            "cancelled" => TurnOutcome.Interrupted,
            "max_tokens" or "max_turn_requests" => TurnOutcome.Limited,
            "refusal" => TurnOutcome.Refused,
            "end_turn" => TurnOutcome.Completed,
            _ => TurnOutcome.Failed,
        };
        return new AgentNews.TurnEnded(
            outcome, outcome is TurnOutcome.Limited or TurnOutcome.Failed ? WhyOf(answer.Result) : null,
            UsageOf(answer.Result));
    }

    private static string WhyOf(JsonElement result) =>
        result.Text("stopReason") is { } reason ? $"It stopped: {reason}." : "It did not say why it stopped.";

    private TurnUsage UsageOf(JsonElement result) => result.Child("usage") is { } usage
        ? new TurnUsage(
            usage.Number("inputTokens") + usage.Number("cachedReadTokens") + usage.Number("cachedWriteTokens"),
            usage.Number("outputTokens") + usage.Number("thoughtTokens"), _cost)
        : new TurnUsage(TotalCostUsd: _cost);

    private void TakeTool(JsonElement update, bool isNew, List<AgentNews> news)
    {
        if (AcpTools.Read(update, isNew) is not AgentNews.Tool tool)
        {
            return;
        }

        if (isNew)
        {
            _texts.Close(news);
        }

        if (tool.Title is { } title && (_titles.Count < MostTitles || _titles.ContainsKey(tool.Call)))
        {
            _titles[tool.Call] = title;
        }

        news.Add(tool);
    }

    private static string TextOf(JsonElement update)
    {
        var content = update.Child("content") ?? default;
        return content.Text("type") switch
        {
            "text" => content.Text("text") ?? "",
            "resource_link" => content.Text("uri") ?? "",
            null => "",
            var other => $"({other})",
        };
    }

    private static PlanStep Step(JsonElement entry) => new(
        Telling.Cut(entry.Text("content") ?? "", AskTexts.LongestQuestion),
        Telling.Cut(entry.Text("status") ?? "pending", AskTexts.LongestName));
}
