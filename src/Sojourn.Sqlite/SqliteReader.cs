using Microsoft.Data.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>All that only looks. One connection, used by one thread at a time; it never waits for the writer.</summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly Statements _statements;
    private readonly Rows _rows;
    private readonly Groups _groups;
    private readonly Listings _listings;
    private readonly Victims _victims;
    private readonly Statement _find;
    private readonly Statement _load;
    private readonly Statement _operation;
    private readonly Statement _header;
    private readonly Statement _chunks;
    private readonly Statement _dueThen;
    private readonly Statement _dueLater;
    private readonly Statement _busy;
    private readonly Statement _aside;
    private readonly Statement _mark;
    private readonly Statement _begin;
    private readonly Statement _end;

    public SqliteReader(SqliteConnection connection)
    {
        _statements = new Statements(connection);
        _rows = new Rows(_statements);
        _groups = new Groups(_statements);
        _listings = new Listings(_statements, _rows, _groups);
        _victims = new Victims(_statements, _rows, _groups);
        _find = _statements.Make(
            $"SELECT {SessionTable.Columns} FROM session WHERE kind = $0 AND owner = $1 AND id = $2");
        _load = _statements.Make("""
            SELECT version, header, state FROM session WHERE kind = $0 AND owner = $1 AND id = $2
            """);
        _operation = _statements.Make("""
            SELECT operation.record FROM operation JOIN session ON session.number = operation.session
            WHERE session.kind = $0 AND session.owner = $1 AND session.id = $2 AND operation.id = $3
            """);
        _header = _statements.Make("SELECT number, header FROM session WHERE kind = $0 AND owner = $1 AND id = $2");
        _chunks = _statements.Make("""
            SELECT first, last, bytes FROM chunk WHERE session = $0 AND stream = $1 AND last > $2 ORDER BY last
            """);
        _dueThen = _statements.Make("""
            SELECT due, number FROM session INDEXED BY session_due
            WHERE kind = $0 AND due = $1 AND number > $2 ORDER BY number LIMIT $3
            """);
        _dueLater = _statements.Make("""
            SELECT due, number FROM session INDEXED BY session_due
            WHERE kind = $0 AND due > $1 ORDER BY due, number LIMIT $2
            """);
        _busy = _statements.Make("""
            SELECT number FROM session INDEXED BY session_by_status
            WHERE kind = $0 AND owner = $1 AND status = $2 AND busy = 1 AND final = $3 AND number > $4
            ORDER BY number LIMIT $5
            """);
        _aside = _statements.Make("""
            SELECT 1 FROM quarantine WHERE kind = $0 AND owner = $1 AND id = $2 AND open = 1
            """);
        _mark = _statements.Make("SELECT bytes FROM mark WHERE only = 1");
        _begin = _statements.Make("BEGIN");
        // Nothing was written; and after a damaged page SQLite refuses to commit even that.
        _end = _statements.Make("ROLLBACK");
    }

    /// <summary>Reads at one moment, and says how far the journal was applied then.</summary>
    public (T Read, long Sequence) AtOnce<T>(Func<SqliteReader, T> read)
    {
        _begin.Run();
        try
        {
            var mark = _mark.First(row => row.GetFieldValue<byte[]>(0));
            return (read(this), mark is null ? 0 : JournalPosition.ReadOrUnknown(mark, 0).Sequence);
        }
        finally
        {
            // SQLite has ended it itself after some errors.
            if (!_statements.IsOutsideTransaction)
            {
                _end.Run();
            }
        }
    }

    /// <summary>True if the session lies in quarantine.</summary>
    public bool IsAside(SessionKey key) => _aside.First(_ => true, Names(key));

    /// <summary>A session's columns; null if there is none.</summary>
    public SessionRow? Find(SessionKey key) => Guard(key, () => _find.First(SessionTable.ReadRow, Names(key)));

    public SessionRecord? Load(SessionKey key) => Guard(key, () => _load.First(
        row => SessionBytes.Read(key, row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2)),
        Names(key)));

    public OperationRecord? FindOperation(SessionKey key, string id) => Guard(key, () => _operation.First(
        row => StoredOperation.Read(
            id, Framing.Unwrap(Places.Operation(key.ToString(), id), row.GetFieldValue<byte[]>(0)).Span),
        [.. Names(key), id]));

    public IReadOnlyList<StreamEntry> ReadStream(StreamKey stream, long after, int maxEntries, int maxBytes) =>
        Guard(stream.Session, () => ReadEntries(stream, after, maxEntries, maxBytes));

    /// <summary>As <see cref="ISessionStore.ListAsync"/>, of the numbers below <paramref name="before"/>.</summary>
    public NumberedPage List(SessionQuery query, long before) => _listings.Page(query, before);

    public long Count(SessionQuery query, long atMost, CancellationToken giveUp) =>
        _listings.Count(query, atMost, giveUp);

    public Census Census() => _groups.Census();

    public List<NumberedVictim> FindVictims(VictimQuery query) => _victims.Find(query);

    /// <summary>The sessions of these kinds that are due first, whether their time has come or not.</summary>
    public DuePage Due(IReadOnlyCollection<string> kinds, (long Due, long Number) after, int limit)
    {
        var places = kinds.Distinct(StringComparer.Ordinal).SelectMany(kind => PlacesOf(kind, after, limit))
            .Order().Take(limit).ToList();
        var due = new List<NumberedDue>(places.Count);
        foreach (var (at, number) in places)
        {
            if (_rows.TryKey(number) is { } key)
            {
                due.Add(new NumberedDue(number, key, at));
            }
        }

        return new DuePage(due, places.Count < limit ? null : places[^1]);
    }

    /// <summary>Busy sessions of a kind and, if given, an owner, by number.</summary>
    public List<BusySession> Busy(string kind, OwnerId? owner, long after, int limit)
    {
        var numbers = _groups.Find(kind, owner).Where(group => group.IsBusy).SelectMany(group => _busy.All(
            row => row.GetInt64(0), kind, group.Owner, group.Status, group.IsFinal, after, limit));
        var busy = new List<BusySession>();
        foreach (var number in numbers.Order().Take(limit))
        {
            if (_rows.TryRow(number) is (var key, var row))
            {
                busy.Add(new BusySession(number, key, row.Term));
            }
        }

        return busy;
    }

    public StoreCheck Check(CancellationToken giveUp) => new StoreChecker(_statements.Connection, giveUp).Check();

    public void Dispose() => _statements.Dispose();

    private static object?[] Names(SessionKey key) => [key.Kind, key.Owner.ToString(), key.Id.ToString()];

    private static T Guard<T>(SessionKey key, Func<T> read) => Damage.Guard(key.ToString(), read);

    /// <summary>Two look-ups, as very many may be due at the very same time.</summary>
    private List<(long Due, long Number)> PlacesOf(string kind, (long Due, long Number) after, int limit)
    {
        List<(long, long)> places =
            [.. _dueThen.All(row => (row.GetInt64(0), row.GetInt64(1)), kind, after.Due, after.Number, limit)];
        places.AddRange(_dueLater.All(
            row => (row.GetInt64(0), row.GetInt64(1)), kind, after.Due, limit - places.Count));
        return places;
    }

    private List<StreamEntry> ReadEntries(StreamKey stream, long after, int maxEntries, int maxBytes)
    {
        var page = new List<StreamEntry>();
        var name = stream.Session.ToString();
        var (number, header) = _header.First(
            row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), Names(stream.Session));
        if (header is null)
        {
            return page;
        }

        // What was trimmed may be in the log's first chunk still, which goes when all of it is trimmed.
        var (first, last) = BoundsOf(stream, header);
        after = Math.Max(after, first - 1);
        var bytes = 0;
        _chunks.Each(
            row =>
            {
                var chunk = Chunk.Read(
                    name, stream.Name, row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2));
                foreach (var entry in chunk.Where(entry => entry.Number > after))
                {
                    if (page.Count == maxEntries || bytes >= maxBytes)
                    {
                        return false;
                    }

                    EnsureNext(name, entry, after + page.Count + 1);
                    page.Add(entry);
                    bytes += entry.Bytes.Length;
                }

                return page.Count < maxEntries && bytes < maxBytes;
            },
            number, stream.Name, after);
        var isFull = page.Count == maxEntries || bytes >= maxBytes;
        return isFull || after + page.Count >= last ? page : throw new DamagedRecordException(
            $"{name} {stream.Name}: entries from {after + page.Count + 1} on are missing.");
    }

    /// <summary>Entries whose page was damaged are not there; what follows must not pass for what was asked.</summary>
    private static void EnsureNext(string session, StreamEntry entry, long expected)
    {
        if (entry.Number != expected)
        {
            throw new DamagedRecordException($"{session} {entry.Stream}: entries from {expected} on are missing.");
        }
    }

    /// <summary>The entries that are kept; if the record is damaged, all that is still there is shown.</summary>
    private static (long First, long Last) BoundsOf(StreamKey stream, byte[] header)
    {
        try
        {
            var record = StoredHeader.Read(stream.Session, header);
            return stream.Name == StreamKey.Events ? (record.FirstEvent, record.LastEvent)
                : record.Tails.TryGetValue(stream.Name, out var tail) ? (tail.First, tail.Last)
                : (1, 0);
        }
        catch (DamagedRecordException)
        {
            return (1, 0);
        }
    }
}
