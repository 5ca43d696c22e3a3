using System.Globalization;
using Microsoft.Data.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>
/// Reads everything and says what does not fit: pages, checksums, columns and labels against the records, logs against
/// their tails, counters against a recount, and what belongs to no session.
/// </summary>
internal sealed class StoreChecker(SqliteConnection connection, CancellationToken giveUp)
{
    /// <summary>The most sentences; one more says that there is more.</summary>
    public const int MaxSentences = 1000;

    private readonly List<string> _damaged = [];
    private readonly Dictionary<long, SessionKey> _keys = [];
    private readonly Dictionary<(long Session, string Stream), long> _firsts = [];

    public StoreCheck Check()
    {
        // All of it as of one moment, while commits go on.
        connection.Run("BEGIN");
        try
        {
            CheckPages();
            var sessions = CheckSessions();
            var entries = CheckChunks();
            CheckOperations();
            CheckSnapshots();
            CheckLabels();
            CheckCounters();
            return new StoreCheck(sessions, entries, _damaged);
        }
        finally
        {
            connection.Run("ROLLBACK");
        }
    }

    private void CheckPages() => Scan($"PRAGMA integrity_check({MaxSentences})", row =>
    {
        var finding = row.GetString(0);
        if (finding != "ok")
        {
            Say($"pages: {finding}");
        }
    });

    private long CheckSessions()
    {
        var count = 0L;
        Scan($"SELECT {SessionTable.Columns}, kind, owner, id, seen, header, state FROM session", row =>
        {
            count++;
            var key = ReadKey(row, 12);
            _keys[row.GetInt64(0)] = key;
            var stored = SessionTable.ReadRow(row);
            var record = SessionBytes.Read(
                key, stored.Version, row.GetFieldValue<byte[]>(16), row.GetFieldValue<byte[]>(17));
            _firsts[(stored.Number, StreamKey.Events)] = record.FirstEvent;
            foreach (var (stream, tail) in record.Tails)
            {
                _firsts[(stored.Number, stream)] = tail.First;
            }

            var expected = SessionRow.Of(record, stored.Number, stored.Term);
            if (!stored.HasColumnsOf(expected) || row.GetInt64(15) != stored.Seen)
            {
                Say($"{key}: its columns do not say what its record says.");
            }
        });
        return count;
    }

    private long CheckChunks()
    {
        var count = 0L;
        Scan("SELECT session, stream, first, last, bytes FROM chunk", row =>
        {
            var (session, stream, first, last) = (row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3));
            if (KeyOf(session, "a chunk") is { } key)
            {
                var kept = _firsts.GetValueOrDefault((session, stream), 1);
                count += Math.Max(0, last - Math.Max(first, kept) + 1);
                _ = Chunk.Read(key.ToString(), stream, first, last, row.GetFieldValue<byte[]>(4)).Count();
            }
        });
        return count;
    }

    private void CheckOperations() => Scan("SELECT session, id, record FROM operation", row =>
    {
        if (KeyOf(row.GetInt64(0), "an operation") is { } key)
        {
            var id = row.GetString(1);
            StoredOperation.Read(
                id, Framing.Unwrap(Places.Operation(key.ToString(), id), row.GetFieldValue<byte[]>(2)).Span);
        }
    });

    private void CheckSnapshots() => Scan("SELECT session, version, header, state FROM snapshot", row =>
    {
        if (KeyOf(row.GetInt64(0), "a snapshot") is { } key)
        {
            try
            {
                SessionBytes.Read(
                    key, row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3));
            }
            catch (DamagedRecordException damage)
            {
                Say($"snapshot of {damage.Message}");
            }
        }
    });

    private void CheckLabels()
    {
        var labels = new Dictionary<long, List<(string, string)>>();
        Scan("SELECT session, name, value FROM label", row =>
        {
            if (!labels.TryGetValue(row.GetInt64(0), out var ofSession))
            {
                labels[row.GetInt64(0)] = ofSession = [];
            }

            ofSession.Add((row.GetString(1), row.GetString(2)));
        });
        Scan("SELECT number, kind, owner, id, header FROM session", row =>
        {
            var key = ReadKey(row, 1);
            labels.Remove(row.GetInt64(0), out var stored);
            if (TryHeader(key, row.GetFieldValue<byte[]>(4)) is { } record
                && !record.Labels.Select(label => (label.Key, label.Value)).ToHashSet().SetEquals(stored ?? []))
            {
                Say($"{key}: its labels in the index are not those of its record.");
            }
        });
        if (labels.Count > 0)
        {
            Say($"labels: {labels.Count} sets belong to no session.");
        }
    }

    private void CheckCounters()
    {
        foreach (var (table, columns, sessions) in Recount.Counters)
        {
            Compare(table, columns, sessions);
        }
    }

    private void Compare(string table, string columns, string recount)
    {
        Scan($"SELECT {columns} FROM {table} EXCEPT {recount}", row => Say($"counter {table} is wrong: {Line(row)}"));
        Scan(
            $"SELECT * FROM ({recount}) EXCEPT SELECT {columns} FROM {table}",
            row => Say($"counter {table} should be: {Line(row)}"));
    }

    private static SessionKey ReadKey(SqliteDataReader row, int column) => new(
        row.GetString(column), OwnerId.Parse(row.GetString(column + 1)), SessionId.Parse(row.GetString(column + 2)));

    private static string Line(SqliteDataReader row) => string.Join(
        ' ', Enumerable.Range(0, row.FieldCount).Select(i =>
            Convert.ToString(row.GetValue(i), CultureInfo.InvariantCulture)));

    private static SessionRecord? TryHeader(SessionKey key, byte[] header)
    {
        try
        {
            return StoredHeader.Read(key, header);
        }
        catch (DamagedRecordException)
        {
            // Said when the sessions were read.
            return null;
        }
    }

    private SessionKey? KeyOf(long session, string what)
    {
        if (_keys.TryGetValue(session, out var key))
        {
            return key;
        }

        Say($"{what} belongs to session {session}, which is not there or cannot be read.");
        return null;
    }

    private void Say(string sentence)
    {
        if (_damaged.Count < MaxSentences)
        {
            _damaged.Add(sentence);
        }
        else if (_damaged.Count == MaxSentences)
        {
            _damaged.Add("There is more.");
        }
    }

    private void Scan(string sql, Action<SqliteDataReader> check)
    {
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                giveUp.ThrowIfCancellationRequested();
                Check(rows, check);
            }
        }
        catch (SqliteException damage) when (Damage.IsPage(damage))
        {
            Say($"pages: {damage.Message}");
        }
    }

    private void Check(SqliteDataReader row, Action<SqliteDataReader> check)
    {
        try
        {
            check(row);
        }
        catch (Exception damage) when (Damage.Is(damage) && !Damage.IsPage(damage))
        {
            Say(damage.Message);
        }
    }
}
