using Microsoft.Data.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>All that changes the file. One connection, one thread, one transaction a batch.</summary>
internal sealed class SqliteWriter : IDisposable
{
    /// <summary>Half of what one checkpoint holds: if this fits, so does an ordinary batch.</summary>
    private const int ProbeBytes = 256 << 10;

    /// <summary>How many sessions' rows are remembered; about 10 MB.</summary>
    private const int MaxKnown = 1 << 16;

    // Nobody else writes to the file, so what this writer last wrote is what is there: no need to look before each
    // step.
    // Forgotten whole when a transaction fails.
    private readonly Dictionary<SessionKey, Row> _known = [];
    private readonly SqliteConnection _connection;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _find;
    private readonly Statement _insert;
    private readonly Statement _update;
    private readonly Statement _index;
    private readonly Statement _delete;
    private readonly Statement _deleteEntries;
    private readonly Statement _deleteOperations;
    private readonly Statement _append;
    private readonly Statement _remember;
    private readonly Statement _trimEvents;
    private readonly Statement _trimOperations;
    private readonly Statement _claimable;
    private readonly Statement _claim;
    private readonly Statement _renew;
    private readonly Statement _release;
    private readonly Statement _probe;

    public SqliteWriter(SqliteConnection connection)
    {
        _connection = connection;
        _begin = new(connection, "BEGIN IMMEDIATE");
        _commit = new(connection, "COMMIT");
        _find = new(connection, """
            SELECT number, version, lease_node, lease_term, status, busy, due FROM session
            WHERE kind = $0 AND owner = $1 AND id = $2
            """);
        _insert = new(connection, """
            INSERT INTO session (kind, owner, id, version, status, busy, due, header, state)
            VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8) RETURNING number
            """);
        // Naming a column that an index has rewrites the index, also if the value is the same: most steps need not.
        _update = new(connection, "UPDATE session SET version = $1, header = $2, state = $3 WHERE number = $0");
        _index = new(connection, "UPDATE session SET status = $1, busy = $2, due = $3 WHERE number = $0");
        _delete = new(connection, "DELETE FROM session WHERE number = $0");
        _deleteEntries = new(connection, "DELETE FROM entry WHERE session = $0");
        _deleteOperations = new(connection, "DELETE FROM operation WHERE session = $0");
        _append = new(connection, "INSERT INTO entry (session, stream, number, bytes) VALUES ($0, $1, $2, $3)");
        _remember = new(connection, "INSERT INTO operation (session, id, at, record) VALUES ($0, $1, $2, $3)");
        _trimEvents = new(connection, "DELETE FROM entry WHERE session = $0 AND stream = $2 AND number < $1");
        _trimOperations = new(connection, "DELETE FROM operation WHERE session = $0 AND at < $1");
        _claimable = new(connection, """
            SELECT number, owner, id, lease_term FROM session
            WHERE kind = $0 AND busy = 1 AND lease_until <= $1 ORDER BY number LIMIT $2
            """);
        _claim = new(connection, """
            UPDATE session SET lease_node = $1, lease_term = $2, lease_until = $3 WHERE number = $0
            """);
        _renew = new(connection, """
            UPDATE session SET lease_until = $5
            WHERE kind = $0 AND owner = $1 AND id = $2 AND lease_node = $3 AND lease_term = $4
            """);
        _release = new(connection, """
            UPDATE session SET lease_node = NULL, lease_until = $5
            WHERE kind = $0 AND owner = $1 AND id = $2 AND lease_node = $3 AND lease_term = $4
            """);
        _probe = new(connection, "INSERT OR REPLACE INTO probe (only, bytes) VALUES (1, randomblob($0))");
    }

    /// <summary>No other process has the file, so whoever held these leases is gone. Terms go on growing.</summary>
    public void EndLeases() =>
        _connection.Run("UPDATE session SET lease_node = NULL, lease_until = 0 WHERE lease_until > 0 AND busy = 1");

    public CommitResult[] Commit(IReadOnlyList<SessionChange> batch) => InTransaction(() =>
    {
        var results = new CommitResult[batch.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Apply(batch[i]);
        }

        return results;
    });

    public bool Probe()
    {
        InTransaction(() => _probe.Run(ProbeBytes));
        InTransaction(() => _probe.Run(1));
        return true;
    }

    public IReadOnlyList<Lease> Claim(LeaseClaim claim) => InTransaction(() =>
    {
        var free = _claimable.All(
            row => (
                Number: row.GetInt64(0),
                Key: new SessionKey(claim.Kind, OwnerId.Parse(row.GetString(1)), SessionId.Parse(row.GetString(2))),
                Term: row.GetInt64(3) + 1),
            claim.Kind, claim.Now.UtcTicks, claim.Limit);
        foreach (var session in free)
        {
            _known.Remove(session.Key);
            _claim.Run(session.Number, claim.Node, session.Term, claim.Until.UtcTicks);
        }

        return free.ConvertAll(session => new Lease(session.Key, claim.Node, session.Term));
    });

    public IReadOnlyList<Lease> Renew(IReadOnlyList<Lease> leases, DateTimeOffset until) => InTransaction(() =>
        leases.Where(lease => Update(_renew, lease, until) == 0).ToList());

    public int Release(Lease lease, DateTimeOffset notBefore) =>
        InTransaction(() => Update(_release, lease, notBefore));

    public void Dispose()
    {
        Statement[] all =
        [
            _begin, _commit, _find, _insert, _update, _index, _delete, _deleteEntries, _deleteOperations, _append,
            _remember, _trimEvents, _trimOperations, _claimable, _claim, _renew, _release, _probe,
        ];
        foreach (var statement in all)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private int Update(Statement statement, Lease lease, DateTimeOffset until)
    {
        var key = lease.Key;
        _known.Remove(key);
        return statement.Run(
            key.Kind, key.Owner.ToString(), key.Id.ToString(), lease.Node, lease.Term, until.UtcTicks);
    }

    private CommitResult Apply(SessionChange change)
    {
        var stored = Find(change.Key);
        if (stored.Version != change.ExpectedVersion)
        {
            return CommitResult.Conflict;
        }

        if (change.Lease is { } lease && (lease.Node != stored.Node || lease.Term != stored.Term))
        {
            return CommitResult.LeaseLost;
        }

        if (change is SaveSession save)
        {
            Save(stored, save);
        }
        else if (stored.Number > 0)
        {
            _known.Remove(change.Key);
            _delete.Run(stored.Number);
            _deleteEntries.Run(stored.Number);
            _deleteOperations.Run(stored.Number);
        }

        return CommitResult.Committed;
    }

    private Row Find(SessionKey key)
    {
        if (_known.TryGetValue(key, out var known))
        {
            return known;
        }

        return _find.First(
            row => new Row(
                row.GetInt64(0),
                row.GetInt64(1),
                row.IsDBNull(2) ? null : row.GetString(2),
                row.GetInt64(3),
                row.GetString(4),
                row.GetBoolean(5),
                row.IsDBNull(6) ? null : row.GetInt64(6)),
            key.Kind, key.Owner.ToString(), key.Id.ToString());
    }

    private void Know(SessionKey key, Row row)
    {
        if (_known.Count >= MaxKnown && !_known.ContainsKey(key))
        {
            // Rare, and cheap to make good: each session is looked up once more.
            _known.Clear();
        }

        _known[key] = row;
    }

    private void Save(in Row stored, SaveSession save)
    {
        var number = stored.Number;
        var (record, key) = (save.Record, save.Key.ToString());
        var header = Framing.Wrap(key, StoredHeader.Write(record));
        var state = Framing.Wrap(Places.State(key, record.Version), record.State.Span);
        var due = record.DueAt?.UtcTicks;
        if (number > 0)
        {
            _update.Run(number, record.Version, header, state);
            if (record.Status != stored.Status || record.IsBusy != stored.IsBusy || due != stored.Due)
            {
                _index.Run(number, record.Status, record.IsBusy, due);
            }
        }
        else
        {
            number = _insert.First(
                row => row.GetInt64(0), record.Key.Kind, record.Key.Owner.ToString(), record.Key.Id.ToString(),
                record.Version, record.Status, record.IsBusy, due, header, state);
        }

        Know(save.Key, stored with
        {
            Number = number,
            Version = record.Version,
            Status = record.Status,
            IsBusy = record.IsBusy,
            Due = due,
        });
        foreach (var entry in save.Entries)
        {
            _append.Run(number, entry.Stream, entry.Number, Framing.Wrap(
                Places.Entry(key, entry.Stream, entry.Number), entry.Bytes.Span));
        }

        foreach (var operation in save.Operations)
        {
            _remember.Run(number, operation.Id, operation.At.UtcTicks, Framing.Wrap(
                Places.Operation(key, operation.Id), StoredOperation.Write(operation)));
        }

        foreach (var trim in save.Trims)
        {
            _trimEvents.Run(number, trim.Before, trim.Stream);
        }

        if (save.TrimOperationsBefore is { } before)
        {
            _trimOperations.Run(number, before.UtcTicks);
        }
    }

    private T InTransaction<T>(Func<T> write)
    {
        _begin.Run();
        try
        {
            var result = write();
            _commit.Run();
            return result;
        }
        catch
        {
            _known.Clear();
            // SQLite has ended the transaction itself after some errors, a full disk among them.
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            {
                _connection.Run("ROLLBACK");
            }

            throw;
        }
    }
}

/// <summary>A session as the file has it; all zero if it has none.</summary>
internal readonly record struct Row(
    long Number, long Version, string? Node, long Term, string? Status, bool IsBusy, long? Due);

/// <summary>What a checksum says a record belongs to.</summary>
internal static class Places
{
    public static string State(string session, long version) => $"{session} state {version}";

    public static string Entry(string session, string stream, long number) => $"{session} {stream} {number}";

    public static string Operation(string session, string id) => $"{session} operation {id}";
}
