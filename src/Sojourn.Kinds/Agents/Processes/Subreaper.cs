namespace Sojourn.Kinds.Agents.Processes;

/// <summary>
/// While there is one, orphans among the children's descendants become children of this process, so that their parents'
/// numbers tell whose they are, and their exits are asked for. One at a time in a process.
/// </summary>
internal sealed class Subreaper : IDisposable
{
    private readonly AdoptedZombies _adopted;

    private Subreaper(AdoptedZombies adopted) => _adopted = adopted;

    /// <returns>Null if this system cannot do it; orphans then go to the system's first process.</returns>
    public static Subreaper? TryBecome(TimeProvider time)
    {
        if (ChildProcess.WhyNotHere is not null || !NativeProcesses.TrySetSubreaper(true))
        {
            return null;
        }

        var adopted = new AdoptedZombies(time);
        Reaper.Shared.Adopt(adopted);
        return new Subreaper(adopted);
    }

    public void Dispose()
    {
        _ = NativeProcesses.TrySetSubreaper(false);
        Reaper.Shared.Adopt(null);
        _adopted.Dispose();
    }
}
