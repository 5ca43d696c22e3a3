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

/// <summary>One status that a session of a kind can have, and what it means for its life.</summary>
/// <param name="Name">The status on the wire: 1 to 32 of a-z, 0-9 and '-', beginning with a letter.</param>
public sealed record StatusPolicy(string Name)
{
    /// <summary>A busy session has outside work under way: a driver is given to it, and it is never evicted.</summary>
    public bool Busy { get; init; }

    /// <summary>
    /// A final session has ended; it is kept for <see cref="KeepFor"/> so that its outcome can be read.
    /// </summary>
    public bool Final { get; init; }

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
    /// How many events a session keeps readable; a reader who is further behind is given a snapshot first.
    /// Default 10,000; 1 to 1,000,000. The engine may keep up to a tenth more, so as to trim in runs.
    /// </summary>
    public int RetainedEvents { get; init; } = 10_000;

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

    /// <summary>All that is wrong with this policy, in sentences; empty if nothing is.</summary>
    internal IEnumerable<string> Faults()
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

        if (WriteBehindDelay < TimeSpan.FromMilliseconds(1) || WriteBehindDelay > TimeSpan.FromMinutes(1))
        {
            yield return $"{nameof(WriteBehindDelay)} must be 1 ms to 1 min.";
        }

        if (RetainedEvents is < 1 or > 1_000_000)
        {
            yield return $"{nameof(RetainedEvents)} must be 1 to 1,000,000.";
        }

        (string Name, int Value)[] positive =
        [
            (nameof(MaxStateBytes), MaxStateBytes), (nameof(MaxEventsPerStep), MaxEventsPerStep),
            (nameof(MaxEntryBytes), MaxEntryBytes), (nameof(MaxOperations), MaxOperations),
            (nameof(MaxWaiting), MaxWaiting), (nameof(MaxWatchers), MaxWatchers), (nameof(MaxDriven), MaxDriven),
        ];
        foreach (var (name, _) in positive.Where(limit => limit.Value < 1))
        {
            yield return $"{name} must be at least 1.";
        }
    }
}
