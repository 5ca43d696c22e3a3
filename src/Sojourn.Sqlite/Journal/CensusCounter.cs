using Sojourn.Stores;

namespace Sojourn.Sqlite.Journal;

/// <summary>Corrects SQLite's counters by what lies over it.</summary>
internal sealed class CensusCounter
{
    private readonly Dictionary<(string Kind, OwnerId Owner, string Status), Sum> _statuses = [];
    private readonly Dictionary<(string Kind, long Hour), long> _hours = [];

    public CensusCounter(Census below)
    {
        foreach (var count in below.ByStatus)
        {
            _statuses[(count.Kind, count.Owner, count.Status)] = new Sum(count.Sessions, count.Bytes);
        }

        foreach (var count in below.ByAge)
        {
            _hours[(count.Kind, count.Hour.UtcTicks)] = count.Sessions;
        }
    }

    public void Add(string kind, OwnerId owner, string status, long sessions, long bytes)
    {
        var sum = _statuses.GetValueOrDefault((kind, owner, status));
        _statuses[(kind, owner, status)] = new Sum(sum.Sessions + sessions, sum.Bytes + bytes);
    }

    /// <param name="kind">The kind.</param>
    /// <param name="hour">When the hour began, in ticks, UTC.</param>
    /// <param name="sessions">How many more there are.</param>
    public void Add(string kind, long hour, long sessions) =>
        _hours[(kind, hour)] = _hours.GetValueOrDefault((kind, hour)) + sessions;

    public Census ToCensus() => new(
        [
            .. _statuses.Where(count => count.Value.Sessions > 0).Select(count => new SessionCount(
                count.Key.Kind, count.Key.Owner, count.Key.Status, count.Value.Sessions, count.Value.Bytes)),
        ],
        [
            .. _hours.Where(count => count.Value > 0).Select(count => new AgeCount(
                count.Key.Kind, new DateTimeOffset(count.Key.Hour, TimeSpan.Zero), count.Value)),
        ]);

    private readonly record struct Sum(long Sessions, long Bytes);
}
