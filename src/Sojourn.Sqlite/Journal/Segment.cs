using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Sojourn.Sqlite.Journal;

/// <summary>
/// One file of the log, made at its full length and filled with zeros beforehand, so that flushing a batch changes no
/// length and
/// allocates no block: one write to one place. One thread at a time.
/// </summary>
internal sealed class Segment : IDisposable
{
    private const int ZerosLength = 1 << 20;

    private readonly SafeFileHandle _file;

    private Segment(string path, long number, SafeFileHandle file, long length)
    {
        (Path, Number, _file, Length) = (path, number, file, length);
    }

    public string Path { get; }

    public long Number { get; }

    public long Length { get; }

    /// <summary>Where the next batch goes.</summary>
    public long End { get; private set; } = Disk.Page;

    /// <summary>The newest batch in it; of an empty one, the one before its first.</summary>
    public long LastSequence { get; set; }

    public static string NameOf(long number) => number.ToString("D16", CultureInfo.InvariantCulture) + ".log";

    /// <summary>Makes one whose header is on disk.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="header">With its number and first sequence.</param>
    /// <param name="length">In bytes; rounded up to whole pages.</param>
    /// <param name="ready">A file of that length, a new one or one to be used again; null to make one.</param>
    public static Segment Create(string directory, in SegmentHeader header, long length, string? ready)
    {
        var path = System.IO.Path.Combine(directory, NameOf(header.Segment));
        length = Disk.WholePages(length);
        var name = $"next-{header.Segment}.tmp";
        var mine = ready ?? Preallocate(System.IO.Path.Combine(directory, name), length);
        SafeFileHandle? file = null;
        try
        {
            // Under its new name the checksums of what an old one holds match no more: they are taken with its number.
            // A crash after this leaves a file without a header of its number, in which a start finds nothing; a crash
            // after the directory's flush leaves a segment without a batch. No batch comes before that.
            File.Move(mine, path, overwrite: false);
            mine = path;
            file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
            RandomAccess.Write(file, header.Write(), 0);
            RandomAccess.FlushToDisk(file);
            Disk.FlushDirectory(directory);
            return new Segment(path, header.Segment, file, length) { LastSequence = header.FirstSequence - 1 };
        }
        catch
        {
            // A full disk must not be kept full by what came to nothing.
            file?.Dispose();
            File.Delete(mine);
            throw;
        }
    }

    /// <summary>Makes a file of zeros that are on disk, under a name that nobody takes for a segment's.</summary>
    public static string Preallocate(string path, long length)
    {
        var made = OpenNew(path);
        try
        {
            using var file = made;
            var zeros = new byte[Math.Min(ZerosLength, length)];
            for (var at = 0L; at < length; at += zeros.Length)
            {
                RandomAccess.Write(file.SafeFileHandle, zeros.AsSpan(0, (int)Math.Min(zeros.Length, length - at)), at);
            }

            file.Flush(flushToDisk: true);
            return path;
        }
        catch
        {
            // A full disk must not be kept full by what did not fit.
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Writes a whole number of pages at the end and flushes them.</summary>
    public void Append(ReadOnlySpan<byte> pages, long sequence, Action<SafeFileHandle> flush)
    {
        RandomAccess.Write(_file, pages, End);
        flush(_file);
        End += pages.Length;
        LastSequence = sequence;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>For its owner's eyes only.</summary>
    private static FileStream OpenNew(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
