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

    /// <summary>What is acknowledged and safe, but not yet in its final place. Cheap; asked for statistics.</summary>
    StoreLag Lag { get; }

    /// <summary>Opens, and migrates what an older version wrote. Called once, before anything else.</summary>
    /// <exception cref="SojournException">It is in use by another process, or was written by a newer version; it is
    /// then left untouched.</exception>
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
    /// Sessions by index, newest first, without their states. Damaged ones are listed as far as they can be read. A
    /// page may be shorter than asked for, or empty, and still not be the last: what no index answers is looked for in
    /// bounded portions.
    /// </summary>
    /// <exception cref="FormatException">The cursor is not one of this store's.</exception>
    ValueTask<StoredPage> ListAsync(SessionQuery query, CancellationToken giveUp);

    /// <summary>How many sessions match, counted up to a number. The query's limit and cursor do not matter.</summary>
    ValueTask<long> CountAsync(SessionQuery query, long atMost, CancellationToken giveUp);

    /// <summary>All sessions by kind, owner and status, and by age: kept as counters, not found by looking.</summary>
    ValueTask<Census> CensusAsync(CancellationToken giveUp);

    /// <summary>
    /// Sessions that may make place for others, those to go first in front: the expired, then the final, then the idle,
    /// among equals in the asked order. Never a busy one.
    /// </summary>
    ValueTask<IReadOnlyList<Victim>> VictimsAsync(VictimQuery query, CancellationToken giveUp);

    /// <summary>
    /// Sessions of these kinds whose <see cref="SessionRecord.DueAt"/> has come, earliest first, and when the next one
    /// is due.
    /// </summary>
    ValueTask<DueSessions> DueAsync(
        IReadOnlyCollection<string> kinds, DateTimeOffset now, int limit, CancellationToken giveUp);

    /// <summary>
    /// Gives the node leases on busy sessions of a kind that nobody holds a live lease on, each with a term one higher
    /// than the last. Owners take turns: first the one on whose sessions of this kind the fewest live leases are; of
    /// one owner, the oldest session first.
    /// </summary>
    ValueTask<IReadOnlyList<Lease>> ClaimAsync(LeaseClaim claim);

    /// <summary>Extends leases.</summary>
    /// <returns>The leases that are no longer held, because another node took them or the session is gone.</returns>
    ValueTask<IReadOnlyList<Lease>> RenewAsync(IReadOnlyList<Lease> leases, DateTimeOffset until);

    /// <summary>
    /// Gives a lease back, so that nobody claims the session before <paramref name="notBefore"/>. Harmless if lost.
    /// </summary>
    ValueTask ReleaseAsync(Lease lease, DateTimeOffset notBefore);

    /// <summary>
    /// Keeps a damaged session's bytes aside, as they are, so that nothing that follows can lose them. Harmless if they
    /// are aside already.
    /// </summary>
    ValueTask QuarantineAsync(SessionKey key, string reason, DateTimeOffset now);

    /// <summary>
    /// Puts the newest good snapshot in a damaged session's place, with a version above all that it had, and with what
    /// its logs still hold. A session that can be read after all is left as it is.
    /// </summary>
    /// <returns>The session as it is now; null if nothing good of it is left, and nothing was changed.</returns>
    ValueTask<SessionRecord?> RestoreAsync(SessionKey key, DateTimeOffset now);

    /// <summary>
    /// Copies the whole store, as it is at one moment, into a new directory, while work goes on. What is there when
    /// this completes has been read back and compared.
    /// </summary>
    /// <exception cref="SojournException">The directory exists and is not empty, or this store cannot be backed
    /// up.</exception>
    ValueTask<BackupReport> BackupAsync(string directory, CancellationToken giveUp);

    /// <summary>Reads every record and compares it with its checksum.</summary>
    ValueTask<StoreCheck> CheckAsync(CancellationToken giveUp);
}
