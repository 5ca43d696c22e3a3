namespace Sojourn.Engine;

/// <summary>
/// The newest events of one session in memory, shared by all its watchers, and the pulse that tells them of more. A
/// watcher holds nothing but its offset: one that is too slow for what is kept here reads from the store, and can
/// slow nobody.
/// </summary>
internal sealed class EventLog
{
    /// <summary>How many events are kept for watchers beyond those that must be.</summary>
    public const int KeptForWatchers = 256;

    /// <summary>
    /// As <see cref="KeptForWatchers"/>, in bytes: 256 KiB, and up to an eighth more, since they are dropped in runs.
    /// An event that is larger is read from the store by each watcher.
    /// </summary>
    public const int BytesKeptForWatchers = 256 << 10;

    private readonly Lock _gate = new();
    private readonly List<SessionEvent> _events = [];
    private TaskCompletionSource? _pulse;
    private DateTimeOffset? _life;
    private RemovalReason? _closed;
    private long _bytes;
    private int _watchers;
    private bool _isRetired;

    /// <summary>Why the session is gone; null while it is not.</summary>
    public RemovalReason? Closed
    {
        get
        {
            lock (_gate)
            {
                return _closed;
            }
        }
    }

    public Admission TryAddWatcher(int limit)
    {
        lock (_gate)
        {
            if (_isRetired)
            {
                return Admission.Retired;
            }

            var admitted = _watchers < limit;
            _watchers += admitted ? 1 : 0;
            return admitted ? Admission.Admitted : Admission.Full;
        }
    }

    /// <summary>
    /// Another log takes this one's place; this one's watchers are told of the end when it is closed.
    /// </summary>
    /// <returns>True if it had been retired before.</returns>
    public bool GiveWay()
    {
        lock (_gate)
        {
            var wasRetired = _isRetired;
            _isRetired = true;
            return wasRetired;
        }
    }

    /// <summary>Admits no more watchers; false if there are some, and that matters.</summary>
    public bool TryRetire(bool evenIfWatched)
    {
        lock (_gate)
        {
            _isRetired |= evenIfWatched || _watchers == 0;
            return _isRetired;
        }
    }

    public void RemoveWatcher()
    {
        lock (_gate)
        {
            _watchers--;
        }
    }

    /// <summary>
    /// Adds events of the life that began at a time, and drops those below <paramref name="mustKeepFrom"/> that no
    /// watcher is likely to want.
    /// </summary>
    public void Append(IReadOnlyList<SessionEvent> events, DateTimeOffset? life, long mustKeepFrom)
    {
        lock (_gate)
        {
            _life = life;
            if (events.Count > 0 && _events.Count > 0 && _events[^1].Number + 1 != events[0].Number)
            {
                Clear_Locked();
            }

            _events.AddRange(events);
            foreach (var happened in events)
            {
                _bytes += happened.Json.Length;
            }

            Trim_Locked(mustKeepFrom);
        }
    }

    /// <summary>The store has the events below a number, if they are of this life.</summary>
    public void Trim(long mustKeepFrom, DateTimeOffset? life)
    {
        lock (_gate)
        {
            if (_life == life)
            {
                Trim_Locked(mustKeepFrom);
            }
        }
    }

    /// <summary>Forgets what is in memory; watchers go on from the store.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            Clear_Locked();
        }
    }

    /// <summary>
    /// Events of a life (null for whichever it has) after a number, up to so many and so many bytes; null if they are
    /// not in memory.
    /// </summary>
    public IReadOnlyList<SessionEvent>? Read(DateTimeOffset? life, long after, int max)
    {
        lock (_gate)
        {
            var covers = _events.Count > 0 && _events[0].Number <= after + 1 && _events[^1].Number > after;
            return covers && (life is null || _life == life)
                ? Page_Locked((int)(after + 1 - _events[0].Number), max)
                : null;
        }
    }

    /// <summary>
    /// Completes at the next <see cref="Pulse"/>. Take it before looking for news, or some may be missed.
    /// </summary>
    public Task NextPulse()
    {
        lock (_gate)
        {
            _pulse ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            // The other half of the barrier in Publisher.Publish.
            Interlocked.MemoryBarrier();
            return _pulse.Task;
        }
    }

    public void Pulse()
    {
        if (Volatile.Read(ref _pulse) is null)
        {
            // Nobody waits. Whoever begins to now looks again first.
            return;
        }

        TaskCompletionSource? pulse;
        lock (_gate)
        {
            (pulse, _pulse) = (_pulse, null);
        }

        pulse?.SetResult();
    }

    public void Close(RemovalReason reason)
    {
        lock (_gate)
        {
            _closed ??= reason;
        }

        Pulse();
    }

    private List<SessionEvent> Page_Locked(int first, int max)
    {
        var page = new List<SessionEvent>();
        var bytes = 0;
        for (var i = first; i < _events.Count && page.Count < max && bytes < SessionStreams.MaxBytes; i++)
        {
            page.Add(_events[i]);
            bytes += _events[i].Json.Length;
        }

        return page;
    }

    private void Clear_Locked()
    {
        _events.Clear();
        _bytes = 0;
    }

    private void Trim_Locked(long mustKeepFrom)
    {
        var (kept, keptBytes) = _watchers > 0 ? (KeptForWatchers, BytesKeptForWatchers) : (0, 0);
        var (surplus, bytes) = (0, _bytes);
        while (surplus < _events.Count && _events[surplus].Number < mustKeepFrom
            && (_events.Count - surplus > kept || bytes > keptBytes))
        {
            bytes -= _events[surplus].Json.Length;
            surplus++;
        }

        // In runs of at least an eighth, so that a steady stream of events does not shift the list each time.
        if (surplus > 0 && (surplus >= _events.Count / 8 || _bytes - bytes >= BytesKeptForWatchers / 8))
        {
            _events.RemoveRange(0, surplus);
            _bytes = bytes;
        }
    }
}

/// <summary>Whether a watcher may follow a log.</summary>
internal enum Admission
{
    Admitted,

    /// <summary>There are as many as there may be.</summary>
    Full,

    /// <summary>The session has left memory: look it up again.</summary>
    Retired,
}
