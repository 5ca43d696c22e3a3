using System.Globalization;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>Lists sessions without loading them.</summary>
internal static class Listing
{
    public static async ValueTask<SessionPage> ListAsync(EngineParts parts, SessionQuery query, CancellationToken giveUp)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, SessionQuery.MaxLimit, nameof(query));
        var kind = parts.Kind(query.Kind);
        if (kind.IsVolatile)
        {
            return ListVolatile(kind, query);
        }

        if (!kind.IsDurable)
        {
            // Acknowledged steps are on their way; a list must not be older than an answer.
            await parts.Committer.FlushAsync().WaitAsync(giveUp);
        }

        var page = await parts.Store.ListAsync(query, giveUp);
        return new SessionPage([.. page.Sessions.Select(record => View(kind, record))], page.Next);
    }

    private static SessionPage ListVolatile(KindRuntime kind, SessionQuery query)
    {
        // The cursor is the last one's creation time and id: newest first, then by id.
        var parts = query.Cursor?.Split('~') ?? [];
        var (ticks, id) = parts is [var time, var name]
            ? (long.Parse(time, CultureInfo.InvariantCulture), name)
            : query.Cursor is null ? (long.MaxValue, "") : throw new FormatException("The cursor is not one of this list's.");
        var found = kind.Cells.Values.Where(cell => cell.Owner == query.Owner)
            .Select(cell => (Cell: cell, Seen: cell.Visible!)).Where(session => session.Seen is not null)
            .Where(session => query.Status is null || session.Seen.Status.Name == query.Status)
            .Where(session => session.Seen.Extras.CreatedAt.UtcTicks < ticks || (session.Seen.Extras.CreatedAt.UtcTicks == ticks
                && string.CompareOrdinal(session.Cell.Id.ToString(), id) > 0))
            .OrderByDescending(session => session.Seen.Extras.CreatedAt)
            .ThenBy(session => session.Cell.Id.ToString(), StringComparer.Ordinal)
            .Take(query.Limit + 1).ToList();
        var page = found.Take(query.Limit).ToList();
        return new SessionPage(
            [.. page.Select(session => session.Cell.View(session.Seen) with { State = null! })],
            found.Count > page.Count ? $"{page[^1].Seen.Extras.CreatedAt.UtcTicks}~{page[^1].Cell.Id}" : null);
    }

    private static SessionView View(KindRuntime kind, SessionRecord record) => kind.Rules.NewView() with
    {
        Key = record.Key,
        Status = record.Status,
        IsBusy = record.IsBusy,
        IsFinal = record.IsFinal,
        Version = record.Version,
        DurableVersion = record.Version,
        LastEvent = record.LastEvent,
        CreatedAt = record.CreatedAt,
        LastActivityAt = record.LastActivityAt,
        ExpiresAt = record.ExpiresAt,
        Labels = record.Labels,
    };
}
