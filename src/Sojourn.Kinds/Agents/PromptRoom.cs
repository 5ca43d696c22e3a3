namespace Sojourn.Kinds.Agents;

/// <summary>How much may wait in a session, and that what waits is still kept when its turn comes.</summary>
internal static class PromptRoom
{
    /// <summary>
    /// The stream has prompts that are done in it too: it is cut at its beginning, so one that waits keeps all that
    /// came after it. So many times as much as may wait is kept.
    /// </summary>
    private const int Kept = 4;

    public static Retention KeptBy(AgentOptions options) => new()
    {
        Entries = options.MaxQueuedPrompts * Kept,
        Bytes = options.MaxQueuedPromptBytes * Kept,
    };

    /// <summary>Why the prompt that was added last has no room, for people; null if it has.</summary>
    public static string? Fault(Agent agent, AgentOptions options)
    {
        var waiting = agent.Prompts.Where(each => each.State is PromptState.Queued or PromptState.Cut).ToList();
        if (waiting.Count > options.MaxQueuedPrompts)
        {
            return $"{options.MaxQueuedPrompts} prompts wait already; wait, or withdraw one.";
        }

        if (waiting.Sum(each => each.Bytes) > options.MaxQueuedPromptBytes)
        {
            return $"All prompts that wait have at most {options.MaxQueuedPromptBytes:N0} bytes together, with their "
                + $"documents; this one has {agent.Prompts[^1].Bytes:N0}.";
        }

        var kept = KeptBy(options);
        return agent.Prompts.FirstOrDefault(each => agent.PromptEntries - each.Entry >= kept.Entries
                || agent.PromptBytes - each.EndsAt + each.Bytes > kept.Bytes) is { } oldest
            ? $"The prompt {oldest.Id} waits for so long that its text would be lost; run it again, or withdraw it."
            : null;
    }
}
