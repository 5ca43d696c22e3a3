using System.Globalization;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>Lists and counts sessions without loading them.</summary>
internal static class Listing
{
    public static async ValueTask<SessionPage> ListAsync(
        EngineParts parts, SessionQuery query, CancellationToken giveUp)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, SessionQuery.MaxLimit, nameof(query));
        if (query.Kind is { } name && parts.Kind(name).IsVolatile)
        {
            return ListVolatile([parts.Kind(name)], query);
        }

        // Those of all kinds: what is in memory alone comes first, page by page, then what is stored.
        var isInMemory = query.Kind is null && query.Cursor?.Contains('~', StringComparison.Ordinal) != false;
        var volatiles = parts.Kinds.Where(kind => kind.IsVolatile).ToList();
        if (isInMemory && volatiles.Count > 0)
        {
            var first = query.Cursor == StoredFromHere
                ? null : ListVolatile(volatiles.Where(kind => query.MayBe(kind.Name)), query);
            if (first is { Sessions.Count: > 0 })
            {
                return first.Next is not null ? first : first with { Next = StoredFromHere };
            }

            query = query with { Cursor = null };
        }

        await CatchUpAsync(parts, query, giveUp).ConfigureAwait(false);
        // Sessions of kinds that this process does not know are not its business, and must not fill the page.
        var known = parts.Kinds.Select(kind => kind.Name).Where(query.MayBe);
        var page = await parts.Store.ListAsync(
            query.Kind is null ? query with { Kinds = known.ToHashSet() } : query, giveUp).ConfigureAwait(false);
        return new SessionPage(
            [.. page.Sessions.Where(record => parts.FindKind(record.Key.Kind) is not null)
                .Select(record => View(parts.Kind(record.Key.Kind), record))],
            page.Next);
    }

    public static async ValueTask<long> CountAsync(
        EngineParts parts, SessionQuery query, long atMost, CancellationToken giveUp)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(atMost, 1);
        var kinds = query.Kind is { } name ? [parts.Kind(name)] : parts.Kinds.ToList();
        kinds.RemoveAll(kind => !query.MayBe(kind.Name));
        if (IsCounted(query))
        {
            var counted = kinds.Sum(kind => Counted(parts, kind, query));
            return Math.Min(counted, atMost);
        }

        var inMemory = kinds.Where(kind => kind.IsVolatile).Sum(kind => Matching(kind, query).LongCount());
        if (kinds.TrueForAll(kind => kind.IsVolatile) || inMemory >= atMost)
        {
            return Math.Min(inMemory, atMost);
        }

        await CatchUpAsync(parts, query, giveUp).ConfigureAwait(false);
        query = query with { Kinds = kinds.Select(kind => kind.Name).ToHashSet() };
        return inMemory + await parts.Store.CountAsync(query, atMost - inMemory, giveUp).ConfigureAwait(false);
    }

    private const string StoredFromHere = "~";

    /// <summary>True if the counters know.</summary>
    private static bool IsCounted(SessionQuery query) =>
        query is { Text: null, CreatedBefore: null, ActiveBefore: null, StatusBefore: null, IsDamaged: false }
        && query.Labels.Count == 0;

    private static long Counted(EngineParts parts, KindRuntime kind, SessionQuery query)
    {
        var tally = query.Owner is { } owner ? parts.Accounts.Of(owner).TallyOf(kind) : kind.Tally;
        return kind.Statuses
            .Where(status => (query.Status is null || status.Name == query.Status)
                && (query.IsBusy is null || status.Busy == query.IsBusy)
                && (query.IsFinal is null || status.Final == query.IsFinal))
            .Sum(tally.Of);
    }

    /// <summary>Acknowledged write-behind steps are on their way; a list must not be older than an answer.</summary>
    private static async ValueTask CatchUpAsync(EngineParts parts, SessionQuery query, CancellationToken giveUp)
    {
        var waits = query.Kind is { } name
            ? !parts.Kind(name).IsDurable
            : parts.Kinds.Any(kind => !kind.IsDurable && !kind.IsVolatile && query.MayBe(kind.Name));
        if (waits)
        {
            await parts.Committer.FlushAsync().WaitAsync(giveUp).ConfigureAwait(false);
        }
    }

    private static IEnumerable<(Cell Cell, Snapshot Seen)> Matching(KindRuntime kind, SessionQuery query) =>
        query.IsDamaged
            ? []
            : kind.Cells.ToList().Select(cell => (Cell: cell, Seen: cell.Visible!))
                .Where(session => session.Seen is not null
                    && query.Matches(KindRuntime.Record(session.Cell, session.Seen, default)));

    private static SessionPage ListVolatile(IEnumerable<KindRuntime> kinds, SessionQuery query)
    {
        var after = Place.Parse(query.Cursor);
        var found = kinds.SelectMany(kind => Matching(kind, query))
            .Select(session => (session.Cell, session.Seen, Place: Place.Of(session.Cell, session.Seen)))
            .Where(session => after is null || session.Place.IsAfter(after))
            .OrderByDescending(session => session.Place.Ticks)
            .ThenBy(session => session.Place.Id, StringComparer.Ordinal)
            .Take(query.Limit + 1).ToList();
        var page = found.Take(query.Limit).ToList();
        return new SessionPage(
            [.. page.Select(session => session.Cell.View(session.Seen).AsListed())],
            found.Count > page.Count ? page[^1].Place.ToString() : null);
    }

    private static SessionView View(KindRuntime kind, SessionRecord record) => kind.Rules.NewView() with
    {
        Key = record.Key,
        Status = record.Status,
        IsBusy = record.IsBusy,
        IsFinal = record.IsFinal,
        IsComplete = kind.FindStatus(record.Status)?.IsEnd == true,
        Version = record.Version,
        DurableVersion = record.Version,
        FirstEvent = record.FirstEvent,
        LastEvent = record.LastEvent,
        CreatedAt = record.CreatedAt,
        LastActivityAt = record.LastActivityAt,
        ExpiresAt = record.ExpiresAt,
        Labels = record.Labels,
    };

    /// <summary>Where a session stands in the list: newest first, then by kind, owner and id.</summary>
    private sealed record Place(long Ticks, string Id)
    {
        public static Place Of(Cell cell, Snapshot seen) => new(seen.CreatedAt.UtcTicks, cell.Key.ToString());

        public static Place? Parse(string? cursor) => cursor?.Split('~', 2) switch
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
