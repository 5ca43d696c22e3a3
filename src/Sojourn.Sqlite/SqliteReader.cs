using System.Globalization;
using Microsoft.Data.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>All that only looks. One connection, used by one thread at a time; it never waits for the writer.</summary>
internal sealed class SqliteReader : IDisposable
{
    private const int MaxDamagesListed = 1000;

    private readonly SqliteConnection _connection;
    private readonly Statement _load;
    private readonly Statement _operation;
    private readonly Statement _entries;
    private readonly Statement _list;
    private readonly Statement _listStatus;
    private readonly Statement _due;
    private readonly Statement _nextDue;

    public SqliteReader(SqliteConnection connection)
    {
        _connection = connection;
        _load = new(connection, """
            SELECT header, state, version FROM session WHERE kind = $0 AND owner = $1 AND id = $2
            """);
        _operation = new(connection, """
            SELECT operation.record FROM operation JOIN session ON session.number = operation.session
            WHERE session.kind = $0 AND session.owner = $1 AND session.id = $2 AND operation.id = $3
            """);
        _entries = new(connection, """
            SELECT entry.number, entry.bytes FROM entry JOIN session ON session.number = entry.session
            WHERE session.kind = $0 AND session.owner = $1 AND session.id = $2 AND entry.stream = $3
                AND entry.number > $4
            ORDER BY entry.number LIMIT $5
            """);
        _list = new(connection, """
            SELECT number, id, header FROM session WHERE kind = $0 AND owner = $1 AND number < $2
            ORDER BY number DESC LIMIT $3
            """);
        _listStatus = new(connection, """
            SELECT number, id, header FROM session WHERE kind = $0 AND owner = $1 AND number < $2 AND status = $4
            ORDER BY number DESC LIMIT $3
            """);
        _due = new(connection, "SELECT kind, owner, id FROM session WHERE due <= $0 ORDER BY due LIMIT $1");
        _nextDue = new(connection, "SELECT due FROM session WHERE due IS NOT NULL ORDER BY due LIMIT 1 OFFSET $0");
    }

    public SessionRecord? Load(SessionKey key)
    {
        var name = key.ToString();
        return _load.First(
            row =>
            {
                var header = Framing.Unwrap(name, row.GetFieldValue<byte[]>(0));
                var record = StoredHeader.Read(key, header.Span, default);
                if (record.Version != row.GetInt64(2))
                {
                    throw new DamagedRecordException(
                        $"{name}: the record is of version {record.Version}, its row says {row.GetInt64(2)}.");
                }

                var state = Framing.Unwrap(Places.State(name, record.Version), row.GetFieldValue<byte[]>(1));
                return record with { State = state };
            },
            key.Kind, key.Owner.ToString(), key.Id.ToString());
    }

    public OperationRecord? FindOperation(SessionKey key, string id) => _operation.First(
        row => StoredOperation.Read(
            id, Framing.Unwrap(Places.Operation(key.ToString(), id), row.GetFieldValue<byte[]>(0)).Span),
        key.Kind, key.Owner.ToString(), key.Id.ToString(), id);

    public IReadOnlyList<StreamEntry> ReadStream(StreamKey stream, long after, int maxEntries, int maxBytes)
    {
        var session = stream.Session;
        var name = session.ToString();
        var page = new List<StreamEntry>();
        var bytes = 0;
        _entries.Each(
            row =>
            {
                var number = row.GetInt64(0);
                var entry = Framing.Unwrap(Places.Entry(name, stream.Name, number), row.GetFieldValue<byte[]>(1));
                page.Add(new StreamEntry(stream.Name, number, entry));
                bytes += entry.Length;
                return bytes < maxBytes;
            },
            session.Kind, session.Owner.ToString(), session.Id.ToString(), stream.Name, after, maxEntries);
        return page;
    }

    public StoredPage List(SessionQuery query)
    {
        var before = query.Cursor is null ? long.MaxValue : long.Parse(query.Cursor, CultureInfo.InvariantCulture);
        var statement = query.Status is null ? _list : _listStatus;
        object?[] values = [query.Kind!, query.Owner!.Value.ToString(), before, query.Limit + 1];
        var rows = statement.All(
            row => (Number: row.GetInt64(0), Id: row.GetString(1), Header: row.GetFieldValue<byte[]>(2)),
            query.Status is null ? values : [.. values, query.Status]);
        var page = rows.Take(query.Limit).Select(row =>
            Header(new SessionKey(query.Kind!, query.Owner!.Value, SessionId.Parse(row.Id)), row.Header)).ToList();
        return new StoredPage(
            page, rows.Count > page.Count ? rows[page.Count - 1].Number.ToString(CultureInfo.InvariantCulture) : null);
    }

    public DueSessions Due(DateTimeOffset now, int limit)
    {
        var due = _due.All(row => TryKey(row), now.UtcTicks, limit);
        var next = _nextDue.All(row => row.GetInt64(0), due.Count);
        return new DueSessions(
            [.. due.OfType<SessionKey>()],
            next is [var ticks] ? new DateTimeOffset(ticks, TimeSpan.Zero) : null);
    }

    public StoreCheck Check(CancellationToken giveUp)
    {
        var damaged = new List<string>();
        var sessions = Scan(
            "SELECT kind, owner, id, version, header, state FROM session",
            row =>
            {
                var key = Key(row);
                Framing.Unwrap(key, row.GetFieldValue<byte[]>(4));
                Framing.Unwrap(Places.State(key, row.GetInt64(3)), row.GetFieldValue<byte[]>(5));
            },
            damaged,
            giveUp);
        var entries = Scan(
            """
            SELECT session.kind, session.owner, session.id, entry.stream, entry.number, entry.bytes
            FROM entry JOIN session ON session.number = entry.session
            """,
            row => Framing.Unwrap(
                Places.Entry(Key(row), row.GetString(3), row.GetInt64(4)), row.GetFieldValue<byte[]>(5)),
            damaged,
            giveUp);
        Scan(
            """
            SELECT session.kind, session.owner, session.id, operation.id, operation.record
            FROM operation JOIN session ON session.number = operation.session
            """,
            row => Framing.Unwrap(Places.Operation(Key(row), row.GetString(3)), row.GetFieldValue<byte[]>(4)),
            damaged,
            giveUp);
        return new StoreCheck(sessions, entries, damaged);
    }

    public void Dispose()
    {
        Statement[] all = [_load, _operation, _entries, _list, _listStatus, _due, _nextDue];
        foreach (var statement in all)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    /// <summary>Null if the row's names are damaged: the other rows are not concerned.</summary>
    private static SessionKey? TryKey(SqliteDataReader row) =>
        OwnerId.TryParse(row.GetString(1), out var owner) && SessionId.TryParse(row.GetString(2), out var id)
            ? new SessionKey(row.GetString(0), owner, id)
            : null;

    private static string Key(SqliteDataReader row) => new SessionKey(
        row.GetString(0), OwnerId.Parse(row.GetString(1)), SessionId.Parse(row.GetString(2))).ToString();

    /// <summary>A damaged session is listed by what is known of it, so that it can be found.</summary>
    private static SessionRecord Header(SessionKey key, byte[] framed)
    {
        try
        {
            return StoredHeader.Read(key, Framing.Unwrap(key.ToString(), framed).Span, default);
        }
        catch (Exception damage) when (damage is DamagedRecordException or System.Text.Json.JsonException)
        {
            return new SessionRecord
            {
                Key = key,
                Version = 0,
                Status = "damaged",
                IsBusy = false,
                IsFinal = false,
                CreatedAt = default,
                LastActivityAt = default,
                StatusSince = default,
                ExpiresAt = null,
                WakeAt = null,
                FirstEvent = 1,
                LastEvent = 0,
                Tails = new Dictionary<string, StreamTail>(StringComparer.Ordinal),
                Labels = new Dictionary<string, string>(StringComparer.Ordinal),
                State = default,
            };
        }
    }

    private long Scan(string sql, Action<SqliteDataReader> check, List<string> damaged, CancellationToken giveUp)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var count = 0L;
        for (; rows.Read(); count++)
        {
            giveUp.ThrowIfCancellationRequested();
            try
            {
                check(rows);
            }
            catch (Exception damage) when (damage is DamagedRecordException or FormatException)
            {
                if (damaged.Count < MaxDamagesListed)
                {
                    damaged.Add(damage.Message);
                }
            }
        }

        return count;
    }
}
