using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>Makes a snapshot the one that everybody sees, counts it, and tells all who wait for it.</summary>
internal sealed class Publisher(WakeClock wakeClock, Observers observers)
{
    public void Publish(
        Cell cell,
        Snapshot? after,
        IReadOnlyList<SessionEvent> events,
        RemovalReason reason = default,
        Reservation? place = null,
        IReadOnlyList<StreamEntry>? entries = null)
    {
        var before = cell.Visible;
        var isAnew = after is not null && before?.CreatedAt != after.CreatedAt;
        if (isAnew && (before is not null || cell.Log?.Closed is not null))
        {
            // First of all: what the log of one life has is never read as the next one's.
            cell.EnsureParts().RenewLog(reason);
        }

        if (events.Count > 0)
        {
            cell.Log?.Append(events, after?.CreatedAt, MustKeepFrom(cell, after));
        }

        if (entries is { Count: > 0 })
        {
            cell.Log?.Append(entries, after?.CreatedAt);
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

        if (isAnew && before is not null)
        {
            // Two lives, one after the other, to all who count runs or listen.
            Follow(cell, before, null, [], reason);
            before = null;
        }

        Follow(cell, before, after, events, reason);
    }

    private void Follow(
        Cell cell, Snapshot? before, Snapshot? after, IReadOnlyList<SessionEvent> events, RemovalReason reason)
    {
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
        if (after is null || (run != next && run > 0))
        {
            // Also one that went without having been read.
            cell.Kind.Dispatcher?.RunEnded(cell);
        }

        if (run != next && next > 0)
        {
            cell.Kind.Dispatcher?.Nudge(cell);
        }
    }

    private static void Count(Cell cell, Snapshot? before, Snapshot? after, RemovalReason reason, Reservation? place)
    {
        var isSameLife = before is not null && after is not null && before.CreatedAt == after.CreatedAt;
        if (isSameLife && ReferenceEquals(before!.Status, after!.Status)
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
        if (!isSameLife)
        {
            CountLives(cell, before, after, reason);
        }

        var sessions = (after is null ? 0 : 1) - (before is null ? 0 : 1);
        if (sessions == 1 && place is not null)
        {
            place.Begin();
        }
        else if (sessions != 0)
        {
            kind.Tally.Add(sessions, isReserved: false);
            share.Add(sessions, isReserved: false);
            account.AddSessions(sessions);
        }
    }

    private static void CountLives(Cell cell, Snapshot? before, Snapshot? after, RemovalReason reason)
    {
        var kind = cell.Kind;
        if (before is not null)
        {
            kind.Ages.Add(before.CreatedAt, -1);
            kind.Counters.Count(
                reason == RemovalReason.Expired ? Counted.Expired
                : reason == RemovalReason.Evicted ? Counted.Evicted
                : Counted.Removed);
        }

        if (after is not null)
        {
            kind.Ages.Add(after.CreatedAt, 1);
            kind.Counters.Count(Counted.Created);
        }
    }

    // What the store has can be read from there; what it will never have must stay in memory.
    private static long MustKeepFrom(Cell cell, Snapshot? after) =>
        cell.Kind.IsDurable ? long.MaxValue
        : cell.Kind.IsVolatile ? after?.FirstEvent ?? 0
        : cell.Parts?.Stored is { } stored && stored.CreatedAt == after?.CreatedAt ? stored.LastEvent + 1
        : 1;
}
