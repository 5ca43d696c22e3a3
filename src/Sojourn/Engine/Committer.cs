using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>
/// Brings changes to the store, a batch at a time: while one flush is under way all that arrives joins the next, and an
/// idle engine waits for nobody. One task does all of it, so what it owns needs no lock.
/// </summary>
internal sealed partial class Committer : IAsyncDisposable
{
    /// <summary>The most requests in one batch.</summary>
    public const int MaxBatch = 4096;

    private readonly ISessionStore _store;
    private readonly ILogger _log;
    private readonly BehindQueue _behind;
    private readonly Prober _prober;
    private readonly Signal _news = new();
    private readonly ConcurrentQueue<Request> _arrived = new();
    private readonly Settlement _settlement;
    private readonly SojournOptions _options;
    private Task _loop = Task.CompletedTask;
    private int _pendingSteps;
    private long _pendingBytes;
    private volatile bool _isStopping;

    public Committer(
        ISessionStore store, Publisher publisher, SojournOptions options, TimeProvider time, ILogger log)
    {
        _store = store;
        _options = options;
        _log = log;
        _behind = new BehindQueue(time, _news);
        _prober = new Prober(store, time, _news, log);
        _settlement = new Settlement(store, publisher, _prober);
    }

    /// <summary>True from a failed commit to the next that succeeds.</summary>
    public bool IsFailing => _prober.IsFailing;

    /// <summary>True while as much is on its way to the store as may be.</summary>
    public bool IsFull =>
        Volatile.Read(ref _pendingSteps) >= _options.MaxPendingSteps
        || Volatile.Read(ref _pendingBytes) >= _options.MaxPendingBytes;

    /// <param name="resubmit">How a request is sent back to be judged again.</param>
    /// <param name="settled">Told of each request whose change is in the store, or never will be.</param>
    public void Connect(Action<Request> resubmit, Action<Request> settled)
    {
        // Not on this task: what is judged again runs rules, and those of one session must not hold up all commits.
        _settlement.Resubmit = request => ThreadPool.UnsafeQueueUserWorkItem(resubmit, request, preferLocal: false);
        _settlement.Settled = request =>
        {
            Interlocked.Decrement(ref _pendingSteps);
            Interlocked.Add(ref _pendingBytes, -(request.Change?.Weight ?? 0));
            settled(request);
        };
    }

    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>The request is answered when its change is on disk.</summary>
    public void Enqueue(Request request)
    {
        Count(request);
        _arrived.Enqueue(request);
        _news.Set();
    }

    /// <summary>The request has been answered; its change is to be on disk within <paramref name="delay"/>.</summary>
    public void EnqueueBehind(Request request, TimeSpan delay)
    {
        Count(request);
        _behind.Add(request, delay);
    }

    /// <summary>Completes when all that was acknowledged before is on disk.</summary>
    /// <exception cref="SojournException">The store cannot take it now; it will be tried again.</exception>
    public Task FlushAsync() => _behind.FlushAsync();

    /// <summary>Writes all that is left, if the store lets it.</summary>
    /// <returns>Sessions whose last acknowledged steps could not be saved.</returns>
    public async Task<IReadOnlyList<SessionKey>> StopAsync()
    {
        _behind.IsDue = true;
        _prober.IsDue = true;
        _isStopping = true;
        _news.Set();
        await _loop;
        _behind.Close();
        FinishFlushes();
        return Sessions(_settlement.Carry.Concat(_behind.Take(int.MaxValue)));
    }

    /// <summary>For a stop whose time is over: sessions whose last acknowledged steps are still on their way.</summary>
    public IReadOnlyList<SessionKey> GiveUp()
    {
        _behind.Close();
        return Sessions(_behind.Take(int.MaxValue));
    }

    private static List<SessionKey> Sessions(IEnumerable<Request> requests) =>
        [.. requests.Where(request => request.Change is not null).Select(request => request.Cell.Key).Distinct()];

    public ValueTask DisposeAsync()
    {
        _behind.Dispose();
        _prober.Dispose();
        _news.Dispose();
        return default;
    }

    private void Count(Request request)
    {
        Interlocked.Increment(ref _pendingSteps);
        Interlocked.Add(ref _pendingBytes, request.Change?.Weight ?? 0);
    }

    private async Task RunAsync()
    {
        while (true)
        {
            // Read before the last look at the queues, so that nothing is left in them.
            var isLast = _isStopping;
            if (await _prober.MayCommitAsync())
            {
                await CommitAllAsync();
            }
            else
            {
                Refuse();
            }

            if (isLast)
            {
                return;
            }

            await _news.WaitAsync();
        }
    }

    private async Task CommitAllAsync()
    {
        while (!IsFailing)
        {
            var batch = Take();
            if (batch.Count > 0)
            {
                await CommitAsync(batch);
            }

            // After each batch, so that a flush does not wait for a moment without any work.
            FinishFlushes();
            if (batch.Count == 0)
            {
                return;
            }
        }

        FinishFlushes();
    }

    private void FinishFlushes()
    {
        if (IsFailing)
        {
            foreach (var flush in _behind.TakeFlushes(giveUp: true))
            {
                flush.SetException(new SojournException(Problems.StoreUnavailable(_prober.Cause)));
            }
        }
        else if (_settlement.Carry.TrueForAll(request => request.Cell.Kind.IsDurable))
        {
            foreach (var flush in _behind.TakeFlushes())
            {
                flush.SetResult();
            }
        }
    }

    /// <summary>While the store fails, what slipped in before the refusals began is refused as well.</summary>
    private void Refuse()
    {
        FinishFlushes();
        var refused = _settlement.Carry.Where(request => request.Cell.Kind.IsDurable).ToList();
        _settlement.Carry.RemoveAll(request => request.Cell.Kind.IsDurable);
        while (_arrived.TryDequeue(out var request))
        {
            refused.Add(request);
        }

        foreach (var request in refused)
        {
            Settlement.TakeBack(request.Cell);
            _settlement.Fail(request, Problems.StoreUnavailable(_prober.Cause));
        }
    }

    private List<Request> Take()
    {
        var batch = new List<Request>(_settlement.Carry);
        _settlement.Carry.Clear();
        while (batch.Count < MaxBatch && _arrived.TryDequeue(out var request))
        {
            batch.Add(request);
        }

        if (_behind.IsDue)
        {
            batch.AddRange(_behind.Take(MaxBatch));
        }

        return batch;
    }

    private async Task CommitAsync(List<Request> batch)
    {
        var groups = new Dictionary<Cell, Group>();
        foreach (var request in batch)
        {
            if (request.Epoch != request.Cell.Epoch)
            {
                _settlement.SendBack(request);
            }
            else
            {
                Place(request, groups);
            }
        }

        // What these were judged on is in the store already.
        foreach (var group in groups.Values.Where(group => group.Last is null))
        {
            _settlement.Answer(group);
        }

        var writing = groups.Values.Where(group => group.Last is not null).ToList();
        if (writing.Count > 0)
        {
            await WriteAsync(writing);
        }
    }

    private void Place(Request request, Dictionary<Cell, Group> groups)
    {
        if (!groups.TryGetValue(request.Cell, out var group))
        {
            groups[request.Cell] = group = new Group(request.Cell);
        }

        if (!group.TryAdd(request))
        {
            _settlement.Carry.Add(request);
        }
    }

    private async Task WriteAsync(List<Group> groups)
    {
        IReadOnlyList<CommitResult> results;
        try
        {
            results = await _store.CommitAsync([.. groups.Select(group => group.ToChange())]);
            if (results.Count != groups.Count)
            {
                throw new InvalidOperationException($"The store judged {results.Count} of {groups.Count} changes.");
            }
        }
        catch (Exception failure)
        {
            _prober.Failed(failure);
            LogCommitFailed(failure, groups.Count);
            foreach (var group in groups)
            {
                _settlement.TakeBack(group, failure);
            }

            return;
        }

        for (var i = 0; i < groups.Count; i++)
        {
            try
            {
                await _settlement.SettleAsync(groups[i], results[i]);
            }
            catch (Exception broken)
            {
                LogSettlementBroke(broken, groups[i].Cell.Key);
                _settlement.Break(groups[i], broken);
            }
        }
    }

    [LoggerMessage(103, LogLevel.Critical,
        "What became of a commit of {Session} could not be told; it is loaded anew.")]
    private partial void LogSettlementBroke(Exception broken, SessionKey session);

    [LoggerMessage(100, LogLevel.Error,
        "A commit of {Sessions} sessions failed; nothing of it was acknowledged. Further changes are refused until "
        + "the store takes one again.")]
    private partial void LogCommitFailed(Exception failure, int sessions);
}
