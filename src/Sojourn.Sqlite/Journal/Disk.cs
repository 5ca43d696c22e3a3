using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sojourn.Sqlite.Journal;

/// <summary>What the runtime has no call for: flushing a file's bytes alone, and flushing a directory.</summary>
internal static class Disk
{
    /// <summary>How much is rounded up to and aligned to: a page of the file system, and of the memory before
    /// it.</summary>
    public const int Page = 4096;

    /// <summary>
    /// Flushes a file's bytes. The runtime's own flush is <c>fsync</c>, which also writes the file's time: a
    /// second place on the disk, for a figure that nobody reads.
    /// </summary>
    /// <exception cref="IOException">It failed; which of the bytes are on disk is unknown, and flushing again would
    /// not tell.</exception>
    public static void FlushBytes(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
        }
        else if (DataSync(file) != 0)
        {
            throw Failed("fdatasync");
        }
    }

    /// <summary>Makes a file's making, renaming or removal last. Nothing to do on Windows, which has no call for
    /// it.</summary>
    public static void FlushDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = Open(directory, 0);
        if (handle < 0)
        {
            throw Failed($"open of '{directory}'");
        }

        try
        {
            if (Sync(handle) != 0)
            {
                throw Failed($"fsync of '{directory}'");
            }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    /// <summary>Rounds up to whole pages.</summary>
    public static long WholePages(long bytes) => (bytes + Page - 1) / Page * Page;

    private static IOException Failed(string call) => new($"{call}: {Marshal.GetLastPInvokeErrorMessage()}.");

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static extern int DataSync(SafeFileHandle file);

    [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false,
        ThrowOnUnmappableChar = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Sync(int handle);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int handle);
}
