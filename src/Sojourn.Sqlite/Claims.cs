using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>Chooses which busy sessions a node is given. Used on the writer's thread.</summary>
internal sealed class Claims
{
    private readonly HeldLeases _leases;
    private readonly Statement _owners;
    private readonly Statement _busy;

    public Claims(Statements statements, HeldLeases leases)
    {
        _leases = leases;
        _owners = statements.Make("""
            SELECT DISTINCT owner, status, final FROM tally WHERE kind = $0 AND busy = 1 AND sessions > 0
            """);
        // Answered by the index alone.
        _busy = statements.Make("""
            SELECT session.id, session.number FROM session INDEXED BY session_by_status
            WHERE kind = $0 AND owner = $1 AND status = $2 AND busy = 1 AND final = $3 ORDER BY number
            """);
    }

    /// <summary>
    /// First the owner with the fewest live leases; of one owner, the oldest session first. So each session's turn is
    /// its place among its owner's free ones, behind those that are driven already.
    /// </summary>
    public IEnumerable<SessionKey> Choose(LeaseClaim claim)
    {
        var live = _leases.CountLive(claim.Kind, claim.Now);
        return _owners
            .All(row => (Owner: row.GetString(0), Status: row.GetString(1), IsFinal: row.GetBoolean(2)), claim.Kind)
            .SelectMany(group => Free(claim, group.Owner, group.Status, group.IsFinal))
            .GroupBy(session => session.Key.Owner)
            .SelectMany(owner => owner
                .OrderBy(session => session.Number)
                .Select((session, place) => (
                    session.Key, session.Number, Turn: place + live.GetValueOrDefault(owner.Key))))
            .OrderBy(session => session.Turn)
            .ThenBy(session => session.Number)
            .Take(claim.Limit)
            .Select(session => session.Key)
            .ToList();
    }

    /// <summary>The oldest of an owner's free ones; more than the node asks for is not needed of anyone.</summary>
    private List<(SessionKey Key, long Number)> Free(LeaseClaim claim, string owner, string status, bool isFinal)
    {
        var free = new List<(SessionKey, long)>();
        _busy.Each(
            row =>
            {
                if (OwnerId.TryParse(owner, out var parsed) && SessionId.TryParse(row.GetString(0), out var id)
                    && new SessionKey(claim.Kind, parsed, id) is var key && !_leases.IsTaken(key, claim.Now))
                {
                    free.Add((key, row.GetInt64(1)));
                }

                return free.Count < claim.Limit;
            },
            claim.Kind, owner, status, isFinal);
        return free;
    }
}
