namespace Sojourn.Kinds.Agents.Processes;

/// <summary>
/// What tells the processes of one program besides the marker, for those that have cleared their environment and left
/// their parents: that they were seen to descend of it, or that they still have the terminal or a pipe that it was
/// given.
/// </summary>
/// <remarks>Not for several threads at once.</remarks>
internal sealed class ProcessTraces(ChildProcess child)
{
    private readonly HashSet<(int Pid, ulong StartTime)> _noted = [];

    /// <summary>The program's own, which is taken for theirs.</summary>
    public ProcessMarker Marker => child.Program.Marker;

    /// <summary>Looks who descends of it now: once their parents have ended, that is not to be seen any more.</summary>
    public void Note() => Note(MarkedProcesses.Find(Marker.Equals, this));

    /// <summary>These are known from now on, whoever becomes their parent.</summary>
    public void Note(IEnumerable<MarkedProcess> found) =>
        _noted.UnionWith(found.Select(process => (process.Pid, process.StartTime)));

    /// <summary>Whether a process that has no marker is one of them.</summary>
    public bool Has(ProcessEntry entry) => _noted.Contains((entry.Pid, entry.StartTime))
        || (entry.StartTime >= child.StartTime
            && ProcessTable.StandardStreamsOf(entry.Pid).Any(child.Streams.Contains));
}
