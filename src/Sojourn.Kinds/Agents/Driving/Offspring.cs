using Sojourn.Kinds.Agents.Processes;

namespace Sojourn.Kinds.Agents.Driving;

/// <summary>
/// What a living program has started for its work, and what would be lost with it. What it is made of does not count: a
/// wrapper around it, or the servers of tools that it begins before it is asked anything.
/// </summary>
internal sealed class Offspring(AgentHost host, SessionKey session, int pid)
{
    private const int MostNamed = 3;

    private volatile HashSet<(int Pid, ulong StartTime)>? _own;
    private bool _hasWorked;

    /// <summary>Called with each state, before anything of it reaches the program.</summary>
    public void Note(Agent agent)
    {
        _hasWorked |= agent.Turn is not null || agent.HasPromptInHand;
        // What is typed into a terminal is seen by nobody here: there it is what lives at the very beginning.
        if (agent.IsLive && (_own is null || (!_hasWorked && agent.Protocol != AgentProtocol.Terminal)))
            _own = [.. host.DescendantsOf(session, pid).Select(Named)];
    }

    /// <summary>Says for people what would be lost with the program; null if nothing would.</summary>
    public string? WhyNotSleep()
    {
        var own = _own ?? [];
        var left = host.DescendantsOf(session, pid).Where(process => !own.Contains(Named(process))).ToList();
        if (left.Count == 0)
            return null;
        var names = string.Join(
            ", ", left.Take(MostNamed).Select(process => $"{process.Name} (process {process.Pid})"));
        return $"It is not hibernated while there lives what it has started: {names}"
            + (left.Count > MostNamed ? $" and {left.Count - MostNamed} more." : ".");
    }

    private static (int Pid, ulong StartTime) Named(MarkedProcess process) => (process.Pid, process.StartTime);
}
