using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>
/// What becomes of requests once the store has spoken: they are answered, sent back to be judged again, or kept to be
/// tried again. Belongs to the committer's task.
/// </summary>
internal sealed class Settlement(ISessionStore store, Publisher publisher, Prober prober)
{
    private const int MaxAttempts = 10;

    /// <summary>How a request is sent back to be judged again. Set once, before the start.</summary>
    public Action<Request> Resubmit { get; set; } = _ => { };

    /// <summary>Told of each request whose change is in the store, or never will be. Set once.</summary>
    public Action<Request> Settled { get; set; } = _ => { };

    /// <summary>What must go first in the next batch.</summary>
    public List<Request> Carry { get; } = [];

    public async ValueTask SettleAsync(Group group, CommitResult result)
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
            publisher.Publish(cell, after, group.Events(), last.Reason);
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

    public void Answer(Group group)
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
    public void TakeBack(Group group, Exception failure)
    {
        if (!group.Cell.Kind.IsDurable)
        {
            Carry.AddRange(group.Requests);
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
    public static void TakeBack(Cell cell) => cell.Epoch++;

    public void SendBack(Request request)
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

    public void Fail(Request request, Problem problem)
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
            stored = (await store.LoadAsync(group.Cell.Key, CancellationToken.None))?.Version ?? 0;
        }
        catch (Exception failure)
        {
            prober.Failed(failure);
            Carry.AddRange(group.Requests);
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
                Carry.Add(request);
            }
        }
    }
}
