using System.Globalization;

namespace Sojourn.Stores;

/// <summary>
/// Keeps sessions in this process's memory, by the same contract as the stores on disk: for tests, and for what may
/// be gone with the process. "Durable" then means nothing more than "committed here".
/// </summary>
public sealed class MemoryStore : ISessionStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SessionKey, Row> _rows = [];
    private readonly SortedDictionary<long, Row> _byNumber = new(Comparer<long>.Create((a, b) => b.CompareTo(a)));
    private readonly SortedSet<(DateTimeOffset Due, long Number)> _due = [];
    private readonly SortedSet<long> _busy = [];
    private long _lastNumber;

    /// <inheritdoc />
    public bool IsShared => false;

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
            var found = _byNumber.Where(row => row.Key < before
                    && row.Value.Record.Key.Kind == query.Kind && row.Value.Record.Key.Owner == query.Owner
                    && (query.Status is null || row.Value.Record.Status == query.Status))
                .Take(query.Limit + 1).ToList();
            var page = found.Take(query.Limit).Select(row => row.Value.Record with { State = default }).ToList();
            return new(new StoredPage(page, found.Count > page.Count
                ? found[page.Count - 1].Key.ToString(CultureInfo.InvariantCulture)
                : null));
        }
    }

    /// <inheritdoc />
    public ValueTask<DueSessions> DueAsync(DateTimeOffset now, int limit, CancellationToken giveUp)
    {
        lock (_gate)
        {
            var due = _due.TakeWhile(entry => entry.Due <= now).Take(limit).ToList();
            var rest = _due.Skip(due.Count).Select(entry => (DateTimeOffset?)entry.Due).FirstOrDefault();
            return new(new DueSessions([.. due.Select(entry => _byNumber[entry.Number].Record.Key)], rest));
        }
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Lease>> ClaimAsync(LeaseClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        lock (_gate)
        {
            var free = _busy.Select(number => _byNumber[number])
                .Where(row => row.Record.Key.Kind == claim.Kind && row.LeaseUntil <= claim.Now)
                .Take(claim.Limit).ToList();
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
        if ((row?.Record.Version ?? 0) != change.ExpectedVersion)
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
            row ??= new Row(++_lastNumber, save.Record);
            row.Take(save);
            Index_Locked(row);
        }

        return CommitResult.Committed;
    }

    private void Index_Locked(Row row)
    {
        _rows[row.Record.Key] = row;
        _byNumber[row.Number] = row;
        if (row.Record.DueAt is { } due)
        {
            _due.Add((due, row.Number));
        }

        if (row.Record.IsBusy)
        {
            _busy.Add(row.Number);
        }
    }

    private void Unindex_Locked(Row row)
    {
        _rows.Remove(row.Record.Key);
        _byNumber.Remove(row.Number);
        _busy.Remove(row.Number);
        if (row.Record.DueAt is { } due)
        {
            _due.Remove((due, row.Number));
        }
    }

    private sealed class Row(long number, SessionRecord record)
    {
        public long Number { get; } = number;

        public SessionRecord Record { get; private set; } = record;

        public Dictionary<string, OperationRecord> Operations { get; } = [];

        public Dictionary<string, List<StreamEntry>> Streams { get; } = [];

        public string? LeaseNode { get; set; }

        public DateTimeOffset LeaseUntil { get; set; } = DateTimeOffset.MinValue;

        private long LeaseTerm { get; set; }

        public bool IsHeldBy(Lease lease) => LeaseNode == lease.Node && LeaseTerm == lease.Term;

        public Lease Claim(LeaseClaim claim)
        {
            LeaseNode = claim.Node;
            LeaseUntil = claim.Until;
            return new Lease(Record.Key, claim.Node, ++LeaseTerm);
        }

        public void Take(SaveSession save)
        {
            Record = save.Record;
            foreach (var entry in save.Entries)
            {
                if (!Streams.TryGetValue(entry.Stream, out var stream))
                {
                    Streams[entry.Stream] = stream = [];
                }

                stream.Add(entry);
            }

            foreach (var operation in save.Operations)
            {
                Operations[operation.Id] = operation;
            }

            if (save.TrimEventsBefore > 0 && Streams.TryGetValue(StreamKey.Events, out var events))
            {
                events.RemoveAll(entry => entry.Number < save.TrimEventsBefore);
            }

            if (save.TrimOperationsBefore is { } before)
            {
                foreach (var old in Operations.Values.Where(operation => operation.At < before).ToList())
                {
                    Operations.Remove(old.Id);
                }
            }
        }
    }
}
