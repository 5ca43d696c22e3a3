using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>
/// What one batch does to one session: its steps in order (the last state is written once), or its removal. Another
/// life begins in a batch of its own, with the removal of the one before.
/// </summary>
internal sealed class Group(Cell cell)
{
    private readonly List<Request> _requests = [];
    private bool _isClosed;

    // What the first of the steps was decided on, not what the store is believed to have: that is what it must check.
    private long _baseVersion;
    private bool _replaces;

    public Cell Cell { get; } = cell;

    /// <summary>All of them, those that only wait for an answer included.</summary>
    public IReadOnlyList<Request> Requests => _requests;

    /// <summary>The last change; null if there is none.</summary>
    public Change? Last { get; private set; }

    /// <summary>When the session expires, as it was written.</summary>
    public DateTimeOffset? WrittenExpiry { get; private set; }

    private Lease? Lease { get; set; }

    // What a write-behind driver reported has been acknowledged: the lease was checked then, and is not any more.
    private Lease? Fence => Cell.Kind.IsDurable ? Lease : null;

    /// <summary>
    /// False if the request must wait for the next batch, and with it all that follow for this session.
    /// </summary>
    public bool TryAdd(Request request)
    {
        var endsLife = request.Change is { After: null } or { Replaces: true };
        _isClosed |= request.Change is not null && Last is { } last && (endsLife || last.After is null);
        _isClosed |= request.Lease is not null && Lease is not null && request.Lease != Lease;
        if (_isClosed)
        {
            return false;
        }

        if (Last is null && request.Change is { } first)
        {
            _baseVersion = first.BaseVersion;
            _replaces = first.Replaces;
        }

        _requests.Add(request);
        Last = request.Change ?? Last;
        Lease = request.Lease ?? Lease;
        return true;
    }

    public SessionChange ToChange()
    {
        var last = Last!.Value;
        if (last.After is not { } after)
        {
            return new RemoveSession(Cell.Key, last.BaseVersion) { Lease = Fence };
        }

        var entries = new List<StreamEntry>();
        var operations = new List<OperationRecord>();
        DateTimeOffset? trimOperations = null;
        foreach (var request in _requests.Where(request => request.Change is not null))
        {
            var change = request.Change!.Value;
            entries.AddRange(change.Events.Select(e => new StreamEntry(StreamKey.Events, e.Number, e.Json)));
            entries.AddRange(change.Entries);
            trimOperations = change.TrimOperationsBefore ?? trimOperations;
            if (request.Operation is { } operation)
            {
                operations.Add(operation);
            }
        }

        var record = KindRuntime.Record(Cell, after, last.StateJson);
        WrittenExpiry = record.ExpiresAt;
        return new SaveSession(Cell.Key, _baseVersion, record)
        {
            Lease = Fence,
            Replaces = _replaces,
            Entries = entries,
            Operations = operations,
            Trims = Trims(_replaces ? null : Cell.Kind.IsDurable ? Cell.Visible : Cell.Parts?.Stored, after),
            TrimOperationsBefore = trimOperations,
            KeepSnapshots = Cell.Kind.Policy.KeptSnapshots,
            SnapshotEvery = Cell.Kind.Policy.SnapshotEvery,
        };
    }

    /// <summary>The place that is kept for the session, if it begins here.</summary>
    public Reservation? Place =>
        _requests.Find(request => request.Place is not null && request.Change is not null)?.Place;

    /// <param name="before">What the store has; null for nothing.</param>
    /// <param name="after">What it is to have.</param>
    private static List<StreamTrim> Trims(Snapshot? before, Snapshot after)
    {
        var trims = new List<StreamTrim>();
        if (after.FirstEvent > (before?.FirstEvent ?? 1))
        {
            trims.Add(new StreamTrim(StreamKey.Events, after.FirstEvent));
        }

        if (!ReferenceEquals(before?.Extras.Tails, after.Extras.Tails))
        {
            trims.AddRange(after.Extras.Tails
                .Where(tail => tail.Value.First > (before?.Extras.Tails.GetValueOrDefault(tail.Key)?.First ?? 1))
                .Select(tail => new StreamTrim(tail.Key, tail.Value.First)));
        }

        return trims;
    }

    public IReadOnlyList<SessionEvent> Events()
    {
        var withEvents = _requests.Where(request => request.Change is { Events.Length: > 0 }).ToList();
        return withEvents.Count switch
        {
            0 => [],
            1 => withEvents[0].Change!.Value.Events,
            _ => [.. withEvents.SelectMany(request => request.Change!.Value.Events)],
        };
    }

    /// <summary>What was appended to named streams; left out while nobody watches.</summary>
    public IReadOnlyList<StreamEntry> Entries() => Cell.Log is null
        ? []
        : [.. _requests.Where(request => request.Change is not null)
            .SelectMany(request => request.Change!.Value.Entries)];
}
