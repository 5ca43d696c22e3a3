using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>A session, without its state, and its place among all: numbers grow, and are never used again.</summary>
internal sealed record NumberedSession(long Number, SessionRecord Record);

/// <summary>Newest first.</summary>
/// <param name="Sessions">Without their states.</param>
/// <param name="Next">The next page holds numbers below this; null if this is the last.</param>
internal sealed record NumberedPage(IReadOnlyList<NumberedSession> Sessions, long? Next);

/// <summary>A session that could make place; those of a lower rank go first, then by activity or by number.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Key">The session.</param>
/// <param name="Version">Its version.</param>
/// <param name="Rank">0: has expired, 1: has ended, 2: idle.</param>
/// <param name="Active">Its last step, in ticks, UTC.</param>
internal readonly record struct NumberedVictim(long Number, SessionKey Key, long Version, int Rank, long Active)
{
    /// <summary>When it began, in ticks, UTC.</summary>
    public required long Created { get; init; }

    public static NumberedVictim Of(SessionRecord record, long number, DateTimeOffset now) => new(
        number, record.Key, record.Version,
        record.ExpiresAt <= now ? 0 : record.IsFinal ? 1 : 2,
        record.LastActivityAt.UtcTicks)
    {
        Created = record.CreatedAt.UtcTicks,
    };

    /// <summary>Its place among those that could make place: the lowest goes first.</summary>
    public (int, long, long) Place(VictimQuery query) => (Rank, query.ByActivity ? Active : Number, Number);

    public Victim ToVictim() => new(Key, Version, new DateTimeOffset(Created, TimeSpan.Zero));
}

/// <summary>A session with the time at which it is due, in ticks, UTC.</summary>
internal readonly record struct NumberedDue(long Number, SessionKey Key, long Due);

/// <summary>A busy session with the highest term that a lease on it ever had.</summary>
internal readonly record struct BusySession(long Number, SessionKey Key, long Term);

/// <summary>Sessions that the counters have counted together.</summary>
internal readonly record struct SessionGroup(
    string Kind, string Owner, string Status, bool IsBusy, bool IsFinal, long Sessions, long Size)
{
    public bool Matches(SessionQuery query) => query.MayBe(Kind)
        && (query.Owner is null || query.Owner.Value.ToString() == Owner)
        && (query.Status is null || query.Status == Status)
        && (query.IsBusy is null || query.IsBusy == IsBusy)
        && (query.IsFinal is null || query.IsFinal == IsFinal);
}

/// <summary>The first that are due after a place, in order, and the place to go on from; null if that is all.</summary>
internal sealed record DuePage(IReadOnlyList<NumberedDue> Due, (long Due, long Number)? Next);
