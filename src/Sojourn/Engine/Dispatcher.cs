using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>
/// Gives a kind's busy sessions to its driver: claims leases for as many as this node may drive at once, renews
/// them, and gives them back. What a node that died was driving is claimed when its leases end.
/// </summary>
internal sealed partial class Dispatcher : IAsyncDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly KindRuntime _kind;
    private readonly NodeServices _node;
    private readonly ILogger _log;
    private readonly Func<DriveLink, CancellationToken, Task> _driver;
    private readonly ILeaseSource _leases;
    private readonly ConcurrentDictionary<SessionKey, Drive> _running = new();
    private readonly ConcurrentDictionary<SessionKey, (BusyRun Run, int Count)> _attempts = new();
    private readonly Lock _gate = new();
    private readonly SortedSet<DateTimeOffset> _comeBacks = [];
    private readonly Signal _news = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _timer;
    private DateTimeOffset _startedAt;
    private DateTimeOffset _renewAt = DateTimeOffset.MinValue;
    private Task _loop = Task.CompletedTask;

    public Dispatcher(KindRuntime kind, NodeServices node, Func<DriveLink, CancellationToken, Task> driver)
    {
        (_kind, _node, _log, _driver) = (kind, node, node.Log, driver);
        _leases = kind.IsVolatile ? new VolatileLeases() : new StoredLeases(node.Store);
        _timer = node.Time.CreateTimer(_ => _news.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start()
    {
        _startedAt = _node.Time.GetUtcNow();
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Sessions that are driven now.</summary>
    public int Driven => _running.Count;

    /// <summary>Sessions of which attempts are remembered.</summary>
    public int Remembered => _attempts.Count;

    /// <summary>A session has become busy.</summary>
    public void Nudge(Cell cell)
    {
        _leases.Offer(cell, _node.Time.GetUtcNow());
        _news.Set();
    }

    /// <summary>A run is over, or the session is gone; whether it is driven just now or not.</summary>
    public void RunEnded(Cell cell)
    {
        cell.Drive?.End();
        _attempts.TryRemove(cell.Key, out _);
    }

    /// <summary>Takes no more, parks the drivers at work, and gives their leases back.</summary>
    /// <returns>Sessions whose driver had not returned when <paramref name="giveUp"/> was cancelled.</returns>
    public async Task<IReadOnlyList<SessionKey>> StopAsync(CancellationToken giveUp)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        // Late or not, the drivers are told.
        await _loop.WaitAsync(giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var parked = _running.Values.ToList();
        foreach (var drive in parked)
        {
            drive.End();
        }

        try
        {
            await Task.WhenAll(parked.Select(drive => drive.Work)).WaitAsync(giveUp).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The grace time is over; the caller is told which drivers used it up.
        }

        return [.. parked.Where(drive => !drive.Work.IsCompleted).Select(drive => drive.Lease.Key)];
    }

    public ValueTask DisposeAsync()
    {
        _timer.Dispose();
        _stop.Dispose();
        _news.Dispose();
        return default;
    }

    private async Task RunAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var now = _node.Time.GetUtcNow();
                ForgetComeBacks(now);
                await RenewAsync(now).ConfigureAwait(false);
                await ClaimAsync(now).ConfigureAwait(false);
                var wait = NextComeBack(now + (_node.LeaseLength / 3)) - now;
                _timer.Change(
                    TimeSpan.FromTicks(Math.Max(wait.Ticks, TimeSpan.TicksPerMillisecond)),
                    Timeout.InfiniteTimeSpan);
                await _news.WaitAsync(_stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The way to stop while waiting.
        }
    }

    private async Task ClaimAsync(DateTimeOffset now)
    {
        var free = _kind.Policy.MaxDriven - _running.Count;
        if (free <= 0)
        {
            return;
        }

        try
        {
            var claim = new LeaseClaim(_kind.Name, _node.Name, now, now + _node.LeaseLength, free);
            foreach (var lease in await _leases.ClaimAsync(claim).ConfigureAwait(false))
            {
                Launch(lease, claim.Until);
            }
        }
        catch (Exception failure)
        {
            LogClaimFailed(failure, _kind.Name);
        }
    }

    private void Launch(Lease lease, DateTimeOffset until)
    {
        var cell = _kind.CellOf(lease.Key.Owner, lease.Key.Id);
        var drive = new Drive(cell, lease, until);
        if (_running.TryAdd(lease.Key, drive))
        {
            drive.Work = Task.Run(() => DriveAsync(drive));
        }
        else
        {
            // Its last driver has lost the lease and has not returned yet. One at a time: when it does, it calls us.
            var now = _node.Time.GetUtcNow();
            _leases.Offer(cell, now);
            _ = ReleaseAsync(lease, now);
        }
    }

    private async Task RenewAsync(DateTimeOffset now)
    {
        if (now < _renewAt || _running.IsEmpty)
        {
            return;
        }

        _renewAt = now + (_node.LeaseLength / 3);
        var running = _running.Values.ToList();
        var until = now + _node.LeaseLength;
        try
        {
            var lost = await _leases.RenewAsync([.. running.Select(drive => drive.Lease)], until).ConfigureAwait(false);
            foreach (var drive in running)
            {
                if (lost.Contains(drive.Lease))
                {
                    drive.End();
                }
                else
                {
                    drive.LeaseUntil = until;
                }
            }
        }
        catch (Exception failure)
        {
            LogRenewFailed(failure, _kind.Name);
            foreach (var drive in running.Where(drive => drive.LeaseUntil <= now))
            {
                drive.End();
            }
        }
    }

    private async Task DriveAsync(Drive drive)
    {
        string? error = null;
        // A session that is gone needs no driver.
        var taken = await _node.Runner.SubmitAsync(new TakeUpRequest(drive.Cell, drive)).ConfigureAwait(false);
        if (taken.IsAccepted && !drive.IsOver)
        {
            NoteRecovery(drive);
            try
            {
                var link = new DriveLink(drive, _node.Runner, _node.Streams, _node.Time);
                await _driver(link, drive.Stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (drive.IsOver)
            {
                // It was told to stop.
            }
            catch (Exception failure)
            {
                LogDriverFailed(failure, drive.Lease.Key);
                error = failure.Message;
            }
        }

        await FinishAsync(drive, taken, error).ConfigureAwait(false);
    }

    /// <summary>The first time that what another process left busy is driven here.</summary>
    private void NoteRecovery(Drive drive)
    {
        if (drive.Cell.Visible is { } seen && seen.LastActivityAt < _startedAt
            && !(_attempts.TryGetValue(drive.Lease.Key, out var attempts) && attempts.Run == drive.Run))
        {
            _kind.Counters.Count(Counted.Recovered);
            _node.Observers.Tell(Happening.Recovered, drive.Cell);
        }
    }

    private async Task FinishAsync(Drive drive, Answer<object?> taken, string? error)
    {
        var cell = drive.Cell;
        var key = drive.Lease.Key;
        var notBefore = _node.Time.GetUtcNow();
        if (taken.Problem is { Type: not ProblemTypes.NotFound })
        {
            // It cannot be loaded: damaged, or the store does not answer. (Not found is another matter: what was
            // claimed is in the store, and about to be published, or published as removed, and about to leave the
            // store.)
            notBefore += Pause(CountAttempt(drive));
        }
        else if (taken.IsAccepted && !drive.IsOver && drive.IsOf(cell.Visible))
        {
            var attempts = CountAttempt(drive);
            await _node.Runner.SubmitAsync(
                new DriverEndedRequest(cell, new DriverExit(error, attempts)) { Lease = drive.Lease })
                .ConfigureAwait(false);
            notBefore += Pause(attempts);
        }

        if (taken.IsAccepted && !drive.IsOf(cell.Visible))
        {
            // That run is over; the next one, if it has begun already, starts with a clean slate.
            _attempts.TryRemove(key, out _);
            notBefore = _node.Time.GetUtcNow();
        }

        await SettleAsync(cell).ConfigureAwait(false);
        Interlocked.CompareExchange(ref cell.EnsureParts().DriveField, null, drive);
        await ReleaseAsync(drive.Lease, notBefore).ConfigureAwait(false);
        _running.TryRemove(key, out _);
        ComeBackAt(notBefore);
        if (cell.Visible is { Status.Busy: true })
        {
            _leases.Offer(cell, notBefore);
        }

        _news.Set();
    }

    /// <summary>Until a write-behind session's last steps are in the store, the store would offer it again.</summary>
    private async Task SettleAsync(Cell cell)
    {
        try
        {
            if (_kind.Policy.Durability == Durability.WriteBehind && Volatile.Read(ref cell.Unsettled) > 0)
            {
                await _node.Streams.FlushAsync().ConfigureAwait(false);
            }
        }
        catch (SojournException failure)
        {
            LogReleaseFailed(failure, cell.Key);
        }
    }

    /// <summary>A session may be claimed again then; each has a time of its own.</summary>
    private void ComeBackAt(DateTimeOffset time)
    {
        lock (_gate)
        {
            _comeBacks.Add(time);
        }
    }

    /// <summary>Called before claiming what is free by now.</summary>
    private void ForgetComeBacks(DateTimeOffset now)
    {
        lock (_gate)
        {
            while (_comeBacks.Count > 0 && _comeBacks.Min <= now)
            {
                _comeBacks.Remove(_comeBacks.Min);
            }
        }
    }

    private DateTimeOffset NextComeBack(DateTimeOffset atLatest)
    {
        lock (_gate)
        {
            return _comeBacks.Count > 0 && _comeBacks.Min < atLatest ? _comeBacks.Min : atLatest;
        }
    }

    private async Task ReleaseAsync(Lease lease, DateTimeOffset notBefore)
    {
        try
        {
            await _leases.ReleaseAsync(lease, notBefore).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            LogReleaseFailed(failure, lease.Key);
        }
    }

    /// <returns>How often a driver was at work on this run, or could not begin.</returns>
    private int CountAttempt(Drive drive) => _attempts.AddOrUpdate(
        drive.Lease.Key,
        (_, run) => (run, 1),
        (_, before, run) => (run, before.Run == run ? before.Count + 1 : 1),
        drive.Run).Count;

    private static TimeSpan Pause(int attempts)
    {
        var pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(attempts - 1, 6)));
        return pause < LongestPause ? pause : LongestPause;
    }

    [LoggerMessage(130, LogLevel.Warning, "Leases on sessions of kind {Kind} could not be claimed; trying again.")]
    private partial void LogClaimFailed(Exception failure, string kind);

    [LoggerMessage(131, LogLevel.Warning, "Leases on sessions of kind {Kind} could not be renewed; trying again.")]
    private partial void LogRenewFailed(Exception failure, string kind);

    [LoggerMessage(132, LogLevel.Error, "The driver of {Session} failed.")]
    private partial void LogDriverFailed(Exception failure, SessionKey session);

    [LoggerMessage(133, LogLevel.Warning, "The lease on {Session} could not be given back; it ends by itself.")]
    private partial void LogReleaseFailed(Exception failure, SessionKey session);
}
