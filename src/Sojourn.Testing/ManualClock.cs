namespace Sojourn.Testing;

/// <summary>
/// A clock that stands still until it is moved. Timers whose time comes are called by <see cref="Advance"/>, on its
/// thread, in order. As with the system's clock, a timer that is set to more than seven weeks throws. Safe from any
/// thread.
/// </summary>
public sealed class ManualClock : TimeProvider
{
    /// <summary>What a timer of the system's clock takes at most: 2^32 - 2 milliseconds, seven weeks.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(0xfffffffe);

    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(TimeSpan DueTime, TaskCompletionSource Set)> _awaited = [];
    private DateTimeOffset _now;

    /// <summary>Starts at the given time; by default at noon of 1 January 2026, UTC.</summary>
    public ManualClock(DateTimeOffset? start = null) =>
        _now = start ?? new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    /// <inheritdoc />
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Moves on, calling every timer that becomes due at its own time on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var until = GetUtcNow() + by;
        while (NextDue(until) is { } timer)
        {
            timer.Fire();
        }

        lock (_gate)
        {
            _now = until;
        }
    }

    /// <summary>
    /// Moves on to the next timer, if one is due within this time, and calls it. In a loop this lets pauses pass
    /// without running ahead of code that has not begun to wait.
    /// </summary>
    /// <returns>False if there is no such timer; the clock then stands still.</returns>
    public bool TryAdvanceToNext(TimeSpan within)
    {
        TimeSpan wait;
        lock (_gate)
        {
            var next = _timers.Count == 0 ? DateTimeOffset.MaxValue : _timers.Min(timer => timer.Due);
            if (next == DateTimeOffset.MaxValue || next - _now > within)
            {
                return false;
            }

            wait = next > _now ? next - _now : TimeSpan.Zero;
        }

        Advance(wait);
        return true;
    }

    /// <summary>
    /// Completes once somebody waits for exactly so long from now: the sign that code has begun to wait, and that the
    /// clock can be moved on without running ahead of it.
    /// </summary>
    public Task WhenAwaited(TimeSpan dueTime)
    {
        lock (_gate)
        {
            if (_timers.Exists(timer => timer.Due - _now == dueTime))
            {
                return Task.CompletedTask;
            }

            var set = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((dueTime, set));
            return set.Task;
        }
    }

    /// <summary>Sets the clock, backwards too, without calling any timer, as an operator's hand would.</summary>
    public void JumpTo(DateTimeOffset now)
    {
        lock (_gate)
        {
            _now = now;
        }
    }

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? NextDue(DateTimeOffset until)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.Due <= until).MinBy(timer => timer.Due);
            if (next is not null)
            {
                _now = next.Due > _now ? next.Due : _now;
                next.Due = next.Period > TimeSpan.Zero ? next.Due + next.Period : DateTimeOffset.MaxValue;
            }

            return next;
        }
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; } = DateTimeOffset.MaxValue;

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(dueTime, LongestTimer);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(period, LongestTimer);
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                Due = dueTime < TimeSpan.Zero ? DateTimeOffset.MaxValue : clock._now + dueTime;
                Period = period;
                if (dueTime >= TimeSpan.Zero)
                {
                    clock._timers.Add(this);
                    clock._awaited.RemoveAll(each => each.DueTime == dueTime && each.Set.TrySetResult());
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
