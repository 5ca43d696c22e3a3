using System.Runtime.CompilerServices;

namespace Sojourn.Engine;

/// <summary>
/// Follows one session's events. A watcher pulls, at its own pace: nothing is queued for it, so a slow one costs
/// no memory and holds up nobody.
/// </summary>
internal sealed class Watch(Cell cell, EventLog log, SessionStreams streams)
{
    private const int PageSize = 128;

    /// <summary>Ahead of every log: what is of another life is answered as what no log has.</summary>
    private const long Nowhere = long.MaxValue - 1;

    /// <summary>
    /// Everything after a number, in order and without gaps, then what happens; ends when the session is gone.
    /// </summary>
    /// <param name="of">The life that the number is of; null for whichever there is.</param>
    /// <param name="after">The number.</param>
    /// <param name="stop">Breaks off.</param>
    public async IAsyncEnumerable<SessionNews> FollowAsync(
        DateTimeOffset? of, long after, [EnumeratorCancellation] CancellationToken stop)
    {
        var life = cell.Visible?.CreatedAt;
        after = of is null || of == life ? after : Nowhere;
        while (!stop.IsCancellationRequested)
        {
            // In this order: what is published after the pulse was taken will complete it.
            var pulse = log.NextPulse();
            // A log that is closed is followed to its end, whatever has begun in its session's place.
            var visible = log.Closed is null ? cell.Visible : null;
            if (visible is not null && visible.CreatedAt != life)
            {
                // Another session of the same id: its events are not the ones that were asked for.
                yield return new SessionRemoved(log.Closed ?? RemovalReason.Removed);
                yield break;
            }

            var last = visible?.LastEvent ?? long.MaxValue;
            var before = after;
            var page = await PageAsync(visible, life, after, stop).ConfigureAwait(false);
            foreach (var happened in page ?? [])
            {
                if (happened.Number == after + 1 && happened.Number <= last)
                {
                    after = happened.Number;
                    yield return happened;
                }
            }

            if (after > before)
            {
                continue;
            }

            if (page is null)
            {
                // The next life is in the store, and is about to be seen.
                await pulse.WaitAsync(stop).ConfigureAwait(false);
            }
            else if (visible is not null && after != last)
            {
                // Trimmed, or an offset from another life of this id: begin anew from here.
                after = last;
                yield return new SessionSnapshot(cell.View(visible));
            }
            else if (visible is null)
            {
                yield return new SessionRemoved(log.Closed ?? RemovalReason.Removed);
                yield break;
            }
            else
            {
                await pulse.WaitAsync(stop).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<IReadOnlyList<SessionEvent>?> PageAsync(
        Snapshot? visible, DateTimeOffset? life, long after, CancellationToken stop)
    {
        if (visible is null)
        {
            // The session is gone, and with it its log in the store; the last events may still be in memory.
            return log.Read(life, after, PageSize) ?? [];
        }

        return after < visible.LastEvent && after + 1 >= visible.FirstEvent
            ? await streams.EventsAsync(
                cell,
                new(visible.CreatedAt, visible.LastActivityAt, visible.LastEvent),
                after,
                PageSize,
                stop).ConfigureAwait(false)
            : [];
    }
}
