using Microsoft.Data.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>
/// Brings a file of the first version to this one. There, an entry had a row of its own, a session's leases were
/// stored, and nothing was counted.
/// </summary>
internal sealed class Migration
{
    private const string MoveAway = """
        DROP INDEX session_by_key;
        DROP INDEX session_by_age;
        DROP INDEX session_by_status;
        DROP INDEX session_due;
        DROP INDEX session_busy;
        DROP INDEX operation_by_id;
        DROP TABLE probe;
        ALTER TABLE session RENAME TO first_session;
        ALTER TABLE operation RENAME TO first_operation;
        """;

    private const string Finish = """
        INSERT INTO operation (place, session, id, at, record)
            SELECT place, session, id, at, record FROM first_operation;
        DROP TABLE first_session;
        DROP TABLE first_operation;
        DROP TABLE entry;
        """;

    private readonly SessionTable _sessions;
    private readonly Counters _counters;
    private readonly Statement _old;
    private readonly Statement _entries;
    private readonly Statement _append;

    private Migration(Statements statements)
    {
        _sessions = new SessionTable(statements);
        _counters = new Counters(statements);
        _old = statements.Make("""
            SELECT number, version, status, busy, due, lease_term, kind, owner, id, header, state
            FROM first_session WHERE number > $0 ORDER BY number LIMIT 1
            """);
        _entries = statements.Make("""
            SELECT stream, number, bytes FROM entry WHERE session = $0 ORDER BY stream, number
            """);
        _append = statements.Make("""
            INSERT INTO chunk (session, stream, first, last, bytes) VALUES ($0, $1, $2, $3, $4)
            """);
    }

    /// <summary>Part of the caller's transaction.</summary>
    public static void FromFirst(SqliteConnection connection)
    {
        var highest = connection.ReadLong(
            "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'session'), 0)");
        connection.Run(MoveAway);
        connection.Run(Schema.Tables);
        using (var statements = new Statements(connection, ownsConnection: false))
        {
            var migration = new Migration(statements);
            for (var number = 0L; migration.MoveNext(number) is { } moved;)
            {
                number = moved;
            }

            migration._counters.Write();
            statements.Make("INSERT INTO mark (only, bytes) VALUES (1, $0)")
                .Run(new JournalPosition(0, highest).Write());
        }

        connection.Run(Finish);
    }

    /// <summary>Its number; null if there is none above this one.</summary>
    private long? MoveNext(long above)
    {
        if (_old.First(OldSession.Read, above) is not { } old)
        {
            return null;
        }

        var record = old.TryRecord();
        var logs = MoveEntries(old);
        if (record is null)
        {
            // As it is, with what the columns say: it stays what it was, a damaged session.
            _sessions.Insert(old.Key, old.Row, old.Header, old.State);
            _counters.Add(old.Key, old.Row);
            return old.Row.Number;
        }

        record = Complete(record, logs);
        var row = SessionRow.Of(record, old.Row.Number, old.Row.Term);
        _sessions.Insert(
            old.Key, row, Framing.Wrap(old.Key.ToString(), StoredHeader.Write(record)), old.State);
        _counters.Add(old.Key, row);
        return row.Number;
    }

    /// <summary>What the first version did not know: how many bytes there are, and where the logs can be cut.</summary>
    private static SessionRecord Complete(SessionRecord record, Dictionary<string, OldLog> logs)
    {
        IReadOnlyList<LogMark> MarksOf(string stream) => logs.TryGetValue(stream, out var log)
            ? [new LogMark(log.First, record.LastActivityAt, log.Bytes)]
            : [];
        return record with
        {
            EventMarks = MarksOf(StreamKey.Events),
            Tails = record.Tails.ToDictionary(
                tail => tail.Key,
                tail => tail.Value with
                {
                    First = logs.TryGetValue(tail.Key, out var log) ? log.First : tail.Value.Last + 1,
                    Marks = MarksOf(tail.Key),
                },
                StringComparer.Ordinal),
            Bytes = record.State.Length + logs.Values.Sum(log => log.Bytes),
            State = default,
        };
    }

    private Dictionary<string, OldLog> MoveEntries(OldSession session)
    {
        var logs = new Dictionary<string, OldLog>(StringComparer.Ordinal);
        var (name, number) = (session.Key.ToString(), session.Row.Number);
        var run = new List<StreamEntry>();
        var bytes = 0;
        _entries.Each(
            row =>
            {
                var (stream, at, framed) = (row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2));
                var body = TryUnwrap($"{name} {stream} {at}", framed);
                var log = logs.GetValueOrDefault(stream) ?? new OldLog(at, 0);
                logs[stream] = log with { Bytes = log.Bytes + (body?.Length ?? framed.Length) };
                if (body is null || bytes + body.Value.Length > Chunk.MaxBytes)
                {
                    Append(name, number, run);
                    (run, bytes) = ([], 0);
                }

                if (body is { } good)
                {
                    run.Add(new StreamEntry(stream, at, good));
                    bytes += good.Length;
                }
                else
                {
                    // Its bytes as they are, which are no chunk's: it stays damaged.
                    _append.Run(number, stream, at, at, framed);
                }

                return true;
            },
            number);
        Append(name, number, run);
        return logs;
    }

    private void Append(string session, long number, List<StreamEntry> entries)
    {
        for (var i = 0; i < entries.Count;)
        {
            var count = Chunk.Fit(entries, i);
            var (first, last) = (entries[i], entries[i + count - 1]);
            _append.Run(number, first.Stream, first.Number, last.Number, Chunk.Write(session, entries, i, count));
            i += count;
        }
    }

    private static ReadOnlyMemory<byte>? TryUnwrap(string place, byte[] framed)
    {
        try
        {
            return Framing.Unwrap(place, framed);
        }
        catch (DamagedRecordException)
        {
            return null;
        }
    }

    private sealed record OldLog(long First, long Bytes);

    private sealed record OldSession(SessionKey Key, SessionRow Row, byte[] Header, byte[] State)
    {
        public static OldSession Read(SqliteDataReader row) => new(
            new SessionKey(row.GetString(6), OwnerId.Parse(row.GetString(7)), SessionId.Parse(row.GetString(8))),
            new SessionRow
            {
                Number = row.GetInt64(0),
                Version = row.GetInt64(1),
                Status = row.GetString(2),
                IsBusy = row.GetBoolean(3),
                Due = row.IsDBNull(4) ? null : row.GetInt64(4),
                Term = row.GetInt64(5),
                Labels = new Dictionary<string, string>(StringComparer.Ordinal),
            },
            row.GetFieldValue<byte[]>(9),
            row.GetFieldValue<byte[]>(10));

        /// <summary>Null if it is damaged.</summary>
        public SessionRecord? TryRecord()
        {
            try
            {
                return SessionBytes.Read(Key, Row.Version, Header, State);
            }
            catch (DamagedRecordException)
            {
                return null;
            }
        }
    }
}
