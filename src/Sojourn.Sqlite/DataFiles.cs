using System.Runtime.InteropServices;

namespace Sojourn.Sqlite;

/// <summary>Files for their owner's eyes only, and flushes that reach the disk.</summary>
internal static class DataFiles
{
    /// <summary>Opens a file for this process alone; a new one is for its owner's eyes only.</summary>
    public static FileStream OpenOwn(string file)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(file, options);
    }

    /// <summary>A new directory; on Unix for its owner's eyes only.</summary>
    public static void MakeOwnDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(
                directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Copies a file, and returns when the copy is on the disk.</summary>
    public static void Copy(string file, string to)
    {
        using var copy = OpenOwn(to);
        using (var original = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            original.CopyTo(copy);
        }

        copy.Flush(flushToDisk: true);
    }

    /// <summary>Returns when what was written to the file is on the disk.</summary>
    public static void Flush(string file)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>
    /// Returns when names that were made, changed or removed in a directory are on the disk. Elsewhere than on Unix,
    /// the system sees to that.
    /// </summary>
    /// <exception cref="IOException">It could not be done.</exception>
    public static void FlushDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = Open(directory, 0);
        var isFlushed = handle >= 0 && Flush(handle) == 0;
        var error = Marshal.GetLastPInvokeErrorMessage();
        if (handle >= 0)
        {
            _ = Close(handle);
        }

        if (!isFlushed)
        {
            throw new IOException($"'{directory}' could not be flushed to disk: {error}");
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flush(int handle);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);
}
