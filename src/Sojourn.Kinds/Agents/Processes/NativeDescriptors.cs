using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sojourn.Kinds.Agents.Processes;

/// <summary>Linux's calls for descriptors, and the numbers that they take and give on x64 and arm64.</summary>
internal static partial class NativeDescriptors
{
    public const int ReadWrite = 2, NoControllingTerminal = 0x100, NonBlocking = 0x800, CloseOnExec = 0x80000;

    public const int Interrupted = 4, InputOutput = 5, TryAgain = 11;

    public const uint Readable = 0x1, Writable = 0x4, OneShot = 1u << 30;

    public const int AddToPoll = 1, RemoveFromPoll = 2, ChangeInPoll = 3;

    private const int DuplicateAbove = 1030, GetFlags = 3, SetFlags = 4;

    private const nuint BytesToRead = 0x541B;

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle from, ref byte into, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle to, ref readonly byte bytes, nint length);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(Span<int> ends, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int CreatePoll(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int ControlPoll(SafeFileHandle poll, int operation, SafeFileHandle of, ref byte what);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int WaitForPoll(SafeFileHandle poll, ref byte events, int most, int milliseconds);

    /// <summary>Another descriptor of the same, above those that a program has its standard streams at.</summary>
    /// <returns>-1 if there is none left.</returns>
    public static int Duplicate(SafeFileHandle descriptor) => Control(descriptor, DuplicateAbove, 3);

    /// <summary>Reading and writing give <see cref="TryAgain"/> instead of blocking.</summary>
    public static void NeverBlock(SafeFileHandle descriptor)
    {
        var flags = Control(descriptor, GetFlags, 0);
        _ = Control(descriptor, SetFlags, flags | NonBlocking);
    }

    /// <summary>How much lies in a pipe.</summary>
    public static int Unread(SafeFileHandle pipe)
    {
        var bytes = 0;
        return Control(pipe, BytesToRead, ref bytes) == 0 ? bytes : 0;
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle descriptor, int operation, int argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle descriptor, nuint request, ref int argument);
}
