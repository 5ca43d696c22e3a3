using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Sojourn.Kinds.Play.Saves;

/// <summary>
/// A folder of the file system. On Linux and macOS, flushing is what the system calls fsync (on macOS the full one),
/// for files and for the folder. Windows has no such call for folders: there, files are created and renamed with what
/// it calls write-through, which returns when the names are on the disk.
/// </summary>
public sealed partial class FolderDisk : ISaveDisk
{
    /// <summary>The file that says who has the folder, and is locked as long as that lasts.</summary>
    public const string LockName = "saves.lock";

    private const int MaxHolderBytes = 4096;

    private static readonly bool IsWindows = OperatingSystem.IsWindows();

    /// <summary>The folder need not exist before something is saved.</summary>
    public FolderDisk(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Folder = Path.GetFullPath(folder);
    }

    /// <inheritdoc />
    public string Folder { get; }

    /// <inheritdoc />
    public long? FreeBytes
    {
        get
        {
            try
            {
                return new DriveInfo(Folder).AvailableFreeSpace;
            }
            catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // Some file systems do not tell; it is for a message alone.
                return null;
            }
        }
    }

    /// <inheritdoc />
    public IDisposable Lock(DateTimeOffset now)
    {
        var path = PathOf(LockName);
        FileStream held;
        try
        {
            Directory.CreateDirectory(Folder);
            // On Windows others may read who it is; elsewhere the lock binds only those who ask for it.
            held = new FileStream(
                path, FileMode.OpenOrCreate, FileAccess.ReadWrite, IsWindows ? FileShare.Read : FileShare.None,
                bufferSize: 0);
        }
        catch (IOException taken) when (IsInUse(taken))
        {
            var holder = ReadHolder(path);
            throw new SaveFolderInUseException(Folder, holder?.ProcessId, holder?.Since, taken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SaveDiskException(
                $"The saves in '{Folder}' cannot be opened: {failure.Message} See that the folder can be written to.",
                failure);
        }

        WriteHolder(held, new Holder(Environment.ProcessId, now));
        return held;
    }

    /// <inheritdoc />
    public IReadOnlyList<DiskFile> List()
    {
        var folder = new DirectoryInfo(Folder);
        return folder.Exists
            ? [.. folder.EnumerateFiles().Select(file => new DiskFile(
                file.Name, LengthOf(file), new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero)))]
            : [];
    }

    /// <inheritdoc />
    public Stream OpenRead(string name) => new FileStream(
        PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <inheritdoc />
    public Stream Create(string name) => new FileStream(
        PathOf(name), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0,
        IsWindows ? FileOptions.WriteThrough : FileOptions.None);

    /// <inheritdoc />
    public void Flush(Stream created) => ((FileStream)created).Flush(flushToDisk: true);

    /// <inheritdoc />
    public void Rename(string from, string to)
    {
        if (!IsWindows)
        {
            File.Move(PathOf(from), PathOf(to), overwrite: true);
        }
        else if (!MoveFileEx(PathOf(from), PathOf(to), ReplaceExisting | WriteThrough))
        {
            throw new IOException(
                $"'{from}' could not become '{to}': {Marshal.GetLastPInvokeErrorMessage()}",
                unchecked((int)0x80070000) | Marshal.GetLastPInvokeError());
        }
    }

    /// <inheritdoc />
    public void Delete(string name) => File.Delete(PathOf(name));

    /// <inheritdoc />
    public void FlushDirectory()
    {
        if (!IsWindows)
        {
            using var directory = OpenRaw(Folder);
            // The runtime's own way to fsync, which on macOS is the full one.
            RandomAccess.FlushToDisk(directory);
        }
    }

    private string PathOf(string name) => Path.Combine(Folder, name);

    // A file that was deleted since it was listed has no length any more.
    private static long LengthOf(FileInfo file) => file.Exists ? file.Length : 0;

    /// <summary>Other failures of the file system, a full disk among them, are no sign of another process.</summary>
    private static bool IsInUse(IOException failure)
    {
        const int SharingViolation = unchecked((int)0x80070020);
        const int WouldBlockOnLinux = 11;
        const int WouldBlockOnMac = 35;
        return failure.HResult == (IsWindows ? SharingViolation
            : OperatingSystem.IsLinux() ? WouldBlockOnLinux
            : WouldBlockOnMac);
    }

    private static void WriteHolder(FileStream held, Holder holder)
    {
        try
        {
            held.SetLength(0);
            held.Write(JsonSerializer.SerializeToUtf8Bytes(holder, SojournJson.Stored));
        }
        catch (IOException)
        {
            // A full disk: who has the folder cannot be told then, but what is in it can be loaded.
        }
    }

    private static Holder? ReadHolder(string path)
    {
        try
        {
            // A FileStream would ask for a lock of its own, which is taken.
            using var file = IsWindows
                ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
                : OpenRaw(path);
            var bytes = new byte[MaxHolderBytes];
            var length = RandomAccess.Read(file, bytes, 0);
            return JsonSerializer.Deserialize<Holder>(bytes.AsSpan(0, length), SojournJson.Stored);
        }
        catch (Exception untold) when (untold is IOException or JsonException)
        {
            // Whoever has it is just about to say so; that somebody has it is what matters.
            return null;
        }
    }

    private static SafeFileHandle OpenRaw(string path)
    {
        const int CloseOnExecOnLinux = 0x80000;
        const int CloseOnExecOnMac = 0x1000000;
        var handle = Open(path, OperatingSystem.IsMacOS() ? CloseOnExecOnMac : CloseOnExecOnLinux);
        return handle >= 0
            ? new SafeFileHandle(handle, ownsHandle: true)
            : throw new IOException($"'{path}' could not be opened: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private const uint ReplaceExisting = 1;
    private const uint WriteThrough = 8;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("kernel32", EntryPoint = "MoveFileExW", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool MoveFileEx(string from, string to, uint flags);

    private sealed record Holder(int ProcessId, DateTimeOffset Since);
}
