using Microsoft.Data.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>
/// Makes a whole file of one with damaged pages: what can be read is copied into a new one, row by row, by way of the
/// table and of its indexes; sessions of which the name alone is left are kept as damaged ones; indexes, labels and
/// counters are made anew.
/// </summary>
internal sealed class Salvage
{
    /// <summary>Up to here every number is tried, not only those that some page still knows.</summary>
    private const long MaxTried = 1_000_000;

    private readonly Statements _from;
    private readonly SqliteConnection _to;
    private readonly SessionTable _sessions;
    private readonly Counters _counters;
    private readonly Statement _row;
    private readonly Dictionary<long, SessionKey> _names = [];
    private readonly string _keptAs;
    private int _good;
    private int _damaged;

    private Salvage(Statements from, Statements to, string keptAs)
    {
        (_from, _to, _keptAs) = (from, to.Connection, keptAs);
        _sessions = new SessionTable(to);
        _counters = new Counters(to);
        _row = from.Make($"""
            SELECT {SessionTable.Columns}, kind, owner, id, header, state FROM session NOT INDEXED WHERE number = $0
            """);
    }

    /// <param name="from">The damaged file.</param>
    /// <param name="to">A new one that has the tables and nothing else.</param>
    /// <param name="keptAs">Where the damaged file will be found; goes into the quarantine's reasons.</param>
    /// <returns>How many sessions are whole, and how many are damaged.</returns>
    public static (int Good, int Damaged) Copy(SqliteConnection from, SqliteConnection to, string keptAs)
    {
        using var source = new Statements(from, ownsConnection: false);
        using var target = new Statements(to, ownsConnection: false);
        to.Run("BEGIN");
        var salvage = new Salvage(source, target, keptAs);
        salvage.CopySessions();
        salvage.CopyRows("chunk", "place, session, stream, first, last, bytes", "chunk_by_last");
        salvage.CopyRows("operation", "place, session, id, at, record", "operation_by_id");
        var snapshots = salvage.CopyRows(
            "snapshot", "place, session, version, at, header, state", "snapshot_by_version");
        salvage.CopyPieces();
        salvage._counters.Write();
        to.Run("COMMIT");
        return salvage._good + snapshots == 0 && salvage._damaged > 0
            ? throw new DamagedRecordException("No session in it can be read, and no snapshot of one.")
            : (salvage._good, salvage._damaged);
    }

    private void CopySessions()
    {
        // First: open entries must not be there twice, and sessions found damaged below are added to it.
        CopyRows("quarantine", "place, kind, owner, id, at, reason, open", "quarantine_open");
        ReadNames("");
        ReadNames("DESC");
        var numbers = Places("session", "number", "session_by_status");
        numbers.UnionWith(_names.Keys);
        var highest = CopyMark(numbers);
        for (var number = 1L; number <= Math.Min(highest, MaxTried); number++)
        {
            numbers.Add(number);
        }

        foreach (var number in numbers)
        {
            CopySession(number);
        }
    }

    private void ReadNames(string order) => Read(
        $"""
        SELECT number, kind, owner, id FROM session INDEXED BY session_by_key
        ORDER BY kind {order}, owner {order}, id {order}
        """,
        row =>
        {
            if (OwnerId.TryParse(row.GetString(2), out var owner) && SessionId.TryParse(row.GetString(3), out var id))
            {
                _names[row.GetInt64(0)] = new SessionKey(row.GetString(1), owner, id);
            }
        });

    private long CopyMark(HashSet<long> numbers)
    {
        var mark = new JournalPosition(JournalPosition.Unknown, 0);
        Read("SELECT bytes FROM mark WHERE only = 1", row =>
            mark = JournalPosition.ReadOrUnknown(row.GetFieldValue<byte[]>(0), numbers.DefaultIfEmpty().Max()));
        var highest = Math.Max(mark.HighestNumber, numbers.DefaultIfEmpty().Max());
        using var write = new Statement(_to, "INSERT INTO mark (only, bytes) VALUES (1, $0)");
        write.Run((mark with { HighestNumber = highest }).Write());
        return mark.Sequence == JournalPosition.Unknown ? numbers.DefaultIfEmpty().Max() : highest;
    }

    private void CopySession(long number)
    {
        try
        {
            var found = _row.First(
                row => (
                    Row: SessionTable.ReadRow(row) with { Labels = NoLabels },
                    Key: TryKey(row),
                    Header: row.GetFieldValue<byte[]>(15),
                    State: row.GetFieldValue<byte[]>(16)),
                number);
            if (found.Row is not null)
            {
                CopySession(found.Row, found.Key, found.Header, found.State);
                return;
            }
        }
        catch (Exception failure) when (Damage.Is(failure))
        {
            // Its name may be known still.
        }

        if (_names.TryGetValue(number, out var name))
        {
            Insert(name, Unknown(number), [], []);
        }
    }

    /// <summary>The checksum tells whose record it is, if the row and the index do not agree.</summary>
    private void CopySession(SessionRow row, SessionKey? inRow, byte[] header, byte[] state)
    {
        SessionKey? inIndex = _names.TryGetValue(row.Number, out var name) ? name : null;
        foreach (var key in new[] { inRow, inIndex }.OfType<SessionKey>())
        {
            try
            {
                var record = SessionBytes.Read(key, row.Version, header, state);
                if (_sessions.Find(key) is null)
                {
                    var whole = SessionRow.Of(record, row.Number, row.Term);
                    _sessions.Insert(key, whole, header, state);
                    _counters.Add(key, whole);
                    _good++;
                }

                return;
            }
            catch (DamagedRecordException)
            {
                // By this name it is not whole.
            }
        }

        if ((inIndex ?? inRow) is { } known)
        {
            Insert(known, row, header, state);
        }
    }

    /// <summary>No version is the one that somebody expects of it.</summary>
    private static SessionRow Unknown(long number) =>
        new() { Number = number, Version = long.MaxValue, Status = "damaged", Labels = NoLabels };

    /// <summary>A damaged session, with what is left of it.</summary>
    private void Insert(SessionKey key, SessionRow row, byte[] header, byte[] state)
    {
        if (_sessions.Find(key) is not null)
        {
            return;
        }

        _sessions.Insert(key, row, header, state);
        _counters.Add(key, row);
        _damaged++;
        using var open = new Statement(_to, """
            INSERT OR IGNORE INTO quarantine (kind, owner, id, at, reason, open) VALUES ($0, $1, $2, 0, $3, 1)
            """);
        open.Run(key.Kind, key.Owner.ToString(), key.Id.ToString(), $"a page was damaged; see {_keptAs}");
    }

    private static IReadOnlyDictionary<string, string> NoLabels { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    private static SessionKey? TryKey(SqliteDataReader row) =>
        OwnerId.TryParse(row.GetString(13), out var owner) && SessionId.TryParse(row.GetString(14), out var id)
            ? new SessionKey(row.GetString(12), owner, id)
            : null;

    /// <summary>All rows that can be read, as they are.</summary>
    private int CopyRows(string table, string columns, string index)
    {
        var names = columns.Split(", ");
        var places = Places(table, names[0], index);
        var read = _from.Make($"SELECT {columns} FROM {table} NOT INDEXED WHERE {names[0]} = $0");
        var parameters = string.Join(", ", names.Select((_, i) => $"${i}"));
        using var write = new Statement(_to, $"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({parameters})");
        var count = 0;
        foreach (var place in places)
        {
            try
            {
                if (read.First(row => Values(row, names.Length), place) is { } values)
                {
                    count += write.Run(values);
                }
            }
            catch (Exception failure) when (Damage.Is(failure) || failure is SqliteException { SqliteErrorCode: 19 })
            {
                // This one is lost. A log that it leaves a gap in is found damaged when it is read.
                continue;
            }
        }

        return count;
    }

    private void CopyPieces()
    {
        using var write = new Statement(_to, """
            INSERT OR IGNORE INTO quarantine_piece (quarantine, what, bytes) VALUES ($0, $1, $2)
            """);
        foreach (var order in new[] { "", "DESC" })
        {
            Read(
                $"SELECT quarantine, what, bytes FROM quarantine_piece ORDER BY quarantine {order}, what {order}",
                row => write.Run(Values(row, 3)));
        }
    }

    /// <summary>The row ids of a table, from both its ends and, if that does not meet, from its index's.</summary>
    private HashSet<long> Places(string table, string place, string index)
    {
        var places = new HashSet<long>();
        void Add(SqliteDataReader row) => places.Add(row.GetInt64(0));
        if (!Read($"SELECT {place} FROM {table} NOT INDEXED ORDER BY {place}", Add))
        {
            Read($"SELECT {place} FROM {table} NOT INDEXED ORDER BY {place} DESC", Add);
            var condition = index == "quarantine_open" ? "WHERE open = 1" : "";
            Read($"SELECT {place} FROM {table} INDEXED BY {index} {condition}", Add);
        }

        return places;
    }

    private static object?[] Values(SqliteDataReader row, int count)
    {
        var values = new object?[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = row.GetValue(i);
        }

        return values;
    }

    /// <summary>False if it came upon damage before the end.</summary>
    private bool Read(string sql, Action<SqliteDataReader> take)
    {
        try
        {
            using var command = _from.Connection.CreateCommand();
            command.CommandText = sql;
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                take(rows);
            }

            return true;
        }
        catch (Exception failure) when (Damage.Is(failure))
        {
            return false;
        }
    }
}
