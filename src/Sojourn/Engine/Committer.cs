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

    private const int MaxAttempts = 10;

    private readonly ISessionStore _store;
    private readonly Publisher _publisher;
    private readonly ILogger _log;
    private readonly BehindQueue _behind;
    private readonly Prober _prober;
    private readonly Signal _news = new();
    private readonly ConcurrentQueue<Request> _arrived = new();
    private readonly List<Request> _carry = [];
    private Task _loop = Task.CompletedTask;
    private volatile bool _isStopping;

    public Committer(ISessionStore store, Publisher publisher, TimeProvider time, ILogger log)
    {
        _store = store;
        _publisher = publisher;
        _log = log;
        _behind = new BehindQueue(time, _news);
        _prober = new Prober(store, time, _news, log);
    }

    /// <summary>How a request is sent back to be judged again. Set once, before the start.</summary>
    public Action<Request> Resubmit { get; set; } = _ => { };

    /// <summary>Told of each request whose change is in the store, or never will be. Set once, before the start.</summary>
    public Action<Request> Settled { get; set; } = _ => { };

    /// <summary>True from a failed commit to the next that succeeds.</summary>
    public bool IsFailing => _prober.IsFailing;

    /// <summary>Acknowledged write-behind steps that are not on disk yet.</summary>
    public int Behind => _behind.Count;

    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>The request is answered when its change is on disk.</summary>
    public void Enqueue(Request request)
    {
        _arrived.Enqueue(request);
        _news.Set();
    }

    /// <summary>The request has been answered; its change is to be on disk within <paramref name="delay"/>.</summary>
    public void EnqueueBehind(Request request, TimeSpan delay) => _behind.Add(request, delay);

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
        return [.. _carry.Concat(_behind.Take(int.MaxValue)).Where(request => request.Change is not null)
            .Select(request => request.Cell.Key).Distinct()];
    }

    public ValueTask DisposeAsync()
    {
        _behind.Dispose();
        _prober.Dispose();
        _news.Dispose();
        return default;
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
        var flushes = _behind.TakeFlushes();
        while (!IsFailing && Take() is { Count: > 0 } batch)
        {
            await CommitAsync(batch);
        }

        foreach (var flush in flushes)
        {
            Finish(flush);
        }
    }

    private void Finish(TaskCompletionSource flush)
    {
        if (IsFailing)
        {
            flush.SetException(new SojournException(Problems.StoreUnavailable(_prober.Cause)));
        }
        else
        {
            flush.SetResult();
        }
    }

    /// <summary>While the store fails, what slipped in before the refusals began is refused as well.</summary>
    private void Refuse()
    {
        foreach (var flush in _behind.TakeFlushes())
        {
            Finish(flush);
        }

        var refused = _carry.Where(request => request.Cell.Kind.IsDurable).ToList();
        _carry.RemoveAll(request => request.Cell.Kind.IsDurable);
        while (_arrived.TryDequeue(out var request))
        {
            refused.Add(request);
        }

        foreach (var request in refused)
        {
            TakeBack(request.Cell);
            Fail(request, Problems.StoreUnavailable(_prober.Cause));
        }
    }

    private List<Request> Take()
    {
        var batch = new List<Request>(_carry);
        _carry.Clear();
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
                SendBack(request);
            }
            else
            {
                Place(request, groups);
            }
        }

        // What these were judged on is in the store already.
        foreach (var group in groups.Values.Where(group => group.Last is null))
        {
            Answer(group);
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
            _carry.Add(request);
        }
    }

    private async Task WriteAsync(List<Group> groups)
    {
        IReadOnlyList<CommitResult> results;
        try
        {
            results = await _store.CommitAsync([.. groups.Select(group => group.ToChange())]);
        }
        catch (Exception failure)
        {
            _prober.Failed(failure);
            LogCommitFailed(failure, groups.Count);
            foreach (var group in groups)
            {
                TakeBack(group, failure);
            }

            return;
        }

        for (var i = 0; i < groups.Count; i++)
        {
            await SettleAsync(groups[i], results[i]);
        }
    }

    private async ValueTask SettleAsync(Group group, CommitResult result)
    {
        switch (result)
        {
            case CommitResult.Committed:
                Committed(group);
                break;
            case CommitResult.Conflict when !group.Cell.Kind.IsDurable:
                await ReconcileAsync(group);
                break;
            case CommitResult.Conflict:
                // Somebody else's commit, or one of ours whose outcome was unknown: decide again on what is there.
                group.Cell.MustReload = true;
                TakeBack(group.Cell);
                foreach (var request in group.Requests)
                {
                    SendBack(request);
                }

                break;
            case CommitResult.LeaseLost:
                TakeBack(group.Cell);
                foreach (var request in group.Requests)
                {
                    LoseLease(request);
                }

                break;
            default:
                throw new InvalidOperationException($"The store answered {result}.");
        }
    }

    private void Committed(Group group)
    {
        var cell = group.Cell;
        var last = group.Last!.Value;
        var after = last.After;
        cell.DurableVersion = after?.Version ?? 0;
        cell.StoredFirstEvent = after?.FirstEvent ?? 1;
        cell.StoredLastEvent = after?.LastEvent ?? 0;
        if (cell.Kind.IsDurable)
        {
            _publisher.Publish(cell, after, group.Events(), last.Reason);
        }
        else
        {
            cell.Log?.Trim(cell.StoredLastEvent + 1);
            if (after is { Status.Busy: true } && cell.Drive is null)
            {
                // Only now is it in the index that leases are claimed by.
                cell.Kind.Dispatcher?.Nudge(cell);
            }
        }

        Answer(group);
        if (after is null)
        {
            Resubmit(new RetireRequest(cell));
        }
    }

    private void Answer(Group group)
    {
        foreach (var request in group.Requests)
        {
            Settle(request);
            if (group.Cell.Kind.IsDurable)
            {
                request.Complete();
            }
        }
    }

    private void LoseLease(Request request)
    {
        if (request.Lease is null)
        {
            SendBack(request);
        }
        else
        {
            Fail(request, Problems.LeaseLost(request.Cell));
        }
    }

    /// <summary>
    /// A commit failed. Durable steps were never seen by anybody: they are taken back and answered. Write-behind
    /// steps were acknowledged: they stay, and are tried again first.
    /// </summary>
    private void TakeBack(Group group, Exception failure)
    {
        if (!group.Cell.Kind.IsDurable)
        {
            _carry.AddRange(group.Requests);
            return;
        }

        TakeBack(group.Cell);
        foreach (var request in group.Requests)
        {
            Fail(request, Problems.StoreUnavailable(failure));
        }

        Resubmit(new RetireRequest(group.Cell));
    }

    // Whatever was decided in the epoch that ends here, in the line or in the queue, will be decided anew.
    private static void TakeBack(Cell cell) => cell.Epoch++;

    private void SendBack(Request request)
    {
        Settle(request);
        if (++request.Attempts >= MaxAttempts)
        {
            request.Complete(Problems.Overloaded(MaxAttempts));
        }
        else
        {
            Resubmit(request);
        }
    }

    private void Fail(Request request, Problem problem)
    {
        Settle(request);
        request.Complete(problem);
    }

    private void Settle(Request request)
    {
        Interlocked.Decrement(ref request.Cell.Unsettled);
        Settled(request);
    }

    /// <summary>
    /// A write-behind session has a version in the store that was not expected. Its store is not shared, so this is
    /// a commit of ours that was reported as failed and took effect after all: go on from there.
    /// </summary>
    private async ValueTask ReconcileAsync(Group group)
    {
        long stored;
        try
        {
            stored = (await _store.LoadAsync(group.Cell.Key, CancellationToken.None))?.Version ?? 0;
        }
        catch (Exception failure)
        {
            _prober.Failed(failure);
            _carry.AddRange(group.Requests);
            return;
        }

        group.Cell.DurableVersion = stored;
        foreach (var request in group.Requests)
        {
            if (request.Change is null || (request.Change.Value.After?.Version ?? 0) <= stored)
            {
                Settle(request);
            }
            else
            {
                _carry.Add(request);
            }
        }
    }

    [LoggerMessage(100, LogLevel.Error,
        "A commit of {Sessions} sessions failed; nothing of it was acknowledged. Further changes are refused until "
        + "the store takes one again.")]
    private partial void LogCommitFailed(Exception failure, int sessions);
}
