using Microsoft.Data.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>
/// What was found damaged, byte for byte. An entry is open as long as its session is damaged; its bytes are never
/// dropped.
/// </summary>
internal sealed class QuarantineTable
{
    private readonly Statement _find;
    private readonly Statement _open;
    private readonly Statement _close;
    private readonly Statement _number;
    private readonly Statement _addPiece;
    private readonly Statement _row;
    private readonly Statement _chunks;
    private readonly Statement _operations;
    private readonly Statement _snapshots;

    public QuarantineTable(Statements statements)
    {
        _find = statements.Make("""
            SELECT place FROM quarantine WHERE kind = $0 AND owner = $1 AND id = $2 AND open = 1
            """);
        _open = statements.Make("""
            INSERT INTO quarantine (kind, owner, id, at, reason, open) VALUES ($0, $1, $2, $3, $4, 1) RETURNING place
            """);
        _close = statements.Make("""
            UPDATE quarantine SET open = 0 WHERE kind = $0 AND owner = $1 AND id = $2 AND open = 1
            """);
        _number = statements.Make("SELECT number FROM session WHERE kind = $0 AND owner = $1 AND id = $2");
        _addPiece = statements.Make("""
            INSERT INTO quarantine_piece (quarantine, what, bytes) VALUES ($0, $1, $2) ON CONFLICT DO NOTHING
            """);
        _row = statements.Make("SELECT version, header, state FROM session WHERE number = $0");
        _chunks = statements.Make("SELECT stream, first, last, bytes FROM chunk WHERE session = $0 ORDER BY last");
        _operations = statements.Make("SELECT id, record FROM operation WHERE session = $0 ORDER BY id");
        _snapshots = statements.Make("SELECT version, header, state FROM snapshot WHERE session = $0 ORDER BY version");
    }

    /// <summary>
    /// Keeps a session's record, whatever it is worth, and of its logs, operations and snapshots what is damaged.
    /// </summary>
    public void Add(SessionKey key, string reason, DateTimeOffset now)
    {
        object?[] names = [key.Kind, key.Owner.ToString(), key.Id.ToString()];
        var place = _find.First(row => (long?)row.GetInt64(0), names)
            ?? _open.First(row => row.GetInt64(0), [.. names, now.UtcTicks, reason]);
        if (FirstIfReadable(_number, names) is not { } number)
        {
            return;
        }

        var name = key.ToString();
        Scan(_row, number, row =>
        {
            var version = row.GetInt64(0);
            Keep(place, $"header {version}", row, 1);
            Keep(place, $"state {version}", row, 2);
        });
        Scan(_chunks, number, row =>
        {
            var (stream, first, last) = (row.GetString(0), row.GetInt64(1), row.GetInt64(2));
            KeepIfDamaged(place, Places.Chunk("chunk", stream, first, last), row, 3, bytes =>
                _ = Chunk.Read(name, stream, first, last, bytes).Count());
        });
        Scan(_operations, number, row =>
        {
            var id = row.GetString(0);
            KeepIfDamaged(place, Places.Operation("", id), row, 1, bytes =>
                Framing.Unwrap(Places.Operation(name, id), bytes));
        });
        Scan(_snapshots, number, row =>
        {
            if (SessionBytes.TryRead(key, row) is null)
            {
                var version = row.GetInt64(0);
                Keep(place, $"snapshot {version} header", row, 1);
                Keep(place, $"snapshot {version} state", row, 2);
            }
        });
    }

    /// <summary>The session is whole again, or gone.</summary>
    public void Close(SessionKey key) => _close.Run(key.Kind, key.Owner.ToString(), key.Id.ToString());

    private static long? FirstIfReadable(Statement statement, object?[] values)
    {
        try
        {
            return statement.First(row => (long?)row.GetInt64(0), values);
        }
        catch (SqliteException failure) when (Damage.IsPage(failure))
        {
            return null;
        }
    }

    /// <summary>As far as the pages can be read; the file itself is kept when it is mended.</summary>
    private static void Scan(Statement statement, long number, Action<SqliteDataReader> keep)
    {
        try
        {
            statement.Each(
                row =>
                {
                    keep(row);
                    return true;
                },
                number);
        }
        catch (Exception failure) when (Damage.Is(failure))
        {
            // Nothing more can be had from here.
            return;
        }
    }

    private void Keep(long place, string what, SqliteDataReader row, int column) =>
        _addPiece.Run(place, what, row.GetFieldValue<byte[]>(column));

    private void KeepIfDamaged(long place, string what, SqliteDataReader row, int column, Action<byte[]> read)
    {
        try
        {
            read(row.GetFieldValue<byte[]>(column));
        }
        catch (DamagedRecordException)
        {
            Keep(place, what, row, column);
        }
    }
}
