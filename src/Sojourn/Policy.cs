using System.Collections.Frozen;

namespace Sojourn;

/// <summary>What an acknowledgement promises.</summary>
public enum Durability
{
    /// <summary>Acknowledged, and visible to anybody, only once flushed to disk. The default.</summary>
    Durable,

    /// <summary>Acknowledged at once, on disk within <see cref="Policy.WriteBehindDelay"/>.</summary>
    WriteBehind,

    /// <summary>Kept in memory alone; gone with the process.</summary>
    Volatile,
}

/// <summary>What happens when a session is to begin and there is no place for it.</summary>
public enum WhenFull
{
    /// <summary>It is refused, with <see cref="ProblemTypes.Full"/>. The default.</summary>
    Refuse,

    /// <summary>The oldest session makes place: the one that began first.</summary>
    EvictOldest,

    /// <summary>The one that took no step for longest makes place.</summary>
    EvictLeastRecentlyUsed,
}

/// <summary>One status that a session of a kind can have, and what it means for its life.</summary>
/// <param name="Name">The status on the wire: 1 to 32 of a-z, 0-9 and '-', beginning with a letter.</param>
public sealed record StatusPolicy(string Name)
{
    /// <summary>A busy session has outside work under way: a driver is given to it, and it is never evicted.</summary>
    public bool Busy { get; init; }

    /// <summary>
    /// For a busy status: that nothing need happen in it, as with a program that waits for its user. Such a session is
    /// never stuck. Default false.
    /// </summary>
    public bool Rests { get; init; }

    /// <summary>
    /// A final session has ended; it is kept for <see cref="KeepFor"/> so that its outcome can be read.
    /// </summary>
    public bool Final { get; init; }

    /// <summary>
    /// For a final status: that commands may take the session up again from it, or add to its logs. Those stay open
    /// then. Default false: it is the end, the session's logs are closed for all who read them, and a step that adds to
    /// one, or leaves for a status that is no end, is refused with the code <c>session-ended</c>.
    /// </summary>
    public bool Resumable { get; init; }

    /// <summary>
    /// For a final status: that it is a failure, so that statistics, hooks and clean-up can tell. Default false.
    /// </summary>
    public bool Failed { get; init; }

    /// <summary>
    /// How long a session may stay in this status, counted from when it entered it; then it expires, that is, it is
    /// removed with all its streams. Null (the default) means for ever. More than nothing, at most ten years.
    /// </summary>
    public TimeSpan? KeepFor { get; init; }
}

/// <summary>A kind's limits. Immutable; every limit has a documented answer when it is reached.</summary>
public sealed record Policy
{
    private static readonly TimeSpan LongestKept = TimeSpan.FromDays(3653);

    /// <summary>What an acknowledgement promises. Default <see cref="Durability.Durable"/>.</summary>
    public Durability Durability { get; init; } = Durability.Durable;

    /// <summary>Every status that the kind's sessions can have. Default: one, <c>open</c>, kept for ever.</summary>
    public IReadOnlyList<StatusPolicy> Statuses { get; init; } = [new("open")];

    /// <summary>
    /// The longest that an acknowledged write-behind step stays unwritten. Default 100 ms, 1 ms to 1 min.
    /// </summary>
    public TimeSpan WriteBehindDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The most sessions of the kind. Null (the default) for no limit but the disk's; at least 0. What happens at the
    /// limit is <see cref="WhenFull"/>.
    /// </summary>
    public long? MaxSessions { get; init; }

    /// <summary>The most sessions of the kind that one owner has; as <see cref="MaxSessions"/>.</summary>
    public long? MaxSessionsPerOwner { get; init; }

    /// <summary>
    /// What happens when a session is to begin and there is no place. An eviction takes expired sessions first, then
    /// final ones, then others, and never a busy one: if all are busy, the new session is refused.
    /// </summary>
    public WhenFull WhenFull { get; init; }

    /// <summary>When one who was refused for lack of place may try again. Default 30 s; 1 s to 1 day.</summary>
    public TimeSpan RetryWhenFull { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The most sessions of the kind in memory. Default 100,000; at least 1. Beyond it those that were used longest ago
    /// are passivated: the store keeps them, and whoever asks for one has it back as it was. Those that are driven or
    /// watched, or have steps on their way to the store, stay beyond the limit. Volatile kinds have no other place.
    /// </summary>
    public int MaxInMemory { get; init; } = 100_000;

    /// <summary>
    /// After how long without a command or a read a session is passivated. Null (the default) for only when there are
    /// too many; 1 s to ten years.
    /// </summary>
    public TimeSpan? PassivateAfter { get; init; }

    /// <summary>
    /// A busy session without a step for this long counts as stuck: health says so, statistics count it. Reads do not
    /// count as progress. Default 30 min; 1 s to ten years.
    /// </summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// How many older states are kept for each session, to restore it from should its record become unreadable.
    /// Default 1; 0 to 10.
    /// </summary>
    public int KeptSnapshots { get; init; } = 1;

    /// <summary>How far apart these are, at least. Default 1 min; 0 to ten years.</summary>
    public TimeSpan SnapshotEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How many events a session keeps readable; a reader who is further behind is given a snapshot first.
    /// Default 10,000; 1 to 1,000,000. The engine may keep up to a tenth more, so as to trim in runs.
    /// </summary>
    public int RetainedEvents { get; init; } = 10_000;

    /// <summary>As <see cref="RetainedEvents"/>, in bytes. Null (the default) for no such limit; at least 1.</summary>
    public long? RetainedEventBytes { get; init; }

    /// <summary>
    /// As <see cref="RetainedEvents"/>, by age; looked at when the session adds an event. Null (the default) for no
    /// such limit; at most ten years.
    /// </summary>
    public TimeSpan? RetainedEventAge { get; init; }

    /// <summary>
    /// How much of each named stream is kept. Those that are not named here are kept as long as their session.
    /// </summary>
    public IReadOnlyDictionary<string, Retention> Streams { get; init; } = FrozenDictionary<string, Retention>.Empty;

    /// <summary>
    /// The largest state, in bytes of JSON. Default 1 MiB. Beyond it a step fails with <c>too-large</c>. The
    /// states of volatile kinds are never written, and not measured.
    /// </summary>
    public int MaxStateBytes { get; init; } = 1 << 20;

    /// <summary>The most events and stream entries one step may add. Default 256.</summary>
    public int MaxEventsPerStep { get; init; } = 256;

    /// <summary>The largest event or stream entry, in bytes. Default 4 MiB. Beyond it a step fails.</summary>
    public int MaxEntryBytes { get; init; } = 4 << 20;

    /// <summary>
    /// How many operation ids a session remembers. Default 10,000. An id is kept for at least 24 hours; while all of
    /// them are younger than that, a command with a new one is refused with <c>too-many-operations</c>.
    /// </summary>
    public int MaxOperations { get; init; } = 10_000;

    /// <summary>How many commands may wait for a session's turn. Default 1,000; then <c>overloaded</c>.</summary>
    public int MaxWaiting { get; init; } = 1_000;

    /// <summary>How many watchers a session may have at once. Default 1,000; then <c>too-many-watchers</c>.</summary>
    public int MaxWatchers { get; init; } = 1_000;

    /// <summary>How many sessions of the kind one node drives at once; the others wait. Default 4.</summary>
    public int MaxDriven { get; init; } = 4;

    internal Retention EventRetention => new()
    {
        Entries = RetainedEvents,
        Bytes = RetainedEventBytes,
        Age = RetainedEventAge,
    };

    /// <summary>All that is wrong with this policy, in sentences; empty if nothing is.</summary>
    internal IEnumerable<string> Faults() => [.. StatusFaults(), .. NumberFaults()];

    private IEnumerable<string> StatusFaults()
    {
        if (Statuses.Count is 0 or > 32)
        {
            yield return "a policy needs 1 to 32 statuses.";
        }

        foreach (var status in Statuses.Where(status => !Naming.IsKindName(status.Name)))
        {
            yield return $"'{status.Name}' is not a status name: use 1 to 32 of a-z, 0-9 and '-'.";
        }

        foreach (var twice in Statuses.GroupBy(status => status.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            yield return $"the status '{twice.Key}' is listed twice.";
        }

        foreach (var status in Statuses.Where(status => status.Busy && status.Final))
        {
            yield return $"the status '{status.Name}' cannot be both busy and final.";
        }

        foreach (var status in Statuses.Where(
            status => status.KeepFor <= TimeSpan.Zero || status.KeepFor > LongestKept))
        {
            yield return $"the status '{status.Name}' must be kept for more than nothing and at most ten years; leave "
                + $"{nameof(StatusPolicy.KeepFor)} out to keep it for ever.";
        }

        foreach (var status in Statuses.Where(status => status.Resumable && !status.Final))
        {
            yield return $"the status '{status.Name}' is resumable and must then be final.";
        }

        foreach (var status in Statuses.Where(status => status.Rests && !status.Busy))
        {
            yield return $"the status '{status.Name}' rests and must then be busy.";
        }

        foreach (var status in Statuses.Where(status => status.Failed && !status.Final))
        {
            yield return $"the status '{status.Name}' is a failure and must then be final.";
        }
    }

    private IEnumerable<string> NumberFaults()
    {
        if (WriteBehindDelay < TimeSpan.FromMilliseconds(1) || WriteBehindDelay > TimeSpan.FromMinutes(1))
        {
            yield return $"{nameof(WriteBehindDelay)} must be 1 ms to 1 min.";
        }

        if (RetainedEvents is < 1 or > 1_000_000)
        {
            yield return $"{nameof(RetainedEvents)} must be 1 to 1,000,000.";
        }

        if (MaxSessions < 0 || MaxSessionsPerOwner < 0)
        {
            yield return $"{nameof(MaxSessions)} and {nameof(MaxSessionsPerOwner)} must not be negative.";
        }

        if (KeptSnapshots is < 0 or > 10)
        {
            yield return $"{nameof(KeptSnapshots)} must be 0 to 10.";
        }

        if (!EventRetention.IsValid || Streams.Any(stream => !Naming.IsKindName(stream.Key) || !stream.Value.IsValid))
        {
            yield return $"{nameof(RetainedEventBytes)}, {nameof(RetainedEventAge)} and {nameof(Streams)}: numbers "
                + "must be at least 1, ages more than nothing and at most ten years, and streams have names of a-z, "
                + "0-9 and '-'.";
        }

        (string Name, TimeSpan Value, TimeSpan Least, TimeSpan Most)[] times =
        [
            (nameof(RetryWhenFull), RetryWhenFull, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            (nameof(PassivateAfter), PassivateAfter ?? LongestKept, TimeSpan.FromSeconds(1), LongestKept),
            (nameof(StuckAfter), StuckAfter, TimeSpan.FromSeconds(1), LongestKept),
            (nameof(SnapshotEvery), SnapshotEvery, TimeSpan.Zero, LongestKept),
        ];
        foreach (var time in times.Where(time => time.Value < time.Least || time.Value > time.Most))
        {
            yield return $"{time.Name} must be {time.Least} to {time.Most}; it is {time.Value}.";
        }

        (string Name, int Value)[] positive =
        [
            (nameof(MaxStateBytes), MaxStateBytes), (nameof(MaxEventsPerStep), MaxEventsPerStep),
            (nameof(MaxEntryBytes), MaxEntryBytes), (nameof(MaxOperations), MaxOperations),
            (nameof(MaxWaiting), MaxWaiting), (nameof(MaxWatchers), MaxWatchers), (nameof(MaxDriven), MaxDriven),
            (nameof(MaxInMemory), MaxInMemory),
        ];
        foreach (var (name, _) in positive.Where(limit => limit.Value < 1))
        {
            yield return $"{name} must be at least 1.";
        }
    }
}
