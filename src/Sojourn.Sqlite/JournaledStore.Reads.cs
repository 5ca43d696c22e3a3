using System.Globalization;
using Sojourn.Sqlite.Journal;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>Reads that see the journal and SQLite as one: the overlay first, then what is below it.</summary>
public sealed partial class JournaledStore
{
    /// <inheritdoc />
    public ValueTask<SessionRecord?> LoadAsync(SessionKey key, CancellationToken giveUp)
    {
        _damaged.ThrowIf(key);
        var (isHere, record) = _overlay.Read(key, (top, lower) =>
            Whole(top, lower) is { } session ? (true, session.Record) : (false, null));
        return isHere ? new(record) : _below.LoadAsync(key, giveUp);
    }

    /// <inheritdoc />
    public async ValueTask<OperationRecord?> FindOperationAsync(
        SessionKey key, string operationId, CancellationToken giveUp)
    {
        _damaged.ThrowIf(key);
        var (isHere, found, before) = _overlay.Read(key, (top, lower) => FindOperation([top, lower], operationId));
        if (isHere)
        {
            return found;
        }

        var below = await _below.FindOperationAsync(key, operationId, giveUp).ConfigureAwait(false);
        return below?.At < before ? null : below;
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<StreamEntry>> ReadStreamAsync(
        StreamKey stream, long after, int maxEntries, int maxBytes, CancellationToken giveUp)
    {
        _damaged.ThrowIf(stream.Session);
        while (true)
        {
            var over = _overlay.Read(stream.Session, (top, lower) =>
                StreamOver.Read(stream.Name, after, maxEntries, top, lower));
            var page = new List<StreamEntry>();
            var first = over.Entries.Count == 0 ? long.MaxValue : over.Entries[0].Number;
            after = Math.Max(after, over.Floor - 1);
            if (!over.HidesBelow && first > after + 1)
            {
                page.AddRange((await _below.ReadStreamAsync(stream, after, maxEntries, maxBytes, giveUp)
                    .ConfigureAwait(false))
                    .TakeWhile(entry => entry.Number < first));
                var now = _overlay.Read(stream.Session, (top, lower) => (top ?? lower)?.Number);
                if (now is not null && now != over.Number)
                {
                    // Another life has begun meanwhile, or this one has come over SQLite: entries of two do not mix.
                    continue;
                }
            }

            var bytes = page.Sum(entry => (long)entry.Bytes.Length);
            foreach (var entry in over.Entries)
            {
                if (page.Count >= maxEntries || bytes >= maxBytes)
                {
                    break;
                }

                page.Add(entry);
                bytes += entry.Bytes.Length;
            }

            return page;
        }
    }

    /// <inheritdoc />
    public async ValueTask<StoredPage> ListAsync(SessionQuery query, CancellationToken giveUp)
    {
        ArgumentNullException.ThrowIfNull(query);
        var before = query.Cursor is null ? long.MaxValue : long.Parse(query.Cursor, CultureInfo.InvariantCulture);
        if (query.IsDamaged)
        {
            return await ListDamagedAsync(query, giveUp).ConfigureAwait(false);
        }

        var view = _overlay.View();
        var page = new List<NumberedSession>();
        long? next = before;
        while (page.Count < query.Limit && next is { } from)
        {
            var below = await _below.ListNumberedAsync(query, from, giveUp).ConfigureAwait(false);
            next = below.Next;
            var seen = view.NotHidden(below.Sessions, session => session.Record.Key);
            var over = view.Newest(query, next ?? 0, from, query.Limit + 1 - page.Count);
            page.AddRange(over.UnionBy(seen, session => session.Number).OrderByDescending(session => session.Number));
            if (below.Sessions.Count < query.Limit)
            {
                // The store has looked at as many as it may for one page.
                break;
            }
        }

        var isMore = page.Count > query.Limit;
        page = isMore ? page[..query.Limit] : page;
        next = isMore ? page[^1].Number : next;
        return new StoredPage(
            [.. page.Select(session => session.Record with { State = default })],
            next?.ToString(CultureInfo.InvariantCulture));
    }

    /// <inheritdoc />
    public async ValueTask<long> CountAsync(SessionQuery query, long atMost, CancellationToken giveUp)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.IsDamaged || query.Text is not null || query.Labels.Count > 0)
        {
            return await CountPagesAsync(query, atMost, giveUp).ConfigureAwait(false);
        }

        for (var most = LayerCounts.CanCount(query) ? long.MaxValue : atMost; ; most = long.MaxValue)
        {
            var upTo = most;
            var (below, view, hasLower) = await ReadBesideAsync(reader => reader.Count(query, upTo, giveUp), giveUp)
                .ConfigureAwait(false);
            var count = below + view.Count(query, hasLower);
            if (below < most || count >= atMost)
            {
                return Math.Min(atMost, count);
            }

            // Some of those that were counted are hidden, and SQLite may have others.
        }
    }

    /// <inheritdoc />
    public async ValueTask<Census> CensusAsync(CancellationToken giveUp)
    {
        var (below, view, hasLower) = await ReadBesideAsync(reader => reader.Census(), giveUp).ConfigureAwait(false);
        var counter = new CensusCounter(below);
        view.AddTo(counter, hasLower);
        return counter.ToCensus();
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Victim>> VictimsAsync(VictimQuery query, CancellationToken giveUp)
    {
        ArgumentNullException.ThrowIfNull(query);
        var view = _overlay.View();
        var below = await EnoughAsync(
            query.Limit,
            limit => _below.FindVictimsAsync(query with { Limit = limit }, giveUp),
            found => view.NotHidden(found, victim => victim.Key)).ConfigureAwait(false);
        return
        [
            .. view.Victims(query).UnionBy(below, victim => victim.Key)
                .OrderBy(victim => victim.Place(query))
                .Take(query.Limit)
                .Select(victim => victim.ToVictim()),
        ];
    }

    /// <inheritdoc />
    public async ValueTask<DueSessions> DueAsync(
        IReadOnlyCollection<string> kinds, DateTimeOffset now, int limit, CancellationToken giveUp)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        var view = _overlay.View();
        var below = new List<NumberedDue>();
        // Those that are hidden are passed over a page at a time: most may be, when very many have ended at once.
        for ((long, long)? after = default((long, long)); after is { } place && below.Count <= limit;)
        {
            var page = await _below.FindDueAsync(kinds, place, limit + 1, giveUp).ConfigureAwait(false);
            below.AddRange(view.NotHidden(page.Due, session => session.Key));
            after = page.Next;
        }

        var first = view.Due(kinds, limit + 1).UnionBy(below, session => session.Key)
            .OrderBy(session => session.Due).ThenBy(session => session.Number)
            .Take(limit + 1).ToList();
        var due = first.Take(limit).TakeWhile(session => session.Due <= now.UtcTicks)
            .Select(session => session.Key).ToList();
        return new DueSessions(
            due, due.Count < first.Count ? new DateTimeOffset(first[due.Count].Due, TimeSpan.Zero) : null);
    }

    private static PendingSession? Whole(PendingSession? top, PendingSession? lower) =>
        top is { IsTermAlone: false } ? top : lower is { IsTermAlone: false } ? lower : null;

    private static (bool IsHere, OperationRecord? Found, DateTimeOffset? Before) FindOperation(
        ReadOnlySpan<PendingSession?> layers, string id)
    {
        DateTimeOffset? before = null;
        foreach (var session in layers)
        {
            if (session is null)
            {
                continue;
            }

            if (session.FindOperation(id) is { } found)
            {
                return (true, found.At < before ? null : found, before);
            }

            if (session.HidesBelow || session.IsRemoved)
            {
                return (true, null, before);
            }

            before ??= session.TrimOperationsBefore;
        }

        return (false, null, before);
    }

    /// <summary>
    /// Reads SQLite at one moment, with the view that fits it. No fold has to be waited for: what SQLite had then says
    /// which layers lie over it.
    /// </summary>
    private async ValueTask<(T Below, OverlayView View, bool HasLower)> ReadBesideAsync<T>(
        Func<SqliteReader, T> read, CancellationToken giveUp)
    {
        while (true)
        {
            var view = _overlay.View();
            var (below, sequence) = await _below.ReadAtOnceAsync(read, giveUp).ConfigureAwait(false);
            if (view.HasLower(sequence) is { } hasLower)
            {
                return (below, view, hasLower);
            }

            // What lay over SQLite when the view was made has come into it meanwhile.
        }
    }

    /// <summary>Asks SQLite for more and more, until enough of it is not hidden by the overlay, or there is no
    /// more.</summary>
    private static async ValueTask<List<T>> EnoughAsync<T>(
        int enough, Func<int, ValueTask<List<T>>> findAsync, Func<List<T>, List<T>> seenOf)
    {
        for (var limit = enough; ; limit = Math.Min(limit * 4, 1 << 20))
        {
            var found = await findAsync(limit).ConfigureAwait(false);
            var seen = seenOf(found);
            if (seen.Count >= enough || found.Count < limit || limit == 1 << 20)
            {
                return seen;
            }
        }
    }

    private async ValueTask<long> CountPagesAsync(SessionQuery query, long atMost, CancellationToken giveUp)
    {
        var count = 0L;
        for (string? cursor = null; ;)
        {
            var page = await ListAsync(query with { Cursor = cursor, Limit = SessionQuery.MaxLimit }, giveUp)
                .ConfigureAwait(false);
            count += page.Sessions.Count;
            cursor = page.Next;
            if (cursor is null || count >= atMost)
            {
                return Math.Min(count, atMost);
            }
        }
    }

    /// <summary>Those whose log is damaged come after SQLite's, in one page: there are hardly ever any.</summary>
    private async ValueTask<StoredPage> ListDamagedAsync(SessionQuery query, CancellationToken giveUp)
    {
        var below = await _below.ListAsync(query, giveUp).ConfigureAwait(false);
        if (below.Next is not null)
        {
            return below;
        }

        var known = below.Sessions.Select(session => session.Key).ToHashSet();
        var here = _damaged.All().Select(damaged => damaged.Key).Where(key => !known.Contains(key)
            && query.MayBe(key.Kind) && (query.Owner is null || key.Owner == query.Owner));
        return new StoredPage([.. below.Sessions, .. here.Select(Rows.Damaged)], null);
    }
}
