using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sojourn.Kinds.Agents.Processes;

/// <summary>
/// posix_spawn: managed code cannot fork, since between fork and exec only one of its threads is there. The structs are
/// larger than any C library's.
/// </summary>
internal static partial class NativeSpawn
{
    private const short OwnSession = 0x80, DefaultSignals = 0x04, OwnSignalMask = 0x08;

    private const int FirstOfOthers = 3, ToRun = 1;

    /// <summary>Whether the C library has all that is needed; glibc does from 2.34 on.</summary>
    public static bool IsThere() => NativeLibrary.TryLoad("libc", typeof(NativeSpawn).Assembly, null, out var library)
        && NativeLibrary.TryGetExport(library, "posix_spawn_file_actions_addclosefrom_np", out _)
        && NativeLibrary.TryGetExport(library, "posix_spawn_file_actions_addchdir_np", out _);

    /// <summary>Whether this user may run that file.</summary>
    public static bool MayRun(string file) => MayUse(file, ToRun) == 0;

    /// <summary>Starts a program in a session of its own that has nothing but what it is given here.</summary>
    /// <returns>The system's error, or 0.</returns>
    public static int Spawn(NativeProgram program, StandardStreams streams, out int pid)
    {
        pid = 0;
        var error = CreateActions(out var actions);
        if (error != 0)
        {
            return error;
        }

        try
        {
            error = CreateAttributes(out var attributes);
            if (error != 0)
            {
                return error;
            }

            try
            {
                error = Describe(program, streams, ref actions, ref attributes);
                return error != 0 ? error : Spawn(
                    out pid, program.File, ref actions, ref attributes, program.Arguments, program.Environment);
            }
            finally
            {
                _ = DestroyAttributes(ref attributes);
            }
        }
        finally
        {
            _ = DestroyActions(ref actions);
        }
    }

    private static int Describe(
        NativeProgram program, StandardStreams streams, ref Opaque actions, ref Opaque attributes)
    {
        _ = FillSignals(out var all);
        _ = EmptySignals(out var none);
        // The runtime ignores and blocks signals, which a program would inherit.
        ReadOnlySpan<int> errors =
        [
            SetFlags(ref attributes, OwnSession | DefaultSignals | OwnSignalMask),
            SetDefaultSignals(ref attributes, ref all),
            SetSignalMask(ref attributes, ref none),
            .. streams.Terminal is { } terminal
                ? OnTerminal(terminal, ref actions)
                : OnPipes(streams.Pipes, ref actions),
            AddDirectory(ref actions, program.Directory),
            AddCloseFrom(ref actions, FirstOfOthers),
        ];
        return errors.IndexOfAnyExcept(0) is >= 0 and var first ? errors[first] : 0;
    }

    // The first terminal that the leader of a session opens becomes the session's own.
    private static int[] OnTerminal(string terminal, ref Opaque actions) =>
    [
        AddOpen(ref actions, 0, terminal, NativeDescriptors.ReadWrite, 0),
        AddDuplicate(ref actions, 0, 1),
        AddDuplicate(ref actions, 0, 2),
    ];

    private static int[] OnPipes(IReadOnlyList<SafeFileHandle> pipes, ref Opaque actions)
    {
        var errors = new int[pipes.Count];
        for (var stream = 0; stream < errors.Length; stream++)
        {
            errors[stream] = AddDuplicate(ref actions, (int)pipes[stream].DangerousGetHandle(), stream);
        }

        return errors;
    }

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MayUse(string file, int how);

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Spawn(out int pid, string file, ref Opaque actions, ref Opaque attributes,
        string?[] arguments, string?[] environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int CreateActions(out Opaque actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(ref Opaque actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen",
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(ref Opaque actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(ref Opaque actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np",
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddDirectory(ref Opaque actions, string path);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    private static partial int AddCloseFrom(ref Opaque actions, int from);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int CreateAttributes(out Opaque attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int DestroyAttributes(ref Opaque attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(ref Opaque attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaultSignals(ref Opaque attributes, ref Opaque signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetSignalMask(ref Opaque attributes, ref Opaque signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial int FillSignals(out Opaque signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int EmptySignals(out Opaque signals);

    [StructLayout(LayoutKind.Sequential, Size = 512)]
    private struct Opaque
    {
        private readonly long _first;
    }
}

/// <summary>A program as the system wants it: checked, found, and with the ends of its lists marked.</summary>
internal sealed record NativeProgram(string File, string Directory, string?[] Arguments, string?[] Environment);

/// <summary>What a program has as its input, output and error: a terminal by its path, or three descriptors.</summary>
internal sealed record StandardStreams(string? Terminal, IReadOnlyList<SafeFileHandle> Pipes);
