namespace Sojourn.Kinds.Agents.Processes;

/// <summary>
/// Orphans that this process was given as their subreaper and that have ended: nobody else asks for their exits.
/// </summary>
/// <remarks>
/// They must be told from children that other code in this process has started and will ask for itself. All that
/// descends of ours is in another session than this process. Of a child that was born here and not adopted that can be
/// so only if it leads that session, so what does not lead is reaped at once. What leads may be somebody's who ran
/// <c>setsid</c>; the runtime asks for its own within milliseconds, so one that is still there after a while is reaped
/// too.
/// </remarks>
internal sealed class AdoptedZombies(TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Doubt = TimeSpan.FromSeconds(5);

    private readonly int _self = Environment.ProcessId;
    private readonly int _session = NativeProcesses.SessionOf(0);
    private readonly Dictionary<(int Pid, ulong StartTime), long> _doubtful = [];
    private ITimer? _lookAgain;

    /// <summary>One at a time.</summary>
    /// <param name="isOurs">Whether somebody waits for the exit of the child with this number.</param>
    public void Reap(Func<int, bool> isOurs)
    {
        if (!NativeProcesses.IsSomeZombieLeft())
        {
            _doubtful.Clear();
            return;
        }

        var zombies = ProcessTable.All().Where(entry => entry.IsZombie && entry.Parent == _self
            && entry.Session != _session && !isOurs(entry.Pid)).ToList();
        foreach (var gone in _doubtful.Keys.Except(zombies.Select(entry => (entry.Pid, entry.StartTime))).ToList())
        {
            _doubtful.Remove(gone);
        }

        foreach (var zombie in zombies.Where(IsSurelyAdopted))
        {
            _ = NativeProcesses.TryReap(zombie.Pid);
            _doubtful.Remove((zombie.Pid, zombie.StartTime));
        }

        if (_doubtful.Count > 0)
        {
            _lookAgain ??= time.CreateTimer(_ => Reaper.Shared.Look(), null, Timeout.InfiniteTimeSpan, default);
            _lookAgain.Change(Doubt, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _lookAgain?.Dispose();

    private bool IsSurelyAdopted(ProcessEntry zombie)
    {
        if (zombie.Session != zombie.Pid)
        {
            return true;
        }

        var key = (zombie.Pid, zombie.StartTime);
        if (_doubtful.TryGetValue(key, out var since))
        {
            return time.GetElapsedTime(since) >= Doubt;
        }

        _doubtful[key] = time.GetTimestamp();
        return false;
    }
}
