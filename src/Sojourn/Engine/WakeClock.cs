using Microsoft.Extensions.Logging;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>
/// Wakes sessions when they are due: it looks up the earliest in the store's index, so that a restart misses none and
/// no sweep is ever needed. What the store does not have, or not yet, is in a queue here.
/// </summary>
internal sealed partial class WakeClock : IDisposable
{
    /// <summary>How many are woken at the same time; the next one waits until one of them is done.</summary>
    private const int MaxAtOnce = 256;

    /// <summary>
    /// How many are looked up at once after a look-up that found its fill. Those that are woken already, and not out of
    /// the store's index yet, are passed over each time; with few look-ups that costs little.
    /// </summary>
    private const int MaxLookUp = 4096;

    /// <summary>Up to so many sessions in the queue are not worth looking for those that have left memory.</summary>
    private const int LeastCleaned = 1024;

    private static readonly TimeSpan ClockMoved = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly ISessionStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Signal _news = new();
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private PriorityQueue<Cell, DateTimeOffset> _inMemory = new();
    private int _cleanAt = LeastCleaned;
    private readonly Dictionary<SessionKey, Hold> _held = [];

    // Those that are being woken; of one that has come up in the queue meanwhile, its cell.
    private readonly Dictionary<SessionKey, Cell?> _underWay = [];

    // Never disposed: a rule may return when all this is over.
    private readonly SemaphoreSlim _free = new(MaxAtOnce);
    private readonly CancellationTokenSource _stop = new();
    private long _armedTicks = long.MaxValue;
    private Task _loop = Task.CompletedTask;

    public WakeClock(ISessionStore store, TimeProvider time, ILogger log)
    {
        (_store, _time, _log) = (store, time, log);
        _timer = time.CreateTimer(_ => _news.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Calls a session's rules; true if that has moved its time on. Set once, before the start.
    /// </summary>
    public Func<SessionKey, ValueTask<bool>> Wake { get; set; } = _ => new(true);

    /// <summary>The kinds whose sessions are woken; others' are not ours to touch. Set once, before the
    /// start.</summary>
    public IReadOnlyCollection<string> Kinds { get; set; } = [];

    /// <summary>Entries of sessions in memory, those that have left it since included.</summary>
    public int Remembered
    {
        get
        {
            lock (_gate)
            {
                return _inMemory.Count;
            }
        }
    }

    /// <summary>How many of those that the store says are due may not be woken now.</summary>
    private int PassedOver
    {
        get
        {
            lock (_gate)
            {
                return _held.Count + _underWay.Count;
            }
        }
    }

    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>A session is to be woken at this time, perhaps earlier than was known.</summary>
    public void Note(Cell cell, DateTimeOffset due)
    {
        if (!cell.Kind.IsDurable)
        {
            Queue(cell, due);
        }

        if (due.UtcTicks < Volatile.Read(ref _armedTicks))
        {
            _news.Set();
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        for (var i = 0; i < MaxAtOnce; i++)
        {
            // All of them: none is under way then.
            await _free.WaitAsync().ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _stop.Dispose();
        _news.Dispose();
    }

    private void Queue(Cell cell, DateTimeOffset due)
    {
        lock (_gate)
        {
            Queue_Locked(cell, due);
        }
    }

    private void Queue_Locked(Cell cell, DateTimeOffset due)
    {
        // One entry a session is enough: if it comes up too early, it is put back with the right time.
        var parts = cell.EnsureParts();
        if (due < parts.QueuedDue)
        {
            parts.QueuedDue = due;
            _inMemory.Enqueue(cell, due);
            Clean_Locked();
        }
    }

    /// <summary>
    /// Drops those that have left memory, whose times the store has, before they are more than those that have not.
    /// </summary>
    private void Clean_Locked()
    {
        if (_inMemory.Count < _cleanAt)
        {
            return;
        }

        _inMemory = new(_inMemory.UnorderedItems.Where(item => !item.Element.IsDead));
        _cleanAt = Math.Max(LeastCleaned, _inMemory.Count * 2);
    }

    private async Task RunAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                // From here on any earlier time that is noted must set the signal.
                Volatile.Write(ref _armedTicks, long.MaxValue);
                var next = await WakeDueAsync(_time.GetUtcNow()).ConfigureAwait(false);
                Volatile.Write(ref _armedTicks, next.UtcTicks);
                Arm(next);
                await _news.WaitAsync(_stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The way to stop while waiting.
        }
    }

    /// <summary>
    /// Sets the timer. It counts from when it is set: if the clock was moved since it was read, the time would be
    /// wrong.
    /// </summary>
    private void Arm(DateTimeOffset next)
    {
        DateTimeOffset now;
        do
        {
            now = _time.GetUtcNow();
            if (next <= now)
            {
                _news.Set();
                return;
            }

            _timer.Change(
                TimeSpan.FromTicks(Math.Clamp(
                    (next - now).Ticks, TimeSpan.TicksPerMillisecond, LongestSleep.Ticks)),
                Timeout.InfiniteTimeSpan);
        }
        while ((_time.GetUtcNow() - now).Duration() > ClockMoved);
    }

    /// <summary>Wakes all that are due.</summary>
    /// <returns>When to look again.</returns>
    private async Task<DateTimeOffset> WakeDueAsync(DateTimeOffset now)
    {
        for (var most = MaxAtOnce; ;)
        {
            _stop.Token.ThrowIfCancellationRequested();
            DueSessions stored;
            try
            {
                stored = await _store.DueAsync(Kinds, now, most + PassedOver, _stop.Token).ConfigureAwait(false);
            }
            catch (Exception failure) when (!_stop.IsCancellationRequested)
            {
                // A time that ran out in the store included: this loop must not end with it.
                LogFailed(failure);
                return now + FirstPause;
            }

            var inMemory = TakeInMemory(now);
            var due = stored.Due.Concat(inMemory.Keys).Distinct().Where(key => MayWake(key, now)).ToList();
            foreach (var key in due)
            {
                await _free.WaitAsync(_stop.Token).ConfigureAwait(false);
                Begin(key, inMemory.GetValueOrDefault(key));
            }

            if (due.Count < most)
            {
                return Earliest(stored.Next, now);
            }

            most = MaxLookUp;
        }
    }

    /// <summary>
    /// Nobody waits for it: a rule that does not return holds up its own session, and one in
    /// <see cref="MaxAtOnce"/> of this clock.
    /// </summary>
    private void Begin(SessionKey key, Cell? inMemory)
    {
        lock (_gate)
        {
            _underWay[key] = inMemory;
        }

        // On another thread: it may be a rule that keeps its thread.
        _ = Task.Run(() => WakeOneAsync(key));
    }

    private async Task WakeOneAsync(SessionKey key)
    {
        var moved = await TryWakeAsync(key).ConfigureAwait(false);
        var now = _time.GetUtcNow();
        lock (_gate)
        {
            _underWay.Remove(key, out var inMemory);
            var earliest = now;
            if (moved)
            {
                _held.Remove(key);
            }
            else
            {
                earliest = Hold_Locked(key, now);
            }

            if (inMemory is { IsDead: false } && inMemory.Visible?.DueAt is { } due)
            {
                // What the store does not have, nobody but the queue brings up again.
                Queue_Locked(inMemory, due > earliest ? due : earliest);
            }
        }

        _free.Release();
        // It may be due again, and it was passed over until now.
        _news.Set();
    }

    /// <returns>When it may be woken again.</returns>
    private DateTimeOffset Hold_Locked(SessionKey key, DateTimeOffset now)
    {
        var pause = _held.TryGetValue(key, out var held) ? held.Pause * 2 : FirstPause;
        pause = pause < LongestPause ? pause : LongestPause;
        _held[key] = new Hold(now + pause, pause);
        return now + pause;
    }

    private async ValueTask<bool> TryWakeAsync(SessionKey key)
    {
        try
        {
            return await Wake(key).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            LogWakeFailed(failure, key);
            return false;
        }
    }

    private bool MayWake(SessionKey key, DateTimeOffset now)
    {
        lock (_gate)
        {
            return !_underWay.ContainsKey(key) && !IsHeld_Locked(key, now);
        }
    }

    private bool IsHeld_Locked(SessionKey key, DateTimeOffset now) =>
        _held.TryGetValue(key, out var held) && held.Until > now;

    private Dictionary<SessionKey, Cell> TakeInMemory(DateTimeOffset now)
    {
        var due = new Dictionary<SessionKey, Cell>();
        lock (_gate)
        {
            while (_inMemory.TryPeek(out var cell, out var at) && at <= now && due.Count < MaxAtOnce)
            {
                _inMemory.Dequeue();
                var parts = cell.EnsureParts();
                parts.QueuedDue = DateTimeOffset.MaxValue;
                if (cell.IsDead || cell.Visible?.DueAt is not { } actual)
                {
                    continue;
                }

                if (_underWay.ContainsKey(cell.Key))
                {
                    _underWay[cell.Key] = cell;
                }
                else if (actual <= now && !IsHeld_Locked(cell.Key, now))
                {
                    due[cell.Key] = cell;
                }
                else
                {
                    Queue_Locked(cell, actual > now ? actual : _held[cell.Key].Until);
                }
            }
        }

        return due;
    }

    private DateTimeOffset Earliest(DateTimeOffset? stored, DateTimeOffset now)
    {
        var next = stored ?? now + LongestSleep;
        lock (_gate)
        {
            foreach (var forgotten in _held.Where(held => held.Value.Until + LongestPause < now).ToList())
            {
                _held.Remove(forgotten.Key);
            }

            foreach (var held in _held.Values.Where(held => held.Until > now))
            {
                next = held.Until < next ? held.Until : next;
            }

            return _inMemory.TryPeek(out _, out var at) && at < next ? at : next;
        }
    }

    [LoggerMessage(121, LogLevel.Warning, "{Session} was woken, but the store has not heard of it yet.")]
    private partial void LogWakeFailed(Exception failure, SessionKey session);

    [LoggerMessage(120, LogLevel.Warning, "The store could not be asked which sessions are due; trying again.")]
    private partial void LogFailed(Exception failure);

    private readonly record struct Hold(DateTimeOffset Until, TimeSpan Pause);
}
