using Microsoft.Data.Sqlite;

namespace Sojourn.Sqlite;

/// <summary>A connection and all that is prepared on it; one thread at a time.</summary>
/// <param name="connection">What they run on.</param>
/// <param name="ownsConnection">True (the default) if it goes with them.</param>
internal sealed class Statements(SqliteConnection connection, bool ownsConnection = true) : IDisposable
{
    private readonly List<Statement> _all = [];

    public SqliteConnection Connection => connection;

    /// <summary>True if SQLite ended the transaction, or there never was one.</summary>
    public bool IsOutsideTransaction => SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) != 0;

    /// <param name="sql">With parameters $0, $1, $2…</param>
    public Statement Make(string sql)
    {
        var statement = new Statement(connection, sql);
        _all.Add(statement);
        return statement;
    }

    public void Dispose()
    {
        foreach (var statement in _all)
        {
            statement.Dispose();
        }

        if (ownsConnection)
        {
            connection.Dispose();
        }
    }
}
