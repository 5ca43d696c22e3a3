using Microsoft.Extensions.Logging;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>
/// Takes a request through its session's turn: load, look for its operation id, judge, publish or hand on.
/// </summary>
internal sealed partial class Runner
{
    private readonly ISessionStore _store;
    private readonly Decider _decider;
    private readonly Committer _committer;
    private readonly Publisher _publisher;
    private readonly ILogger _log;
    private readonly OperationMemory _operations;
    private int _judging;

    public Runner(ISessionStore store, Decider decider, Committer committer, Publisher publisher, ILogger log)
    {
        (_store, _decider, _committer, _publisher, _log) = (store, decider, committer, publisher, log);
        _operations = new OperationMemory(store);
        committer.Connect(Take, _operations.Forget);
    }

    /// <summary>True once no more requests are taken from outside.</summary>
    public bool IsStopping { get; set; }

    /// <summary>True once nothing that changes a session is taken from anybody, drivers included.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>
    /// Refuses all further changes, and completes when those that got in before are with the committer.
    /// </summary>
    public async Task CloseAsync()
    {
        IsClosed = true;
        Interlocked.MemoryBarrier();
        while (Volatile.Read(ref _judging) > 0)
        {
            await Task.Yield();
        }
    }

    /// <summary>Never throws; the answer may be a problem.</summary>
    public ValueTask<Answer<object?>> SubmitAsync(Request request)
    {
        Take(request);
        return request.Task;
    }

    private void Take(Request request)
    {
        var cell = request.Cell;
        var limit = request.IsInternal || request.Lease is not null ? int.MaxValue : cell.Kind.Policy.MaxWaiting;
        switch (cell.Turn.Join(request, limit))
        {
            case JoinResult.Entered:
                Hold(cell, request);
                break;
            case JoinResult.Full:
                request.Complete(Problems.Overloaded(limit));
                break;
            case JoinResult.Waiting:
            default:
                // Whoever holds the turn sees to it.
                break;
        }
    }

    /// <summary>The session's cell, made if it is not in memory.</summary>
    public static Cell CellOf(KindRuntime kind, OwnerId owner, SessionId id) =>
        kind.Cells.TryGetValue(new CellKey(owner, id), out var cell)
            ? cell
            : kind.Cells.GetOrAdd(new CellKey(owner, id), new Cell(kind, owner, id));

    private void Hold(Cell cell, Request request)
    {
        var run = RunAsync(cell, request);
        if (run.IsCompletedSuccessfully)
        {
            Leave(cell);
        }
        else
        {
            _ = LeaveAfterAsync(run, cell);
        }
    }

    private async Task LeaveAfterAsync(ValueTask run, Cell cell)
    {
        await run;
        Leave(cell);
    }

    private void Leave(Cell cell)
    {
        if (cell.Turn.Leave() is { } next)
        {
            // On another thread: whoever held the turn has its own answer to take home.
            ThreadPool.UnsafeQueueUserWorkItem(static line => _ = line.Runner.DrainAsync(line.Cell, line.Next),
                (Runner: this, Cell: cell, Next: next), preferLocal: true);
        }
    }

    private async Task DrainAsync(Cell cell, TurnWork first)
    {
        for (var work = first; work is not null;)
        {
            var next = work.Next;
            work.Next = null;
            cell.Turn.Admit();
            await RunAsync(cell, (Request)work);
            work = next;
        }

        Leave(cell);
    }

    private ValueTask RunAsync(Cell cell, Request request)
    {
        if (cell.IsDead)
        {
            request.Cell = CellOf(cell.Kind, cell.Owner, cell.Id);
            Take(request);
            return default;
        }

        if (request.GiveUp.IsCancellationRequested)
        {
            request.Complete(Problems.Stopping());
            RetireIfEmpty(cell);
            return default;
        }

        if (!cell.IsLoaded || cell.MustReload || request.OperationId is not null)
        {
            return new ValueTask(RunWithStoreAsync(cell, request));
        }

        Judge(cell, request);
        return default;
    }

    private async Task RunWithStoreAsync(Cell cell, Request request)
    {
        try
        {
            do
            {
                await LoadAsync(cell);
                CatchUp(cell);
                if (request.OperationId is not null && await _operations.TryReplayAsync(cell, request))
                {
                    Settle(cell, request);
                    return;
                }
            }
            while (cell.MustReload);
        }
        catch (DamagedRecordException damage)
        {
            LogDamaged(damage, cell.Key);
            request.Complete(Problems.Damaged(cell, damage));
            RetireIfEmpty(cell);
            return;
        }
        catch (Exception failure)
        {
            LogReadFailed(failure, cell.Key);
            request.Complete(IsClosed ? Problems.Stopping() : Problems.StoreUnavailable(failure));
            RetireIfEmpty(cell);
            return;
        }

        Judge(cell, request);
    }

    private async ValueTask LoadAsync(Cell cell)
    {
        if (cell.Kind.IsVolatile)
        {
            cell.IsLoaded = true;
            return;
        }

        if (cell.IsLoaded && !cell.MustReload)
        {
            return;
        }

        var epoch = cell.Epoch;
        var record = await _store.LoadAsync(cell.Key, CancellationToken.None);
        var snapshot = record is null ? null : Read(cell, record);
        cell.DurableVersion = record?.Version ?? 0;
        cell.DurableLife = record?.CreatedAt ?? default;
        cell.StoredFirstEvent = record?.FirstEvent ?? 1;
        cell.StoredLastEvent = record?.LastEvent ?? 0;
        cell.Log?.Clear();
        cell.Latest = snapshot;
        cell.SeenEpoch = epoch;
        if (cell.MustReload)
        {
            cell.MustReload = false;
            _publisher.Publish(cell, snapshot, []);
        }
        else
        {
            cell.Visible = snapshot;
        }

        if (!cell.Kind.IsDurable)
        {
            cell.EnsureLog();
        }

        cell.IsLoaded = true;
    }

    private static Snapshot Read(Cell cell, SessionRecord record)
    {
        try
        {
            return cell.Kind.Read(record);
        }
        catch (Exception unreadable)
        {
            throw new DamagedRecordException($"{cell.Key}: the stored state does not fit the kind.", unreadable);
        }
    }

    /// <summary>If steps were taken back, the next one is decided on what everybody sees.</summary>
    private static void CatchUp(Cell cell)
    {
        var epoch = cell.Epoch;
        if (cell.SeenEpoch != epoch)
        {
            cell.Latest = cell.Visible;
            cell.SeenEpoch = epoch;
        }
    }

    private void Judge(Cell cell, Request request)
    {
        CatchUp(cell);
        // Counted, so that a stop can wait for those who got past it; what is volatile has nothing to be saved.
        var isCounted = !cell.Kind.IsVolatile;
        if (isCounted)
        {
            Interlocked.Increment(ref _judging);
        }

        try
        {
            JudgeNow(cell, request);
        }
        catch (Exception broken)
        {
            LogRuleFailed(broken, cell.Key, request.GetType().Name);
            if (!request.IsAnswered)
            {
                request.Complete(Problems.RuleFailed(cell, broken));
            }
        }
        finally
        {
            if (isCounted)
            {
                Interlocked.Decrement(ref _judging);
            }
        }

        RetireIfEmpty(cell);
    }

    private void JudgeNow(Cell cell, Request request)
    {
        if (request.MayWrite && (IsClosed || (IsStopping && !request.IsInternal && request.Lease is null)))
        {
            request.Complete(Problems.Stopping());
        }
        else if (request.MayWrite && !cell.Kind.IsVolatile && _committer.IsFailing)
        {
            request.Complete(Problems.StoreUnavailable(null));
        }
        else if (request.MayWrite && !cell.Kind.IsVolatile && request.Lease is null && _committer.IsFull)
        {
            request.Complete(Problems.StoreBehind());
        }
        else if (request.Lease is not null && !MayReport(cell, request.Lease))
        {
            request.Complete(Problems.LeaseLost(cell));
        }
        else
        {
            if (_decider.Judge(request) is { } broken)
            {
                LogRuleFailed(broken, cell.Key, request.GetType().Name);
            }

            Settle(cell, request);
        }
    }

    /// <summary>A driver reports under its lease, and only on the run that it was given.</summary>
    private static bool MayReport(Cell cell, Lease lease) =>
        cell.Drive is { } drive && drive.Lease == lease && drive.BusySince == (cell.Latest?.BusySince ?? 0);

    private void Settle(Cell cell, Request request)
    {
        request.Epoch = cell.SeenEpoch;
        if (cell.Kind.IsDurable)
        {
            SettleDurable(cell, request);
        }
        else
        {
            SettleAtOnce(cell, request);
        }
    }

    private void SettleDurable(Cell cell, Request request)
    {
        // Even a "no" waits if it was judged on something that a crash could still take back.
        if (!request.MayWrite || (request.Change is null && ReferenceEquals(cell.Latest, cell.Visible)))
        {
            request.Complete();
            return;
        }

        if (request.Change is { } change)
        {
            cell.Latest = change.After;
        }

        _operations.Add(request);
        Interlocked.Increment(ref cell.Unsettled);
        _committer.Enqueue(request);
    }

    private void SettleAtOnce(Cell cell, Request request)
    {
        if (request.Change is { } change)
        {
            cell.Latest = change.After;
            if (change.Events.Length > 0)
            {
                cell.EnsureLog();
            }

            _publisher.Publish(cell, change.After, change.Events, change.Reason);
            if (cell.Kind.IsVolatile)
            {
                KeepVolatile(cell, request, change);
            }
            else
            {
                _operations.Add(request);
                Interlocked.Increment(ref cell.Unsettled);
                _committer.EnqueueBehind(request, cell.Kind.Policy.WriteBehindDelay);
            }
        }

        request.Complete();
    }

    private static void KeepVolatile(Cell cell, Request request, Change change)
    {
        if (change.TrimOperationsBefore is { } before && cell.Operations is not null)
        {
            foreach (var old in cell.Operations.Values.Where(operation => operation.At < before).ToList())
            {
                cell.Operations.Remove(old.Id);
            }
        }

        if (request.Operation is { } operation)
        {
            (cell.Operations ??= new(StringComparer.Ordinal))[operation.Id] = operation;
        }

        if (change.Entries.Length > 0)
        {
            cell.EnsureStreams().Append(change.Entries);
        }
    }

    private static void RetireIfEmpty(Cell cell)
    {
        var isEmpty = cell.IsLoaded ? cell.Latest is null && cell.Visible is null : true;
        if (isEmpty && Volatile.Read(ref cell.Unsettled) == 0)
        {
            cell.Retire();
            cell.Kind.Cells.TryRemove(new(new CellKey(cell.Owner, cell.Id), cell));
        }
    }
}
