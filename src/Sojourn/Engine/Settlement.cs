using Microsoft.Extensions.Logging;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>
/// What becomes of requests once the store has spoken: they are answered, sent back to be judged again, or kept to be
/// tried again. Belongs to the committer's task.
/// </summary>
internal sealed partial class Settlement(ISessionStore store, Publisher publisher, Prober prober, ILogger log)
{
    private const int MaxAttempts = 10;

    /// <summary>How a request is sent back to be judged again. Set once, before the start.</summary>
    public Action<Request> Resubmit { get; set; } = _ => { };

    /// <summary>Told of each request whose change is in the store, or never will be. Set once.</summary>
    public Action<Request> Settled { get; set; } = _ => { };

    /// <summary>How a record that cannot be read is kept; never throws. Set once.</summary>
    public Func<Cell, DamagedRecordException, Task> KeepAsideAsync { get; set; } = (_, _) => Task.CompletedTask;

    // Sessions of which nobody knows what the store has, because a commit of theirs failed.
    private readonly HashSet<Cell> _doubtful = [];

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
                await ReconcileAsync(group).ConfigureAwait(false);
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

    /// <summary>
    /// Something broke while a group was settled. Nobody waits for ever, and nothing is taken for granted.
    /// </summary>
    public void Break(Group group, Exception broken)
    {
        if (!group.Cell.Kind.IsDurable)
        {
            // Acknowledged: tried again, and found to be in the store if it is.
            prober.Failed(broken);
            Carry.InsertRange(0, group.Requests.Where(request => request.IsHandedOn));
            return;
        }

        group.Cell.MustReload = true;
        TakeBack(group.Cell);
        foreach (var request in group.Requests.Where(request => !request.IsAnswered))
        {
            Fail(request, Problems.StoreUnavailable(broken));
        }
    }

    private void Committed(Group group)
    {
        var cell = group.Cell;
        var last = group.Last!.Value;
        var after = last.After;
        if (cell.Kind.IsDurable)
        {
            publisher.Publish(cell, after, group.Events(), last.Reason, group.Place, group.Entries());
        }
        else
        {
            NoteStored(cell, after);
        }

        Answer(group);
        if (after is null)
        {
            Resubmit(new RetireRequest(cell));
        }
        else if (after.ExpiresAt != group.WrittenExpiry)
        {
            // The policy was changed while this was being written; whoever did that may not have found it in the store.
            Resubmit(new RestampRequest(cell));
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
    public void TakeBack(IReadOnlyList<Group> groups, Exception failure)
    {
        // First: what waits for the next batch was decided after these. All at once, since there may be many.
        Carry.InsertRange(
            0, groups.Where(group => !group.Cell.Kind.IsDurable).SelectMany(group => group.Requests).ToList());
        foreach (var group in groups.Where(group => group.Cell.Kind.IsDurable))
        {
            TakeBack(group.Cell);
            // Before its requests are settled: from then on nothing else keeps it in memory.
            group.Cell.IsDoubtful = true;
            _doubtful.Add(group.Cell);
            foreach (var request in group.Requests)
            {
                Fail(request, Problems.StoreUnavailable(failure));
            }
        }
    }

    /// <summary>
    /// Finds out what the commits that failed have left, before the next one: it may be all of them. While none is
    /// under way, this is the only one who publishes what is durable.
    /// </summary>
    public async ValueTask LearnAsync()
    {
        try
        {
            foreach (var cell in _doubtful.ToList())
            {
                if (cell.IsLoaded && !cell.MustReload)
                {
                    await LearnAsync(cell).ConfigureAwait(false);
                }

                _doubtful.Remove(cell);
                cell.IsDoubtful = false;
                // It may be without a session, and was not let go.
                Resubmit(new RetireRequest(cell));
            }
        }
        catch
        {
            // Nothing is decided on what they are believed to be until they can be read.
            foreach (var cell in _doubtful)
            {
                cell.MustReload = true;
                TakeBack(cell);
            }

            throw;
        }
    }

    private async ValueTask LearnAsync(Cell cell)
    {
        Snapshot? stored;
        try
        {
            var record = await store.LoadAsync(cell.Key, CancellationToken.None).ConfigureAwait(false);
            stored = record is null ? null : Loader.Read(cell, record);
        }
        catch (DamagedRecordException)
        {
            // Whoever asks next is told.
            cell.MustReload = true;
            return;
        }

        if (stored?.Version != cell.Visible?.Version || stored?.CreatedAt != cell.Visible?.CreatedAt)
        {
            publisher.Publish(cell, stored, []);
            TakeBack(cell);
        }
    }

    // Whatever was decided in the epoch that ends here, in the line or in the queue, will be decided anew.
    public static void TakeBack(Cell cell) => cell.Epoch++;

    public void SendBack(Request request)
    {
        Settle(request);
        if (++request.Attempts >= MaxAttempts)
        {
            request.Complete(Problems.ChangedTooOften());
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
        if (!request.IsHandedOn)
        {
            // Settled before something broke.
            return;
        }

        // In this order: a cell without unsettled requests may go out of use, and then nobody must find this one.
        Settled(request);
        request.IsHandedOn = false;
        request.Cell.Account.AddComing(-request.Growth);
        request.Growth = 0;
        Interlocked.Decrement(ref request.Cell.Unsettled);
    }
}
