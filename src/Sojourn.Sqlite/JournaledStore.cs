using Microsoft.Extensions.Logging;
using Sojourn.Sqlite.Journal;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>
/// Keeps sessions in SQLite, and acknowledges from a journal before it: a batch is one write to a preallocated log and
/// one
/// flush. What is in the log and not yet in SQLite lies in memory over it, is read as one with it, and is brought
/// there behind it.
/// The files are <c>sojourn.db</c> and the folder <c>journal</c>, which a stop in order leaves empty. One process at a
/// time
/// may have it open.
/// </summary>
public sealed partial class JournaledStore : ISessionStore
{
    /// <summary>Stands for the number of a session whose row cannot be read.</summary>
    private const long UnreadableNumber = -1;

    private readonly string _folder;
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SqliteStore _below;
    private readonly Overlay _overlay = new();
    private readonly DamagedSessions _damaged;
    private readonly JournalLog _journal;
    private readonly List<string> _unknown = [];
    private readonly WriterThread _thread = new();
    private readonly SemaphoreSlim _appending = new(1, 1);
    private readonly BatchWriter _batch = new();
    private readonly List<LoggedChange> _judged = [];
    private Folder? _folding;
    private bool _isDisposed;

    /// <summary>Does not touch the disk yet.</summary>
    /// <param name="directory">Where the files lie; made if it does not exist.</param>
    /// <param name="options">Not to be changed any more.</param>
    /// <param name="time">For the time between folds.</param>
    /// <param name="log">For the operator.</param>
    /// <exception cref="SojournException">The options are wrong; all faults are named.</exception>
    public JournaledStore(string directory, JournalOptions options, TimeProvider time, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Faults().ToList() is { Count: > 0 } faults)
        {
            throw new SojournException(string.Join(' ', faults));
        }

        (_options, _time, _log) = (options, time, log);
        _folder = Path.Combine(Path.GetFullPath(directory), "journal");
        _below = new SqliteStore(directory, log) { HasJournal = true };
        _damaged = new DamagedSessions(_folder);
        _journal = new JournalLog(_folder, options);
    }

    /// <inheritdoc />
    public bool IsShared => false;

    /// <inheritdoc />
    public StoreLag Lag => _overlay.Lag;

    private Folder Folding => _folding ?? throw new InvalidOperationException("The store is not open.");

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<SessionChange> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Count > BatchWriter.MaxChanges)
        {
            throw new ArgumentException($"A batch holds {BatchWriter.MaxChanges} changes at most.", nameof(batch));
        }

        await _appending.WaitAsync().ConfigureAwait(false);
        try
        {
            await Folding.WaitForRoomAsync().ConfigureAwait(false);
            await KnowAsync(batch).ConfigureAwait(false);
            var results = Judge(batch);
            await AppendAsync().ConfigureAwait(false);
            ForgetDamage(batch, results);
            return results;
        }
        finally
        {
            _appending.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask ProbeAsync()
    {
        await _appending.WaitAsync().ConfigureAwait(false);
        try
        {
            await _thread.RunAsync(() =>
            {
                _journal.Repair();
                return true;
            }).ConfigureAwait(false);
            await TryFoldAsync().ConfigureAwait(false);
            await Folding.WaitForRoomAsync().ConfigureAwait(false);
            // A batch without a change: what it takes on the disk is a page, and the segment has its length already.
            _batch.Clear();
            _judged.Clear();
            await WriteAsync().ConfigureAwait(false);
        }
        finally
        {
            _appending.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Lease>> ClaimAsync(LeaseClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        await _appending.WaitAsync().ConfigureAwait(false);
        try
        {
            var free = _overlay.Busy(busy => busy.Choose(claim));
            await KnowAsync([.. free.Select(session => session.Key)]).ConfigureAwait(false);
            _batch.Clear();
            _judged.Clear();
            foreach (var (key, number) in free)
            {
                var term = _overlay.Find(key).Term + 1;
                _batch.AddTerm(key, number, term);
                _judged.Add(new LoggedTerm(key, number, term));
            }

            // A term is on disk before it is used: no later one can be lower.
            var leases = _judged.OfType<LoggedTerm>()
                .Select(term => new Lease(term.Key, claim.Node, term.Term)).ToList();
            await AppendAsync().ConfigureAwait(false);
            return _overlay.Busy(busy => Take(busy, leases, claim.Until));
        }
        finally
        {
            _appending.Release();
        }
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Lease>> RenewAsync(IReadOnlyList<Lease> leases, DateTimeOffset until) => new(
        _overlay.Busy<IReadOnlyList<Lease>>(busy => [.. leases.Where(lease => !busy.Leases.Renew(lease, until))]));

    /// <inheritdoc />
    public ValueTask ReleaseAsync(Lease lease, DateTimeOffset notBefore)
    {
        _overlay.Busy(busy =>
        {
            busy.Leases.Release(lease, notBefore);
            return true;
        });
        return default;
    }

    /// <summary>Brings all that is left into SQLite. If SQLite cannot take it, it stays in the log, for the next
    /// start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (_folding is { } folding)
        {
            await folding.DisposeAsync().ConfigureAwait(false);
            if (_overlay.Lag.Changes == 0)
            {
                _journal.Clear();
            }
            else
            {
                LogLeft(_overlay.Lag.Changes, _folder);
            }
        }

        _journal.Dispose();
        await _thread.DisposeAsync().ConfigureAwait(false);
        await _below.DisposeAsync().ConfigureAwait(false);
        _appending.Dispose();
    }

    private async ValueTask TryFoldAsync()
    {
        if (Folding.Fault is null)
        {
            return;
        }

        try
        {
            await Folding.DrainAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // SQLite still fails. That is no matter for a commit as long as the log has room, which is asked next.
        }
    }

    private static List<Lease> Take(BusySessions busy, List<Lease> leases, DateTimeOffset until)
    {
        foreach (var lease in leases)
        {
            busy.Leases.Take(lease, until);
        }

        return leases;
    }

    private async ValueTask KnowAsync(IReadOnlyList<SessionChange> batch)
    {
        var keys = new SessionKey[batch.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = batch[i].Key;
        }

        await KnowAsync(keys).ConfigureAwait(false);
    }

    /// <summary>Finds out what SQLite has of sessions of which that is not known.</summary>
    private async ValueTask KnowAsync(IReadOnlyList<SessionKey> keys)
    {
        _overlay.Tidy();
        var unknown = _overlay.Unknown(keys);
        if (unknown.Count == 0)
        {
            return;
        }

        try
        {
            _overlay.Know(unknown, await _below.FindAsync(unknown, default).ConfigureAwait(false));
        }
        catch (DamagedRecordException)
        {
            foreach (var key in unknown)
            {
                await KnowDamagedAsync(key).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// A row that cannot be read has no version that anyone could expect; only a removal of whatever is there goes
    /// through.
    /// </summary>
    private async ValueTask KnowDamagedAsync(SessionKey key)
    {
        try
        {
            _overlay.Know([key], await _below.FindAsync([key], default).ConfigureAwait(false));
        }
        catch (DamagedRecordException)
        {
            _overlay.Know([key], [new SessionRow { Number = UnreadableNumber, Version = long.MaxValue }]);
        }
    }

    private CommitResult[] Judge(IReadOnlyList<SessionChange> batch)
    {
        _batch.Clear();
        _judged.Clear();
        var results = new CommitResult[batch.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Judge(batch[i]);
        }

        return results;
    }

    private CommitResult Judge(SessionChange change)
    {
        var (number, version, _) = _overlay.Find(change.Key);
        var isAny = change.ExpectedVersion == RemoveSession.AnyVersion;
        if (!isAny && (version != change.ExpectedVersion || _damaged.Find(change.Key) is not null))
        {
            return CommitResult.Conflict;
        }

        if (change.Lease is { } lease && !_overlay.Busy(busy => busy.Leases.IsHeldBy(lease)))
        {
            return CommitResult.LeaseLost;
        }

        if (change is SaveSession save)
        {
            // Another number is another life: what the old one has goes with it, wherever that lies.
            number = number == 0 || save.Replaces ? _overlay.NextNumber() : number;
            _batch.Add(save, number);
            _judged.Add(new LoggedSave(save.Key, number, save));
        }
        else if (number != 0)
        {
            _batch.AddRemoval(change.Key, number);
            _judged.Add(new LoggedRemoval(change.Key, number));
        }

        return CommitResult.Committed;
    }

    private async ValueTask AppendAsync()
    {
        if (_batch.Changes > 0)
        {
            await WriteAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask WriteAsync()
    {
        var bytes = await _thread.RunAsync(() => _journal.Append(_batch)).ConfigureAwait(false);
        _overlay.Add(_judged, bytes, _journal.LastSequence);
        Folding.Notice();
    }

    /// <summary>A damaged session that was removed is damaged no more.</summary>
    private void ForgetDamage(IReadOnlyList<SessionChange> batch, CommitResult[] results)
    {
        for (var i = 0; i < results.Length; i++)
        {
            if (batch[i] is RemoveSession && results[i] == CommitResult.Committed
                && _damaged.Find(batch[i].Key) is not null)
            {
                _damaged.Remove(batch[i].Key);
            }
        }
    }

    [LoggerMessage(213, LogLevel.Error,
        "{Changes} changes could not be brought into SQLite. They are in '{Folder}', and the next start goes on.")]
    private partial void LogLeft(long changes, string folder);
}
