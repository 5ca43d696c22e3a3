using System.Globalization;

namespace Sojourn.Stores;

/// <summary>
/// Keeps sessions in this process's memory, by the same contract as the stores on disk: for tests, and for what may
/// be gone with the process. "Durable" then means nothing more than "committed here".
/// </summary>
public sealed class MemoryStore : ISessionStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SessionKey, MemoryRow> _rows = [];
    private readonly SortedDictionary<long, MemoryRow> _byNumber = new(Comparer<long>.Create((a, b) => b.CompareTo(a)));
    private readonly SortedSet<(DateTimeOffset Due, long Number)> _due = [];
    private readonly SortedSet<long> _busy = [];
    private readonly Dictionary<(string Kind, OwnerId Owner, string Status), (long Sessions, long Bytes)> _counts = [];
    private readonly Dictionary<(string Kind, long Hour), long> _ages = [];
    private long _lastNumber;

    /// <inheritdoc />
    public bool IsShared => false;

    /// <inheritdoc />
    public StoreLag Lag => default;

    /// <inheritdoc />
    public ValueTask OpenAsync(CancellationToken giveUp) => default;

    /// <inheritdoc />
    public ValueTask ProbeAsync() => default;

    /// <inheritdoc />
    public ValueTask DisposeAsync() => default;

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<SessionChange> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var results = new CommitResult[batch.Count];
        lock (_gate)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                results[i] = Commit_Locked(batch[i]);
            }
        }

        return new(results);
    }

    /// <inheritdoc />
    public ValueTask<SessionRecord?> LoadAsync(SessionKey key, CancellationToken giveUp)
    {
        lock (_gate)
        {
            return new(_rows.GetValueOrDefault(key)?.Record);
        }
    }

    /// <inheritdoc />
    public ValueTask<OperationRecord?> FindOperationAsync(
        SessionKey key, string operationId, CancellationToken giveUp)
    {
        lock (_gate)
        {
            return new(_rows.GetValueOrDefault(key)?.Operations.GetValueOrDefault(operationId));
        }
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<StreamEntry>> ReadStreamAsync(
        StreamKey stream, long after, int maxEntries, int maxBytes, CancellationToken giveUp)
    {
        var page = new List<StreamEntry>();
        lock (_gate)
        {
            var entries = _rows.GetValueOrDefault(stream.Session)?.Streams.GetValueOrDefault(stream.Name) ?? [];
            var bytes = 0;
            var first = entries.Count == 0 ? 0 : (int)Math.Max(0, after + 1 - entries[0].Number);
            for (var i = first; i < entries.Count && page.Count < maxEntries && bytes < maxBytes; i++)
            {
                page.Add(entries[i]);
                bytes += entries[i].Bytes.Length;
            }
        }

        return new(page);
    }

    /// <inheritdoc />
    public ValueTask<StoredPage> ListAsync(SessionQuery query, CancellationToken giveUp)
    {
        ArgumentNullException.ThrowIfNull(query);
        var before = query.Cursor is null ? long.MaxValue : long.Parse(query.Cursor, CultureInfo.InvariantCulture);
        lock (_gate)
        {
            var found = Matching_Locked(query).Where(row => row.Number < before).Take(query.Limit + 1).ToList();
            var page = found.Take(query.Limit).Select(row => row.Record with { State = default }).ToList();
            return new(new StoredPage(page, found.Count > page.Count
                ? found[page.Count - 1].Number.ToString(CultureInfo.InvariantCulture)
                : null));
        }
    }

    /// <inheritdoc />
    public ValueTask<long> CountAsync(SessionQuery query, long atMost, CancellationToken giveUp)
    {
        ArgumentNullException.ThrowIfNull(query);
        lock (_gate)
        {
            var count = 0L;
            foreach (var _ in Matching_Locked(query))
            {
                if (++count >= atMost)
                {
                    break;
                }
            }

            return new(count);
        }
    }

    /// <inheritdoc />
    public ValueTask<Census> CensusAsync(CancellationToken giveUp)
    {
        lock (_gate)
        {
            return new(new Census(
                [.. _counts.Select(count => new SessionCount(
                    count.Key.Kind, count.Key.Owner, count.Key.Status, count.Value.Sessions, count.Value.Bytes))],
                [.. _ages.Select(age => new AgeCount(
                    age.Key.Kind, new DateTimeOffset(age.Key.Hour, TimeSpan.Zero), age.Value))]));
        }
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Victim>> VictimsAsync(VictimQuery query, CancellationToken giveUp)
    {
        ArgumentNullException.ThrowIfNull(query);
        lock (_gate)
        {
            var free = _byNumber.Values.Where(row => !row.Record.IsBusy
                && (query.Kind is null || row.Record.Key.Kind == query.Kind)
                && (query.Owner is null || row.Record.Key.Owner == query.Owner));
            return new([.. free
                .OrderBy(row => row.Record.ExpiresAt <= query.Now ? 0 : row.Record.IsFinal ? 1 : 2)
                .ThenBy(row => query.ByActivity ? row.Record.LastActivityAt.UtcTicks : row.Number)
                .ThenBy(row => row.Number)
                .Take(query.Limit)
                .Select(row => new Victim(row.Record.Key, row.Record.Version, row.Record.CreatedAt))]);
        }
    }

    /// <inheritdoc />
    public ValueTask<DueSessions> DueAsync(
        IReadOnlyCollection<string> kinds, DateTimeOffset now, int limit, CancellationToken giveUp)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        lock (_gate)
        {
            var due = new List<SessionKey>();
            foreach (var (at, number) in _due)
            {
                var key = _byNumber[number].Record.Key;
                if (!kinds.Contains(key.Kind))
                {
                    continue;
                }

                if (at > now || due.Count == limit)
                {
                    return new(new DueSessions(due, at));
                }

                due.Add(key);
            }

            return new(new DueSessions(due, null));
        }
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Lease>> ClaimAsync(LeaseClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        lock (_gate)
        {
            var ofKind = _busy.Select(number => _byNumber[number])
                .Where(row => row.Record.Key.Kind == claim.Kind).ToList();
            var driven = ofKind.Where(row => row.LeaseNode is not null && row.LeaseUntil > claim.Now)
                .CountBy(row => row.Record.Key.Owner).ToDictionary();
            var free = ofKind.Where(row => row.LeaseUntil <= claim.Now)
                .GroupBy(row => row.Record.Key.Owner)
                .SelectMany(owner => owner.Select(
                    (row, place) => (Row: row, Turn: place + driven.GetValueOrDefault(owner.Key))))
                .OrderBy(row => row.Turn).ThenBy(row => row.Row.Number)
                .Take(claim.Limit).Select(row => row.Row).ToList();
            return new([.. free.Select(row => row.Claim(claim))]);
        }
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Lease>> RenewAsync(IReadOnlyList<Lease> leases, DateTimeOffset until)
    {
        ArgumentNullException.ThrowIfNull(leases);
        var lost = new List<Lease>();
        lock (_gate)
        {
            foreach (var lease in leases)
            {
                if (_rows.GetValueOrDefault(lease.Key) is { } row && row.IsHeldBy(lease))
                {
                    row.LeaseUntil = until;
                }
                else
                {
                    lost.Add(lease);
                }
            }
        }

        return new(lost);
    }

    /// <inheritdoc />
    public ValueTask ReleaseAsync(Lease lease, DateTimeOffset notBefore)
    {
        ArgumentNullException.ThrowIfNull(lease);
        lock (_gate)
        {
            if (_rows.GetValueOrDefault(lease.Key) is { } row && row.IsHeldBy(lease))
            {
                row.LeaseNode = null;
                row.LeaseUntil = notBefore;
            }
        }

        return default;
    }

    /// <inheritdoc />
    public ValueTask QuarantineAsync(SessionKey key, string reason, DateTimeOffset now) => default;

    /// <inheritdoc />
    public ValueTask<SessionRecord?> RestoreAsync(SessionKey key, DateTimeOffset now) => LoadAsync(key, default);

    /// <inheritdoc />
    public ValueTask<BackupReport> BackupAsync(string directory, CancellationToken giveUp) =>
        throw new SojournException("Sessions that are in memory alone cannot be backed up; use a store on disk.");

    /// <inheritdoc />
    public ValueTask<StoreCheck> CheckAsync(CancellationToken giveUp)
    {
        lock (_gate)
        {
            var entries = _rows.Values.Sum(row => row.Streams.Values.Sum(stream => (long)stream.Count));
            return new(new StoreCheck(_rows.Count, entries, []));
        }
    }

    private CommitResult Commit_Locked(SessionChange change)
    {
        var row = _rows.GetValueOrDefault(change.Key);
        if (change.ExpectedVersion != RemoveSession.AnyVersion
            && (row?.Record.Version ?? 0) != change.ExpectedVersion)
        {
            return CommitResult.Conflict;
        }

        if (change.Lease is { } lease && row?.IsHeldBy(lease) != true)
        {
            return CommitResult.LeaseLost;
        }

        if (row is not null)
        {
            Unindex_Locked(row);
        }

        if (change is SaveSession save)
        {
            row = save.Replaces ? null : row;
            row ??= new MemoryRow(++_lastNumber, save.Record);
            row.Take(save);
            Index_Locked(row);
        }

        return CommitResult.Committed;
    }

    /// <summary>Newest first. Nothing here is ever damaged.</summary>
    private IEnumerable<MemoryRow> Matching_Locked(SessionQuery query) => query.IsDamaged
        ? []
        : _byNumber.Values.Where(row => query.Matches(row.Record));

    private void Count_Locked(SessionRecord record, int sign)
    {
        var place = (record.Key.Kind, record.Key.Owner, record.Status);
        var (sessions, bytes) = _counts.GetValueOrDefault(place);
        _counts[place] = (sessions + sign, bytes + (sign * record.Bytes));
        if (sessions + sign == 0)
        {
            _counts.Remove(place);
        }

        var hour = (record.Key.Kind, record.CreatedAt.UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour);
        _ages[hour] = _ages.GetValueOrDefault(hour) + sign;
        if (_ages[hour] == 0)
        {
            _ages.Remove(hour);
        }
    }

    private void Index_Locked(MemoryRow row)
    {
        _rows[row.Record.Key] = row;
        _byNumber[row.Number] = row;
        Count_Locked(row.Record, 1);
        if (row.Record.DueAt is { } due)
        {
            _due.Add((due, row.Number));
        }

        if (row.Record.IsBusy)
        {
            _busy.Add(row.Number);
        }
    }

    private void Unindex_Locked(MemoryRow row)
    {
        _rows.Remove(row.Record.Key);
        _byNumber.Remove(row.Number);
        Count_Locked(row.Record, -1);
        _busy.Remove(row.Number);
        if (row.Record.DueAt is { } due)
        {
            _due.Remove((due, row.Number));
        }
    }
}
