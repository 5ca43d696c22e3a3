namespace Sojourn.Sqlite.Journal;

/// <summary>
/// The log that acknowledges: batches go to the end of the newest segment, each with one write and one flush. One
/// append at a
/// time; freeing may go on beside it.
/// </summary>
/// <param name="directory">Where the segments lie.</param>
/// <param name="options">How long they are.</param>
internal sealed class JournalLog(string directory, JournalOptions options) : IDisposable
{
    private const long FirstLength = 4 << 20;
    private const long ShortestLength = 256 << 10;

    private readonly Lock _gate = new();
    private readonly List<OldSegment> _old = [];
    private Spare? _spare;
    private Segment? _current;
    private long _number;
    private long _ahead;

    /// <summary>The newest batch that is on disk.</summary>
    public long LastSequence { get; private set; }

    /// <summary>
    /// What went wrong with the newest segment. A flush that failed may have thrown the pages away that it could not
    /// write, and
    /// the next flush would report success: nothing is ever written behind such a place.
    /// </summary>
    public Exception? Fault { get; private set; }

    /// <summary>Takes over what a start found, and begins a new segment behind it.</summary>
    /// <param name="files">All of it is kept until it is freed.</param>
    /// <param name="last">The newest batch that was found, or that SQLite has.</param>
    public void Open(JournalFiles files, long last)
    {
        LastSequence = last;
        _number = files.HighestNumber;
        foreach (var found in files.Segments)
        {
            _old.Add(new OldSegment(found.Path, last));
        }

        Repair();
    }

    /// <summary>Begins a new segment if the newest has failed, or could not be made.</summary>
    /// <exception cref="IOException">It still cannot be made; <see cref="Fault"/> says why.</exception>
    public void Repair()
    {
        if (_current is not null && Fault is null)
        {
            return;
        }

        Fault ??= new IOException("The journal has no segment yet.");
        Rotate(0);
        Fault = null;
    }

    /// <summary>Writes a batch and flushes it.</summary>
    /// <returns>The bytes that it takes up.</returns>
    /// <exception cref="IOException">It failed; whether the batch is on disk is unknown, until the segment is given up
    /// by <see cref="Repair"/>: then it is not.</exception>
    public long Append(BatchWriter batch)
    {
        if (Fault is not null)
        {
            throw new IOException("The journal cannot be written: " + Fault.Message, Fault);
        }

        try
        {
            if (_current!.Length - _current.End < batch.Length)
            {
                Rotate(batch.Length);
            }

            var pages = batch.Seal(LastSequence + 1, _current.Number);
            _current.Append(pages, LastSequence + 1, options.Flush);
            LastSequence++;
            return pages.Length;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Fault = failure;
            throw;
        }
    }

    /// <summary>Gives back the segments of which all batches are in SQLite, and on disk there.</summary>
    public void Free(long upTo)
    {
        List<string> free;
        lock (_gate)
        {
            free = [.. _old.Where(old => old.LastSequence <= upTo).Select(old => old.Path)];
            _old.RemoveAll(old => old.LastSequence <= upTo);
            var whole = Disk.WholePages(options.SegmentBytes);
            if (_spare is null && free.Find(path => new FileInfo(path).Length == whole) is { } again)
            {
                _spare = new Spare(again, whole);
                free.Remove(again);
            }
        }

        foreach (var path in free)
        {
            File.Delete(path);
        }
    }

    /// <summary>Removes all segments: SQLite has everything. A directory without a journal is what is left.</summary>
    public void Clear()
    {
        Dispose();
        var made = Directory.EnumerateFiles(directory, "*.tmp");
        foreach (var path in Directory.EnumerateFiles(directory, "*.log").Concat(made).ToList())
        {
            File.Delete(path);
        }

        Disk.FlushDirectory(directory);
    }

    public void Dispose()
    {
        _current?.Dispose();
        _current = null;
    }

    /// <summary>True if the next segment is to be made soon, so that no commit has to wait for it.</summary>
    public bool WantsSpare =>
        _current is { } current && current.End * 2 > current.Length && Volatile.Read(ref _spare) is null;

    /// <summary>Makes the next segment's file ahead. Runs beside appends, one at a time; a disk that is too full for
    /// it is no fault yet.</summary>
    public void Prepare()
    {
        var length = NextLength();
        if (!WantsSpare)
        {
            return;
        }

        // A name of its own: what was made before may be on its way to becoming a segment, under the name that it had,
        // and must not be opened again. A crash leaves a file that the next start removes.
        var name = $"ahead-{++_ahead}.tmp";
        var made = new Spare(Segment.Preallocate(Path.Combine(directory, name), length), length);
        lock (_gate)
        {
            if (_spare is null)
            {
                _spare = made;
                return;
            }
        }

        File.Delete(made.Path);
    }

    private void Rotate(long atLeast)
    {
        var needed = Disk.Page + Disk.WholePages(atLeast);
        try
        {
            Rotate(needed, Math.Max(NextLength(), needed));
        }
        catch (IOException)
        {
            // No room for a long one: what there is room for is better than nothing.
            Rotate(needed, Math.Max(ShortestLength, needed));
        }
    }

    private void Rotate(long needed, long length)
    {
        var spare = TakeSpare(needed);
        // The number is used up also if this fails: what is left of the attempt may have it.
        var header = new SegmentHeader(SegmentHeader.Newest, ++_number, LastSequence + 1);
        var next = Segment.Create(directory, header, spare?.Length ?? length, spare?.Path);
        lock (_gate)
        {
            if (_current is not null)
            {
                _old.Add(new OldSegment(_current.Path, _current.LastSequence));
            }
        }

        _current?.Dispose();
        _current = next;
    }

    private long NextLength() => Disk.WholePages(
        Math.Min(options.SegmentBytes, _current is { } current ? current.Length * 2 : FirstLength));

    private Spare? TakeSpare(long needed)
    {
        lock (_gate)
        {
            var spare = _spare?.Length >= needed ? _spare : null;
            _spare = spare is null ? _spare : null;
            return spare;
        }
    }

    private sealed record Spare(string Path, long Length);

    private sealed record OldSegment(string Path, long LastSequence);
}
