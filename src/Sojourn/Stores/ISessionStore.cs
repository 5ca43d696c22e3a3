namespace Sojourn.Stores;

/// <summary>
/// Where sessions are kept. Whole batches go in and are all there, or not at all, after a crash. Every
/// member may be called from any thread; the engine has at most one <see cref="CommitAsync"/> under way at a time.
/// An <see cref="IOException"/>, or any other exception but the ones named, means that the store could not do it
/// now; of a commit, that its outcome is unknown.
/// </summary>
public interface ISessionStore : IAsyncDisposable
{
    /// <summary>
    /// True if two processes may have the store open at once. Only durable kinds are allowed on such a store.
    /// </summary>
    bool IsShared { get; }

    /// <summary>Opens, and migrates what an older version wrote. Called once, before anything else.</summary>
    /// <exception cref="SojournException">It is in use by another process, or was written by a newer version; it is
    /// then
    /// left untouched.</exception>
    ValueTask OpenAsync(CancellationToken giveUp);

    /// <summary>
    /// Writes a batch and flushes it. Each change is judged by itself: one that conflicts leaves the others alone. A
    /// session appears at most once in a batch.
    /// </summary>
    /// <returns>A result for each change, in order. Whatever is <see cref="CommitResult.Committed"/> survives a power
    /// cut.</returns>
    ValueTask<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<SessionChange> batch);

    /// <summary>Writes and flushes something of a batch's size, to learn whether commits would succeed again.</summary>
    ValueTask ProbeAsync();

    /// <summary>One session; null if there is none.</summary>
    /// <exception cref="DamagedRecordException">The record does not match its checksum.</exception>
    ValueTask<SessionRecord?> LoadAsync(SessionKey key, CancellationToken giveUp);

    /// <summary>What an operation id of a session was answered; null if it is not known.</summary>
    /// <exception cref="DamagedRecordException">The record does not match its checksum.</exception>
    ValueTask<OperationRecord?> FindOperationAsync(SessionKey key, string operationId, CancellationToken giveUp);

    /// <summary>
    /// Entries of a stream in order, beginning with the first whose number is above <paramref name="after"/>: up to
    /// <paramref name="maxEntries"/>, and no more once they hold <paramref name="maxBytes"/> (but at least one).
    /// </summary>
    /// <exception cref="DamagedRecordException">An entry does not match its checksum.</exception>
    ValueTask<IReadOnlyList<StreamEntry>> ReadStreamAsync(
        StreamKey stream, long after, int maxEntries, int maxBytes, CancellationToken giveUp);

    /// <summary>
    /// Sessions by index, newest first, without their states. Damaged ones are listed as far as they can be read.
    /// </summary>
    ValueTask<StoredPage> ListAsync(SessionQuery query, CancellationToken giveUp);

    /// <summary>
    /// Sessions whose <see cref="SessionRecord.DueAt"/> has come, earliest first, and when the next one is due.
    /// </summary>
    ValueTask<DueSessions> DueAsync(DateTimeOffset now, int limit, CancellationToken giveUp);

    /// <summary>
    /// Gives the node leases on busy sessions of a kind that nobody holds a live lease on, oldest session first, each
    /// with a term one higher than the last.
    /// </summary>
    ValueTask<IReadOnlyList<Lease>> ClaimAsync(LeaseClaim claim);

    /// <summary>Extends leases.</summary>
    /// <returns>The leases that are no longer held, because another node took them or the session is gone.</returns>
    ValueTask<IReadOnlyList<Lease>> RenewAsync(IReadOnlyList<Lease> leases, DateTimeOffset until);

    /// <summary>
    /// Gives a lease back, so that nobody claims the session before <paramref name="notBefore"/>. Harmless if lost.
    /// </summary>
    ValueTask ReleaseAsync(Lease lease, DateTimeOffset notBefore);

    /// <summary>Reads every record and compares it with its checksum.</summary>
    ValueTask<StoreCheck> CheckAsync(CancellationToken giveUp);
}
