using Microsoft.Data.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>All that changes the file. One connection, one thread, one transaction a batch.</summary>
internal sealed class SqliteWriter : IDisposable
{
    /// <summary>Half of what one checkpoint holds: if this fits, so does an ordinary batch.</summary>
    private const int ProbeBytes = 256 << 10;

    /// <summary>How many sessions' rows are remembered; about 20 MB.</summary>
    private const int MaxKnown = 1 << 16;

    /// <summary>SQLite's code for a key that is there twice.</summary>
    private const int Constraint = 19;

    // Nobody else writes to the file, so what this writer last wrote is what is there: no need to look before each
    // step. Forgotten whole when a transaction fails.
    private readonly Dictionary<SessionKey, SessionRow> _known = [];
    private readonly Statements _statements;
    private readonly HeldLeases _leases;
    private readonly SessionTable _sessions;
    private readonly LogTable _logs;
    private readonly SnapshotTable _snapshots;
    private readonly QuarantineTable _quarantine;
    private readonly Counters _counters;
    private readonly Claims _claims;
    private readonly Mark _mark;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _probe;
    private bool _hasIndexesAnew;

    public SqliteWriter(SqliteConnection connection, HeldLeases leases)
    {
        _statements = new Statements(connection);
        _leases = leases;
        _begin = _statements.Make("BEGIN IMMEDIATE");
        _commit = _statements.Make("COMMIT");
        _probe = _statements.Make("INSERT OR REPLACE INTO probe (only, bytes) VALUES (1, randomblob($0))");
        _sessions = new SessionTable(_statements);
        _logs = new LogTable(_statements);
        _snapshots = new SnapshotTable(_statements, _sessions);
        _quarantine = new QuarantineTable(_statements);
        _counters = new Counters(_statements);
        _claims = new Claims(_statements, leases);
        _mark = new Mark(_statements);
    }

    /// <summary>How far the file has come.</summary>
    public Mark Mark => _mark;

    /// <summary>True once a transaction could be neither committed nor taken back: open another.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The first page that was found damaged; null if none was.</summary>
    public Exception? MetDamage { get; private set; }

    public CommitResult[] Commit(IReadOnlyList<SessionChange> batch)
    {
        var results = InTransactions(batch, Apply, CommitResult.Conflict);
        for (var i = 0; i < results.Length; i++)
        {
            if (batch[i] is RemoveSession or SaveSession { Replaces: true } && results[i] == CommitResult.Committed)
            {
                _leases.Drop(batch[i].Key);
            }
        }

        return results;
    }

    /// <summary>Brings the file to where the journal is.</summary>
    /// <param name="changes">All that there is up to there.</param>
    /// <param name="upTo">Where the journal is. If the file is there already, nothing is done.</param>
    /// <param name="leaving">
    /// Told what cannot be applied, because a page that it concerns is damaged, before the rest is committed without
    /// it; if this throws, nothing is. Hardly ever called.
    /// </param>
    /// <returns>False if the file was there already.</returns>
    public bool Apply(
        IReadOnlyList<FoldedChange> changes, JournalPosition upTo, Action<IReadOnlyList<FoldedChange>> leaving)
    {
        if (_mark.HasReached(upTo.Sequence))
        {
            return false;
        }

        _mark.MoveTo(upTo);
        InTransactions(changes, Apply, ifDamaged: false, leaving);
        return true;
    }

    public bool Probe()
    {
        InTransaction(() => _probe.Run(ProbeBytes));
        InTransaction(() => _probe.Run(1));
        return true;
    }

    public IReadOnlyList<Lease> Claim(LeaseClaim claim)
    {
        _leases.Tidy(claim.Now);
        var leases = InTransaction(() =>
        {
            var found = new List<Lease>();
            foreach (var key in _claims.Choose(claim))
            {
                if (Find(key) is { } row)
                {
                    var taken = row with { Term = row.Term + 1 };
                    _sessions.SetTerm(row.Number, taken.Term);
                    Know(key, taken);
                    found.Add(new Lease(key, claim.Node, taken.Term));
                }
            }

            return found;
        });
        foreach (var lease in leases)
        {
            _leases.Take(lease, claim.Until);
        }

        return leases;
    }

    public bool Quarantine(SessionKey key, string reason, DateTimeOffset now) => InTransaction(() =>
    {
        _quarantine.Add(key, reason, now);
        return true;
    });

    public SessionRecord? Restore(SessionKey key, DateTimeOffset now)
    {
        var (before, record) = InTransaction(() =>
        {
            _known.Remove(key);
            var restoration = new Restoration(_statements, _sessions, _snapshots, _quarantine, _logs);
            var restored = restoration.Restore(key, now);
            if (restored is ({ } row, { } whole))
            {
                _counters.Remove(key, row);
                _counters.Add(key, SessionRow.Of(whole, row.Number, row.Term));
            }

            return restored;
        });
        if (before is not null)
        {
            // Who drove it knows more of it than there is now.
            _leases.Drop(key);
        }

        return record;
    }

    /// <summary>
    /// Once in the life of a writer: a damaged index is mended by this, and nothing else is. All sessions wait for it.
    /// </summary>
    /// <returns>False if it was done before, or could not be done.</returns>
    public bool MakeIndexesAnew()
    {
        if (_hasIndexesAnew)
        {
            return false;
        }

        _hasIndexesAnew = true;
        try
        {
            _statements.Connection.Run("REINDEX");
            return true;
        }
        catch (SqliteException failure) when (Damage.IsPage(failure) || failure.SqliteErrorCode == Constraint)
        {
            // The tables themselves are damaged: the next start saves what can be read of them.
            return false;
        }
    }

    public void Dispose() => _statements.Dispose();

    /// <summary>
    /// Each change in one transaction. If a page turns out to be damaged, the indexes are made anew, and what still
    /// meets such a page is left out; the rest goes through.
    /// </summary>
    private TResult[] InTransactions<TChange, TResult>(
        IReadOnlyList<TChange> changes,
        Func<TChange, TResult> apply,
        TResult ifDamaged,
        Action<IReadOnlyList<TChange>>? leaving = null)
    {
        var position = _mark.Now;
        try
        {
            return InTransaction(() => Each(changes, apply));
        }
        catch (SqliteException failure) when (Damage.IsPage(failure) && !IsBroken)
        {
            MetDamage = failure;
            MakeIndexesAnew();
            var good = changes.Where(change => CanApply(change, apply)).ToHashSet();
            leaving?.Invoke([.. changes.Where(change => !good.Contains(change))]);
            _mark.MoveTo(position);
            return InTransaction(() => Each(changes, change => good.Contains(change) ? apply(change) : ifDamaged));
        }
    }

    private static TResult[] Each<TChange, TResult>(IReadOnlyList<TChange> changes, Func<TChange, TResult> apply)
    {
        var results = new TResult[changes.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = apply(changes[i]);
        }

        return results;
    }

    private CommitResult Apply(SessionChange change)
    {
        var stored = Find(change.Key);
        if (change.ExpectedVersion != RemoveSession.AnyVersion && (stored?.Version ?? 0) != change.ExpectedVersion)
        {
            return CommitResult.Conflict;
        }

        if (change.Lease is { } lease && !_leases.IsHeldBy(lease))
        {
            return CommitResult.LeaseLost;
        }

        if (stored is not null && change is RemoveSession or SaveSession { Replaces: true })
        {
            Remove(change.Key, stored);
            stored = null;
        }

        if (change is SaveSession save)
        {
            var number = stored?.Number ?? _mark.NextNumber();
            Save(stored, save, SessionRow.Of(save.Record, number, stored?.Term ?? 0));
        }

        return CommitResult.Committed;
    }

    /// <summary>
    /// False if it meets a damaged page. Tried in a transaction of its own that is taken back: after such an error, the
    /// one that it happened in is good for nothing else, a savepoint does not help.
    /// </summary>
    private bool CanApply<TChange, TResult>(TChange change, Func<TChange, TResult> apply)
    {
        _begin.Run();
        try
        {
            apply(change);
            return true;
        }
        catch (SqliteException failure) when (Damage.IsPage(failure))
        {
            return false;
        }
        finally
        {
            TakeBack();
        }
    }

    private bool Apply(FoldedChange change)
    {
        var stored = Find(change.Key);
        if (stored is not null && change.Replaces)
        {
            Remove(change.Key, stored);
            stored = null;
        }

        if (change.Save is { } save)
        {
            Save(stored, save, SessionRow.Of(save.Record, change.Number, change.Term ?? stored?.Term ?? 0));
        }
        else if (stored is not null && change.Term is { } term)
        {
            _sessions.SetTerm(stored.Number, term);
            Know(change.Key, stored with { Term = term });
        }

        return true;
    }

    private void Remove(SessionKey key, SessionRow stored)
    {
        _known.Remove(key);
        _sessions.Delete(stored.Number);
        _logs.Delete(stored.Number);
        _snapshots.Delete(stored.Number);
        _quarantine.Close(key);
        // Last, here and below: what fails must not be counted.
        _counters.Remove(key, stored);
    }

    private void Save(SessionRow? stored, SaveSession save, SessionRow row)
    {
        var (key, record) = (save.Key, save.Record);
        var name = key.ToString();
        var header = Framing.Wrap(name, StoredHeader.Write(record));
        var state = Framing.Wrap(Places.State(name, record.Version), record.State.Span);
        if (stored is null)
        {
            row = row with { SnapshotAt = long.MinValue };
            _sessions.Insert(key, row, header, state);
        }
        else
        {
            row = row with { SnapshotAt = _snapshots.Keep(stored, save) };
            _sessions.Update(stored, row, header, state);
        }

        _logs.Add(row.Number, save);
        if (stored is not null)
        {
            _counters.Remove(key, stored);
        }

        _counters.Add(key, row);
        Know(key, row);
    }

    private SessionRow? Find(SessionKey key) => _known.TryGetValue(key, out var known) ? known : _sessions.Find(key);

    private void Know(SessionKey key, SessionRow row)
    {
        if (_known.Count >= MaxKnown && !_known.ContainsKey(key))
        {
            // Rare, and cheap to make good: each session is looked up once more.
            _known.Clear();
        }

        _known[key] = row;
    }

    private T InTransaction<T>(Func<T> write)
    {
        try
        {
            _begin.Run();
            var result = write();
            _counters.Write();
            _mark.Write();
            _commit.Run();
            _mark.Keep();
            return result;
        }
        catch
        {
            TakeBack();
            throw;
        }
    }

    private void TakeBack()
    {
        _known.Clear();
        _counters.Forget();
        _mark.Forget();
        // SQLite has ended the transaction itself after some errors, a full disk among them.
        if (_statements.IsOutsideTransaction)
        {
            return;
        }

        try
        {
            _statements.Connection.Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // What follows would join a transaction that has failed. Whoever sees this opens another connection, and
            // SQLite takes back what this one left.
            IsBroken = true;
        }
    }
}
