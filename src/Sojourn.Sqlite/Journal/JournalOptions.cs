using Microsoft.Win32.SafeHandles;

namespace Sojourn.Sqlite;

/// <summary>How the journal before SQLite works. The defaults suit most.</summary>
public sealed class JournalOptions
{
    /// <summary>
    /// How long a full segment of the log is. Default 64 MiB, 64 KiB to 1 GiB. The first one of a start is 4 MiB and
    /// each next one twice as long as the last, up to this, so that little use takes little space. A batch that is
    /// longer gets a segment of its own.
    /// </summary>
    public long SegmentBytes { get; set; } = 64 << 20;

    /// <summary>How long a change waits at most before it begins its way into SQLite. Default 2 s, 1 ms to 10
    /// min.</summary>
    public TimeSpan FoldAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>With so many bytes of log waiting, it begins at once. Default 128 MiB, at least 1.</summary>
    public long FoldBytes { get; set; } = 128 << 20;

    /// <summary>
    /// How many bytes of log may wait to be brought into SQLite: what has to be read again after a crash, and
    /// about as much memory. Default 256 MiB, at least <see cref="FoldBytes"/>. At the bound a commit waits
    /// for SQLite; if SQLite fails, it fails.
    /// </summary>
    public long MaxLagBytes { get; set; } = 256 << 20;

    /// <summary>As <see cref="MaxLagBytes"/>, in changes. Default 1,000,000, at least 1.</summary>
    public long MaxLagChanges { get; set; } = 1_000_000;

    /// <summary>How a written batch gets to the disk. Tests put a failing disk in its place.</summary>
    internal Action<SafeFileHandle> Flush { get; set; } = Journal.Disk.FlushBytes;

    /// <summary>All that is wrong, in sentences.</summary>
    internal IEnumerable<string> Faults()
    {
        if (SegmentBytes is < 64 << 10 or > 1 << 30)
        {
            yield return $"{nameof(SegmentBytes)} must be 64 KiB to 1 GiB; it is {SegmentBytes}.";
        }

        if (FoldAfter < TimeSpan.FromMilliseconds(1) || FoldAfter > TimeSpan.FromMinutes(10))
        {
            yield return $"{nameof(FoldAfter)} must be 1 ms to 10 min; it is {FoldAfter}.";
        }

        if (FoldBytes < 1 || MaxLagChanges < 1)
        {
            yield return $"{nameof(FoldBytes)} and {nameof(MaxLagChanges)} must be at least 1.";
        }

        if (MaxLagBytes < FoldBytes)
        {
            yield return $"{nameof(MaxLagBytes)} must be at least {nameof(FoldBytes)}; it is {MaxLagBytes}.";
        }
    }
}
