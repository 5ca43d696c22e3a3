using System.Collections.Concurrent;
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

    private readonly string _directory;
    private readonly string _file;
    private readonly ILogger _log;
    private readonly WriterThread _thread = new();
    private readonly SemaphoreSlim _readers = new(MaxReaders, MaxReaders);
    private readonly ConcurrentBag<SqliteReader> _idle = [];
    private SqliteWriter? _writer;
    private FileStream? _lock;
    private bool _isDisposed;

    /// <summary>Does not touch the disk yet.</summary>
    /// <param name="directory">Where the file lies; made if it does not exist.</param>
    /// <param name="log">For the operator.</param>
    public SqliteStore(string directory, ILogger log)
    {
        (_directory, _log) = (Path.GetFullPath(directory), log);
        _file = Path.Combine(_directory, "sojourn.db");
    }

    /// <inheritdoc />
    public bool IsShared => false;

    /// <inheritdoc />
    public StoreLag Lag => default;

    /// <inheritdoc />
    public async ValueTask OpenAsync(CancellationToken giveUp)
    {
        LogOpening(_file, SqliteLibrary.EnsureLoaded());
        Directory.CreateDirectory(_directory);
        _lock = TakeLock();
        _writer = await _thread.RunAsync(OpenWriter);
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<SessionChange> batch) =>
        await _thread.RunAsync(() => _writer!.Commit(batch));

    /// <inheritdoc />
    public async ValueTask ProbeAsync() => await _thread.RunAsync(() => _writer!.Probe());

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
    public ValueTask<StoredPage> ListAsync(SessionQuery query, CancellationToken giveUp) =>
        ReadAsync(reader => reader.List(query), giveUp);

    /// <inheritdoc />
    public ValueTask<DueSessions> DueAsync(
        IReadOnlyCollection<string> kinds, DateTimeOffset now, int limit, CancellationToken giveUp) =>
        ReadAsync(reader => reader.Due(now, limit), giveUp);

    /// <inheritdoc />
    public ValueTask<long> CountAsync(SessionQuery query, long atMost, CancellationToken giveUp) =>
        throw new NotSupportedException();

    /// <inheritdoc />
    public ValueTask<Census> CensusAsync(CancellationToken giveUp) => new(new Census([], []));

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Victim>> VictimsAsync(VictimQuery query, CancellationToken giveUp) =>
        throw new NotSupportedException();

    /// <inheritdoc />
    public ValueTask QuarantineAsync(SessionKey key, string reason, DateTimeOffset now) => default;

    /// <inheritdoc />
    public ValueTask<SessionRecord?> RestoreAsync(SessionKey key, DateTimeOffset now) =>
        throw new NotSupportedException();

    /// <inheritdoc />
    public ValueTask<BackupReport> BackupAsync(string directory, CancellationToken giveUp) =>
        throw new NotSupportedException();

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Lease>> ClaimAsync(LeaseClaim claim) =>
        await _thread.RunAsync(() => _writer!.Claim(claim));

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Lease>> RenewAsync(IReadOnlyList<Lease> leases, DateTimeOffset until) =>
        await _thread.RunAsync(() => _writer!.Renew(leases, until));

    /// <inheritdoc />
    public async ValueTask ReleaseAsync(Lease lease, DateTimeOffset notBefore) =>
        await _thread.RunAsync(() => _writer!.Release(lease, notBefore));

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
            await _readers.WaitAsync();
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
            });
        }

        await _thread.DisposeAsync();
        _readers.Dispose();
        _lock?.Dispose();
    }

    private FileStream TakeLock()
    {
        var file = Path.Combine(_directory, "sojourn.lock");
        try
        {
            return OpenOwn(file);
        }
        catch (IOException taken) when (File.Exists(file))
        {
            throw new SojournException(
                $"The data directory '{_directory}' is in use by another process. Stop that one, or choose another.",
                taken);
        }
    }

    private SqliteWriter OpenWriter()
    {
        // SQLite gives its log the permissions of its file, so make that one first.
        OpenOwn(_file).Dispose();
        // A file that turns out not to be ours must stay as it is, so nothing is set before this.
        var connection = Connections.Open(_file, forWriting: true);
        try
        {
            Schema.Ensure(connection, _file);
            connection.Run("PRAGMA journal_mode = WAL");
            var writer = new SqliteWriter(connection);
            writer.EndLeases();
            return writer;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file for this process alone; a new one is for its owner's eyes only.</summary>
    private static FileStream OpenOwn(string file)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(file, options);
    }

    private async ValueTask<T> ReadAsync<T>(Func<SqliteReader, T> read, CancellationToken giveUp)
    {
        await _readers.WaitAsync(giveUp);
        SqliteReader? reader = null;
        try
        {
            if (!_idle.TryTake(out reader))
            {
                reader = new SqliteReader(Connections.Open(_file, forWriting: false));
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

    [LoggerMessage(200, LogLevel.Information, "Sessions are kept in {File}, by {Library}.")]
    private partial void LogOpening(string file, string library);
}
