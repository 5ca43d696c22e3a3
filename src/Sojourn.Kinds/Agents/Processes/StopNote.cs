namespace Sojourn.Kinds.Agents.Processes;

/// <summary>What happens while a child is being stopped, as it happens: for a log.</summary>
internal abstract record StopNote
{
    private StopNote()
    {
    }

    /// <summary>A step is being taken.</summary>
    public sealed record Stepped(StopBy By) : StopNote;

    /// <summary>The program could not be asked.</summary>
    public sealed record NotAsked(string Why) : StopNote;

    /// <summary>The program has ended.</summary>
    /// <param name="Exit">How.</param>
    /// <param name="After">The last step that was taken before; null if none was.</param>
    public sealed record Ended(ChildExit Exit, StopBy? After) : StopNote;

    /// <summary>A process that the program left behind is signalled.</summary>
    public sealed record Swept(MarkedProcess Process, ChildSignal Signal) : StopNote;

    /// <summary>A process could not be ended in time.</summary>
    public sealed record Left(MarkedProcess Process) : StopNote;
}

/// <summary>How a stop went.</summary>
/// <param name="Exit">How the program ended; null if it has not in time.</param>
/// <param name="After">The last step that was taken before it ended; null if it needed none.</param>
/// <param name="Swept">What it had left behind and has been ended.</param>
/// <param name="Left">What could not be ended in time.</param>
internal sealed record StopOutcome(
    ChildExit? Exit, StopBy? After, IReadOnlyList<MarkedProcess> Swept, IReadOnlyList<MarkedProcess> Left);
