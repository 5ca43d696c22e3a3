using Microsoft.Data.Sqlite;

namespace Sojourn.Sqlite;

/// <summary>
/// The counters as the columns of the sessions say. Neither have a checksum, and lists go by both: one that is wrong
/// could hide sessions that are whole.
/// </summary>
internal static class Recount
{
    /// <summary>The tables of counters, their columns, and what should be in them.</summary>
    public static readonly IReadOnlyList<(string Table, string Columns, string Sessions)> Counters =
    [
        ("tally", "kind, owner, status, busy, final, sessions, size", """
            SELECT kind, owner, status, busy, final, count(*), sum(size) FROM session GROUP BY 1, 2, 3, 4, 5
            """),
        ("age", "kind, hour, sessions", $"""
            SELECT kind, created / {TimeSpan.TicksPerHour} * {TimeSpan.TicksPerHour}, count(*)
            FROM session GROUP BY 1, 2
            """),
    ];

    /// <summary>True if all counters are as they should be.</summary>
    public static bool IsRight(SqliteConnection connection) => Counters.All(counter => IsRight(connection, counter));

    private static bool IsRight(SqliteConnection connection, (string Table, string Columns, string Sessions) counter)
    {
        var (table, columns, sessions) = counter;
        return connection.ReadLong($"""
            SELECT EXISTS (SELECT {columns} FROM {table} EXCEPT {sessions})
                OR EXISTS (SELECT * FROM ({sessions}) EXCEPT SELECT {columns} FROM {table})
            """) == 0;
    }
}
