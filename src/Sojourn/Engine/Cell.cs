namespace Sojourn.Engine;

/// <summary>
/// One session in memory. There may be a million, so what most of them never need is in <see cref="CellParts"/>. Who
/// may write what: <see cref="Latest"/>, <see cref="IsLoaded"/> and <see cref="SeenEpoch"/> belong to whoever holds the
/// <see cref="Turn"/>. <see cref="Visible"/> and <see cref="Epoch"/> belong, for durable kinds, to the committer, which
/// is one task; for the others, <see cref="Visible"/> belongs to the turn.
/// </summary>
internal sealed class Cell(KindRuntime kind, OwnerAccount account, SessionId id)
{
    /// <summary>Serialises decisions.</summary>
    public Turn Turn;

    /// <summary>The next cell in its chain; belongs to the <see cref="CellTable"/>.</summary>
    public Cell? Next;

    /// <summary>
    /// Bumped by the committer when steps were taken back: what was decided in an older epoch must be again.
    /// </summary>
    public volatile int Epoch;

    /// <summary>Steps and answers handed to the committer and not yet settled.</summary>
    public int Unsettled;

    /// <summary>Set by the committer when the store turned out to hold another version than this cell.</summary>
    public volatile bool MustReload;

    /// <summary>
    /// True while nobody knows what a commit that failed has left of it: it stays in memory until that is found out.
    /// Belongs to the committer.
    /// </summary>
    public volatile bool IsDoubtful;

    /// <summary>True while one of the kind's rules is at work on it; set by the holder of the turn.</summary>
    public volatile bool IsInRule;

    /// <summary>True while the kind's <see cref="Residents"/> has it; belongs to that.</summary>
    public bool IsResident;

    private int _lastReadSeconds;
    private Snapshot? _visible;
    private volatile bool _isLoaded;
    private CellParts? _parts;

    public KindRuntime Kind { get; } = kind;

    public OwnerAccount Account { get; } = account;

    public OwnerId Owner => Account.Owner;

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

    /// <summary>What it has besides; null while it has nothing.</summary>
    public CellParts? Parts => Volatile.Read(ref _parts);

    /// <summary>The driver at work on this node, if any.</summary>
    public Drive? Drive => Parts?.Drive;

    /// <summary>
    /// News in memory; null while nobody watches (one that is not durable has it from its first event).
    /// </summary>
    public EventLog? Log => Parts?.Log;

    /// <summary>When it last took a step or was read, for <see cref="Residents"/>.</summary>
    public DateTimeOffset LastUse
    {
        get
        {
            var read = DateTimeOffset.UnixEpoch.AddSeconds((uint)_lastReadSeconds);
            return Visible is { } seen && seen.LastActivityAt > read ? seen.LastActivityAt : read;
        }
    }

    public void NoteRead(DateTimeOffset now) => _lastReadSeconds = (int)(uint)now.ToUnixTimeSeconds();

    public CellParts EnsureParts()
    {
        if (Parts is { } parts)
        {
            return parts;
        }

        Interlocked.CompareExchange(ref _parts, new CellParts(), null);
        return _parts;
    }

    public EventLog EnsureLog() => EnsureParts().EnsureLog();

    /// <summary>The newest version of this life of the session that would survive a power cut.</summary>
    public long DurableOf(Snapshot snapshot) =>
        Kind.IsDurable ? snapshot.Version
        : Kind.IsVolatile || Parts is not { } parts || parts.DurableLife != snapshot.CreatedAt ? 0
        : Math.Min(parts.DurableVersion, snapshot.Version);

    /// <summary>
    /// Takes it out of use, unless somebody watches who would then miss what follows. Belongs to the turn. Whoever
    /// still holds it (the wake clock does, for a while) holds no state.
    /// </summary>
    public bool TryRetire()
    {
        if (!EnsureParts().TryRetire(evenIfWatched: false))
        {
            return false;
        }

        IsDead = true;
        (Latest, Visible) = (null, null);
        return true;
    }

    /// <summary>Takes a session that is gone out of use; its watchers have been told.</summary>
    public void Retire()
    {
        _ = EnsureParts().TryRetire(evenIfWatched: true);
        IsDead = true;
        (Latest, Visible) = (null, null);
    }

    public SessionView View(Snapshot snapshot) => Kind.View(this, snapshot);
}
