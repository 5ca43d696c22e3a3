using Sojourn.Stores;

namespace Sojourn.Testing;

/// <summary>How a commit of a <see cref="FaultyStore"/> fails.</summary>
public enum StoreFault
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>Nothing is written, as on a full disk.</summary>
    BeforeWriting,

    /// <summary>All is written, and reported as failed: the outcome that nobody can know.</summary>
    AfterWriting,
}

/// <summary>A store whose commits fail, or wait, on demand. All else goes to the store inside.</summary>
public sealed class FaultyStore(ISessionStore inner) : ISessionStore
{
    private volatile TaskCompletionSource? _gate;
    private volatile TaskCompletionSource? _loadGate;
    private volatile TaskCompletionSource? _operationGate;
    private volatile TaskCompletionSource _reached = NewSignal();

    /// <summary>How commits fail from now on, until it is set back.</summary>
    public StoreFault Fault { get; set; }

    /// <summary>True to fail probes as well.</summary>
    public bool FailProbes { get; set; }

    /// <summary>True to fail reads as well.</summary>
    public bool FailReads { get; set; }

    /// <summary>
    /// A session whose record is damaged: loading it throws, and no version is the one that a commit expects, until it
    /// is restored, or removed whatever it is. Null (the default) for none.
    /// </summary>
    public SessionKey? Damaged { get; set; }

    /// <summary>The most changes that a commit may have; one with more fails. Default: no limit.</summary>
    public int MaxChanges { get; set; } = int.MaxValue;

    /// <summary>Commits that were asked for.</summary>
    public int Commits { get; private set; }

    /// <summary>Changes in all commits that succeeded.</summary>
    public int Changes { get; private set; }

    /// <inheritdoc />
    public bool IsShared => inner.IsShared;

    /// <inheritdoc />
    public StoreLag Lag => inner.Lag;

    /// <summary>From now on commits wait before they write.</summary>
    public void Hold()
    {
        _reached = NewSignal();
        _gate = NewSignal();
    }

    /// <summary>From now on loads of sessions wait before they read.</summary>
    public void HoldLoads()
    {
        _reached = NewSignal();
        _loadGate = NewSignal();
    }

    /// <summary>From now on looks for operation ids wait before they read.</summary>
    public void HoldOperations()
    {
        _reached = NewSignal();
        _operationGate = NewSignal();
    }

    /// <summary>Completes when a commit, a load or a look for an operation id waits.</summary>
    public Task Held() => _reached.Task;

    /// <summary>Lets what waits, and what comes after it, go on.</summary>
    public void Release()
    {
        Interlocked.Exchange(ref _gate, null)?.SetResult();
        Interlocked.Exchange(ref _loadGate, null)?.SetResult();
        Interlocked.Exchange(ref _operationGate, null)?.SetResult();
    }

    /// <inheritdoc />
    public ValueTask OpenAsync(CancellationToken giveUp) => inner.OpenAsync(giveUp);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<SessionChange> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Commits++;
        if (_gate is { } gate)
        {
            _reached.TrySetResult();
            await gate.Task;
        }

        if (Fault == StoreFault.BeforeWriting)
        {
            throw new IOException("No space left on device (injected).");
        }

        if (batch.Count > MaxChanges)
        {
            throw new InvalidOperationException($"{batch.Count} changes are more than {MaxChanges} (injected).");
        }

        var results = await CommitReadableAsync(batch);
        Changes += batch.Count;
        return Fault == StoreFault.AfterWriting
            ? throw new IOException("The flush failed (injected).")
            : results;
    }

    /// <inheritdoc />
    public ValueTask ProbeAsync() => FailProbes
        ? throw new IOException("No space left on device (injected, probe).")
        : inner.ProbeAsync();

    /// <inheritdoc />
    public async ValueTask<SessionRecord?> LoadAsync(SessionKey key, CancellationToken giveUp)
    {
        if (_loadGate is { } gate)
        {
            _reached.TrySetResult();
            await gate.Task;
        }

        return Damaged == key
            ? throw new DamagedRecordException($"{key}: the record is damaged (injected).")
            : await Reading().LoadAsync(key, giveUp);
    }

    /// <inheritdoc />
    public async ValueTask<OperationRecord?> FindOperationAsync(
        SessionKey key, string operationId, CancellationToken giveUp)
    {
        if (_operationGate is { } gate)
        {
            _reached.TrySetResult();
            await gate.Task;
        }

        return await Reading().FindOperationAsync(key, operationId, giveUp);
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<StreamEntry>> ReadStreamAsync(
        StreamKey stream, long after, int maxEntries, int maxBytes, CancellationToken giveUp) =>
        Reading().ReadStreamAsync(stream, after, maxEntries, maxBytes, giveUp);

    /// <inheritdoc />
    public ValueTask<StoredPage> ListAsync(SessionQuery query, CancellationToken giveUp) =>
        Reading().ListAsync(query, giveUp);

    /// <inheritdoc />
    public ValueTask<long> CountAsync(SessionQuery query, long atMost, CancellationToken giveUp) =>
        Reading().CountAsync(query, atMost, giveUp);

    /// <inheritdoc />
    public ValueTask<Census> CensusAsync(CancellationToken giveUp) =>
        Reading().CensusAsync(giveUp);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Victim>> VictimsAsync(VictimQuery query, CancellationToken giveUp) =>
        Reading().VictimsAsync(query, giveUp);

    /// <inheritdoc />
    public ValueTask QuarantineAsync(SessionKey key, string reason, DateTimeOffset now) =>
        inner.QuarantineAsync(key, reason, now);

    /// <inheritdoc />
    public ValueTask<SessionRecord?> RestoreAsync(SessionKey key, DateTimeOffset now)
    {
        Damaged = Damaged == key ? null : Damaged;
        return inner.RestoreAsync(key, now);
    }

    /// <inheritdoc />
    public ValueTask<BackupReport> BackupAsync(string directory, CancellationToken giveUp) =>
        inner.BackupAsync(directory, giveUp);

    /// <inheritdoc />
    public ValueTask<DueSessions> DueAsync(
        IReadOnlyCollection<string> kinds, DateTimeOffset now, int limit, CancellationToken giveUp) =>
        Reading().DueAsync(kinds, now, limit, giveUp);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Lease>> ClaimAsync(LeaseClaim claim) => inner.ClaimAsync(claim);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Lease>> RenewAsync(IReadOnlyList<Lease> leases, DateTimeOffset until) =>
        inner.RenewAsync(leases, until);

    /// <inheritdoc />
    public ValueTask ReleaseAsync(Lease lease, DateTimeOffset notBefore) => inner.ReleaseAsync(lease, notBefore);

    /// <inheritdoc />
    public ValueTask<StoreCheck> CheckAsync(CancellationToken giveUp) => Reading().CheckAsync(giveUp);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async ValueTask<IReadOnlyList<CommitResult>> CommitReadableAsync(IReadOnlyList<SessionChange> batch)
    {
        if (Damaged is not { } damaged)
        {
            return await inner.CommitAsync(batch);
        }

        if (batch.Any(change => change.Key == damaged && change.ExpectedVersion == RemoveSession.AnyVersion))
        {
            Damaged = null;
            return await inner.CommitAsync(batch);
        }

        var readable = batch.Where(change => change.Key != damaged).ToList();
        var results = new Queue<CommitResult>(await inner.CommitAsync(readable));
        return [.. batch.Select(change => change.Key == damaged ? CommitResult.Conflict : results.Dequeue())];
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ISessionStore Reading() => FailReads
        ? throw new IOException("The disk does not answer (injected).")
        : inner;
}
