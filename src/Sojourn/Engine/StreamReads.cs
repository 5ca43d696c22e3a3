using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>Reads the logs of sessions as streams: the events and the named ones, a page at a time.</summary>
internal sealed class StreamReads(SessionStreams streams)
{
    /// <summary>A page of what a snapshot shows; null if another life has begun meanwhile, and is about to be
    /// seen.</summary>
    public async ValueTask<StreamPage?> PageAsync(
        Cell cell, Snapshot visible, StreamWish wish, CancellationToken giveUp)
    {
        if (cell.Log?.Shared(visible, wish) is { } shared)
        {
            return shared;
        }

        var isEvents = wish.Stream == StreamKey.Events;
        var tail = visible.Extras.Tails.GetValueOrDefault(wish.Stream);
        var (first, last) = isEvents
            ? (visible.FirstEvent, visible.LastEvent)
            : (tail?.First ?? 1, tail?.Last ?? 0);
        if (wish.After >= last || wish.After + 1 < first)
        {
            return new StreamPage(cell.View(visible), first, last, []);
        }

        var found = isEvents
            ? await EventsAsync(cell, visible, wish, giveUp).ConfigureAwait(false)
            : cell.Log?.Read(visible.CreatedAt, wish.Stream, wish.After, wish.Most)
                ?? await StoredAsync(cell, visible, wish, giveUp).ConfigureAwait(false);
        // If it does not begin there, a newer step has dropped what was asked for, and is about to be seen.
        if (found is null || Following(found, wish, last) is not { Count: > 0 } items)
        {
            return null;
        }

        var page = new StreamPage(cell.View(visible), first, last, items);
        if (cell.Kind.IsDurable)
        {
            // Of other kinds a view tells how far the store is, and that changes by itself.
            cell.Log?.Share(visible, wish, page);
        }

        return page;
    }

    private async ValueTask<IReadOnlyList<StreamItem>?> EventsAsync(
        Cell cell, Snapshot visible, StreamWish wish, CancellationToken giveUp)
    {
        var seen = new SessionStreams.Seen(visible.CreatedAt, visible.LastActivityAt, visible.LastEvent);
        var events = await streams.EventsAsync(cell, seen, wish.After, wish.Most.Entries, giveUp).ConfigureAwait(false);
        return events is null or [] ? null : [.. events.Select(happened => happened.Item)];
    }

    private async ValueTask<IReadOnlyList<StreamItem>?> StoredAsync(
        Cell cell, Snapshot visible, StreamWish wish, CancellationToken giveUp)
    {
        var entries = await streams.ReadAsync(cell, wish.Stream, wish.After, wish.Most, giveUp).ConfigureAwait(false);
        // A life is decided before it is stored. So if what was read is of the next one, this shows that there is one.
        return entries.Count == 0 || cell.Latest?.CreatedAt != visible.CreatedAt
            ? null
            : [.. entries.Select(entry => new StreamItem(entry.Number, entry.Bytes))];
    }

    private static List<StreamItem> Following(IReadOnlyList<StreamItem> found, StreamWish wish, long last)
    {
        var items = new List<StreamItem>(found.Count);
        var bytes = 0;
        foreach (var item in found)
        {
            if (item.Number != wish.After + 1 + items.Count || item.Number > last || bytes >= wish.Most.Bytes)
            {
                break;
            }

            items.Add(item);
            bytes += item.Bytes.Length;
        }

        return items;
    }
}

/// <summary>What a reader wants.</summary>
/// <param name="Stream">The log.</param>
/// <param name="After">The last entry that was seen.</param>
/// <param name="Most">How much at most.</param>
internal readonly record struct StreamWish(string Stream, long After, StreamLimits Most);
