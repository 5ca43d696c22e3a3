using Sojourn.Stores;

namespace Sojourn.Sqlite.Journal;

/// <summary>Brings what a start finds in the log into the overlay, and finds out whose changes are lost.</summary>
internal sealed class Replay(Overlay overlay, SqliteStore below, JournalFiles files)
{
    private readonly List<DamagedSession> _damaged = [];
    private readonly HashSet<FoundSegment> _damagedSegments = [];

    /// <summary>The newest batch that was found.</summary>
    public long LastSequence { get; private set; }

    public long Batches { get; private set; }

    public IReadOnlyList<DamagedSession> Damaged => _damaged;

    /// <summary>Segments in which something is damaged.</summary>
    public IReadOnlyCollection<FoundSegment> DamagedSegments => _damagedSegments;

    /// <summary>A sentence for each change that cannot be put down to a session.</summary>
    public List<string> Unknown { get; } = [];

    /// <param name="after">
    /// How far SQLite is. If that is <see cref="JournalPosition.Unknown"/>, each change is held against what SQLite
    /// has.
    /// </param>
    /// <param name="giveUp">Gives up.</param>
    public async Task RunAsync(long after, CancellationToken giveUp)
    {
        var isUnknown = after == JournalPosition.Unknown;
        after = isUnknown ? (files.Segments.Count == 0 ? 0 : files.Segments[0].First - 1) : after;
        LastSequence = after;
        foreach (var (segment, batch) in files.Read(after))
        {
            giveUp.ThrowIfCancellationRequested();
            var changes = Read(segment, batch);
            overlay.Tidy();
            await KnowAsync(changes, giveUp).ConfigureAwait(false);
            if (isUnknown)
            {
                changes.RemoveAll(IsApplied);
            }

            FindGaps(changes);
            var bytes = batch.Frames.Sum(frame => (long)Frame.Whole(frame.Length));
            overlay.Add(changes, Disk.WholePages(bytes), batch.Sequence);
            LastSequence = batch.Sequence;
            Batches++;
        }
    }

    private bool IsApplied(LoggedChange change)
    {
        var (number, version, term) = overlay.Find(change.Key);
        return change switch
        {
            LoggedSave save => number > save.Number || (number == save.Number && version >= save.Save.Record.Version),
            LoggedRemoval => number != change.Number,
            LoggedTerm taken => number != taken.Number || term >= taken.Term,
            _ => false,
        };
    }

    private async Task KnowAsync(List<LoggedChange> changes, CancellationToken giveUp)
    {
        foreach (var key in overlay.Unknown(changes.Select(change => change.Key)))
        {
            try
            {
                overlay.Know([key], await below.FindAsync([key], giveUp).ConfigureAwait(false));
            }
            catch (DamagedRecordException damage)
            {
                // What the log has takes its place; if that is not all, reading it will tell.
                overlay.Know([key], [null]);
                _damaged.Add(DamagedSession.Of(key, 0, damage.Message));
            }
        }
    }

    private List<LoggedChange> Read(FoundSegment segment, LoggedBatch batch)
    {
        var changes = new List<LoggedChange>();
        var isRead = new bool[Math.Max(0, batch.Count - 1)];
        foreach (var frame in batch.Frames.Where(frame => !frame.IsDirectory))
        {
            try
            {
                changes.Add(LoggedChange.Read(batch.Payload(frame)));
                isRead[frame.Place] = true;
            }
            catch (FormatException)
            {
                // Counted among the lost below.
            }
        }

        if (batch.Count == 0 || isRead.Contains(false))
        {
            _damagedSegments.Add(segment);
            Lose(segment, batch, isRead);
        }

        return changes;
    }

    /// <summary>The directory says whose the lost changes were; without it nobody knows.</summary>
    private void Lose(FoundSegment segment, LoggedBatch batch, bool[] isRead)
    {
        var where = $"batch {batch.Sequence} of the journal's {Path.GetFileName(segment.Path)}";
        if (Directory(batch) is not { } directory)
        {
            var lost = batch.Count == 0 ? "all changes" : $"{isRead.Count(read => !read)} of {isRead.Length} changes";
            Unknown.Add($"{lost} of {where} cannot be read, and whose they were is not known.");
            return;
        }

        for (var place = 0; place < Math.Min(isRead.Length, directory.Count); place++)
        {
            if (!isRead[place])
            {
                _damaged.Add(DamagedSession.Of(
                    directory[place].Key, directory[place].Version, $"a change of it in {where} cannot be read."));
            }
        }
    }

    private static List<(SessionKey Key, long Version)>? Directory(LoggedBatch batch)
    {
        if (batch.Frames.Count == 0 || !batch.Frames[^1].IsDirectory)
        {
            return null;
        }

        try
        {
            return BatchDirectory.Read(batch.Payload(batch.Frames[^1]));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>A change that was judged on a version which is not here shows that one is missing.</summary>
    private void FindGaps(List<LoggedChange> changes)
    {
        foreach (var save in changes.OfType<LoggedSave>())
        {
            var (number, version, _) = overlay.Find(save.Key);
            if (number == save.Number && version != save.Save.ExpectedVersion)
            {
                _damaged.Add(DamagedSession.Of(
                    save.Key, save.Save.Record.Version,
                    $"its versions {version + 1} to {save.Save.ExpectedVersion} are missing in the journal."));
            }
        }
    }
}
