namespace Sojourn.Sqlite.Journal;

/// <summary>All that was committed between two folds.</summary>
internal sealed class Layer
{
    public Dictionary<SessionKey, PendingSession> Sessions { get; } = [];

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

    /// <summary>For SQLite, in the order in which its sessions lie.</summary>
    public List<FoldedChange> ToFold() =>
    [
        .. Sessions.Values.Select(session => session.ToFold()).OfType<FoldedChange>()
            .OrderBy(change => change.Number),
    ];
}
