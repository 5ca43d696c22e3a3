using Sojourn.Stores;

namespace Sojourn.Tests.Server;

/// <summary>A store that fails when it is told to.</summary>
internal sealed class BrokenStore : ISessionStore
{
    private readonly MemoryStore _inner = new();

    /// <summary>What every commit fails with; null if none does.</summary>
    public Exception? Commits { get; set; }

    /// <summary>What every load and list fails with; null if none does.</summary>
    public Exception? Reads { get; set; }

    /// <summary>A session whose record cannot be read until it is restored; null for none.</summary>
    public SessionKey? Damaged { get; set; }

    /// <summary>What a check waits for; null for nothing.</summary>
    public TaskCompletionSource? CheckGate { get; set; }

    /// <summary>Completes when a check waits.</summary>
    public TaskCompletionSource CheckBegun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsShared => false;

    public StoreLag Lag => _inner.Lag;

    public ValueTask OpenAsync(CancellationToken giveUp) => _inner.OpenAsync(giveUp);

    public ValueTask<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<SessionChange> batch) =>
        Commits is { } fault ? throw fault : _inner.CommitAsync(batch);

    public ValueTask ProbeAsync() => Commits is { } fault ? throw fault : _inner.ProbeAsync();

    public ValueTask<SessionRecord?> LoadAsync(SessionKey key, CancellationToken giveUp) =>
        Reads is { } fault ? throw fault
            : key == Damaged ? throw new DamagedRecordException("Its checksum is another.")
            : _inner.LoadAsync(key, giveUp);

    public ValueTask<OperationRecord?> FindOperationAsync(
        SessionKey key, string operationId, CancellationToken giveUp) =>
        _inner.FindOperationAsync(key, operationId, giveUp);

    public ValueTask<IReadOnlyList<StreamEntry>> ReadStreamAsync(
        StreamKey stream, long after, int maxEntries, int maxBytes, CancellationToken giveUp) =>
        Reads is { } fault ? throw fault : _inner.ReadStreamAsync(stream, after, maxEntries, maxBytes, giveUp);

    public ValueTask<StoredPage> ListAsync(SessionQuery query, CancellationToken giveUp) =>
        Reads is { } fault ? throw fault : _inner.ListAsync(query, giveUp);

    public ValueTask<long> CountAsync(SessionQuery query, long atMost, CancellationToken giveUp) =>
        Reads is { } fault ? throw fault : _inner.CountAsync(query, atMost, giveUp);

    public ValueTask<Census> CensusAsync(CancellationToken giveUp) =>
        Reads is { } fault ? throw fault : _inner.CensusAsync(giveUp);

    public ValueTask<IReadOnlyList<Victim>> VictimsAsync(VictimQuery query, CancellationToken giveUp) =>
        Reads is { } fault ? throw fault : _inner.VictimsAsync(query, giveUp);

    public ValueTask QuarantineAsync(SessionKey key, string reason, DateTimeOffset now) =>
        _inner.QuarantineAsync(key, reason, now);

    public ValueTask<SessionRecord?> RestoreAsync(SessionKey key, DateTimeOffset now)
    {
        Damaged = null;
        return _inner.RestoreAsync(key, now);
    }

    public ValueTask<BackupReport> BackupAsync(string directory, CancellationToken giveUp) =>
        _inner.BackupAsync(directory, giveUp);

    public ValueTask<DueSessions> DueAsync(
        IReadOnlyCollection<string> kinds, DateTimeOffset now, int limit, CancellationToken giveUp) =>
        _inner.DueAsync(kinds, now, limit, giveUp);

    public ValueTask<IReadOnlyList<Lease>> ClaimAsync(LeaseClaim claim) => _inner.ClaimAsync(claim);

    public ValueTask<IReadOnlyList<Lease>> RenewAsync(IReadOnlyList<Lease> leases, DateTimeOffset until) =>
        _inner.RenewAsync(leases, until);

    public ValueTask ReleaseAsync(Lease lease, DateTimeOffset notBefore) => _inner.ReleaseAsync(lease, notBefore);

    public async ValueTask<StoreCheck> CheckAsync(CancellationToken giveUp)
    {
        if (CheckGate is { } gate)
        {
            CheckBegun.TrySetResult();
            await gate.Task.WaitAsync(giveUp);
        }

        return await _inner.CheckAsync(giveUp);
    }

    public ValueTask DisposeAsync() => _inner.DisposeAsync();
}
