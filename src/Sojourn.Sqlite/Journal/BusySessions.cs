using Sojourn.Stores;

namespace Sojourn.Sqlite.Journal;

/// <summary>
/// Who is busy, and who drives it: all in memory, because no other process has the store. Used behind the overlay's
/// lock.
/// </summary>
internal sealed class BusySessions
{
    private readonly Dictionary<string, SortedDictionary<long, SessionKey>> _busy = new(StringComparer.Ordinal);

    private readonly Dictionary<SessionKey, long> _numbers = [];

    public HeldLeases Leases { get; } = new();

    /// <summary>What a session is now, whatever was known of it: also if its number of then cannot be told any more.
    /// </summary>
    public void Set(SessionKey key, long number, bool isBusy)
    {
        if (!_busy.TryGetValue(key.Kind, out var ofKind))
        {
            _busy[key.Kind] = ofKind = [];
        }

        if (ofKind.Count > 0 && _numbers.TryGetValue(key, out var before) && (before != number || !isBusy))
        {
            _numbers.Remove(key);
            ofKind.Remove(before);
        }

        if (isBusy)
        {
            _numbers[key] = number;
            ofKind[number] = key;
        }
    }

    /// <summary>A session has changed.</summary>
    /// <param name="session">As it is now.</param>
    /// <param name="before">The number that it had before.</param>
    public void Follow(PendingSession session, long before)
    {
        if (before != session.Number && before != 0)
        {
            Set(session.Key, 0, isBusy: false);
            Leases.Drop(session.Key);
        }

        if (session.Record is { } record)
        {
            Set(session.Key, session.Number, record.IsBusy);
        }
    }

    /// <summary>A session that was damaged can be read again.</summary>
    /// <param name="record">As it is now.</param>
    /// <param name="number">Its number.</param>
    /// <param name="isAnother">
    /// True if that is another state than it had: who drove it knows more of it than there is now, and drives it no
    /// more.
    /// </param>
    public bool Restore(SessionRecord record, long number, bool isAnother)
    {
        if (isAnother)
        {
            Leases.Drop(record.Key);
        }

        Set(record.Key, number, record.IsBusy);
        return isAnother;
    }

    /// <summary>
    /// First the owner with the fewest live leases; of one owner, the oldest session first. So each session's turn is
    /// its
    /// place among its owner's free ones, behind those that are driven already.
    /// </summary>
    public List<(SessionKey Key, long Number)> Choose(LeaseClaim claim)
    {
        Leases.Tidy(claim.Now);
        if (!_busy.TryGetValue(claim.Kind, out var ofKind))
        {
            return [];
        }

        var live = Leases.CountLive(claim.Kind, claim.Now);
        return
        [
            .. ofKind.Where(busy => !Leases.IsTaken(busy.Value, claim.Now))
                .GroupBy(busy => busy.Value.Owner)
                .SelectMany(owner => owner.Select((busy, place) => (
                    Key: busy.Value, Number: busy.Key, Turn: place + live.GetValueOrDefault(owner.Key))))
                .OrderBy(busy => busy.Turn)
                .ThenBy(busy => busy.Number)
                .Take(claim.Limit)
                .Select(busy => (busy.Key, busy.Number)),
        ];
    }
}
