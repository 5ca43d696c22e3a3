namespace Sojourn.Kinds.Agents.Processes;

/// <summary>
/// Ends all that carries a marker: SIGTERM first, then SIGKILL, again and again until two looks in a row find nothing,
/// since a process may start another between a look and a signal.
/// </summary>
internal sealed class Sweep(
    Predicate<ProcessMarker> isWanted, Action<StopNote>? tell, TimeProvider time, ProcessTraces? traces = null)
{
    private const int MostRounds = 100;

    private readonly Dictionary<(int, ulong), MarkedProcess> _seen = [];

    public async Task<(IReadOnlyList<MarkedProcess> Swept, IReadOnlyList<MarkedProcess> Left)> RunAsync(TimeLeft left)
    {
        var found = Look();
        if (found.Count == 0)
        {
            return ([], []);
        }

        await SignalAsync(found, ChildSignal.Terminate, left.AtMost(StopLadder.SweepPatience));
        var kill = new TimeLeft(time, left.AtMost(StopLadder.KillPatience));
        var rest = Look();
        for (var round = 0; round < MostRounds && rest.Count > 0; round++)
        {
            var patience = kill.AtMost(StopLadder.KillPatience);
            await SignalAsync(rest, ChildSignal.Kill, patience);
            rest = Look();
            if (patience <= TimeSpan.Zero)
            {
                break;
            }
        }

        foreach (var process in rest)
        {
            tell?.Invoke(new StopNote.Left(process));
        }

        var leftKeys = rest.Select(Key).ToHashSet();
        return ([.. _seen.Values.Where(process => !leftKeys.Contains(Key(process)))], rest);
    }

    private static (int, ulong) Key(MarkedProcess process) => (process.Pid, process.StartTime);

    // A process that is between two programs has no environment for a moment, so nothing is believed once.
    private IReadOnlyList<MarkedProcess> Look()
    {
        var found = MarkedProcesses.Find(isWanted, traces);
        if (found.Count == 0)
        {
            found = MarkedProcesses.Find(isWanted, traces);
        }

        traces?.Note(found);
        foreach (var process in found)
        {
            _seen[Key(process)] = process;
        }

        return found;
    }

    private async Task SignalAsync(IReadOnlyList<MarkedProcess> processes, ChildSignal signal, TimeSpan wait)
    {
        List<ProcessHandle> signalled = [];
        try
        {
            foreach (var process in processes)
            {
                if (ProcessHandle.TryOpen(process.Pid, process.StartTime, time) is not { } handle)
                {
                    continue;
                }

                signalled.Add(handle);
                tell?.Invoke(new StopNote.Swept(process, signal));
                handle.Signal(signal);
            }

            if (signalled.Count > 0 && wait > TimeSpan.Zero)
            {
                using var late = new CancellationTokenSource(wait, time);
                await Task.WhenAll(signalled.Select(handle => handle.EndedAsync(late.Token)))
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            signalled.ForEach(handle => handle.Dispose());
        }
    }
}
