namespace Sojourn;

/// <summary>What happened to a session, for <see cref="SojournEngine.Subscribe"/>.</summary>
public enum Happening
{
    /// <summary>It began.</summary>
    Created,

    /// <summary>It took a step that is none of the others.</summary>
    Changed,

    /// <summary>It took a step while it was busy, and still is.</summary>
    Progressed,

    /// <summary>It ended well: it entered a status that is final.</summary>
    Completed,

    /// <summary>It ended badly: it entered a status that is final and a failure.</summary>
    Failed,

    /// <summary>It was removed because it had stayed in its status for as long as that is kept.</summary>
    Expired,

    /// <summary>It was removed to make place for another.</summary>
    Evicted,

    /// <summary>Somebody removed it.</summary>
    Removed,

    /// <summary>It left memory; the store keeps it.</summary>
    Passivated,

    /// <summary>It was busy when its process ended and is driven again, or was restored after damage.</summary>
    Recovered,

    /// <summary>Its record could not be read.</summary>
    Damaged,

    /// <summary>
    /// The subscriber was too slow: <see cref="SessionHappening.Missed"/> happenings were dropped before the next one.
    /// </summary>
    Missed,
}

/// <summary>Something that happened to a session. For a durable kind it survives a power cut before it is
/// told.</summary>
/// <param name="What">What.</param>
/// <param name="Session">To which session.</param>
/// <param name="At">When, UTC.</param>
public sealed record SessionHappening(Happening What, SessionKey Session, DateTimeOffset At)
{
    /// <summary>
    /// The session after it; for a removal, and when it leaves memory, as it was last. Null for what is about no
    /// version.
    /// </summary>
    public SessionView? View { get; init; }

    /// <summary>The status before; null if there was none.</summary>
    public string? PreviousStatus { get; init; }

    /// <summary>The events of the step, in order; several steps that were stored together come as one.</summary>
    public IReadOnlyList<SessionEvent> Events { get; init; } = [];

    /// <summary>With <see cref="Happening.Missed"/>, how many were dropped.</summary>
    public long Missed { get; init; }
}
