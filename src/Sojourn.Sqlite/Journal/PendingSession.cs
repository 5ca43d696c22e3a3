using Sojourn.Stores;

namespace Sojourn.Sqlite.Journal;

/// <summary>What the journal knows of a session and SQLite does not yet: the sum of its changes since the last
/// fold.</summary>
/// <param name="key">The session.</param>
/// <param name="below">What SQLite will have when all that was folded before is there; null for nothing.</param>
internal sealed class PendingSession(SessionKey key, SessionRow? below)
{
    private readonly List<PendingStream> _streams = [];
    private Dictionary<string, OperationRecord>? _operations;
    private SaveSession? _last;

    public SessionKey Key => key;

    public SessionRow? Below => below;

    /// <summary>0 if there is no such session.</summary>
    public long Number { get; private set; } = below?.Number ?? 0;

    public long Term { get; private set; } = below?.Term ?? 0;

    /// <summary>Null if it was removed; also if only its term has changed.</summary>
    public SessionRecord? Record => _last?.Record;

    /// <summary>True if it was removed and nothing took its place.</summary>
    public bool IsRemoved => Number == 0;

    /// <summary>True if only its term has changed: all else is below.</summary>
    public bool IsTermAlone => _last is null && !IsRemoved;

    /// <summary>True if what lies below is another life, of which nothing is to be seen any more.</summary>
    public bool HidesBelow => below is not null && below.Number != Number;

    /// <summary>The time at which its layer's <see cref="DueIndex"/> has it, in ticks; null if it has not.</summary>
    public long? QueuedDue { get; set; }

    public DateTimeOffset? TrimOperationsBefore { get; private set; }

    /// <summary>What has come over it since; null if nothing has. Set while this is being folded.</summary>
    public PendingSession? Over { get; set; }

    /// <summary>
    /// Of a session that is being folded, true if what the layer above has of it is what there is. This,
    /// <see cref="Record"/>, <see cref="Number"/> and <see cref="Below"/> may be asked without the lock, each by
    /// itself: whoever looks through all of them holds nobody up.
    /// </summary>
    public bool IsHidden => Over is { IsTermAlone: false };

    /// <summary>What SQLite will have once this is folded.</summary>
    public SessionRow? Row => IsRemoved ? null
        : _last is { } last ? SessionRow.Of(last.Record, Number, Term)
        : below! with { Term = Term };

    public void Save(SaveSession save, long number)
    {
        // First: who looks without the lock must not take a new life for one of which all lies below.
        _last = save;
        if (number != Number)
        {
            Begin(number);
        }

        for (var i = 0; i < save.Entries.Count; i++)
        {
            Stream(save.Entries[i].Stream).Entries.Add(save.Entries[i]);
        }

        for (var i = 0; i < save.Operations.Count; i++)
        {
            _operations ??= new Dictionary<string, OperationRecord>(StringComparer.Ordinal);
            _operations[save.Operations[i].Id] = save.Operations[i];
        }

        for (var i = 0; i < save.Trims.Count; i++)
        {
            Stream(save.Trims[i].Stream).Trim(save.Trims[i].Before);
        }

        if (save.TrimOperationsBefore is { } before)
        {
            TrimOperationsBefore = before;
            TrimOperations(before);
        }
    }

    public void Remove()
    {
        Begin(0);
        _last = null;
    }

    public void TakeTerm(long term) => Term = term;

    public PendingStream? FindStream(string name)
    {
        foreach (var stream in _streams)
        {
            if (stream.Name == name)
            {
                return stream;
            }
        }

        return null;
    }

    public OperationRecord? FindOperation(string id) => _operations?.GetValueOrDefault(id);

    /// <summary>What SQLite is to do; null for nothing.</summary>
    public FoldedChange? ToFold()
    {
        long? term = Term != (below?.Term ?? 0) ? Term : null;
        if (_last is null)
        {
            return HidesBelow || term is not null ? new FoldedChange(key, Number, HidesBelow, null, term) : null;
        }

        var save = new SaveSession(key, 0, _last.Record)
        {
            Entries = [.. _streams.SelectMany(stream => stream.Entries)],
            Operations = _operations is null ? [] : [.. _operations.Values],
            Trims = [.. _streams.Where(stream => stream.Floor > 0)
                .Select(stream => new StreamTrim(stream.Name, stream.Floor))],
            TrimOperationsBefore = TrimOperationsBefore,
            KeepSnapshots = _last.KeepSnapshots,
            SnapshotEvery = _last.SnapshotEvery,
        };
        return new FoldedChange(key, Number, HidesBelow, save, term);
    }

    /// <summary>Another life, or the end of one: nothing of the last goes with it.</summary>
    private void Begin(long number)
    {
        Number = number;
        Term = 0;
        _streams.Clear();
        _operations = null;
        TrimOperationsBefore = null;
    }

    private PendingStream Stream(string name)
    {
        if (FindStream(name) is { } known)
        {
            return known;
        }

        var stream = new PendingStream(name);
        _streams.Add(stream);
        return stream;
    }

    private void TrimOperations(DateTimeOffset before)
    {
        foreach (var old in _operations?.Values.Where(operation => operation.At < before).ToList() ?? [])
        {
            _operations!.Remove(old.Id);
        }
    }
}

/// <summary>Entries of one stream that SQLite does not have yet, in order.</summary>
internal sealed class PendingStream(string name)
{
    public string Name => name;

    public List<StreamEntry> Entries { get; } = [];

    /// <summary>Entries below this were dropped, here and in SQLite; 0 if none were.</summary>
    public long Floor { get; private set; }

    public void Trim(long before)
    {
        Floor = Math.Max(Floor, before);
        var gone = 0;
        while (gone < Entries.Count && Entries[gone].Number < Floor)
        {
            gone++;
        }

        Entries.RemoveRange(0, gone);
    }
}
