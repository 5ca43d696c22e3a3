using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>
/// Lists and counts. What an index answers is found by it: kind, owner, status, busy, final, and one label. All else is
/// looked for among these, at most <see cref="Portion"/> sessions a page.
/// </summary>
internal sealed class Listings
{
    /// <summary>How many sessions are looked at for one page; some 20 ms.</summary>
    public const int Portion = 5000;

    /// <summary>With more groups than this, sessions are looked through in their order rather than by group.</summary>
    private const int MaxGroups = 32;

    private readonly Rows _rows;
    private readonly Groups _groups;
    private readonly Statement _byGroup;
    private readonly Statement _byLabel;
    private readonly Statement _all;
    private readonly Statement _damaged;
    private readonly Statement _number;
    private readonly Statement _highest;

    public Listings(Statements statements, Rows rows, Groups groups)
    {
        (_rows, _groups) = (rows, groups);
        _byGroup = statements.Make("""
            SELECT number FROM session INDEXED BY session_by_status
            WHERE kind = $0 AND owner = $1 AND status = $2 AND busy = $3 AND final = $4 AND number < $5
            ORDER BY number DESC LIMIT $6
            """);
        _byLabel = statements.Make("""
            SELECT session FROM label WHERE name = $0 AND value = $1 AND session < $2 ORDER BY session DESC LIMIT $3
            """);
        _all = statements.Make("SELECT number FROM session WHERE number < $0 ORDER BY number DESC LIMIT $1");
        _damaged = statements.Make("""
            SELECT place, kind, owner, id FROM quarantine WHERE open = 1 AND place < $0 ORDER BY place DESC
            """);
        _number = statements.Make("SELECT number FROM session WHERE kind = $0 AND owner = $1 AND id = $2");
        _highest = statements.Make("SELECT bytes FROM mark WHERE only = 1");
    }

    /// <param name="query">Its limit counts; its cursor does not.</param>
    /// <param name="before">Only numbers below this.</param>
    public NumberedPage Page(SessionQuery query, long before)
    {
        if (query.IsDamaged)
        {
            return Damaged(query, before);
        }

        var (numbers, isCut) = Candidates(query, before, IsAnsweredByIndex(query) ? query.Limit + 1 : Portion);
        var page = new List<NumberedSession>();
        foreach (var number in numbers)
        {
            if (Look(query, number) is not { } found)
            {
                continue;
            }

            if (page.Count == query.Limit)
            {
                return new NumberedPage(page, page[^1].Number);
            }

            page.Add(found);
        }

        return new NumberedPage(page, isCut ? numbers[^1] : null);
    }

    public long Count(SessionQuery query, long atMost, CancellationToken giveUp)
    {
        if (!query.IsDamaged && query.Labels.Count == 0 && IsAnsweredByIndex(query))
        {
            var counted = _groups.Find(query.Kind, query.Owner).Where(group => group.Matches(query));
            return Math.Min(atMost, counted.Sum(group => group.Sessions));
        }

        var (count, before) = (0L, (long?)long.MaxValue);
        while (before is not null && count < atMost)
        {
            giveUp.ThrowIfCancellationRequested();
            var page = Page(query with { Limit = Portion }, before.Value);
            count += page.Sessions.Count;
            before = page.Next;
        }

        return Math.Min(atMost, count);
    }

    /// <summary>True if all that an index finds matches, or nearly all.</summary>
    private static bool IsAnsweredByIndex(SessionQuery query) => query is
    {
        Text: null, CreatedBefore: null, ActiveBefore: null, StatusBefore: null, Labels.Count: 0,
    };

    /// <summary>Null if it does not match, is gone, or cannot be read at all.</summary>
    private NumberedSession? Look(SessionQuery query, long number)
    {
        if (_rows.TryRow(number) is not (var key, var row) || !MatchesColumns(query, key, row))
        {
            return null;
        }

        var record = _rows.Header(key, number);
        // What the record itself says goes before what its columns say.
        return record.Version == 0 || query.Matches(record) ? new NumberedSession(number, record) : null;
    }

    private static bool MatchesColumns(SessionQuery query, SessionKey key, SessionRow row) =>
        query.MayBe(key.Kind)
        && (query.Owner is null || query.Owner == key.Owner)
        && (query.Status is null || query.Status == row.Status)
        && (query.IsBusy is null || query.IsBusy == row.IsBusy)
        && (query.IsFinal is null || query.IsFinal == row.IsFinal)
        && !(row.Created >= query.CreatedBefore?.UtcTicks)
        && !(row.Active >= query.ActiveBefore?.UtcTicks)
        && !(row.Since >= query.StatusBefore?.UtcTicks);

    /// <summary>Numbers, highest first, and whether there may be more.</summary>
    private (List<long> Numbers, bool IsCut) Candidates(SessionQuery query, long before, int most)
    {
        try
        {
            if (query.Labels.Count > 0)
            {
                var (name, value) = query.Labels.First();
                return Cut(_byLabel.All(row => row.GetInt64(0), name, value, before, most), most);
            }

            var groups = _groups.Find(query.Kind, query.Owner).FindAll(group => group.Matches(query));
            return groups.Count <= MaxGroups
                ? ByGroups(groups, before, most)
                : Cut(_all.All(row => row.GetInt64(0), before, Portion), Portion);
        }
        catch (Exception failure) when (Damage.IsPage(failure))
        {
            return Everything(before);
        }
    }

    private (List<long> Numbers, bool IsCut) ByGroups(List<SessionGroup> groups, long before, int most)
    {
        // Those of all groups are complete down to where the first of them was cut.
        var (numbers, floor) = (new List<long>(), long.MinValue);
        foreach (var group in groups)
        {
            var (found, isCut) = Cut(
                _byGroup.All(
                    row => row.GetInt64(0),
                    group.Kind, group.Owner, group.Status, group.IsBusy, group.IsFinal, before, most),
                most);
            floor = isCut ? Math.Max(floor, found[^1]) : floor;
            numbers.AddRange(found);
        }

        numbers.RemoveAll(number => number < floor);
        numbers.Sort((one, other) => other.CompareTo(one));
        var isLong = numbers.Count > most;
        return (isLong ? numbers.GetRange(0, most) : numbers, isLong || floor != long.MinValue);
    }

    private static (List<long> Numbers, bool IsCut) Cut(List<long> numbers, int most) =>
        (numbers, numbers.Count == most);

    /// <summary>An index is damaged, so every number is tried.</summary>
    private (List<long> Numbers, bool IsCut) Everything(long before)
    {
        var mark = _highest.First(row => JournalPosition.ReadOrUnknown(row.GetFieldValue<byte[]>(0), 0));
        var top = Math.Min(before, mark.HighestNumber + 1);
        var bottom = Math.Max(1, top - Portion);
        var numbers = new List<long>();
        for (var number = top - 1; number >= bottom; number--)
        {
            numbers.Add(number);
        }

        return (numbers, bottom > 1);
    }

    /// <summary>Those in quarantine, newest there first; of most of them little more than the name is known.</summary>
    private NumberedPage Damaged(SessionQuery query, long before)
    {
        var page = new List<NumberedSession>();
        var hasMore = false;
        _damaged.Each(
            row =>
            {
                if (!OwnerId.TryParse(row.GetString(2), out var owner)
                    || !SessionId.TryParse(row.GetString(3), out var id))
                {
                    return true;
                }

                var key = new SessionKey(row.GetString(1), owner, id);
                if (!MatchesName(query, key))
                {
                    return true;
                }

                hasMore = page.Count == query.Limit;
                if (!hasMore)
                {
                    page.Add(new NumberedSession(row.GetInt64(0), DamagedRecord(key)));
                }

                return !hasMore;
            },
            before);
        return new NumberedPage(page, hasMore ? page[^1].Number : null);
    }

    private static bool MatchesName(SessionQuery query, SessionKey key) =>
        query.MayBe(key.Kind)
        && (query.Owner is null || query.Owner == key.Owner)
        && (query.Text is null || key.Id.ToString().Contains(query.Text, StringComparison.OrdinalIgnoreCase));

    private SessionRecord DamagedRecord(SessionKey key)
    {
        try
        {
            var number = _number.First(
                row => row.GetInt64(0), key.Kind, key.Owner.ToString(), key.Id.ToString());
            return _rows.Header(key, number);
        }
        catch (Exception failure) when (Damage.Is(failure))
        {
            return Rows.Damaged(key);
        }
    }
}
