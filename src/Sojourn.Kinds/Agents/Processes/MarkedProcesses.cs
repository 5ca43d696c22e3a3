namespace Sojourn.Kinds.Agents.Processes;

/// <summary>A living process that belongs to a session.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="StartTime">With the number it names one process and no other.</param>
/// <param name="Name">The first 15 bytes of its program's name.</param>
/// <param name="Marker">Its own, or that of the nearest ancestor that has one.</param>
internal sealed record MarkedProcess(int Pid, ulong StartTime, string Name, ProcessMarker Marker);

/// <summary>
/// Finds the processes of sessions, whoever started them and when: by the marker in their environment, and what
/// descends of these, for a program may clear its environment. What does both, clears it and leaves its parents, is
/// found by its traces alone, and by a server that has crashed since not at all.
/// </summary>
internal static class MarkedProcesses
{
    /// <summary>All that may be looked at, but for this process. Zombies do not count.</summary>
    /// <param name="isWanted">
    /// Which markers to look for. What descends of a wanted process is wanted, whatever it is marked with.
    /// </param>
    /// <param name="traces">By what those are known that have no marker; null for not at all.</param>
    public static IReadOnlyList<MarkedProcess> Find(Predicate<ProcessMarker> isWanted, ProcessTraces? traces = null)
    {
        var living = ProcessTable.All()
            .Where(entry => !entry.IsZombie && entry.Pid != Environment.ProcessId)
            .ToList();
        var children = living.ToLookup(entry => entry.Parent);
        var found = new Dictionary<int, MarkedProcess>();
        foreach (var entry in living)
        {
            if ((ProcessTable.MarkerOf(entry.Pid) ?? (traces?.Has(entry) == true ? traces.Marker : null)) is { } marker
                && isWanted(marker))
            {
                found[entry.Pid] = Marked(entry, marker);
            }
        }

        var parents = new Queue<MarkedProcess>(found.Values);
        while (parents.TryDequeue(out var parent))
        {
            foreach (var child in children[parent.Pid].Where(child => !found.ContainsKey(child.Pid)))
            {
                var marked = Marked(child, parent.Marker);
                found[child.Pid] = marked;
                parents.Enqueue(marked);
            }
        }

        return [.. found.Values];
    }

    private static MarkedProcess Marked(ProcessEntry entry, ProcessMarker marker) =>
        new(entry.Pid, entry.StartTime, entry.Name, marker);
}
