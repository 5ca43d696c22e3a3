using System.Globalization;

namespace Sojourn.Sqlite.Journal;

/// <summary>What a start finds in the journal's directory.</summary>
internal sealed class JournalFiles
{
    private readonly List<FoundSegment> _segments = [];

    private JournalFiles()
    {
    }

    /// <summary>In order; those without a whole header and without a whole frame are not among them.</summary>
    public IReadOnlyList<FoundSegment> Segments => _segments;

    /// <summary>The highest number that any file has, whatever is in it.</summary>
    public long HighestNumber { get; private set; }

    /// <summary>True if the last batch was torn by a crash; it was never acknowledged.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>Looks at the files' heads alone.</summary>
    /// <exception cref="SojournException">One was written by a newer version; all are left as they are.</exception>
    public static JournalFiles Find(string directory)
    {
        var files = new JournalFiles();
        foreach (var (number, path) in Numbered(directory))
        {
            files.HighestNumber = number;
            files.Look(number, path);
        }

        return files;
    }

    /// <summary>True if there is any segment: a process that ends in order leaves none.</summary>
    public static bool Any(string directory) => Numbered(directory).Count > 0;

    /// <summary>All batches above a sequence, in order, without a gap; damaged ones as far as they are whole.</summary>
    /// <param name="after">What is known already; damage up to there does not matter.</param>
    public IEnumerable<(FoundSegment Segment, LoggedBatch Batch)> Read(long after)
    {
        var expected = after + 1;
        for (var i = 0; i < _segments.Count; i++)
        {
            var segment = _segments[i];
            var next = i + 1 < _segments.Count ? _segments[i + 1].First : (long?)null;
            if (next <= expected)
            {
                continue;
            }

            foreach (var missing in Missing(expected, Math.Min(segment.First, next ?? long.MaxValue)))
            {
                yield return (segment, missing);
                expected++;
            }

            var reader = new SegmentReader(File.ReadAllBytes(segment.Path), segment.Number, segment.First, next);
            foreach (var batch in reader.Read().Where(batch => batch.Sequence > after))
            {
                yield return (segment, batch);
                expected = batch.Sequence + 1;
            }

            IsTorn |= reader.IsTorn;
        }
    }

    private static IEnumerable<LoggedBatch> Missing(long from, long before)
    {
        for (var sequence = from; sequence < before; sequence++)
        {
            yield return new LoggedBatch(sequence, [], [], 0);
        }
    }

    private static List<(long Number, string Path)> Numbered(string directory) => Directory.Exists(directory)
        ?
        [
            .. Directory.EnumerateFiles(directory, "*.log")
                .Select(path => (Number: NumberOf(path), Path: path))
                .Where(file => file.Number > 0)
                .OrderBy(file => file.Number),
        ]
        : [];

    private static long NumberOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    private void Look(long number, string path)
    {
        var page = new byte[Disk.Page];
        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            _ = RandomAccess.Read(file, page, 0);
        }

        if (SegmentHeader.Read(page) is { } header && header.Version > SegmentHeader.Newest)
        {
            throw new SojournException(
                $"'{path}' was written by a newer Sojourn (format {header.Version}; this one knows "
                + $"{SegmentHeader.Newest}). It was left untouched; use that version, or newer.");
        }

        // A file that is used again has the header of the number that it had before, until it has its own.
        if (SegmentHeader.Read(page) is { } whole && whole.Segment == number)
        {
            _segments.Add(new FoundSegment(number, path, whole.FirstSequence, IsHeaderWhole: true));
        }
        else if (FirstIn(path, number) is { } first)
        {
            _segments.Add(new FoundSegment(number, path, first, IsHeaderWhole: false));
        }
    }

    /// <summary>
    /// The header is on disk before the first batch, so without it there is nothing, but for damage to the header
    /// itself.
    /// </summary>
    private static long? FirstIn(string path, long number)
    {
        var bytes = File.ReadAllBytes(path);
        for (var at = Disk.Page; at + Frame.HeadLength <= bytes.Length; at += Disk.Page)
        {
            if (Frame.Read(bytes, at, number) is { } frame)
            {
                return frame.Sequence;
            }
        }

        return null;
    }
}

/// <summary>A segment that a start found.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Path">Its file.</param>
/// <param name="First">The sequence of its first batch.</param>
/// <param name="IsHeaderWhole">False if the header is damaged, and the first sequence was taken from a frame.</param>
internal sealed record FoundSegment(long Number, string Path, long First, bool IsHeaderWhole);
