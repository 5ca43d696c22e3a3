using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>
/// Takes a request through its session's turn: load, look for its operation id, judge, publish or hand on.
/// </summary>
internal sealed partial class Runner
{
    private readonly Loader _loader;
    private readonly Decider _decider;
    private readonly Committer _committer;
    private readonly Publisher _publisher;
    private readonly Care _care;
    private readonly OperationMemory _operations;
    private int _judging;
    private volatile bool _isOver;

    public Runner(ISessionStore store, Decider decider, Committer committer, Publisher publisher, Care care)
    {
        (_decider, _committer, _publisher, _care) = (decider, committer, publisher, care);
        _loader = new Loader(store, publisher, care.Recount);
        _operations = new OperationMemory(store);
        committer.Connect(Take, _operations.Forget, care.KeepAsideAsync);
    }

    /// <summary>True once no more requests are taken from outside.</summary>
    public bool IsStopping { get; set; }

    /// <summary>True once nothing that changes a session is taken from anybody, drivers included.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>
    /// Refuses all further changes, and completes when those that got in before are with the committer. A rule that
    /// does not return in time is not waited for: what it decides is refused.
    /// </summary>
    public async Task CloseAsync(CancellationToken giveUp)
    {
        IsClosed = true;
        Interlocked.MemoryBarrier();
        while (Volatile.Read(ref _judging) > 0)
        {
            if (giveUp.IsCancellationRequested)
            {
                _isOver = true;
                return;
            }

            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
    }

    /// <summary>Never throws; the answer may be a problem.</summary>
    public ValueTask<Answer<object?>> SubmitAsync(Request request)
    {
        Take(request);
        return request.Task;
    }

    /// <summary>As <see cref="SubmitAsync"/>, for what nobody waits for.</summary>
    public void Post(Request request) => Take(request);

    private ValueTask RunInTurnAsync(Cell cell, Request request)
    {
        if (request is PassivateRequest)
        {
            _care.Passivate(cell);
            request.Complete();
            return default;
        }

        if (cell.IsDead)
        {
            request.Cell = cell.Kind.CellOf(cell.Owner, cell.Id);
            Take(request);
            return default;
        }

        if (request.GiveUp.IsCancellationRequested)
        {
            request.Complete(Problems.Stopping());
            Care.RetireIfEmpty(cell);
            return default;
        }

        if (!cell.IsLoaded || cell.MustReload || request.OperationId is not null || request is RestoreRequest)
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
            if (request is RestoreRequest && await RestoreAsync(cell, request).ConfigureAwait(false) is { } refusal)
            {
                request.Complete(refusal);
                Care.RetireIfEmpty(cell);
                return;
            }

            var isFresh = false;
            do
            {
                isFresh |= !cell.IsLoaded || cell.MustReload;
                await _loader.LoadAsync(cell).ConfigureAwait(false);
                CatchUp(cell);
                if (request.OperationId is not null && await _operations.TryReplayAsync(cell, request, isFresh)
                    .ConfigureAwait(false))
                {
                    Settle(cell, request);
                    return;
                }
            }
            while (cell.MustReload);
        }
        catch (DamagedRecordException damage)
        {
            await _care.KeepAsideAsync(cell, damage).ConfigureAwait(false);
            if (request is RemoveRequest { MayBeUnread: true })
            {
                RemoveUnread(cell, request);
            }
            else
            {
                request.Complete(
                    request is RestoreRequest ? Problems.NothingToRestore(cell) : Problems.Damaged(cell, damage));
                Care.RetireIfEmpty(cell);
            }

            return;
        }
        catch (Exception failure)
        {
            _care.LogReadFailed(failure, cell.Key);
            request.Complete(IsClosed ? Problems.Stopping() : Problems.StoreUnavailable(failure));
            Care.RetireIfEmpty(cell);
            return;
        }

        Judge(cell, request);
    }

    /// <summary>Restores a session that is not in memory, or not as the store has it.</summary>
    /// <returns>Why not, if nothing may be written now.</returns>
    private async ValueTask<Problem?> RestoreAsync(Cell cell, Request request)
    {
        if (cell.Kind.IsVolatile || (cell.IsLoaded && !cell.MustReload))
        {
            return null;
        }

        // Counted, as what is judged is: a stop does not close the store under it.
        Interlocked.Increment(ref _judging);
        try
        {
            if (RefusalOf(cell, request) is { } refusal)
            {
                return refusal;
            }

            await _care.TryRestoreAsync(cell).ConfigureAwait(false);
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _judging);
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
            cell.IsInRule = false;
            Break(cell, request, broken);
        }
        finally
        {
            if (isCounted)
            {
                Interlocked.Decrement(ref _judging);
            }
        }

        if (!cell.IsResident && cell.Latest is not null && !cell.Kind.IsVolatile)
        {
            _care.Settle(cell);
        }

        Care.RetireIfEmpty(cell);
    }

    private void JudgeNow(Cell cell, Request request)
    {
        if (request.MayWrite && RefusalOf(cell, request) is { } refusal)
        {
            request.Complete(refusal);
        }
        else if (request.Lease is not null && !MayReport(cell, request.Lease))
        {
            request.Complete(Problems.LeaseLost(cell));
        }
        else
        {
            if (request is SendRequest)
            {
                cell.Kind.Counters.Count(Counted.Commands);
            }

            cell.IsInRule = true;
            var fault = _decider.Judge(request);
            cell.IsInRule = false;
            if (fault is { } broken)
            {
                cell.Kind.Counters.Count(Counted.Failed);
                _care.LogRuleFailed(broken, cell.Key, request.GetType().Name);
            }

            if (_isOver && request.Change is not null && !cell.Kind.IsVolatile)
            {
                request.Complete(Problems.Stopping());
                return;
            }

            Settle(cell, request);
        }
    }

    /// <summary>Why nothing may be written for this request now; null if it may.</summary>
    private Problem? RefusalOf(Cell cell, Request request)
    {
        if (IsClosed || (IsStopping && !request.IsInternal && request.Lease is null))
        {
            return Problems.Stopping();
        }

        if (cell.Kind.IsVolatile)
        {
            return null;
        }

        return _committer.IsFailing ? Problems.StoreUnavailable(null)
            : request.Lease is null && _committer.IsFullFor(cell.Account) ? Problems.StoreBehind()
            : null;
    }

    /// <summary>A driver reports under its lease, and only on the run that it was given.</summary>
    private static bool MayReport(Cell cell, Lease lease) =>
        // The very lease: terms begin anew with another life, and what is left of the last one must not report to it.
        cell.Drive is { } drive && ReferenceEquals(drive.Lease, lease) && drive.IsOf(cell.Latest);

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
            request.Growth = Math.Max(0, (change.After?.Bytes ?? 0) - (cell.Latest?.Bytes ?? 0));
            cell.Account.AddComing(request.Growth);
            cell.Latest = change.After;
        }

        request.IsHandedOn = true;
        _operations.Add(request);
        Interlocked.Increment(ref cell.Unsettled);
        _committer.Enqueue(request);
    }

    private void SettleAtOnce(Cell cell, Request request)
    {
        if (request.Change is { } change)
        {
            cell.Latest = change.After;
            if (change.Replaces)
            {
                cell.Parts?.Forget();
            }

            if (change.Events.Length > 0)
            {
                cell.EnsureLog();
            }

            if (cell.Kind.IsVolatile)
            {
                // First: whoever sees how far a stream reaches can read it.
                KeepVolatile(cell, request, change);
                Publish(cell, request, change);
            }
            else
            {
                // Before anybody sees it: whoever does and then asks the store waits for it to be there.
                request.IsHandedOn = true;
                _operations.Add(request);
                Interlocked.Increment(ref cell.Unsettled);
                _committer.EnqueueBehind(request, cell.Kind.Policy.WriteBehindDelay);
                Publish(cell, request, change);
            }
        }

        request.Complete();
    }

    private void Publish(Cell cell, Request request, Change change) => _publisher.Publish(
        cell, change.After, change.Events, change.Reason, request.Place, change.Entries);

    private static void KeepVolatile(Cell cell, Request request, Change change)
    {
        if (change.TrimOperationsBefore is { } before && cell.Parts?.Operations is { } known)
        {
            foreach (var old in known.Values.Where(operation => operation.At < before).ToList())
            {
                known.Remove(old.Id);
            }
        }

        if (request.Operation is { } operation)
        {
            (cell.EnsureParts().Operations ??= new(StringComparer.Ordinal))[operation.Id] = operation;
        }

        if (change.Entries.Length > 0)
        {
            cell.EnsureParts().EnsureStreams().Append(change.Entries, change.After?.Extras.Tails);
        }
    }

    /// <summary>What cannot be read can still be removed.</summary>
    private void RemoveUnread(Cell cell, Request request)
    {
        // It was not loaded: what was taken back before must not count against it.
        CatchUp(cell);
        request.Change = new Change(After: null) { BaseVersion = RemoveSession.AnyVersion };
        request.Answer = new Answer<object?>(Nothing.Value) { IsChange = true };
        if (IsClosed || _committer.IsFailing)
        {
            request.Complete(IsClosed ? Problems.Stopping() : Problems.StoreUnavailable(null));
            Care.RetireIfEmpty(cell);
            return;
        }

        Settle(cell, request);
    }
}
