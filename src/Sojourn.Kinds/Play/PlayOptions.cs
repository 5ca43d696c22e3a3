namespace Sojourn.Kinds.Play;

/// <summary>The limits of the kind <c>play</c>. Faults are reported together.</summary>
public sealed class PlayOptions
{
    /// <summary>
    /// How long a game may be silent before its session counts as cut off. Default null: never, as is right for a game
    /// that keeps its own sessions; <c>sojourn serve</c> takes 2 min. 5 s to 1 day.
    /// </summary>
    public TimeSpan? SilentAfter { get; set; }

    /// <summary>
    /// How long an offer of recovery waits for its answer; then the session is archived. Default 24 h; 1 min to 365 days.
    /// </summary>
    public TimeSpan OfferFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// The shortest interval of checkpoints and automatic saves that a session may ask for. Default 60 s; 10 ms to 1 day.
    /// </summary>
    public TimeSpan ShortestInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a session that ended is kept. Default 30 days; 1 min to 3,650 days.</summary>
    public TimeSpan KeepEndedFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long an archived one is kept. Default 365 days; 1 min to 3,650 days.</summary>
    public TimeSpan KeepArchivedFor { get; set; } = TimeSpan.FromDays(365);

    /// <summary>
    /// How many sessions there may be, ended ones included. Default 100,000; 1 to 100,000,000. Beyond it a start is
    /// refused: none that waits for its player is taken for it.
    /// </summary>
    public int MaxSessions { get; set; } = 100_000;

    /// <summary>The limits as the engine takes them.</summary>
    /// <exception cref="SojournException">An option is out of its range; the message names all that are.</exception>
    internal Policy ToPolicy()
    {
        var faults = Faults().ToList();
        if (faults.Count > 0)
        {
            throw new SojournException($"The play options cannot be used: {string.Join(" ", faults)}");
        }

        return new Policy
        {
            Statuses =
            [
                new("playing"),
                new("interrupted"),
                new("recovering"),
                new("ended") { Final = true, KeepFor = KeepEndedFor },
                new("archived") { Final = true, Resumable = true, KeepFor = KeepArchivedFor },
            ],
            MaxSessions = MaxSessions,
            PassivateAfter = TimeSpan.FromHours(1),
            RetainedEvents = 1000,
            MaxStateBytes = 64 << 10,
        };
    }

    private IEnumerable<string> Faults()
    {
        if (MaxSessions is < 1 or > 100_000_000)
        {
            yield return $"{nameof(MaxSessions)} must be 1 to 100,000,000; it is {MaxSessions}.";
        }

        (string Name, TimeSpan Value, TimeSpan Least, TimeSpan Most)[] times =
        [
            (nameof(SilentAfter), SilentAfter ?? TimeSpan.FromDays(1), TimeSpan.FromSeconds(5), TimeSpan.FromDays(1)),
            (nameof(OfferFor), OfferFor, TimeSpan.FromMinutes(1), TimeSpan.FromDays(365)),
            (nameof(ShortestInterval), ShortestInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1)),
            (nameof(KeepEndedFor), KeepEndedFor, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650)),
            (nameof(KeepArchivedFor), KeepArchivedFor, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650)),
        ];
        foreach (var time in times.Where(time => time.Value < time.Least || time.Value > time.Most))
        {
            yield return $"{time.Name} must be {time.Least} to {time.Most}; it is {time.Value}.";
        }
    }
}
