namespace Sojourn.Kinds.Agents.Processes;

/// <summary>
/// Ends programs and all that they have started: step by step, harder each time, and no step that is not needed. Then
/// it looks for what still carries the session's marker, or bears the program's traces, and may have run away into
/// sessions of its own.
/// </summary>
internal sealed class StopLadder(TimeProvider time)
{
    /// <summary>How long what is left behind has to end by itself after SIGTERM.</summary>
    public static readonly TimeSpan SweepPatience = TimeSpan.FromSeconds(2);

    /// <summary>How long what was killed is waited for, which a stuck disk can hold up.</summary>
    public static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(5);

    /// <summary>The part of a deadline that belongs to killing and to what is left behind: one in so many.</summary>
    private const int Reserve = 3;

    /// <summary>Stops one program, with all the time that the steps give it.</summary>
    public Task<StopOutcome> StopAsync(StopOrder order) => StopAsync(order, TimeSpan.MaxValue);

    /// <summary>
    /// Stops many at once. Before the deadline each has been killed; the gentle steps share what time there is before
    /// that.
    /// </summary>
    /// <param name="orders">What to stop.</param>
    /// <param name="within">The deadline, from now. Killing is not left out however short it is; waiting is.</param>
    /// <returns>A report for each, in their order.</returns>
    public Task<StopOutcome[]> StopAllAsync(IEnumerable<StopOrder> orders, TimeSpan within) =>
        Task.WhenAll(orders.Select(order => StopAsync(order, within)));

    /// <summary>
    /// Ends whatever carries such a marker: the survivors of a server that crashed, before anything new is started.
    /// </summary>
    /// <returns>What was ended, and what could not be in time.</returns>
    public Task<(IReadOnlyList<MarkedProcess> Swept, IReadOnlyList<MarkedProcess> Left)> SweepAsync(
        Predicate<ProcessMarker> isWanted, Action<StopNote>? tell, TimeSpan within) =>
        new Sweep(isWanted, tell, time).RunAsync(new TimeLeft(time, within));

    private async Task<StopOutcome> StopAsync(StopOrder order, TimeSpan within)
    {
        var left = new TimeLeft(time, within);
        var gentle = new TimeLeft(time, within == TimeSpan.MaxValue ? within : within - (within / Reserve));
        var child = order.Child;
        var traces = new ProcessTraces(child);
        traces.Note();
        StopBy? last = null;
        foreach (var step in order.Steps.Where(step => step.By != StopBy.Killing))
        {
            var wait = gentle.AtMost(step.Wait);
            if (child.Exited.IsCompleted || wait <= TimeSpan.Zero)
            {
                break;
            }

            if (Applies(step.By, order))
            {
                last = step.By;
                order.Tell?.Invoke(new StopNote.Stepped(step.By));
                await TakeAsync(step.By, order, wait);
            }
        }

        if (!child.Exited.IsCompleted)
        {
            last = StopBy.Killing;
            traces.Note();
            order.Tell?.Invoke(new StopNote.Stepped(StopBy.Killing));
            child.Signal(ChildSignal.Kill);
            await EndedAsync(child, left.AtMost(KillPatience));
        }

        ChildExit? exit = child.Exited.IsCompletedSuccessfully ? await child.Exited : null;
        if (exit is { } how)
        {
            order.Tell?.Invoke(new StopNote.Ended(how, last));
        }

        var (swept, rest) = await new Sweep(child.Program.Marker.Equals, order.Tell, time, traces)
            .RunAsync(left);
        return new StopOutcome(exit, last, swept, rest);
    }

    private static bool Applies(StopBy by, StopOrder order) => by switch
    {
        StopBy.Asking => order.Ask is not null,
        StopBy.ClosingInput => !order.Child.IsInputClosed,
        StopBy.HangingUp => order.Child.IsOnTerminal,
        _ => true,
    };

    private async Task TakeAsync(StopBy by, StopOrder order, TimeSpan wait)
    {
        var since = time.GetTimestamp();
        switch (by)
        {
            case StopBy.Asking when !await TryAskAsync(order, wait):
                return;
            case StopBy.ClosingInput:
                order.Child.CloseInput();
                break;
            case StopBy.Interrupting:
                order.Child.Signal(ChildSignal.Interrupt);
                break;
            case StopBy.HangingUp:
                order.Child.Signal(ChildSignal.Hangup);
                break;
            case StopBy.Terminating:
                order.Child.Signal(ChildSignal.Terminate);
                break;
        }

        await EndedAsync(order.Child, wait - time.GetElapsedTime(since));
    }

    private async Task<bool> TryAskAsync(StopOrder order, TimeSpan wait)
    {
        using var late = new CancellationTokenSource(wait, time);
        try
        {
            // A program may end before it has answered, and one that does not answer is not waited for longer.
            await Task.WhenAny(order.Ask!(late.Token).WaitAsync(late.Token), order.Child.Exited).Unwrap();
            await late.CancelAsync();
            return true;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception failure)
        {
            order.Tell?.Invoke(new StopNote.NotAsked(failure.Message));
            return false;
        }
    }

    private async Task EndedAsync(ChildProcess child, TimeSpan within)
    {
        if (within > TimeSpan.Zero)
        {
            await ((Task)child.Exited).WaitAsync(within, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
