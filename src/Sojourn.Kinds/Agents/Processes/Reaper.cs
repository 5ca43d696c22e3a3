using System.Runtime.InteropServices;

namespace Sojourn.Kinds.Agents.Processes;

/// <summary>
/// Learns how children end, and asks for each of its own alone: the children of others in this process, such as those
/// of <see cref="System.Diagnostics.Process"/>, are not touched. A number is freed only here, so whoever signals a
/// child under the same lock never hits another process.
/// </summary>
internal sealed class Reaper
{
    private static readonly Lazy<Reaper> Lazily = new(() => new Reaper());

    private readonly Lock _gate = new();
    private readonly Dictionary<int, TaskCompletionSource<ChildExit>> _living = [];
    private readonly PosixSignalRegistration _hearing;
    private int _starting;
    private AdoptedZombies? _adopted;

#pragma warning disable CA1416 // Reached on Linux only: see ChildProcess.WhyNotHere.
    private Reaper() => _hearing = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => Look());
#pragma warning restore CA1416

    /// <summary>That of this process; it lives as long.</summary>
    public static Reaper Shared => Lazily.Value;

    /// <summary>Starts a child and follows it.</summary>
    /// <param name="spawn">Gives the child's number, or throws.</param>
    public (int Pid, Task<ChildExit> Exited) Follow(Func<int> spawn)
    {
        lock (_gate)
        {
            _starting++;
        }

        var ended = new TaskCompletionSource<ChildExit>(TaskCreationOptions.RunContinuationsAsynchronously);
        var pid = 0;
        try
        {
            pid = spawn();
        }
        finally
        {
            lock (_gate)
            {
                _starting--;
                if (pid != 0)
                {
                    _living.Add(pid, ended);
                }
            }

            // What ended before it was in the list, and what was left alone while something was started.
            Look();
        }

        return (pid, ended.Task);
    }

    /// <summary>Does something with a child's number while it cannot belong to another process.</summary>
    /// <returns>False if the child has ended.</returns>
    public bool TryWithLiving(int pid, Action<int> act)
    {
        lock (_gate)
        {
            if (!_living.ContainsKey(pid))
            {
                return false;
            }

            act(pid);
            return true;
        }
    }

    /// <summary>Takes care of what is adopted, or no longer.</summary>
    public void Adopt(AdoptedZombies? adopted)
    {
        lock (_gate)
        {
            _adopted = adopted;
        }

        Look();
    }

    /// <summary>Asks for the exits of all that have ended.</summary>
    public void Look()
    {
        List<(TaskCompletionSource<ChildExit> Ended, ChildExit Exit)> exits = [];
        lock (_gate)
        {
            foreach (var (pid, ended) in _living)
            {
                if (NativeProcesses.TryReap(pid) is { } exit)
                {
                    _living.Remove(pid);
                    exits.Add((ended, exit));
                }
            }

            // A child that is being started is nobody's yet, and would be taken for an adopted one.
            if (_starting == 0)
            {
                _adopted?.Reap(_living.ContainsKey);
            }
        }

        exits.ForEach(each => each.Ended.TrySetResult(each.Exit));
    }
}
