namespace Sojourn.Engine;

/// <summary>
/// Acknowledged write-behind steps on their way to the store, in order, and those who wait for them to be there.
/// </summary>
internal sealed class BehindQueue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Request> _requests = new();
    private readonly List<TaskCompletionSource> _flushes = [];
    private readonly Signal _news;
    private readonly ITimer _timer;
    private volatile bool _isDue;

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
            _flushes.Add(flush);
        }

        Due();
        return flush.Task;
    }

    public IReadOnlyList<TaskCompletionSource> TakeFlushes()
    {
        lock (_gate)
        {
            if (_flushes.Count == 0)
            {
                return [];
            }

            var taken = _flushes.ToArray();
            _flushes.Clear();
            return taken;
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
}
