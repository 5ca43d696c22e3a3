using Sojourn.Kinds.Agents.Driving;

namespace Sojourn.Kinds.Agents.Lines;

/// <summary>Gives an agent its prompts one after the other: what waits can still be taken back.</summary>
internal static class PromptHandover
{
    /// <summary>
    /// The next prompt that may be written now; in the log it is handed over already, so that no crash can have it sent
    /// twice.
    /// </summary>
    /// <returns>Null if there is none, or the agent has something to do.</returns>
    public static async Task<(string Id, AgentPrompt Of, string Text)?> NextAsync(
        Agent agent, ProgramLink link, CancellationToken stop)
    {
        if (!agent.IsLive || agent.Turn is not null
            || agent.Prompts.Any(each => each.State is PromptState.HandedOver or PromptState.Acknowledged)
            || agent.Prompts.FirstOrDefault(each => each.State == PromptState.Queued) is not { } next)
        {
            return null;
        }

        var prompt = await link.ReadPromptAsync(next, stop);
        if (await link.TellAsync(new AgentNews.HandedOver(next.Id), stop) is not null)
        {
            // It was withdrawn, or the state is an old one: a newer one is on its way.
            return null;
        }

        if (prompt is not null)
        {
            return (next.Id, next, PromptText.Of(prompt));
        }

        await link.TellAsync(
            [
                new AgentNews.Acknowledged(next.Id),
                new AgentNews.TurnEnded(TurnOutcome.Failed, "What was asked is no longer kept.", new TurnUsage()),
            ],
            stop);
        return null;
    }
}
