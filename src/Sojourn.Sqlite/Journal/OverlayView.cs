using Sojourn.Stores;

namespace Sojourn.Sqlite.Journal;

/// <summary>
/// What lies over SQLite, to be asked beside it: the layers as they were when it was made, in which later changes still
/// arrive. Ask SQLite first and the layers after it: what changes in between is then hidden there and found here. For
/// the same reason the lower layer is asked before the top: a session that moves up in between is found in both, never
/// in neither, and the one in the top counts.
/// Whoever asks holds the lock for a few hundred sessions at a time, some 100 µs, and looks through all, where it must,
/// without the lock: no commit waits longer, however many there are.
/// </summary>
/// <param name="gate">The overlay's.</param>
/// <param name="top">The layer that grows.</param>
/// <param name="lower">The one that is being folded; null if none is.</param>
/// <param name="applied">Up to where SQLite had the journal before that.</param>
internal sealed class OverlayView(Lock gate, Layer top, Layer? lower, long applied)
{
    private const int Portion = 256;

    /// <summary>
    /// Whether SQLite had the lower layer when it was at this place of the journal; null if it had more than this view
    /// knows of.
    /// </summary>
    public bool? HasLower(long sequence) => sequence == applied ? false
        : sequence == lower?.LastSequence ? true
        : null;

    /// <summary>Those of SQLite's that are as SQLite has them.</summary>
    public List<T> NotHidden<T>(IReadOnlyList<T> found, Func<T, SessionKey> keyOf)
    {
        var seen = new List<T>(found.Count);
        foreach (var portion in found.Chunk(Portion))
        {
            lock (gate)
            {
                seen.AddRange(portion.Where(each => !IsHidden_Locked(keyOf(each))));
            }
        }

        return seen;
    }

    /// <summary>The newest that match, of the numbers from one to below another.</summary>
    public List<NumberedSession> Newest(SessionQuery query, long atLeast, long before, int most)
    {
        var under = lower is null ? [] : Newest(lower, query, atLeast, before, most);
        return
        [
            .. Newest(top, query, atLeast, before, most)
                .UnionBy(under, session => session.Number)
                .OrderByDescending(session => session.Number)
                .Take(most),
        ];
    }

    /// <summary>How many more match than in SQLite; less than 0 if fewer do.</summary>
    /// <param name="query">Without text and labels.</param>
    /// <param name="hasLower">Whether SQLite had the lower layer.</param>
    public long Count(SessionQuery query, bool hasLower)
    {
        var below = hasLower ? null : lower;
        if (LayerCounts.CanCount(query))
        {
            lock (gate)
            {
                return top.Counts.Count(query) + (below?.Counts.Count(query) ?? 0);
            }
        }

        return Count(top, query) + (below is null ? 0 : Count(below, query));
    }

    /// <summary>Corrects SQLite's census. The lock is held for as long as it takes to add up all owners whose sessions
    /// changed since the last fold: it is asked for at a start and after a restoration.</summary>
    public void AddTo(CensusCounter census, bool hasLower)
    {
        lock (gate)
        {
            top.Counts.AddTo(census);
            if (!hasLower)
            {
                lower?.Counts.AddTo(census);
            }
        }
    }

    /// <summary>Those to go first, in no order.</summary>
    public List<NumberedVictim> Victims(VictimQuery query)
    {
        var under = lower is null ? [] : Victims(All(lower).Where(session => !session.IsHidden), query);
        return [.. Victims(All(top), query).UnionBy(under, victim => victim.Number)];
    }

    /// <summary>Those due first, in no order.</summary>
    public List<NumberedDue> Due(IReadOnlyCollection<string> kinds, int most)
    {
        var due = new List<NumberedDue>();
        foreach (var kind in kinds.Distinct(StringComparer.Ordinal))
        {
            var under = lower is null ? [] : Due(lower, kind, most);
            due.AddRange(Due(top, kind, most).UnionBy(under, session => session.Number));
        }

        return due;
    }

    private static List<NumberedVictim> Victims(IEnumerable<PendingSession> sessions, VictimQuery query)
    {
        var lastFirst = Comparer<(int, long, long)>.Create((one, other) => other.CompareTo(one));
        var first = new PriorityQueue<NumberedVictim, (int, long, long)>(lastFirst);
        foreach (var session in sessions)
        {
            if (session.Record is not { IsBusy: false } record || !IsAsked(query, record.Key))
            {
                continue;
            }

            var victim = NumberedVictim.Of(record, session.Number, query.Now);
            var place = victim.Place(query);
            if (first.Count < query.Limit)
            {
                first.Enqueue(victim, place);
            }
            else if (first.TryPeek(out _, out var last) && place.CompareTo(last) < 0)
            {
                first.EnqueueDequeue(victim, place);
            }
        }

        return [.. first.UnorderedItems.Select(item => item.Element)];
    }

    private static bool IsAsked(VictimQuery query, SessionKey key) =>
        (query.Kind is null || key.Kind == query.Kind) && (query.Owner is null || key.Owner == query.Owner);

    private static bool Matches(SessionQuery query, SessionKey key, SessionRow row) =>
        query.MayBe(key.Kind)
        && (query.Owner is null || key.Owner == query.Owner)
        && (query.Status is null || row.Status == query.Status)
        && (query.IsBusy is null || row.IsBusy == query.IsBusy)
        && (query.IsFinal is null || row.IsFinal == query.IsFinal)
        && (query.CreatedBefore is null || row.Created < query.CreatedBefore.Value.UtcTicks)
        && (query.ActiveBefore is null || row.Active < query.ActiveBefore.Value.UtcTicks)
        && (query.StatusBefore is null || row.Since < query.StatusBefore.Value.UtcTicks);

    private bool IsHidden_Locked(SessionKey key) => top.Hides(key) || lower?.Hides(key) == true;

    private bool IsBelowTop_Locked(Layer layer, SessionKey key) => layer == lower && top.Hides(key);

    private List<NumberedSession> Newest(Layer layer, SessionQuery query, long atLeast, long before, int most)
    {
        List<PendingSession> newest;
        lock (gate)
        {
            newest = layer.Newest(before, atLeast, Portion);
        }

        var found = Matching(newest);
        if (found.Count >= most || newest.Count < Portion)
        {
            return found;
        }

        // They are rare, so all are looked through rather than one portion after the other under the lock.
        return [.. Matching(All(layer)).OrderByDescending(session => session.Number).Take(most)];

        List<NumberedSession> Matching(IEnumerable<PendingSession> sessions)
        {
            var matching = new List<NumberedSession>();
            foreach (var session in sessions)
            {
                // It may be removed, or begin anew, while it is looked at: its number is read once.
                var number = session.Number;
                if (number >= Math.Max(1, atLeast) && number < before && (layer == top || !session.IsHidden)
                    && session.Record is { } record && query.Matches(record))
                {
                    matching.Add(new NumberedSession(number, record));
                }
            }

            return matching;
        }
    }

    /// <summary>What each session adds, less what it takes: together the same whatever changes meanwhile.</summary>
    private long Count(Layer layer, SessionQuery query)
    {
        var count = 0L;
        foreach (var session in All(layer))
        {
            if (!session.IsTermAlone)
            {
                count += session.Record is { } record && query.Matches(record) ? 1 : 0;
                count -= session.Below is { } below && Matches(query, session.Key, below) ? 1 : 0;
            }
        }

        return count;
    }

    private List<NumberedDue> Due(Layer layer, string kind, int most)
    {
        while (true)
        {
            lock (gate)
            {
                if (layer.Due.First(kind, most, key => IsBelowTop_Locked(layer, key)) is { } first)
                {
                    return first;
                }
            }
        }
    }

    private ArraySegment<PendingSession> All(Layer layer)
    {
        lock (gate)
        {
            return layer.All();
        }
    }
}
