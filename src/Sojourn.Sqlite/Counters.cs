using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>
/// What a transaction changes in the counters: gathered while it runs, written at its end, one row a counter that
/// changed.
/// </summary>
internal sealed class Counters
{
    private readonly Dictionary<Group, (long Sessions, long Size)> _groups = [];
    private readonly Dictionary<(string Kind, long Hour), long> _hours = [];
    private readonly Statement _addGroup;
    private readonly Statement _dropGroup;
    private readonly Statement _addHour;
    private readonly Statement _dropHour;

    public Counters(Statements statements)
    {
        _addGroup = statements.Make("""
            INSERT INTO tally (kind, owner, status, busy, final, sessions, size) VALUES ($0, $1, $2, $3, $4, $5, $6)
            ON CONFLICT DO UPDATE SET sessions = sessions + $5, size = size + $6
            """);
        _dropGroup = statements.Make("""
            DELETE FROM tally
            WHERE kind = $0 AND owner = $1 AND status = $2 AND busy = $3 AND final = $4 AND sessions = 0
            """);
        _addHour = statements.Make("""
            INSERT INTO age (kind, hour, sessions) VALUES ($0, $1, $2)
            ON CONFLICT DO UPDATE SET sessions = sessions + $2
            """);
        _dropHour = statements.Make("DELETE FROM age WHERE kind = $0 AND hour = $1 AND sessions = 0");
    }

    public void Add(SessionKey key, SessionRow row) => Count(key, row, 1);

    public void Remove(SessionKey key, SessionRow row) => Count(key, row, -1);

    public void Write()
    {
        foreach (var (group, (sessions, size)) in _groups)
        {
            if (sessions != 0 || size != 0)
            {
                _addGroup.Run(
                    group.Kind, group.Owner.ToString(), group.Status, group.IsBusy, group.IsFinal, sessions, size);
            }

            if (sessions < 0)
            {
                _dropGroup.Run(group.Kind, group.Owner.ToString(), group.Status, group.IsBusy, group.IsFinal);
            }
        }

        foreach (var ((kind, hour), sessions) in _hours)
        {
            if (sessions != 0)
            {
                _addHour.Run(kind, hour, sessions);
            }

            if (sessions < 0)
            {
                _dropHour.Run(kind, hour);
            }
        }

        Forget();
    }

    public void Forget()
    {
        _groups.Clear();
        _hours.Clear();
    }

    private void Count(SessionKey key, SessionRow row, int sign)
    {
        var group = new Group(key.Kind, key.Owner, row.Status, row.IsBusy, row.IsFinal);
        var (sessions, size) = _groups.GetValueOrDefault(group);
        _groups[group] = (sessions + sign, size + (sign * row.Size));
        _hours[(key.Kind, row.Hour)] = _hours.GetValueOrDefault((key.Kind, row.Hour)) + sign;
    }

    private readonly record struct Group(string Kind, OwnerId Owner, string Status, bool IsBusy, bool IsFinal);
}
