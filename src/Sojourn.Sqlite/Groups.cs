using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>Reads the counters.</summary>
internal sealed class Groups
{
    private readonly Statement _all;
    private readonly Statement _ofKind;
    private readonly Statement _ofOwner;
    private readonly Statement _hours;

    public Groups(Statements statements)
    {
        const string Columns = "kind, owner, status, busy, final, sessions, size";
        _all = statements.Make($"SELECT {Columns} FROM tally WHERE sessions > 0");
        _ofKind = statements.Make($"SELECT {Columns} FROM tally WHERE kind = $0 AND sessions > 0");
        _ofOwner = statements.Make($"SELECT {Columns} FROM tally WHERE kind = $0 AND owner = $1 AND sessions > 0");
        // What is no time is damage, and of sessions that say so themselves.
        _hours = statements.Make($"""
            SELECT kind, hour, sessions FROM age
            WHERE sessions > 0 AND hour BETWEEN 0 AND {DateTime.MaxValue.Ticks}
            """);
    }

    public List<SessionGroup> Find(string? kind, OwnerId? owner)
    {
        var groups = (kind, owner) switch
        {
            (null, _) => Read(_all),
            (_, null) => Read(_ofKind, kind),
            _ => Read(_ofOwner, kind, owner.Value.ToString()),
        };
        return owner is null ? groups : [.. groups.Where(group => group.Owner == owner.Value.ToString())];
    }

    public Census Census() => new(
        [.. Read(_all)
            .Where(group => OwnerId.TryParse(group.Owner, out _))
            .GroupBy(group => (group.Kind, group.Owner, group.Status))
            .Select(same => new SessionCount(
                same.Key.Kind, OwnerId.Parse(same.Key.Owner), same.Key.Status,
                same.Sum(group => group.Sessions), same.Sum(group => group.Size)))],
        _hours.All(row => new AgeCount(
            row.GetString(0), new DateTimeOffset(row.GetInt64(1), TimeSpan.Zero), row.GetInt64(2))));

    private static List<SessionGroup> Read(Statement statement, params object?[] values) => statement.All(
        row => new SessionGroup(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetBoolean(4),
            row.GetInt64(5), row.GetInt64(6)),
        values);
}
