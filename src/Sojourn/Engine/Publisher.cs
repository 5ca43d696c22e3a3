namespace Sojourn.Engine;

/// <summary>Makes a snapshot the one that everybody sees, counts it, and tells all who wait for it.</summary>
internal sealed class Publisher(WakeClock wakeClock, Observers observers)
{
    public void Publish(
        Cell cell,
        Snapshot? after,
        IReadOnlyList<SessionEvent> events,
        RemovalReason reason = default,
        Reservation? place = null)
    {
        var before = cell.Visible;
        if (events.Count > 0)
        {
            cell.Log?.Append(events, MustKeepFrom(cell, after));
        }

        Count(cell, before, after, reason, place);
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

        // The same snapshot again: the policy has changed, and with it when the session is due.
        if (after?.DueAt is { } due && (before?.DueAt != due || ReferenceEquals(before, after)))
        {
            wakeClock.Note(cell, due);
        }

        Drive(cell, before, after);
        if (observers.Any)
        {
            observers.Tell(cell, before, after, events, reason);
        }
    }

    private static void Drive(Cell cell, Snapshot? before, Snapshot? after)
    {
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

    private static void Count(Cell cell, Snapshot? before, Snapshot? after, RemovalReason reason, Reservation? place)
    {
        if (before is not null && after is not null && ReferenceEquals(before.Status, after.Status)
            && (cell.Kind.IsVolatile || before.Bytes == after.Bytes))
        {
            return;
        }

        var (kind, account) = (cell.Kind, cell.Account);
        var share = account.TallyOf(kind);
        if (!ReferenceEquals(before?.Status, after?.Status))
        {
            kind.Tally.Move(before?.Status, after?.Status);
            share.Move(before?.Status, after?.Status);
            if (after is not null && (before is not null || after.Status.Final))
            {
                Interlocked.Increment(ref kind.Upheavals);
            }
        }

        var bytes = kind.IsVolatile ? 0 : (after?.Bytes ?? 0) - (before?.Bytes ?? 0);
        kind.Tally.AddBytes(bytes);
        share.AddBytes(bytes);
        account.AddBytes(bytes);
        if (before is null == after is null)
        {
            return;
        }

        var sessions = after is null ? -1 : 1;
        kind.Ages.Add((after ?? before)!.CreatedAt, sessions);
        kind.Counters.Count(after is not null ? Counted.Created
            : reason == RemovalReason.Expired ? Counted.Expired
            : reason == RemovalReason.Evicted ? Counted.Evicted
            : Counted.Removed);
        if (after is not null && place is not null)
        {
            place.Begin();
        }
        else
        {
            kind.Tally.Add(sessions, isReserved: false);
            share.Add(sessions, isReserved: false);
            account.AddSessions(sessions);
        }
    }

    // What the store has can be read from there; what it will never have must stay in memory.
    private static long MustKeepFrom(Cell cell, Snapshot? after) =>
        cell.Kind.IsDurable ? long.MaxValue
        : cell.Kind.IsVolatile ? after?.FirstEvent ?? 0
        : (cell.Parts?.Stored?.LastEvent ?? 0) + 1;
}
