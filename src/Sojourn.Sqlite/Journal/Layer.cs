using Sojourn.Stores;

namespace Sojourn.Sqlite.Journal;

/// <summary>
/// All that was committed between two folds, and the indexes by which it is asked. Used behind the overlay's lock; what
/// is being folded does not change any more.
/// </summary>
internal sealed class Layer
{
    private static readonly Comparer<(long Number, PendingSession? Session)> Numbers =
        Comparer<(long Number, PendingSession? Session)>.Create((one, other) => one.Number.CompareTo(other.Number));

    private PendingSession[] _inOrder = new PendingSession[256];
    private int _count;
    private readonly SortedSet<(long Number, PendingSession? Session)> _byNumber = new(Numbers);

    public Dictionary<SessionKey, PendingSession> Sessions { get; } = [];

    public LayerCounts Counts { get; } = new();

    public DueIndex Due { get; } = new();

    public long Changes { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>The newest batch in it.</summary>
    public long LastSequence { get; private set; }

    public void Count(int changes, long bytes, long sequence)
    {
        Changes += changes;
        Bytes += bytes;
        LastSequence = sequence;
    }

    /// <summary>True if what lies below a session is not what there is.</summary>
    public bool Hides(SessionKey key) => Sessions.TryGetValue(key, out var session) && !session.IsTermAlone;

    /// <summary>A session that is not in it yet.</summary>
    public PendingSession Begin(SessionKey key, SessionRow? below)
    {
        var session = new PendingSession(key, below);
        Sessions[key] = session;
        if (_count == _inOrder.Length)
        {
            Array.Resize(ref _inOrder, 2 * _count);
        }

        _inOrder[_count++] = session;
        return session;
    }

    /// <summary>A session has changed.</summary>
    /// <param name="session">As it is now.</param>
    /// <param name="was">Its record before; null if it had none here.</param>
    /// <param name="number">Its number before.</param>
    /// <param name="wasHiding">Whether it hid what lies below before.</param>
    public void Follow(PendingSession session, SessionRecord? was, long number, bool wasHiding)
    {
        if (was is not null && (session.Record is null || session.Number != number))
        {
            _byNumber.Remove((number, null));
        }

        if (session.Record is not null && (was is null || session.Number != number))
        {
            _byNumber.Add((session.Number, session));
        }

        Counts.Follow(session, was, wasHiding);
        Due.Follow(session);
    }

    /// <summary>Up to so many with a record and a number below one and not below another, highest first.</summary>
    public List<PendingSession> Newest(long before, long atLeast, int most) => before <= atLeast ? [] :
    [
        .. _byNumber.GetViewBetween((atLeast, null), (before - 1, null)).Reverse()
            .Take(most).Select(each => each.Session!),
    ];

    /// <summary>All that are in it now, in the order in which they came. None is ever taken out, nor moved: what this
    /// returns may be looked through without the lock.</summary>
    public ArraySegment<PendingSession> All() => new(_inOrder, 0, _count);

    /// <summary>For SQLite, in the order in which its sessions lie.</summary>
    public List<FoldedChange> ToFold() =>
    [
        .. Sessions.Values.Select(session => session.ToFold()).OfType<FoldedChange>()
            .OrderBy(change => change.Number),
    ];
}
