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
    private readonly ITimer _timer;
    private readonly Task _loop;
    private List<TaskCompletionSource> _waiting = [];
    private TaskCompletionSource _round = NewSignal();
    private volatile bool _isDue;
    private volatile bool _isTimed;
    private volatile bool _isStopping;
    private bool _hasEnded;

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
    /// <exception cref="ObjectDisposedException">The last fold is over.</exception>
    public async Task DrainAsync()
    {
        var done = NewSignal();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_hasEnded, this);
            _waiting.Add(done);
            Begin();
        }

        await done.Task.ConfigureAwait(false);
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
            await round.ConfigureAwait(false);
        }
    }

    /// <summary>Folds all that is left, if SQLite takes it; otherwise it stays in the log.</summary>
    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        Begin();
        await _loop.ConfigureAwait(false);
        EndWaiting();
        await _timer.DisposeAsync().ConfigureAwait(false);
        _wake.Dispose();
    }

    /// <summary>Whoever came after the last fold began waits for none.</summary>
    private void EndWaiting()
    {
        lock (_gate)
        {
            _hasEnded = true;
            _waiting.ForEach(done => done.TrySetException(new ObjectDisposedException(nameof(Folder))));
            _waiting = [];
        }
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
            await _wake.WaitAsync().ConfigureAwait(false);
            var isLast = _isStopping;
            MakeReady();
            if (_isDue)
            {
                _isDue = false;
                await RoundAsync().ConfigureAwait(false);
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
                await FoldAsync().ConfigureAwait(false);
            }

            await FoldAsync().ConfigureAwait(false);

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
        if (_parts.Overlay.BeginFold() is not { } fold)
        {
            return;
        }

        var upTo = new JournalPosition(fold.Layer.LastSequence, fold.HighestNumber);
        await _parts.Below.ApplyAsync(fold.Layer.ToFold(), upTo, Leave).ConfigureAwait(false);
        _parts.Overlay.EndFold();
        _parts.Log.Free(upTo.Sequence);
    }

    /// <summary>Before SQLite is said to have come so far: a crash in between must not forget whose changes it has not.
    /// </summary>
    private void Leave(IReadOnlyList<FoldedChange> left)
    {
        const string Reason = "SQLite could not take its changes: a page is damaged.";
        _parts.Damaged.Add(left.Select(change =>
            DamagedSession.Of(change.Key, change.Save?.Record.Version ?? 0, Reason)));
    }

    [LoggerMessage(220, LogLevel.Error,
        "SQLite cannot take the journal's changes; {Changes} wait. Nothing acknowledged is lost; it is tried again.")]
    private partial void LogFailed(Exception failure, long changes);

    [LoggerMessage(221, LogLevel.Warning, "The journal's next segment cannot be made ahead: {Reason}")]
    private partial void LogNoSpare(string reason);
}

/// <summary>What a journal consists of.</summary>
internal sealed record JournalParts(SqliteStore Below, Overlay Overlay, JournalLog Log, DamagedSessions Damaged);
