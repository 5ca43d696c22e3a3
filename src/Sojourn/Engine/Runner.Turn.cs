namespace Sojourn.Engine;

/// <content>How a request comes to its session's turn, and how the turn is left, whatever happens in it.</content>
internal sealed partial class Runner
{
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
        await run.ConfigureAwait(false);
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
            await RunAsync(cell, (Request)work).ConfigureAwait(false);
            work = next;
        }

        Leave(cell);
    }

    /// <summary>Never throws: whoever holds a turn must come to leave it, or the session would answer nobody.</summary>
    private ValueTask RunAsync(Cell cell, Request request)
    {
        try
        {
            var run = RunInTurnAsync(cell, request);
            return run.IsCompletedSuccessfully ? default : FinishAsync(run, cell, request);
        }
        catch (Exception broken)
        {
            Break(cell, request, broken);
            return default;
        }
    }

    private async ValueTask FinishAsync(ValueTask run, Cell cell, Request request)
    {
        try
        {
            await run.ConfigureAwait(false);
        }
        catch (Exception broken)
        {
            Break(cell, request, broken);
        }
    }

    /// <summary>Something of the engine's own broke; what is with the committer is answered by that.</summary>
    private void Break(Cell cell, Request request, Exception broken)
    {
        _care.LogRequestBroke(broken, cell.Key, request.GetType().Name);
        if (!request.IsAnswered && !(request.IsHandedOn && cell.Kind.IsDurable))
        {
            request.Complete(Problems.RuleFailed(cell, broken));
        }
    }
}
