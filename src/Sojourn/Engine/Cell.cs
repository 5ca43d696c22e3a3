namespace Sojourn.Engine;

/// <summary>
/// One session in memory. Who may write what: <see cref="Latest"/>, <see cref="IsLoaded"/>, <see cref="SeenEpoch"/> and
/// <see cref="Operations"/> belong to whoever holds the <see cref="Turn"/>. <see cref="Visible"/>,
/// <see cref="DurableVersion"/> and <see cref="Epoch"/> belong, for durable kinds, to the committer, which is one
/// task; for the others, <see cref="Visible"/> belongs to the turn.
/// </summary>
internal sealed class Cell(KindRuntime kind, OwnerId owner, SessionId id)
{
    /// <summary>Serialises decisions.</summary>
    public Turn Turn;

    /// <summary>
    /// Bumped by the committer when steps were taken back: what was decided in an older epoch must be again.
    /// </summary>
    public volatile int Epoch;

    /// <summary>Steps and answers handed to the committer and not yet settled.</summary>
    public int Unsettled;

    /// <summary>Behind <see cref="Drive"/>, for a compare and exchange.</summary>
    public Drive? DriveField;

    private Snapshot? _visible;
    private long _durableVersion;
    private volatile bool _isLoaded;
    private EventLog? _log;
    private VolatileStreams? _streams;

    public KindRuntime Kind { get; } = kind;

    public OwnerId Owner { get; } = owner;

    public SessionId Id { get; } = id;

    public SessionKey Key => new(Kind.Name, Owner, Id);

    /// <summary>What anybody may see; null if there is no such session (any more, or yet).</summary>
    public Snapshot? Visible
    {
        get => Volatile.Read(ref _visible);
        set => Volatile.Write(ref _visible, value);
    }

    /// <summary>
    /// What the next command is decided on; ahead of <see cref="Visible"/> while a commit is under way.
    /// </summary>
    public Snapshot? Latest { get; set; }

    /// <summary>The newest version that is on disk; for a volatile kind 0.</summary>
    public long DurableVersion
    {
        get => Volatile.Read(ref _durableVersion);
        set => Volatile.Write(ref _durableVersion, value);
    }

    /// <summary>When the life began that <see cref="DurableVersion"/> counts; belongs to the committer.</summary>
    public DateTimeOffset DurableLife { get; set; }

    /// <summary>The oldest event that the store still has. Belongs to the committer.</summary>
    public long StoredFirstEvent { get; set; } = 1;

    /// <summary>The newest event that the store has. Belongs to the committer.</summary>
    public long StoredLastEvent { get; set; }

    /// <summary>Set by the committer when the store turned out to hold another version than this cell.</summary>
    public volatile bool MustReload;

    /// <summary>True once the store was asked.</summary>
    public bool IsLoaded
    {
        get => _isLoaded;
        set => _isLoaded = value;
    }

    /// <summary>True once this object is out of use: look the session up again.</summary>
    public bool IsDead { get; private set; }

    /// <summary>The <see cref="Epoch"/> in which <see cref="Latest"/> was decided.</summary>
    public int SeenEpoch { get; set; }

    /// <summary>Operation ids of a volatile session, which has no store to keep them.</summary>
    public Dictionary<string, Stores.OperationRecord>? Operations { get; set; }

    /// <summary>Streams of a volatile session, which has no store to keep them.</summary>
    public VolatileStreams? Streams => Volatile.Read(ref _streams);

    /// <summary>When the wake clock's queue has this session; belongs to that queue.</summary>
    public DateTimeOffset QueuedDue { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>The driver at work on this node, if any.</summary>
    public Drive? Drive
    {
        get => Volatile.Read(ref DriveField);
        set => Volatile.Write(ref DriveField, value);
    }

    /// <summary>
    /// News in memory; null while nobody watches (one that is not durable has it from its first event).
    /// </summary>
    public EventLog? Log => Volatile.Read(ref _log);

    public EventLog EnsureLog()
    {
        if (Log is { } log)
        {
            return log;
        }

        Interlocked.CompareExchange(ref _log, new EventLog(), null);
        return _log;
    }

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

    /// <summary>The newest version of this life of the session that would survive a power cut.</summary>
    public long DurableOf(Snapshot snapshot) =>
        Kind.IsDurable ? snapshot.Version
        : Kind.IsVolatile ? 0
        : DurableLife == snapshot.Extras.CreatedAt ? Math.Min(DurableVersion, snapshot.Version)
        : 0;

    /// <summary>Takes it out of use. Whoever still holds it (the wake clock may, for a while) holds little.</summary>
    public void Retire()
    {
        IsDead = true;
        (Operations, _streams, _log) = (null, null, null);
    }

    public SessionView View(Snapshot snapshot) => Kind.View(this, snapshot);
}
