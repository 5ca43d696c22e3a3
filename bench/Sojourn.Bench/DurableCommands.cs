using Microsoft.Data.Sqlite;

namespace Sojourn.Bench;

/// <summary>
/// A command that is flushed to disk before it is answered, beside SQLite alone, writing as many bytes in groups of as
/// many: 2 KB of state replaced and 256 bytes of event appended.
/// </summary>
internal static class DurableCommands
{
    private const int Sessions = 10_000;
    private const int TextLength = 1_940;
    private const int StateBytes = 2_048;
    private const int EventBytes = 256;

    public static async Task RunAsync(double seconds)
    {
        var directory = Directory.CreateTempSubdirectory("sojourn-bench-").FullName;
        var (engine, ids) = await Engines.StartAsync(
            Durability.Durable, Sessions, TextLength, Path.Combine(directory, "sojourn"));
        using (var raw = new RawSqlite(Path.Combine(directory, "raw.db")))
        {
            foreach (var callers in (int[])[1, 64, 1000])
            {
                await Race.RunAsync(
                    $"Durable commands, {callers} caller(s), {Sessions:N0} sessions at random",
                    seconds,
                    new Runner($"limit: raw SQLite, transactions of {callers}", stop => raw.RunAsync(callers, stop)),
                    new Runner("Sojourn on SQLite: SendAsync", stop => Race.CallersAsync(callers, async chance =>
                    {
                        var answer = await engine.SendAsync(ids[chance.Next(Sessions)], new CountAloud(1));
                        _ = answer.Reply;
                    }, stop)));
            }
        }

        await engine.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    private sealed class RawSqlite : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteCommand _state;
        private readonly SqliteCommand _event;
        private readonly Random _chance = new(1);
        private readonly long[] _numbers = new long[Sessions];

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
                    var session = _chance.Next(Sessions);
                    Execute(_state, session, new byte[StateBytes]);
                    Execute(_event, session, ++_numbers[session], new byte[EventBytes]);
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
}
