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
    /// <summary>The most requests in one batch, and as many acknowledged ones.</summary>
    public const int MaxBatch = 4096;

    private readonly ISessionStore _store;
    private readonly ILogger _log;
    private readonly BehindQueue _behind;
    private readonly Prober _prober;
    private readonly Signal _news = new();
    private readonly ConcurrentQueue<Request> _arrived = new();
    private readonly FairQueue _waiting = new();
    private readonly Settlement _settlement;
    private readonly SojournOptions _options;
    private Task _loop = Task.CompletedTask;
    private readonly TimeProvider _time;
    private int _pendingSteps;
    private long _commits;
    private long _changes;
    private long _lastCommitTicks;
    private long _pendingBytes;
    private Request[] _underWay = [];
    private volatile bool _isStopping;
    private volatile bool _needsRecount;

    public Committer(
        ISessionStore store, Publisher publisher, SojournOptions options, TimeProvider time, ILogger log)
    {
        _store = store;
        _options = options;
        _time = time;
        _log = log;
        _behind = new BehindQueue(time, _news);
        _prober = new Prober(store, time, _news, log);
        _settlement = new Settlement(store, publisher, _prober, log);
    }

    /// <summary>True from a failed commit to the next that succeeds.</summary>
    public bool IsFailing => _prober.IsFailing;

    /// <summary>True while as much is on its way to the store as may be.</summary>
    public bool IsFull =>
        Volatile.Read(ref _pendingSteps) >= _options.MaxPendingSteps
        || Volatile.Read(ref _pendingBytes) >= _options.MaxPendingBytes;

    /// <summary>
    /// True if an owner may not send more. One that has little on its way may even while others fill it all, within
    /// twice the limit.
    /// </summary>
    public bool IsFullFor(OwnerAccount account) => IsFull
        && (account.Pending >= Math.Max(1, _options.MaxPendingSteps / 16)
            || Volatile.Read(ref _pendingSteps) / 2 >= _options.MaxPendingSteps
            || Volatile.Read(ref _pendingBytes) / 2 >= _options.MaxPendingBytes);

    public long MaxPendingSteps => _options.MaxPendingSteps;

    public long MaxPendingBytes => _options.MaxPendingBytes;

    public long PendingSteps => Volatile.Read(ref _pendingSteps);

    public long PendingBytes => Volatile.Read(ref _pendingBytes);

    /// <summary>Commits since the start.</summary>
    public long Commits => Volatile.Read(ref _commits);

    /// <summary>Sessions in them.</summary>
    public long Changes => Volatile.Read(ref _changes);

    /// <summary>How long the last commit took.</summary>
    public TimeSpan LastCommit => TimeSpan.FromTicks(Volatile.Read(ref _lastCommitTicks));

    /// <summary>How the sessions are counted anew. Set once, before the start.</summary>
    public Func<Task> RecountAsync { get; set; } = () => Task.CompletedTask;

    /// <summary>Told how long each commit took; never throws. Set once, before the start.</summary>
    public Action<TimeSpan> Committed { get; set; } = _ => { };

    /// <summary>The store may hold other sessions than were counted.</summary>
    public void Recount()
    {
        _needsRecount = true;
        _news.Set();
    }

    /// <param name="resubmit">How a request is sent back to be judged again.</param>
    /// <param name="settled">Told of each request whose change is in the store, or never will be.</param>
    /// <param name="keepAsideAsync">How a record that cannot be read is kept; never throws.</param>
    public void Connect(
        Action<Request> resubmit, Action<Request> settled, Func<Cell, DamagedRecordException, Task> keepAsideAsync)
    {
        _settlement.KeepAsideAsync = keepAsideAsync;
        // Not on this task: what is judged again runs rules, and those of one session must not hold up all commits.
        _settlement.Resubmit = request => ThreadPool.UnsafeQueueUserWorkItem(resubmit, request, preferLocal: false);
        _settlement.Settled = request =>
        {
            Interlocked.Decrement(ref _pendingSteps);
            Interlocked.Add(ref _pendingBytes, -(request.Change?.Weight ?? 0));
            request.Cell.Account.AddPending(-1);
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
    /// <exception cref="SojournException">The store cannot take it now; it will be tried again. Or some of it is lost,
    /// since the record of its session cannot be read.</exception>
    public Task FlushAsync() => _behind.FlushAsync();

    /// <summary>Writes all that is left, if the store lets it.</summary>
    /// <returns>Sessions whose last acknowledged steps could not be saved.</returns>
    public async Task<IReadOnlyList<SessionKey>> StopAsync()
    {
        _behind.IsDue = true;
        _prober.IsDue = true;
        _isStopping = true;
        _news.Set();
        await _loop.ConfigureAwait(false);
        _behind.Close();
        FinishFlushes();
        return Unsaved(_settlement.Carry.Concat(_behind.Take(int.MaxValue)));
    }

    /// <summary>For a stop whose time is over: sessions whose last acknowledged steps are still on their way.</summary>
    public IReadOnlyList<SessionKey> GiveUp()
    {
        _behind.Close();
        return Unsaved(_behind.Take(int.MaxValue).Concat(Volatile.Read(ref _underWay)));
    }

    private List<SessionKey> Unsaved(IEnumerable<Request> requests) => [.. requests
        .Where(request => request.Change is not null)
        .Select(request => request.Cell.Key)
        .Concat(_settlement.Lost)
        .Distinct()];

    public ValueTask DisposeAsync()
    {
        _behind.Dispose();
        _prober.Dispose();
        _news.Dispose();
        return default;
    }

    private void Count(Request request)
    {
        request.Cell.Account.AddPending(1);
        Interlocked.Increment(ref _pendingSteps);
        Interlocked.Add(ref _pendingBytes, request.Change?.Weight ?? 0);
    }

    private async Task RunAsync()
    {
        while (true)
        {
            // Read before the last look at the queues, so that nothing is left in them.
            var isLast = _isStopping;
            if (await _prober.MayCommitAsync().ConfigureAwait(false))
            {
                await CountAnewAsync().ConfigureAwait(false);
                await CommitAllAsync().ConfigureAwait(false);
            }
            else
            {
                Refuse();
            }

            if (isLast)
            {
                return;
            }

            await _news.WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Here, where no commit is under way, what the store counts is what there is, once what is seen of it is, too.
    /// </summary>
    private async Task CountAnewAsync()
    {
        if (!_needsRecount)
        {
            return;
        }

        _needsRecount = false;
        try
        {
            await _settlement.LearnAsync().ConfigureAwait(false);
            await RecountAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            _needsRecount = true;
            LogNotCounted(failure);
        }
    }

    private async Task CommitAllAsync()
    {
        while (!IsFailing)
        {
            var batch = Take();
            if (batch.Count > 0)
            {
                await CommitAsync(batch).ConfigureAwait(false);
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
            var loss = _settlement.TakeLoss();
            foreach (var flush in _behind.TakeFlushes())
            {
                _ = loss is null ? flush.TrySetResult() : flush.TrySetException(new SojournException(loss));
            }
        }
    }

    /// <summary>While the store fails, what slipped in before the refusals began is refused as well.</summary>
    private void Refuse()
    {
        FinishFlushes();
        var refused = _settlement.Carry.Where(request => request.Cell.Kind.IsDurable).ToList();
        _settlement.Carry.RemoveAll(request => request.Cell.Kind.IsDurable);
        _waiting.Take(refused, int.MaxValue);
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
        var carry = _settlement.Carry;
        var batch = carry.GetRange(0, Math.Min(carry.Count, MaxBatch));
        carry.RemoveRange(0, batch.Count);
        if (carry.Count > 0)
        {
            // Nothing overtakes it, and a batch does not grow with each time that the store fails: a store takes
            // only so many changes at once.
            return batch;
        }

        while (_arrived.TryDequeue(out var request))
        {
            _waiting.Add(request);
        }

        _waiting.Take(batch, MaxBatch);

        if (_behind.IsDue)
        {
            batch.AddRange(_behind.Take(MaxBatch));
        }

        return batch;
    }

    private async Task CommitAsync(List<Request> batch)
    {
        var groups = new Dictionary<Cell, Group>();
        var next = new List<Request>();
        foreach (var request in batch)
        {
            if (request.Epoch != request.Cell.Epoch)
            {
                _settlement.Outdated(request);
            }
            else if (!GroupOf(request.Cell, groups).TryAdd(request))
            {
                next.Add(request);
            }
        }

        // Before what is carried already, which was decided after these.
        _settlement.Carry.InsertRange(0, next);

        // What these were judged on is in the store already.
        foreach (var group in groups.Values.Where(group => group.Last is null))
        {
            _settlement.Answer(group);
        }

        var writing = groups.Values.Where(group => group.Last is not null).ToList();
        if (writing.Count > 0)
        {
            await WriteAsync(writing).ConfigureAwait(false);
        }
    }

    private static Group GroupOf(Cell cell, Dictionary<Cell, Group> groups)
    {
        if (!groups.TryGetValue(cell, out var group))
        {
            groups[cell] = group = new Group(cell);
        }

        return group;
    }

    private async Task WriteAsync(List<Group> groups)
    {
        IReadOnlyList<CommitResult> results;
        try
        {
            // For a stop that cannot wait for it: what was acknowledged and may not be in the store.
            Volatile.Write(ref _underWay, [.. groups.Where(group => !group.Cell.Kind.IsDurable)
                .Select(group => group.Requests.First(request => request.Change is not null))
                .Concat(_settlement.Carry.Where(request => !request.Cell.Kind.IsDurable))]);
            var began = _time.GetTimestamp();
            results = await _store.CommitAsync([.. groups.Select(group => group.ToChange())]).ConfigureAwait(false);
            var took = _time.GetElapsedTime(began);
            Committed(took);
            Volatile.Write(ref _lastCommitTicks, took.Ticks);
            Volatile.Write(ref _commits, _commits + 1);
            Volatile.Write(ref _changes, _changes + groups.Count);
            if (results.Count != groups.Count)
            {
                throw new InvalidOperationException($"The store judged {results.Count} of {groups.Count} changes.");
            }
        }
        catch (Exception failure)
        {
            _prober.Failed(failure);
            _needsRecount = true;
            LogCommitFailed(failure, groups.Count);
            _settlement.TakeBack(groups, failure);
            return;
        }

        Volatile.Write(ref _underWay, []);
        for (var i = 0; i < groups.Count; i++)
        {
            try
            {
                await _settlement.SettleAsync(groups[i], results[i]).ConfigureAwait(false);
                _needsRecount |= groups[i].Last?.BaseVersion == RemoveSession.AnyVersion;
            }
            catch (Exception broken)
            {
                LogSettlementBroke(broken, groups[i].Cell.Key);
                _settlement.Break(groups[i], broken);
            }
        }
    }
}
