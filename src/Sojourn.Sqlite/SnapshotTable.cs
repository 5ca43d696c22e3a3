using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>Older states of sessions, to restore from.</summary>
internal sealed class SnapshotTable
{
    private readonly SessionTable _sessions;
    private readonly Statement _newest;
    private readonly Statement _add;
    private readonly Statement _trim;
    private readonly Statement _delete;
    private readonly Statement _all;

    public SnapshotTable(Statements statements, SessionTable sessions)
    {
        _sessions = sessions;
        _newest = statements.Make("SELECT max(at) FROM snapshot WHERE session = $0");
        _add = statements.Make("""
            INSERT INTO snapshot (session, version, at, header, state) VALUES ($0, $1, $2, $3, $4)
            ON CONFLICT DO NOTHING
            """);
        _trim = statements.Make("""
            DELETE FROM snapshot WHERE session = $0 AND version <=
                (SELECT version FROM snapshot WHERE session = $0 ORDER BY version DESC LIMIT 1 OFFSET $1)
            """);
        _delete = statements.Make("DELETE FROM snapshot WHERE session = $0");
        _all = statements.Make("""
            SELECT version, header, state FROM snapshot WHERE session = $0 ORDER BY version DESC
            """);
    }

    /// <summary>
    /// Copies the state that is about to be replaced, if it is due. Times are those of the states themselves, so that
    /// snapshots are as far apart as asked for.
    /// </summary>
    /// <returns>When the newest snapshot was the session's state; null if nobody has looked.</returns>
    public long? Keep(SessionRow old, SaveSession save)
    {
        if (save.KeepSnapshots <= 0)
        {
            return old.SnapshotAt;
        }

        var newest = old.SnapshotAt
            ?? _newest.First(row => row.IsDBNull(0) ? long.MinValue : row.GetInt64(0), old.Number);
        if (newest != long.MinValue && old.Active - newest < save.SnapshotEvery.Ticks)
        {
            return newest;
        }

        var (header, state) = _sessions.Bytes(old.Number);
        if (!IsGood(save.Key, old.Version, header, state))
        {
            // It would push out a good one.
            return newest;
        }

        _add.Run(old.Number, old.Version, old.Active, header, state);
        _trim.Run(old.Number, save.KeepSnapshots);
        return old.Active;
    }

    public void Delete(long number) => _delete.Run(number);

    /// <summary>The newest one that can be read, with its state; null if there is none.</summary>
    public SessionRecord? NewestGood(SessionKey key, long number) => _all
        .All(row => SessionBytes.TryRead(key, row), number)
        .FirstOrDefault(record => record is not null);

    private static bool IsGood(SessionKey key, long version, byte[] header, byte[] state)
    {
        try
        {
            SessionBytes.Read(key, version, header, state);
            return true;
        }
        catch (DamagedRecordException)
        {
            return false;
        }
    }
}
