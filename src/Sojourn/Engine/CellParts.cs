using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>
/// What only some sessions in memory have: a driver, watchers, or, where the store is not the first to know,
/// what the store knows.
/// </summary>
internal sealed class CellParts
{
    /// <summary>Behind <see cref="Drive"/>, for a compare and exchange.</summary>
    public Drive? DriveField;

    private static readonly EventLog Closed = new();

    private EventLog? _log;
    private VolatileStreams? _streams;
    private long _durableVersion;

    public Drive? Drive
    {
        get => Volatile.Read(ref DriveField);
        set => Volatile.Write(ref DriveField, value);
    }

    public EventLog? Log => Volatile.Read(ref _log);

    /// <summary>
    /// For a kind that is not durable: the newest version that the store has. Belongs to the committer.
    /// </summary>
    public long DurableVersion
    {
        get => Volatile.Read(ref _durableVersion);
        set => Volatile.Write(ref _durableVersion, value);
    }

    /// <summary>When the life began that <see cref="DurableVersion"/> counts; belongs to the committer.</summary>
    public DateTimeOffset DurableLife { get; set; }

    /// <summary>
    /// For a kind that is not durable: the oldest and the newest event that the store has, and where its named streams
    /// begin there. Belong to the committer.
    /// </summary>
    public Snapshot? Stored { get; set; }

    /// <summary>Operation ids of a volatile session, which has no store to keep them. Belongs to the turn.</summary>
    public Dictionary<string, OperationRecord>? Operations { get; set; }

    /// <summary>Streams of a volatile session, which has no store to keep them.</summary>
    public VolatileStreams? Streams => Volatile.Read(ref _streams);

    /// <summary>When the wake clock's queue has this session; belongs to that queue.</summary>
    public DateTimeOffset QueuedDue { get; set; } = DateTimeOffset.MaxValue;

    public EventLog EnsureLog()
    {
        if (Log is { } log)
        {
            return log;
        }

        Interlocked.CompareExchange(ref _log, new EventLog(), null);
        return _log;
    }

    /// <summary>
    /// A log for another life, where there was one before; those who watch that are told that it is over. Belongs to
    /// whoever publishes.
    /// </summary>
    public void RenewLog(RemovalReason reason)
    {
        if (Log is not { } old)
        {
            return;
        }

        var renewed = new EventLog();
        Volatile.Write(ref _log, renewed);
        // In this order: a session that leaves memory meanwhile has retired one of the two, and then both are.
        if (old.GiveWay())
        {
            renewed.TryRetire(evenIfWatched: true);
        }

        old.Close(reason);
    }

    /// <summary>What a volatile session's last life has left. Belongs to the turn.</summary>
    public void Forget() => (Operations, _streams) = (null, null);

    /// <summary>Streams of a volatile session, made if there are none yet.</summary>
    public VolatileStreams EnsureStreams()
    {
        if (Streams is { } streams)
        {
            return streams;
        }

        Interlocked.CompareExchange(ref _streams, new VolatileStreams(), null);
        return _streams;
    }

    /// <summary>No watcher is admitted any more; false if there is one and it matters.</summary>
    public bool TryRetire(bool evenIfWatched)
    {
        EventLog? log;
        do
        {
            // A watcher that looked the session up before this finds the closed log, and looks it up again.
            log = Interlocked.CompareExchange(ref _log, Closed, null);
            if (log is not null && !log.TryRetire(evenIfWatched))
            {
                return false;
            }
        }
        while (log is not null && log != Log);

        Forget();
        Stored = null;
        return true;
    }

    static CellParts() => Closed.TryRetire(evenIfWatched: true);
}
