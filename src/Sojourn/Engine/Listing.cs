using System.Globalization;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>Lists sessions without loading them.</summary>
internal static class Listing
{
    public static async ValueTask<SessionPage> ListAsync(
        EngineParts parts, SessionQuery query, CancellationToken giveUp)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, SessionQuery.MaxLimit, nameof(query));
        var kind = parts.Kind(query.Kind!);
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
        var after = Place.Parse(query.Cursor);
        var found = kind.Cells.Values.Where(cell => cell.Owner == query.Owner)
            .Select(cell => (Cell: cell, Seen: cell.Visible!)).Where(session => session.Seen is not null)
            .Where(session => query.Status is null || session.Seen.Status.Name == query.Status)
            .Select(session => (session.Cell, session.Seen, Place: Place.Of(session.Cell, session.Seen)))
            .Where(session => after is null || session.Place.IsAfter(after))
            .OrderByDescending(session => session.Place.Ticks)
            .ThenBy(session => session.Place.Id, StringComparer.Ordinal)
            .Take(query.Limit + 1).ToList();
        var page = found.Take(query.Limit).ToList();
        return new SessionPage(
            [.. page.Select(session => session.Cell.View(session.Seen) with { State = null! })],
            found.Count > page.Count ? page[^1].Place.ToString() : null);
    }

    private static SessionView View(KindRuntime kind, SessionRecord record) => kind.Rules.NewView() with
    {
        Key = record.Key,
        Status = record.Status,
        IsBusy = record.IsBusy,
        IsFinal = record.IsFinal,
        Version = record.Version,
        DurableVersion = record.Version,
        FirstEvent = record.FirstEvent,
        LastEvent = record.LastEvent,
        CreatedAt = record.CreatedAt,
        LastActivityAt = record.LastActivityAt,
        ExpiresAt = record.ExpiresAt,
        Labels = record.Labels,
    };

    /// <summary>Where a session stands in the list: newest first, then by id.</summary>
    private sealed record Place(long Ticks, string Id)
    {
        public static Place Of(Cell cell, Snapshot seen) => new(seen.Extras.CreatedAt.UtcTicks, cell.Id.ToString());

        public static Place? Parse(string? cursor) => cursor?.Split('~') switch
        {
            null => null,
            [var ticks, var id] when long.TryParse(ticks, CultureInfo.InvariantCulture, out var time) => new(time, id),
            _ => throw new FormatException("The cursor is not one of this list's."),
        };

        public bool IsAfter(Place other) =>
            Ticks < other.Ticks || (Ticks == other.Ticks && string.CompareOrdinal(Id, other.Id) > 0);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ticks}~{Id}");
    }
}
