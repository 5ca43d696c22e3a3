namespace Sojourn.Stores;

/// <summary>A session as it is stored.</summary>
public sealed record SessionRecord
{
    /// <summary>What names it.</summary>
    public required SessionKey Key { get; init; }

    /// <summary>Steps taken; from 1.</summary>
    public required long Version { get; init; }

    /// <summary>The kind's status.</summary>
    public required string Status { get; init; }

    /// <summary>True if it is to be driven.</summary>
    public required bool IsBusy { get; init; }

    /// <summary>True if it has ended.</summary>
    public required bool IsFinal { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last took a step, UTC.</summary>
    public required DateTimeOffset LastActivityAt { get; init; }

    /// <summary>When it entered its status, UTC.</summary>
    public required DateTimeOffset StatusSince { get; init; }

    /// <summary>When it expires, UTC; null for never.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When its rules asked to be called, UTC; null for never.</summary>
    public required DateTimeOffset? WakeAt { get; init; }

    /// <summary>The version at which it became busy; 0 if it is not.</summary>
    public long BusySince { get; init; }

    /// <summary>The oldest event that is still kept; 1 while none has been dropped.</summary>
    public required long FirstEvent { get; init; }

    /// <summary>The newest event; 0 if there is none.</summary>
    public required long LastEvent { get; init; }

    /// <summary>Where the event log can be cut; the first is at <see cref="FirstEvent"/>.</summary>
    public IReadOnlyList<LogMark> EventMarks { get; init; } = [];

    /// <summary>How far each named stream reaches.</summary>
    public required IReadOnlyDictionary<string, StreamTail> Tails { get; init; }

    /// <summary>What it takes up: its state and all entries of its logs, in bytes. Counted by owner.</summary>
    public long Bytes { get; init; }

    /// <summary>Names and values that lists are filtered by.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>How many operation ids are remembered, and since when; null if none was ever used.</summary>
    public OperationWindow? Operations { get; init; }

    /// <summary>The driver's newest report; null if there was none.</summary>
    public DriverReport? Reported { get; init; }

    /// <summary>The kind's state as JSON. Empty in lists.</summary>
    public required ReadOnlyMemory<byte> State { get; init; }

    /// <summary>The earlier of <see cref="ExpiresAt"/> and <see cref="WakeAt"/>.</summary>
    public DateTimeOffset? DueAt => ExpiresAt < WakeAt || WakeAt is null ? ExpiresAt : WakeAt;
}

/// <summary>A place in a log before which it can be cut.</summary>
/// <param name="First">The number of the first entry after it.</param>
/// <param name="At">When that was added, UTC.</param>
/// <param name="Bytes">Bytes of the entries from here to the next mark, or to the end.</param>
public readonly record struct LogMark(long First, DateTimeOffset At, long Bytes);

/// <summary>How far a named stream reaches.</summary>
/// <param name="First">The oldest entry that is still kept; 1 while none has been dropped.</param>
/// <param name="Last">The newest entry.</param>
/// <param name="Marks">Where it can be cut; the first is at <paramref name="First"/>.</param>
public sealed record StreamTail(long First, long Last, IReadOnlyList<LogMark> Marks);

/// <summary>
/// Operation ids are counted in two windows of 24 hours. When the current one ends it becomes the previous one, and
/// what was in the previous one, all of it older than 24 hours, is forgotten.
/// </summary>
/// <param name="Start">When the current window began, UTC.</param>
/// <param name="Previous">Ids used in the window before.</param>
/// <param name="Current">Ids used in this one.</param>
public sealed record OperationWindow(DateTimeOffset Start, int Previous, int Current);

/// <summary>Numbers a driver's reports, so that one that is sent again is not counted twice.</summary>
/// <param name="Term">The term of the driver's lease.</param>
/// <param name="Number">1, 2, 3… within the term.</param>
public sealed record DriverReport(long Term, long Number);

/// <summary>What an operation id was answered.</summary>
/// <param name="Id">The operation id.</param>
/// <param name="Hash">SHA-256 of the command, to recognise another one under the same id.</param>
/// <param name="Reply">The reply as JSON.</param>
/// <param name="Version">The session's version after the step.</param>
/// <param name="FirstEvent">The first event of the step.</param>
/// <param name="LastEvent">The last event of the step; below <paramref name="FirstEvent"/> if it had none.</param>
/// <param name="At">When it was decided, UTC.</param>
public sealed record OperationRecord(
    string Id,
    ReadOnlyMemory<byte> Hash,
    ReadOnlyMemory<byte> Reply,
    long Version,
    long FirstEvent,
    long LastEvent,
    DateTimeOffset At);

/// <summary>Names one stream of one session.</summary>
public readonly record struct StreamKey(SessionKey Session, string Name)
{
    /// <summary>The stream of a session's events.</summary>
    public const string Events = "events";
}

/// <summary>One entry of a stream.</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="Number">1, 2, 3… without gaps.</param>
/// <param name="Bytes">What was appended.</param>
public readonly record struct StreamEntry(string Stream, long Number, ReadOnlyMemory<byte> Bytes);

/// <summary>A page of <see cref="ISessionStore.ListAsync"/>.</summary>
/// <param name="Sessions">Without their states.</param>
/// <param name="Next">Where the next page begins; null if this is the last.</param>
public sealed record StoredPage(IReadOnlyList<SessionRecord> Sessions, string? Next);

/// <summary>Sessions whose time has come.</summary>
/// <param name="Due">Earliest first.</param>
/// <param name="Next">When the next one is due that is not in <paramref name="Due"/>; null if there is none.</param>
public sealed record DueSessions(IReadOnlyList<SessionKey> Due, DateTimeOffset? Next);

/// <summary>A node's right to drive a session.</summary>
/// <param name="Key">The session.</param>
/// <param name="Node">Who holds it.</param>
/// <param name="Term">Grows with every change of hands.</param>
public sealed record Lease(SessionKey Key, string Node, long Term);

/// <summary>A node that asks for work.</summary>
/// <param name="Kind">Of which kind.</param>
/// <param name="Node">Who asks.</param>
/// <param name="Now">Leases that end before this are dead.</param>
/// <param name="Until">When the new leases end unless renewed.</param>
/// <param name="Limit">The most that it can take.</param>
public sealed record LeaseClaim(string Kind, string Node, DateTimeOffset Now, DateTimeOffset Until, int Limit);

/// <summary>Changes that survive a power cut but are still on their way to their final place.</summary>
/// <param name="Changes">How many.</param>
/// <param name="Bytes">How many bytes of log they keep from being freed.</param>
public readonly record struct StoreLag(long Changes, long Bytes);

/// <summary>Sessions of one kind and owner in one status.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Owner">The owner.</param>
/// <param name="Status">The status.</param>
/// <param name="Sessions">How many.</param>
/// <param name="Bytes">The sum of their <see cref="SessionRecord.Bytes"/>.</param>
public readonly record struct SessionCount(string Kind, OwnerId Owner, string Status, long Sessions, long Bytes);

/// <summary>Sessions of one kind that began within one hour.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Hour">When that hour began, UTC.</param>
/// <param name="Sessions">How many.</param>
public readonly record struct AgeCount(string Kind, DateTimeOffset Hour, long Sessions);

/// <summary>All sessions, counted.</summary>
public sealed record Census(IReadOnlyList<SessionCount> ByStatus, IReadOnlyList<AgeCount> ByAge);

/// <summary>Which sessions could make place.</summary>
/// <param name="Kind">Of which kind; null for any.</param>
/// <param name="Owner">Of which owner; null for any.</param>
/// <param name="ByActivity">Among equals, true: the longest without a step first; false: the oldest first.</param>
/// <param name="Now">To tell which have expired.</param>
/// <param name="Limit">The most to return.</param>
public sealed record VictimQuery(string? Kind, OwnerId? Owner, bool ByActivity, DateTimeOffset Now, int Limit);

/// <summary>A session that could make place, as long as it is the one that was found, at this version.</summary>
/// <param name="Key">The session.</param>
/// <param name="Version">Its version.</param>
/// <param name="CreatedAt">When it began, UTC: tells it from one that was begun anew under the same key.</param>
public readonly record struct Victim(SessionKey Key, long Version, DateTimeOffset CreatedAt);

/// <summary>What a backup holds.</summary>
/// <param name="Directory">Where it lies.</param>
/// <param name="Sessions">Sessions in it.</param>
/// <param name="Entries">Stream entries in it.</param>
/// <param name="Bytes">Its size on disk.</param>
/// <param name="Damaged">A sentence for each record that was damaged before, and is so in the copy.</param>
public sealed record BackupReport(
    string Directory, long Sessions, long Entries, long Bytes, IReadOnlyList<string> Damaged);

/// <summary>What a check found.</summary>
/// <param name="Sessions">Sessions read.</param>
/// <param name="Entries">Stream entries read.</param>
/// <param name="Damaged">A sentence for each record that does not match its checksum.</param>
public sealed record StoreCheck(long Sessions, long Entries, IReadOnlyList<string> Damaged);

/// <summary>A stored record does not match its checksum or cannot be read. Other records are not concerned.</summary>
public sealed class DamagedRecordException(string message, Exception? cause = null) : Exception(message, cause);
