using Microsoft.Data.Sqlite;

namespace Sojourn.Bench;

/// <summary>SQLite alone, writing as many bytes in transactions of as many updates.</summary>
internal sealed class RawSqlite : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _state;
    private readonly SqliteCommand _event;
    private readonly Random _chance = new(1);
    private readonly long[] _numbers = new long[DurableCommands.Sessions];

    public RawSqlite(string file)
    {
        _connection = new SqliteConnection($"Data Source={file};Pooling=False");
        _connection.Open();
        Run("""
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
            PRAGMA wal_autocheckpoint = 4096;
            CREATE TABLE state (session INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
            CREATE TABLE event (place INTEGER PRIMARY KEY, session INTEGER NOT NULL, number INTEGER NOT NULL,
                bytes BLOB NOT NULL);
            CREATE UNIQUE INDEX event_by_number ON event (session, number);
            """);
        _state = Prepare("INSERT OR REPLACE INTO state VALUES ($a, $b)", 2);
        _event = Prepare("INSERT INTO event (session, number, bytes) VALUES ($a, $b, $c)", 3);
    }

    public Task<long> RunAsync(int group, CancellationToken stop) => Task.Run(() =>
    {
        var count = 0L;
        for (; !stop.IsCancellationRequested; count += group)
        {
            Run("BEGIN IMMEDIATE");
            for (var i = 0; i < group; i++)
            {
                var session = _chance.Next(DurableCommands.Sessions);
                Execute(_state, session, new byte[DurableCommands.StateBytes]);
                Execute(_event, session, ++_numbers[session], new byte[DurableCommands.EventBytes]);
            }

            Run("COMMIT");
        }

        return count;
    });

    public void Dispose()
    {
        _state.Dispose();
        _event.Dispose();
        _connection.Dispose();
    }

    private static void Execute(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter($"${(char)('a' + i)}", null));
        }

        command.Prepare();
        return command;
    }

    private void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
