using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>Finds sessions that could make place.</summary>
internal sealed class Victims
{
    /// <summary>An owner with no more sessions of a kind has them all looked at.</summary>
    private const int FewSessions = 1000;

    private readonly Rows _rows;
    private readonly Groups _groups;
    private readonly Statement _due;
    private readonly Statement _oldest;
    private readonly Statement _idlest;
    private readonly Statement _ofOwner;

    public Victims(Statements statements, Rows rows, Groups groups)
    {
        (_rows, _groups) = (rows, groups);
        // All of them answered by an index alone.
        _due = statements.Make("""
            SELECT number, due FROM session INDEXED BY session_due
            WHERE kind = $0 AND due <= $1 ORDER BY due LIMIT $2
            """);
        _oldest = statements.Make("""
            SELECT number, number FROM session INDEXED BY session_free
            WHERE kind = $0 AND final = $1 AND busy = 0 ORDER BY number
            """);
        _idlest = statements.Make("""
            SELECT number, seen FROM session INDEXED BY session_seen
            WHERE kind = $0 AND final = $1 AND busy = 0 ORDER BY seen
            """);
        _ofOwner = statements.Make("""
            SELECT number, 0 FROM session INDEXED BY session_by_status
            WHERE kind = $0 AND owner = $2 AND status = $3 AND busy = 0 AND final = $1
            """);
    }

    public List<NumberedVictim> Find(VictimQuery query)
    {
        var groups = _groups.Find(query.Kind, query.Owner).FindAll(group => !group.IsBusy);
        var victims = new List<NumberedVictim>();
        for (var rank = 0; rank <= 2 && victims.Count < query.Limit; rank++)
        {
            var found = groups.GroupBy(group => group.Kind).SelectMany(kind => OfKind(query, [.. kind], rank));
            victims.AddRange(InOrder(query, found).Take(query.Limit - victims.Count));
        }

        return victims;
    }

    private static IEnumerable<NumberedVictim> InOrder(VictimQuery query, IEnumerable<NumberedVictim> victims) =>
        victims.OrderBy(victim => query.ByActivity ? victim.Active : victim.Number).ThenBy(victim => victim.Number);

    private List<NumberedVictim> OfKind(VictimQuery query, List<SessionGroup> groups, int rank)
    {
        var kind = groups[0].Kind;
        if (rank == 0)
        {
            return Look(query, rank, _due, Listings.Portion, kind, query.Now.UtcTicks, Listings.Portion);
        }

        var isFinal = rank == 1;
        var same = groups.FindAll(group => group.IsFinal == isFinal);
        if (query.Owner is not null && same.Sum(group => group.Sessions) <= FewSessions)
        {
            return [.. same.SelectMany(group => Look(
                query, rank, _ofOwner, FewSessions, kind, isFinal, group.Owner, group.Status))];
        }

        return Look(query, rank, query.ByActivity ? _idlest : _oldest, query.Limit, kind, isFinal);
    }

    /// <summary>
    /// Rows in the order of an index until there are enough. By activity, the index is as fine as ten minutes: those in
    /// which the last one was found are looked through, up to <see cref="Listings.Portion"/> sessions.
    /// </summary>
    private List<NumberedVictim> Look(
        VictimQuery query, int rank, Statement statement, int enough, params object?[] values)
    {
        var found = new List<NumberedVictim>();
        var last = 0L;
        statement.Each(
            row =>
            {
                var place = row.GetInt64(1);
                if (found.Count >= enough && (place != last || found.Count >= Listings.Portion))
                {
                    return false;
                }

                if (_rows.TryRow(row.GetInt64(0)) is (var key, var session) && IsVictim(query, rank, key, session))
                {
                    found.Add(new NumberedVictim(session.Number, key, session.Version, rank, session.Active)
                    {
                        Created = session.Created,
                    });
                    last = place;
                }

                return true;
            },
            values);
        return found;
    }

    private static bool IsVictim(VictimQuery query, int rank, SessionKey key, SessionRow row)
    {
        var hasExpired = row.Expires <= query.Now.UtcTicks;
        return !row.IsBusy
            && (query.Owner is null || query.Owner == key.Owner)
            && rank == (hasExpired ? 0 : row.IsFinal ? 1 : 2);
    }
}
