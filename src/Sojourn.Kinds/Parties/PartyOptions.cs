namespace Sojourn.Kinds.Parties;

/// <summary>The limits of the kind <c>party</c>. Faults are reported together.</summary>
public sealed class PartyOptions
{
    /// <summary>
    /// How long a member may be silent before it loses its seat. Default 5 min; 10 s to 1 day.
    /// </summary>
    public TimeSpan SilentAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a party lasts in which nobody is. Default 5 min; 10 s to 30 days.</summary>
    public TimeSpan EmptyFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a party that is over is kept, so that those who come late are told. Default 10 min; 1 min to 365 days.
    /// </summary>
    public TimeSpan KeepEndedFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The longest that what was acknowledged, such as a beat of a heart, is not yet on disk. Default 100 ms; 1 ms to
    /// 1 min. Joining, leaving and what a host decides wait for the disk.
    /// </summary>
    public TimeSpan WriteBehindDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How many parties there may be; beyond it none begins. Default 100,000; 1 to 10,000,000.</summary>
    public int MaxSessions { get; set; } = 100_000;

    /// <exception cref="SojournException">An option is out of its range; the message names all that are.</exception>
    internal Policy ToPolicy()
    {
        var faults = Faults().ToList();
        if (faults.Count > 0)
        {
            throw new SojournException($"The party options cannot be used: {string.Join(" ", faults)}");
        }

        return new Policy
        {
            Durability = Durability.WriteBehind,
            WriteBehindDelay = WriteBehindDelay,
            Statuses = [new("open"), new("ended") { Final = true, KeepFor = KeepEndedFor }],
            MaxSessions = MaxSessions,
            PassivateAfter = TimeSpan.FromHours(1),
            RetainedEvents = 1000,
        };
    }

    private IEnumerable<string> Faults()
    {
        if (MaxSessions is < 1 or > 10_000_000)
        {
            yield return $"{nameof(MaxSessions)} must be 1 to 10,000,000; it is {MaxSessions}.";
        }

        (string Name, TimeSpan Value, TimeSpan Least, TimeSpan Most)[] times =
        [
            (nameof(SilentAfter), SilentAfter, TimeSpan.FromSeconds(10), TimeSpan.FromDays(1)),
            (nameof(EmptyFor), EmptyFor, TimeSpan.FromSeconds(10), TimeSpan.FromDays(30)),
            (nameof(KeepEndedFor), KeepEndedFor, TimeSpan.FromMinutes(1), TimeSpan.FromDays(365)),
            (nameof(WriteBehindDelay), WriteBehindDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
        ];
        foreach (var time in times.Where(time => time.Value < time.Least || time.Value > time.Most))
        {
            yield return $"{time.Name} must be {time.Least} to {time.Most}; it is {time.Value}.";
        }
    }
}
