using Sojourn.Stores;

namespace Sojourn.Sqlite.Journal;

/// <summary>
/// What lies over SQLite: a layer that grows, and while it is being folded the one before it. All of it in memory,
/// behind one
/// lock that is held for a few look-ups; reads go from the top down, and to SQLite last, so that a fold that ends
/// meanwhile
/// takes nothing away from them.
/// </summary>
internal sealed class Overlay
{
    private readonly Lock _gate = new();
    private readonly KnownRows _known = new();
    private readonly BusySessions _busy = new();
    private Layer _current = new();
    private Layer? _folding;
    private long _highestNumber;
    private long _applied;

    public StoreLag Lag
    {
        get
        {
            lock (_gate)
            {
                return new StoreLag(
                    _current.Changes + (_folding?.Changes ?? 0), _current.Bytes + (_folding?.Bytes ?? 0));
            }
        }
    }

    /// <summary>Bytes of log that wait for the next fold to begin.</summary>
    public long WaitingBytes
    {
        get
        {
            lock (_gate)
            {
                return _current.Bytes;
            }
        }
    }

    /// <summary>True while a layer is being folded, or could not be.</summary>
    public bool IsFolding
    {
        get
        {
            lock (_gate)
            {
                return _folding is not null;
            }
        }
    }

    /// <summary>What a start begins with.</summary>
    public void Open(JournalPosition applied, IEnumerable<BusySession> busy)
    {
        lock (_gate)
        {
            (_applied, _highestNumber) = (applied.Sequence, applied.HighestNumber);
            foreach (var session in busy)
            {
                _busy.Set(session.Key, session.Number, isBusy: true);
            }
        }
    }

    public long NextNumber()
    {
        lock (_gate)
        {
            return ++_highestNumber;
        }
    }

    /// <summary>
    /// Keeps what is remembered of SQLite bounded. Before a batch is looked at: none of what it needs may go after
    /// that.
    /// </summary>
    public void Tidy()
    {
        lock (_gate)
        {
            _known.Tidy();
        }
    }

    /// <summary>Those of which nobody knows yet what SQLite has.</summary>
    public List<SessionKey> Unknown(IEnumerable<SessionKey> keys)
    {
        lock (_gate)
        {
            return [.. keys.Where(key => Top_Locked(key) is null && !_known.TryFind(key, out _))];
        }
    }

    /// <summary>What SQLite has of sessions that are not here.</summary>
    public void Know(IReadOnlyList<SessionKey> keys, IReadOnlyList<SessionRow?> rows)
    {
        lock (_gate)
        {
            for (var i = 0; i < keys.Count; i++)
            {
                _known.Set(keys[i], rows[i]);
            }
        }
    }

    /// <summary>Forgets what SQLite has of a session, because it was changed there.</summary>
    public void Forget(SessionKey key)
    {
        lock (_gate)
        {
            _known.Forget(key);
        }
    }

    /// <summary>True if something of the session is on its way into SQLite.</summary>
    public bool Holds(SessionKey key)
    {
        lock (_gate)
        {
            return Top_Locked(key) is not null;
        }
    }

    /// <summary>Number, version and term of a session that is known; zeros if there is none.</summary>
    public (long Number, long Version, long Term) Find(SessionKey key)
    {
        lock (_gate)
        {
            var top = Top_Locked(key);
            if (top is { IsTermAlone: false })
            {
                return (top.Number, top.Record?.Version ?? 0, top.Term);
            }

            var row = top is null ? Known_Locked(key) : top.Below;
            return row is null ? default : (row.Number, row.Version, top?.Term ?? row.Term);
        }
    }

    /// <summary>Takes up a batch that is in the log.</summary>
    public void Add(IReadOnlyList<LoggedChange> changes, long bytes, long sequence)
    {
        lock (_gate)
        {
            for (var i = 0; i < changes.Count; i++)
            {
                Add_Locked(changes[i]);
            }

            _current.Count(changes.Count, bytes, sequence);
        }
    }

    /// <summary>The layer that is to be folded now; null if there is nothing.</summary>
    public (Layer Layer, long HighestNumber)? BeginFold()
    {
        lock (_gate)
        {
            if (_folding is null)
            {
                if (_current.Changes == 0)
                {
                    return null;
                }

                _folding = _current;
                _current = new Layer();
            }

            return (_folding, _highestNumber);
        }
    }

    /// <summary>The layer that was being folded is in SQLite.</summary>
    public void EndFold()
    {
        // Nothing in it changes any more, so nobody has to wait for this.
        var folded = _folding!;
        var rows = folded.Sessions.Values.ToDictionary(session => session.Key, session => session.Row);
        lock (_gate)
        {
            _known.Add(rows, _current.Sessions.ContainsKey);
            _applied = folded.LastSequence;
            _folding = null;
        }
    }

    /// <summary>From the top down; none if all that is known of the session is in SQLite.</summary>
    public T Read<T>(SessionKey key, Func<PendingSession?, PendingSession?, T> read)
    {
        lock (_gate)
        {
            return read(_current.Sessions.GetValueOrDefault(key), _folding?.Sessions.GetValueOrDefault(key));
        }
    }

    /// <summary>All sessions that are not as SQLite has them, or will be gone from it; nothing is copied.</summary>
    public OverlayView View()
    {
        lock (_gate)
        {
            return new OverlayView(_gate, _current, _folding, _applied);
        }
    }

    /// <summary>Works with the leases, and with who is busy.</summary>
    public T Busy<T>(Func<BusySessions, T> work)
    {
        lock (_gate)
        {
            return work(_busy);
        }
    }

    private PendingSession? Top_Locked(SessionKey key) =>
        _current.Sessions.TryGetValue(key, out var top) ? top : _folding?.Sessions.GetValueOrDefault(key);

    private SessionRow? Known_Locked(SessionKey key) => _known.TryFind(key, out var row) ? row : null;

    private void Add_Locked(LoggedChange change)
    {
        if (!_current.Sessions.TryGetValue(change.Key, out var session))
        {
            var folding = _folding?.Sessions.GetValueOrDefault(change.Key);
            session = _current.Begin(change.Key, folding is null ? Known_Locked(change.Key) : folding.Row);
            _known.Forget(change.Key);
            folding?.Over = session;
        }

        _highestNumber = Math.Max(_highestNumber, change.Number);
        var (before, was, wasHiding) = (session.Number, session.Record, !session.IsTermAlone);
        switch (change)
        {
            case LoggedSave save:
                session.Save(save.Save, save.Number);
                break;
            case LoggedRemoval:
                session.Remove();
                break;
            case LoggedTerm term when session.Number == term.Number:
                session.TakeTerm(term.Term);
                break;
            default:
                // The term of a life that has ended since.
                break;
        }

        _current.Follow(session, was, before, wasHiding);
        _busy.Follow(session, before);
    }
}
