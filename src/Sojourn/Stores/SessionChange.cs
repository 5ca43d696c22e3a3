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

    /// <summary>Events below this number are to be dropped; 0 if none.</summary>
    public long TrimEventsBefore { get; init; }

    /// <summary>Operation ids used before this are to be forgotten; null if none.</summary>
    public DateTimeOffset? TrimOperationsBefore { get; init; }
}

/// <summary>Removes a session with its streams and operation ids.</summary>
public sealed record RemoveSession(SessionKey Key, long ExpectedVersion) : SessionChange(Key, ExpectedVersion);

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
