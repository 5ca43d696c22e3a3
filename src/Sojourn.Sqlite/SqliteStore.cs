using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>
/// Keeps sessions in one SQLite file, <c>sojourn.db</c>, in a directory of its own: write-ahead log,
/// <c>synchronous=FULL</c>, one writer, one transaction a batch, a checksum with every record. One process at a time
/// may have it open.
/// </summary>
public sealed partial class SqliteStore : ISessionStore
{
    private const int MaxReaders = 4;

    private readonly DataDirectory _directory;
    private readonly ILogger _log;
    private readonly WriterThread _thread = new();
    private readonly SemaphoreSlim _readers = new(MaxReaders, MaxReaders);
    private readonly ConcurrentBag<SqliteReader> _idle = [];
    private readonly HeldLeases _leases = new();
    private SqliteWriter? _writer;
    private int _hasNotedDamage;
    private bool _isDisposed;

    /// <summary>Does not touch the disk yet.</summary>
    /// <param name="directory">Where the file lies; made if it does not exist.</param>
    /// <param name="log">For the operator.</param>
    public SqliteStore(string directory, ILogger log) =>
        (_directory, _log) = (new DataDirectory(Path.GetFullPath(directory), log), log);

    /// <inheritdoc />
    public bool IsShared => false;

    /// <inheritdoc />
    public StoreLag Lag => default;

    /// <inheritdoc />
    public async ValueTask OpenAsync(CancellationToken giveUp)
    {
        LogOpening(_directory.File, SqliteLibrary.EnsureLoaded());
        _directory.Take();
        RefuseJournal();
        _writer = await _thread.RunAsync(OpenWriter).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<SessionChange> batch) =>
        await WriteAsync(writer => writer.Commit(batch)).ConfigureAwait(false);

    /// <inheritdoc />
    public async ValueTask ProbeAsync() => await WriteAsync(writer => writer.Probe()).ConfigureAwait(false);

    /// <inheritdoc />
    public ValueTask<SessionRecord?> LoadAsync(SessionKey key, CancellationToken giveUp) =>
        ReadAsync(reader => reader.Load(key), giveUp);

    /// <inheritdoc />
    public ValueTask<OperationRecord?> FindOperationAsync(
        SessionKey key, string operationId, CancellationToken giveUp) =>
        ReadAsync(reader => reader.FindOperation(key, operationId), giveUp);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<StreamEntry>> ReadStreamAsync(
        StreamKey stream, long after, int maxEntries, int maxBytes, CancellationToken giveUp) =>
        ReadAsync(reader => reader.ReadStream(stream, after, maxEntries, maxBytes), giveUp);

    /// <inheritdoc />
    public async ValueTask<StoredPage> ListAsync(SessionQuery query, CancellationToken giveUp)
    {
        ArgumentNullException.ThrowIfNull(query);
        var before = query.Cursor is null ? long.MaxValue : long.Parse(query.Cursor, CultureInfo.InvariantCulture);
        var page = await ListNumberedAsync(query, before, giveUp).ConfigureAwait(false);
        return new StoredPage(
            [.. page.Sessions.Select(session => session.Record)], page.Next?.ToString(CultureInfo.InvariantCulture));
    }

    /// <inheritdoc />
    public ValueTask<long> CountAsync(SessionQuery query, long atMost, CancellationToken giveUp) =>
        ReadAsync(reader => reader.Count(query, atMost, giveUp), giveUp);

    /// <inheritdoc />
    public ValueTask<Census> CensusAsync(CancellationToken giveUp) =>
        ReadOfOneMomentAsync(reader => reader.Census(), giveUp);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Victim>> VictimsAsync(VictimQuery query, CancellationToken giveUp) =>
        [.. (await FindVictimsAsync(query, giveUp).ConfigureAwait(false)).Select(victim => victim.ToVictim())];

    /// <inheritdoc />
    public async ValueTask<DueSessions> DueAsync(
        IReadOnlyCollection<string> kinds, DateTimeOffset now, int limit, CancellationToken giveUp)
    {
        var first = (await FindDueAsync(kinds, default, limit + 1, giveUp).ConfigureAwait(false)).Due;
        var due = first.Take(limit).TakeWhile(session => session.Due <= now.UtcTicks).ToList();
        return new DueSessions(
            [.. due.Select(session => session.Key)],
            due.Count < first.Count ? new DateTimeOffset(first[due.Count].Due, TimeSpan.Zero) : null);
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Lease>> ClaimAsync(LeaseClaim claim) =>
        await WriteAsync(writer => writer.Claim(claim)).ConfigureAwait(false);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Lease>> RenewAsync(IReadOnlyList<Lease> leases, DateTimeOffset until) =>
        await _thread.RunAsync(() => leases.Where(lease => !_leases.Renew(lease, until)).ToList())
            .ConfigureAwait(false);

    /// <inheritdoc />
    public async ValueTask ReleaseAsync(Lease lease, DateTimeOffset notBefore) => await _thread.RunAsync(() =>
    {
        _leases.Release(lease, notBefore);
        return true;
    }).ConfigureAwait(false);

    /// <inheritdoc />
    public async ValueTask QuarantineAsync(SessionKey key, string reason, DateTimeOffset now)
    {
        // Whoever reads a damaged session asks for this, and once is enough.
        if (!await IsAsideAsync(key, default).ConfigureAwait(false))
        {
            await WriteAsync(writer => writer.Quarantine(key, reason, now)).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public async ValueTask<SessionRecord?> RestoreAsync(SessionKey key, DateTimeOffset now) =>
        await WriteAsync(writer => Damage.Guard(key.ToString(), () => writer.Restore(key, now))).ConfigureAwait(false);

    /// <inheritdoc />
    public async ValueTask<BackupReport> BackupAsync(string directory, CancellationToken giveUp)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return await Task.Run(
            () =>
            {
                // A connection of its own: it is busy for long, and readers are few.
                using var source = _directory.OpenForReading();
                return SqliteBackups.Make(source, directory, giveUp);
            },
            giveUp).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public ValueTask<StoreCheck> CheckAsync(CancellationToken giveUp) =>
        ReadAsync(reader => reader.Check(giveUp), giveUp);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        // The last connection to close folds the log into the file, so the readers go first.
        for (var i = 0; i < MaxReaders; i++)
        {
            await _readers.WaitAsync().ConfigureAwait(false);
        }

        while (_idle.TryTake(out var reader))
        {
            reader.Dispose();
        }

        if (_writer is { } writer)
        {
            await _thread.RunAsync(() =>
            {
                writer.Dispose();
                return true;
            }).ConfigureAwait(false);
        }

        await _thread.DisposeAsync().ConfigureAwait(false);
        _readers.Dispose();
        _directory.Dispose();
    }

    private async ValueTask<T> WriteAsync<T>(Func<SqliteWriter, T> write) => await _thread.RunAsync(() =>
    {
        if (_writer is not { IsBroken: false })
        {
            // Nobody knows what its connection would do next; closing it makes SQLite take back what was under way.
            _writer?.Dispose();
            _writer = null;
            _writer = new SqliteWriter(_directory.OpenForWritingAgain(), _leases);
        }

        try
        {
            return write(_writer);
        }
        finally
        {
            NoteDamage(_writer.MetDamage);
        }
    }).ConfigureAwait(false);

    private SqliteWriter OpenWriter() => new(_directory.OpenForWriting(), _leases);

    /// <summary>
    /// Reads; if a page turns out to be damaged, once more after the indexes were made anew, because it may have been
    /// one of theirs.
    /// </summary>
    private async ValueTask<T> ReadAsync<T>(Func<SqliteReader, T> read, CancellationToken giveUp)
    {
        try
        {
            return await ReadOnceAsync(read, giveUp).ConfigureAwait(false);
        }
        catch (Exception failure) when (Damage.IsPage(failure) || Damage.IsPage(failure.InnerException))
        {
            NoteDamage(failure);
            await WriteAsync(writer => writer.MakeIndexesAnew()).ConfigureAwait(false);
        }

        try
        {
            return await ReadOnceAsync(read, giveUp).ConfigureAwait(false);
        }
        catch (SqliteException failure) when (Damage.IsPage(failure))
        {
            throw new SojournException(
                $"'{_directory.File}' has damaged pages. The next start mends what it can; what it cannot is in a "
                + "backup.",
                failure);
        }
    }

    private async ValueTask<T> ReadOnceAsync<T>(Func<SqliteReader, T> read, CancellationToken giveUp)
    {
        await _readers.WaitAsync(giveUp).ConfigureAwait(false);
        SqliteReader? reader = null;
        try
        {
            if (!_idle.TryTake(out reader))
            {
                reader = new SqliteReader(_directory.OpenForReading());
            }

            return read(reader);
        }
        finally
        {
            if (reader is not null)
            {
                _idle.Add(reader);
            }

            _readers.Release();
        }
    }

    private void NoteDamage(Exception? failure)
    {
        if (failure is not null && Interlocked.Exchange(ref _hasNotedDamage, 1) == 0)
        {
            _directory.NoteDamage(failure);
        }
    }

    [LoggerMessage(200, LogLevel.Information, "Sessions are kept in {File}, by {Library}.")]
    private partial void LogOpening(string file, string library);
}
