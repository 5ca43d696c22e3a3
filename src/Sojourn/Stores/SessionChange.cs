namespace Sojourn.Stores;

/// <summary>What a commit does to one session: <see cref="SaveSession"/> or <see cref="RemoveSession"/>.</summary>
/// <param name="Key">The session.</param>
/// <param name="ExpectedVersion">The version stored now; 0 if there must be no such session.</param>
public abstract record SessionChange(SessionKey Key, long ExpectedVersion)
{
    /// <summary>The lease under which it was decided; null if it needs none.</summary>
    public Lease? Lease { get; init; }
}

/// <summary>Writes a session's new state, and with it all that its steps added.</summary>
public sealed record SaveSession(SessionKey Key, long ExpectedVersion, SessionRecord Record)
    : SessionChange(Key, ExpectedVersion)
{
    /// <summary>New stream entries, the events among them, in order.</summary>
    public required IReadOnlyList<StreamEntry> Entries { get; init; }

    /// <summary>New operation ids with their replies.</summary>
    public required IReadOnlyList<OperationRecord> Operations { get; init; }

    /// <summary>
    /// True if another life of the session begins with this: the one that is there goes in the same commit, with its
    /// streams, operation ids, snapshots and lease. Default false.
    /// </summary>
    public bool Replaces { get; init; }

    /// <summary>What is to be dropped from the old ends of its logs, those of the new entries included.</summary>
    public IReadOnlyList<StreamTrim> Trims { get; init; } = [];

    /// <summary>Operation ids used before this are to be forgotten; null if none.</summary>
    public DateTimeOffset? TrimOperationsBefore { get; init; }

    /// <summary>
    /// How many older states are kept to restore from, should the newest become unreadable: 0 to 10. A store may keep
    /// none.
    /// </summary>
    public int KeepSnapshots { get; init; }

    /// <summary>How far apart these are at least.</summary>
    public TimeSpan SnapshotEvery { get; init; }
}

/// <summary>Entries below a number are to be dropped from a stream.</summary>
public readonly record struct StreamTrim(string Stream, long Before);

/// <summary>
/// Removes a session with its streams, operation ids and snapshots. What is in quarantine stays there.
/// </summary>
public sealed record RemoveSession(SessionKey Key, long ExpectedVersion) : SessionChange(Key, ExpectedVersion)
{
    /// <summary>For <see cref="SessionChange.ExpectedVersion"/>: whatever it has, as of a damaged one.</summary>
    public const long AnyVersion = -1;
}

/// <summary>How the store judged one change.</summary>
public enum CommitResult
{
    /// <summary>Written and flushed.</summary>
    Committed,

    /// <summary>The session has another version than expected; nothing of this change was written.</summary>
    Conflict,

    /// <summary>The lease is held no longer; nothing of this change was written.</summary>
    LeaseLost,
}
