using Microsoft.Extensions.Logging;

namespace Sojourn.Sqlite.Journal;

/// <summary>
/// Brings the overlay into SQLite, in large transactions, by time and by size; frees the log behind it. One task, which
/// whoever made this awaits by disposing of it.
/// </summary>
internal sealed partial class Folder : IAsyncDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly JournalParts _parts;
    private readonly JournalOptions _options;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly SemaphoreSlim _folding = new(1, 1);
    private readonly ITimer _timer;
    private readonly Task _loop;
    private List<TaskCompletionSource> _waiting = [];
    private TaskCompletionSource _round = NewSignal();
    private volatile bool _isDue;
    private volatile bool _isTimed;
    private volatile bool _isStopping;

    public Folder(JournalParts parts, JournalOptions options, TimeProvider time, ILogger log)
    {
        (_parts, _options, _log) = (parts, options, log);
        _timer = time.CreateTimer(_ => Begin(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Why the last fold failed; null if it did not.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Something was committed: in time it will be folded.</summary>
    public void Notice()
    {
        if (_parts.Overlay.WaitingBytes >= _options.FoldBytes)
        {
            Begin();
        }
        else if (!_isTimed)
        {
            _isTimed = true;
            _timer.Change(_options.FoldAfter, Timeout.InfiniteTimeSpan);
        }
        else if (_parts.Log.WantsSpare)
        {
            Wake();
        }
    }

    /// <summary>Completes when all that was committed before is in SQLite.</summary>
    /// <exception cref="IOException">SQLite cannot take it now.</exception>
    public async Task DrainAsync()
    {
        var done = NewSignal();
        lock (_gate)
        {
            _waiting.Add(done);
        }

        Begin();
        await done.Task;
    }

    /// <summary>Waits while as much waits for SQLite as may.</summary>
    /// <exception cref="IOException">SQLite cannot take it now.</exception>
    public async ValueTask WaitForRoomAsync()
    {
        while (_parts.Overlay.Lag is var lag
            && (lag.Bytes >= _options.MaxLagBytes || lag.Changes >= _options.MaxLagChanges))
        {
            Task round;
            lock (_gate)
            {
                round = _round.Task;
            }

            if (Fault is { } fault)
            {
                throw new IOException(
                    $"SQLite fails, and {lag.Bytes >> 20} MiB of changes wait for it already: {fault.Message}", fault);
            }

            Begin();
            await round;
        }
    }

    /// <summary>Runs while nothing is folded, so that SQLite and the overlay can be counted together.</summary>
    public async ValueTask<T> BetweenFoldsAsync<T>(Func<ValueTask<T>> read, CancellationToken giveUp)
    {
        await _folding.WaitAsync(giveUp);
        try
        {
            return await read();
        }
        finally
        {
            _folding.Release();
        }
    }

    /// <summary>Folds all that is left, if SQLite takes it; otherwise it stays in the log.</summary>
    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        Begin();
        await _loop;
        await _timer.DisposeAsync();
        _wake.Dispose();
        _folding.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Begin()
    {
        _isDue = true;
        Wake();
    }

    private void Wake()
    {
        if (_wake.CurrentCount == 0)
        {
            _wake.Release();
        }
    }

    private async Task RunAsync()
    {
        while (true)
        {
            await _wake.WaitAsync();
            var isLast = _isStopping;
            MakeReady();
            if (_isDue)
            {
                _isDue = false;
                await RoundAsync();
            }

            if (isLast)
            {
                return;
            }
        }
    }

    private void MakeReady()
    {
        try
        {
            _parts.Log.Prepare();
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            LogNoSpare(full.Message);
        }
    }

    private async Task RoundAsync()
    {
        List<TaskCompletionSource> waiting;
        lock (_gate)
        {
            (waiting, _waiting) = (_waiting, []);
        }

        _isTimed = false;
        try
        {
            // What failed before goes first, then all that has come since.
            if (_parts.Overlay.IsFolding)
            {
                await FoldAsync();
            }

            await FoldAsync();

            Fault = null;
            waiting.ForEach(done => done.TrySetResult());
        }
        catch (Exception failure)
        {
            Fault = failure;
            LogFailed(failure, _parts.Overlay.Lag.Changes);
            var cause = new IOException("SQLite cannot take the journal's changes: " + failure.Message, failure);
            waiting.ForEach(done => done.TrySetException(cause));
            _isTimed = true;
            _timer.Change(RetryAfter, Timeout.InfiniteTimeSpan);
        }

        TaskCompletionSource round;
        lock (_gate)
        {
            (round, _round) = (_round, NewSignal());
        }

        round.SetResult();
    }

    private async Task FoldAsync()
    {
        await _folding.WaitAsync();
        try
        {
            if (_parts.Overlay.BeginFold() is not { } fold)
            {
                return;
            }

            var upTo = new JournalPosition(fold.Layer.LastSequence, fold.HighestNumber);
            var left = await _parts.Below.ApplyAsync(fold.Layer.ToFold(), upTo);
            if (left.Count > 0)
            {
                const string Reason = "SQLite could not take its changes: a page is damaged.";
                _parts.Damaged.Add(left.Select(change =>
                    DamagedSession.Of(change.Key, change.Save?.Record.Version ?? 0, Reason)));
            }

            _parts.Overlay.EndFold();
            _parts.Log.Free(upTo.Sequence);
        }
        finally
        {
            _folding.Release();
        }
    }

    [LoggerMessage(220, LogLevel.Error,
        "SQLite cannot take the journal's changes; {Changes} wait. Nothing acknowledged is lost; it is tried again.")]
    private partial void LogFailed(Exception failure, long changes);

    [LoggerMessage(221, LogLevel.Warning, "The journal's next segment cannot be made ahead: {Reason}")]
    private partial void LogNoSpare(string reason);
}

/// <summary>What a journal consists of.</summary>
internal sealed record JournalParts(SqliteStore Below, Overlay Overlay, JournalLog Log, DamagedSessions Damaged);
