namespace Sojourn.Kinds.Agents.Processes;

/// <summary>
/// Holds on to one process, so that a signal reaches it or nobody: never another that was given its number since.
/// </summary>
internal sealed class ProcessHandle : IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    private readonly int _pid;
    private readonly ulong _startTime;
    private readonly TimeProvider _time;
    private readonly Descriptor? _process;

    private ProcessHandle(int pid, ulong startTime, TimeProvider time, Descriptor? process) =>
        (_pid, _startTime, _time, _process) = (pid, startTime, time, process);

    /// <summary>Whether it has ended; also if its parent has not asked for its exit yet.</summary>
    public bool HasEnded => ProcessTable.Find(_pid) is not { IsZombie: false } entry || entry.StartTime != _startTime;

    /// <returns>Null if that process has ended.</returns>
    public static ProcessHandle? TryOpen(int pid, ulong startTime, TimeProvider time) =>
        Check(new ProcessHandle(pid, startTime, time, Open(pid)));

    /// <summary>As <see cref="TryOpen"/>, on a system older than Linux 5.3, where the number is all there is.</summary>
    public static ProcessHandle? TryOpenByNumber(int pid, ulong startTime, TimeProvider time) =>
        Check(new ProcessHandle(pid, startTime, time, null));

    /// <returns>False if it has ended, or may not be signalled.</returns>
    public bool Signal(ChildSignal signal) => _process is not null
        ? NativeProcesses.Signal(_process.Handle, signal)
        : !HasEnded && NativeProcesses.Kill(_pid, (int)signal) == 0;

    /// <summary>Completes when it has ended.</summary>
    public async Task EndedAsync(CancellationToken giveUp)
    {
        while (!HasEnded)
        {
            await (_process?.ReadyAsync(giveUp) ?? Task.Delay(BetweenLooks, _time, giveUp));
        }
    }

    public void Dispose() => _process?.Dispose();

    private static Descriptor? Open(int pid) =>
        NativeProcesses.TryOpen(pid) is { } process ? Descriptor.ForReading(process) : null;

    // The number may have been another's by the time that the handle was opened.
    private static ProcessHandle? Check(ProcessHandle handle)
    {
        if (!handle.HasEnded)
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }
}
