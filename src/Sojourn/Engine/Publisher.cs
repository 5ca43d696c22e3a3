namespace Sojourn.Engine;

/// <summary>Makes a snapshot the one that everybody sees, and tells all who wait for it.</summary>
internal sealed class Publisher(WakeClock wakeClock)
{
    public void Publish(Cell cell, Snapshot? after, IReadOnlyList<SessionEvent> events, RemovalReason reason = default)
    {
        var before = cell.Visible;
        if (events.Count > 0)
        {
            cell.Log?.Append(events, MustKeepFrom(cell, after));
        }

        cell.Visible = after;
        // A watcher makes the log, then reads Visible; this side writes Visible, then looks for the log. Without the
        // barrier both could miss the other, and the watcher would wait for a pulse that has been.
        Interlocked.MemoryBarrier();
        if (after is null)
        {
            cell.Log?.Close(reason);
        }
        else
        {
            cell.Log?.Pulse();
        }

        if (after?.DueAt is { } due && before?.DueAt != due)
        {
            wakeClock.Note(cell, due);
        }

        var (run, next) = (before?.BusySince ?? 0, after?.BusySince ?? 0);
        if (run != next && run > 0)
        {
            cell.Drive?.End();
        }

        if (run != next && next > 0)
        {
            cell.Kind.Dispatcher?.Nudge(cell);
        }
    }

    // What the store has can be read from there; what it will never have must stay in memory.
    private static long MustKeepFrom(Cell cell, Snapshot? after) => cell.Kind.Policy.Durability switch
    {
        Durability.Volatile => after?.FirstEvent ?? 0,
        Durability.WriteBehind => cell.StoredLastEvent + 1,
        _ => long.MaxValue,
    };
}
