namespace Sojourn.Engine;

/// <summary>
/// Acknowledged write-behind steps on their way to the store, in order, and those who wait for them to be there.
/// </summary>
internal sealed class BehindQueue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Request> _requests = new();
    private readonly List<Flush> _flushes = [];
    private readonly Signal _news;
    private readonly ITimer _timer;
    private volatile bool _isDue;
    private bool _isClosed;
    private long _added;
    private long _taken;

    public BehindQueue(TimeProvider time, Signal news)
    {
        _news = news;
        _timer = time.CreateTimer(_ => Due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>True once the oldest of them has waited long enough.</summary>
    public bool IsDue
    {
        get => _isDue;
        set => _isDue = value;
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _requests.Count;
            }
        }
    }

    public void Add(Request request, TimeSpan delay)
    {
        bool isFirst;
        lock (_gate)
        {
            _requests.Enqueue(request);
            _added++;
            isFirst = _requests.Count == 1;
        }

        if (isFirst)
        {
            _timer.Change(delay, Timeout.InfiniteTimeSpan);
        }
    }

    public Task FlushAsync()
    {
        var flush = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_isClosed)
            {
                return Task.FromException(new SojournException(Problems.Stopping()));
            }

            // Under the lock: whoever takes the flush must also see that all before it is due.
            _flushes.Add(new Flush(flush, _added));
            _isDue = true;
        }

        _news.Set();
        return flush.Task;
    }

    /// <summary>The flushes all of whose steps have been taken; all there are, if <paramref name="giveUp"/>.</summary>
    public IReadOnlyList<TaskCompletionSource> TakeFlushes(bool giveUp = false)
    {
        lock (_gate)
        {
            if (_flushes.Count == 0)
            {
                return [];
            }

            var taken = _flushes.Where(flush => giveUp || flush.Until <= _taken).ToList();
            _flushes.RemoveAll(flush => giveUp || flush.Until <= _taken);
            return taken.ConvertAll(flush => flush.Done);
        }
    }

    /// <summary>From here on a flush is refused.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    public IReadOnlyList<Request> Take(int max)
    {
        lock (_gate)
        {
            var taken = new List<Request>(Math.Min(max, _requests.Count));
            while (taken.Count < max && _requests.TryDequeue(out var request))
            {
                taken.Add(request);
                _taken++;
            }

            // Below the lock, so that a step added now starts its own delay.
            _isDue = _requests.Count > 0;
            return taken;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Due()
    {
        _isDue = true;
        _news.Set();
    }

    /// <param name="Done">Completed when they are on disk.</param>
    /// <param name="Until">How many steps had been added.</param>
    private sealed record Flush(TaskCompletionSource Done, long Until);
}
