namespace Sojourn.Kinds.Generation;

/// <summary>
/// The limits of the kind <c>generation </c>. All faults are reported together when the kind is built.
/// </summary>
public sealed class GenerationOptions
{
    /// <summary>
    /// How long a session may be busy before it is removed, in each busy status. Default 24 h; 1 min to 365 days.
    /// </summary>
    public TimeSpan KeepBusyFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a completed session is kept after its end. Default 6 h; 1 min to 365 days.</summary>
    public TimeSpan KeepCompletedFor { get; set; } = TimeSpan.FromHours(6);

    /// <summary>How long a failed session is kept, and can be retried. Default 1 h; 1 min to 365 days.</summary>
    public TimeSpan KeepFailedFor { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a cancelled session is kept, and can be retried. Default 1 h; 1 min to 365 days.</summary>
    public TimeSpan KeepCancelledFor { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long work may go on without any progress before it is failed as stuck. Default 30 min; 1 s to 24 h. Must be
    /// longer than the slowest single picture takes. Waiting in the queue does not count, nor does reading.
    /// </summary>
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// How many sessions an owner may have. Default 100; 1 to 1,000,000. Beyond it the oldest that is not busy makes
    /// place for a new one, those that have ended first; if all are busy, the new one is refused.
    /// </summary>
    public int MaxSessions { get; set; } = 100;

    /// <summary>How many sessions one node works on at once; the others wait. Default 4; 1 to 1,000.</summary>
    public int MaxDriven { get; set; } = 4;

    /// <summary>
    /// Paces the embedded generator so that people can watch: a pause before each scene. Default none; up to 60 s.
    /// </summary>
    public TimeSpan SceneDelay { get; set; }

    internal IEnumerable<string> Faults()
    {
        (string Name, TimeSpan Value)[] lives =
        [
            (nameof(KeepBusyFor), KeepBusyFor), (nameof(KeepCompletedFor), KeepCompletedFor),
            (nameof(KeepFailedFor), KeepFailedFor), (nameof(KeepCancelledFor), KeepCancelledFor),
        ];
        foreach (var (name, value) in lives)
        {
            if (value < TimeSpan.FromMinutes(1) || value > TimeSpan.FromDays(365))
            {
                yield return $"{name} must be 1 minute to 365 days; it is {value}.";
            }
        }

        if (StuckAfter < TimeSpan.FromSeconds(1) || StuckAfter > TimeSpan.FromHours(24))
        {
            yield return $"{nameof(StuckAfter)} must be 1 second to 24 hours; it is {StuckAfter}.";
        }

        if (MaxDriven is < 1 or > 1000)
        {
            yield return $"{nameof(MaxDriven)} must be 1 to 1,000; it is {MaxDriven}.";
        }

        if (MaxSessions is < 1 or > 1_000_000)
        {
            yield return $"{nameof(MaxSessions)} must be 1 to 1,000,000; it is {MaxSessions}.";
        }

        if (SceneDelay < TimeSpan.Zero || SceneDelay > TimeSpan.FromSeconds(60))
        {
            yield return $"{nameof(SceneDelay)} must be 0 to 60 seconds; it is {SceneDelay}.";
        }
    }

    /// <summary>The limits as the engine takes them.</summary>
    /// <exception cref="SojournException">An option is out of its range; the message names all that are.</exception>
    internal Policy ToPolicy()
    {
        var faults = Faults().ToList();
        if (faults.Count > 0)
        {
            throw new SojournException($"The generation options cannot be used: {string.Join(" ", faults)}");
        }

        return new Policy
        {
            Statuses =
            [
                new("pending") { Busy = true, KeepFor = KeepBusyFor },
                new("processing") { Busy = true, KeepFor = KeepBusyFor },
                new("downloading") { Busy = true, KeepFor = KeepBusyFor },
                new("completed") { Final = true, Resumable = true, KeepFor = KeepCompletedFor },
                new("failed") { Final = true, Resumable = true, Failed = true, KeepFor = KeepFailedFor },
                new("cancelled") { Final = true, Resumable = true, KeepFor = KeepCancelledFor },
            ],
            MaxDriven = MaxDriven,
            MaxSessionsPerOwner = MaxSessions,
            WhenFull = WhenFull.EvictOldest,
            StuckAfter = StuckAfter,
            // The longest story twice (whole, and cut into excerpts) and 20 scenes edited to their limits, in JSON.
            MaxStateBytes = 4 << 20,
        };
    }
}
