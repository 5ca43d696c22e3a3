using Sojourn.Stores;

namespace Sojourn.Sqlite.Journal;

/// <summary>
/// What a layer adds to the counters below it, and takes from them: kept with each change, so that counting costs as
/// much as there are statuses, however many sessions there are.
/// </summary>
internal sealed class LayerCounts
{
    private readonly Dictionary<Place, Sum> _all = [];
    private readonly Dictionary<OwnerId, Dictionary<Place, Sum>> _owners = [];
    private readonly Dictionary<(string Kind, long Hour), long> _hours = [];

    /// <summary>True if <see cref="Count"/> can answer.</summary>
    public static bool CanCount(SessionQuery query) => query is
    {
        IsDamaged: false, Text: null, Labels.Count: 0, CreatedBefore: null, ActiveBefore: null, StatusBefore: null,
    };

    /// <summary>A session has changed.</summary>
    /// <param name="session">As it is now.</param>
    /// <param name="was">Its record before; null if it had none here.</param>
    /// <param name="wasHiding">Whether it hid what lies below before.</param>
    public void Follow(PendingSession session, SessionRecord? was, bool wasHiding)
    {
        if (!wasHiding && !session.IsTermAlone && session.Below is { } below)
        {
            Add(session.Key, Counted.Of(below), -1);
        }

        var (before, now) = (Counted.Of(was), Counted.Of(session.Record));
        if (before == now)
        {
            return;
        }

        if (before is { } gone)
        {
            Add(session.Key, gone, -1);
        }

        if (now is { } come)
        {
            Add(session.Key, come, 1);
        }
    }

    /// <summary>How many more match than below; less than 0 if fewer do.</summary>
    public long Count(SessionQuery query)
    {
        var places = query.Owner is { } owner ? _owners.GetValueOrDefault(owner) : _all;
        return places?.Where(place => place.Key.Matches(query)).Sum(place => place.Value.Sessions) ?? 0;
    }

    public void AddTo(CensusCounter census)
    {
        foreach (var (owner, places) in _owners)
        {
            foreach (var (place, sum) in places)
            {
                census.Add(place.Kind, owner, place.Status, sum.Sessions, sum.Size);
            }
        }

        foreach (var ((kind, hour), sessions) in _hours)
        {
            census.Add(kind, hour, sessions);
        }
    }

    private void Add(SessionKey key, Counted counted, int sign)
    {
        var place = new Place(key.Kind, counted.Status, counted.IsBusy, counted.IsFinal);
        if (!_owners.TryGetValue(key.Owner, out var owned))
        {
            _owners[key.Owner] = owned = [];
        }

        Add(_all, place, sign, counted.Size);
        Add(owned, place, sign, counted.Size);
        _hours[(key.Kind, counted.Hour)] = _hours.GetValueOrDefault((key.Kind, counted.Hour)) + sign;
    }

    private static void Add(Dictionary<Place, Sum> places, Place place, int sign, long size)
    {
        var sum = places.GetValueOrDefault(place);
        places[place] = new Sum(sum.Sessions + sign, sum.Size + (sign * size));
    }

    private readonly record struct Place(string Kind, string Status, bool IsBusy, bool IsFinal)
    {
        public bool Matches(SessionQuery query) => query.MayBe(Kind)
            && (query.Status is null || query.Status == Status)
            && (query.IsBusy is null || query.IsBusy == IsBusy)
            && (query.IsFinal is null || query.IsFinal == IsFinal);
    }

    private readonly record struct Sum(long Sessions, long Size);

    /// <summary>What is counted of a session.</summary>
    private readonly record struct Counted(string Status, bool IsBusy, bool IsFinal, long Size, long Hour)
    {
        public static Counted Of(SessionRow row) => new(row.Status, row.IsBusy, row.IsFinal, row.Size, row.Hour);

        public static Counted? Of(SessionRecord? record) => record is null ? null : new(
            record.Status, record.IsBusy, record.IsFinal, record.Bytes,
            record.CreatedAt.UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour);
    }
}
