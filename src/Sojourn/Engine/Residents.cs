namespace Sojourn.Engine;

/// <summary>
/// A kind's sessions in memory, the one that was used longest ago in front. When there are more than the policy allows,
/// or one was not used for as long as that says, it is put out of memory; the store keeps it.
/// </summary>
internal sealed class Residents(KindRuntime kind) : IDisposable
{
    /// <summary>How many are looked at, at most, for each that comes in.</summary>
    private const int MaxLooks = 16;

    /// <summary>How many are put out at once, at most, when time has passed.</summary>
    private const int MaxAtOnce = 1024;

    private const int TurnBits = 20;

    /// <summary>A timer takes no more than seven weeks; the time that sessions stay may be ten years.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();

    // Keyed by the time of a use that may not be the last: whoever comes to the front and was used since goes back.
    private PriorityQueue<Cell, long> _byUse = new();
    private ITimer? _timer;
    private int _gone;
    private int _turn;

    /// <summary>How a session is put out of memory, or put back here. Set once, before the start.</summary>
    public Action<Cell> Passivate { get; set; } = _ => { };

    /// <summary>Sessions in memory.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byUse.Count - _gone;
            }
        }
    }

    /// <summary>From here on those that nobody uses are put out after a while.</summary>
    public void Start(TimeProvider time) =>
        _timer = time.CreateTimer(
            _ => PutOut(time.GetUtcNow(), MaxAtOnce), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>A session came into memory, or had to stay there. Called by the holder of its turn.</summary>
    /// <param name="cell">The session.</param>
    /// <param name="used">When it was used last, as far as is known.</param>
    public void Add(Cell cell, DateTimeOffset used)
    {
        if (kind.IsVolatile)
        {
            return;
        }

        bool isFirst;
        lock (_gate)
        {
            if (cell.IsResident)
            {
                return;
            }

            cell.IsResident = true;
            _byUse.Enqueue(cell, Place(used));
            isFirst = _byUse.Count - _gone == 1;
        }

        if (isFirst)
        {
            // There was nobody to wait for, so the timer does not run.
            Arm(kind.Policy, used);
        }
    }

    /// <summary>A session is gone from memory.</summary>
    public void Remove(Cell cell)
    {
        lock (_gate)
        {
            if (!cell.IsResident)
            {
                return;
            }

            cell.IsResident = false;
            _gone++;
            if (_gone > 1024 && _gone > _byUse.Count / 2)
            {
                _byUse = new(_byUse.UnorderedItems.Where(item => item.Element.IsResident));
                _gone = 0;
            }
        }
    }

    /// <summary>Puts out what is over the limits now, after a look at so many at most.</summary>
    public void PutOut(DateTimeOffset now, int atMost = MaxLooks)
    {
        var policy = kind.Policy;
        // No more than two looks for each there is, one that finds that it was used since, and one that puts it out: if
        // that must stay, it comes back in here, behind the others.
        var looks = (int)Math.Min(atMost, EntryCount() * 2L);
        while (TakeFirst(policy, now, ref looks) is { } cell)
        {
            Passivate(cell);
        }

        Arm(policy, now);
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>
    /// A place in the queue: the time in milliseconds, and behind the others of the same millisecond. Without the
    /// latter a queue of equals would give back the newest first.
    /// </summary>
    private long Place(DateTimeOffset used) =>
        (used.ToUnixTimeMilliseconds() << TurnBits) | (uint)(_turn++ & ((1 << TurnBits) - 1));

    private int EntryCount()
    {
        lock (_gate)
        {
            return _byUse.Count;
        }
    }

    /// <summary>The next to go; it is put back by <see cref="Add"/> if it must stay.</summary>
    private Cell? TakeFirst(Policy policy, DateTimeOffset now, ref int looks)
    {
        lock (_gate)
        {
            var since = policy.PassivateAfter is { } idle ? (now - idle).ToUnixTimeMilliseconds() : long.MinValue;
            for (; looks > 0 && _byUse.TryPeek(out var cell, out var used); looks--)
            {
                if (!cell.IsResident)
                {
                    _byUse.Dequeue();
                    _gone--;
                    continue;
                }

                var isOver = _byUse.Count - _gone > policy.MaxInMemory || used >> TurnBits <= since;
                if (!isOver)
                {
                    return null;
                }

                if (cell.LastUse.ToUnixTimeMilliseconds() > used >> TurnBits)
                {
                    _byUse.DequeueEnqueue(cell, Place(cell.LastUse));
                    continue;
                }

                _byUse.Dequeue();
                cell.IsResident = false;
                looks--;
                return cell;
            }

            return null;
        }
    }

    private void Arm(Policy policy, DateTimeOffset now)
    {
        if (policy.PassivateAfter is not { } idle || _timer is null)
        {
            return;
        }

        lock (_gate)
        {
            var due = Timeout.InfiniteTimeSpan;
            if (_byUse.TryPeek(out _, out var used))
            {
                var ticks = (DateTimeOffset.FromUnixTimeMilliseconds(used >> TurnBits) + idle - now).Ticks;
                due = TimeSpan.FromTicks(Math.Clamp(ticks, ShortestWait.Ticks, LongestWait.Ticks));
            }

            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }
}
