using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sojourn.Kinds.Agents.Processes;

/// <summary>Linux's calls for pseudo-terminals. A request to the master's side is about the program's side.</summary>
internal static partial class NativeTerminals
{
    private const nuint SetWindowSize = 0x5414, GetAttributes = 0x5401, SetAttributes = 0x5402,
        GetForeground = 0x540F, SendSignal = 0x40045436;

    private const uint InputIsUtf8 = 0x4000;

    private const int EndOfFileCharacter = 4;

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    public static partial int Open(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    public static partial int Grant(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    public static partial int Unlock(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    public static partial int Name(SafeFileHandle master, ref byte name, nint length);

    public static bool Resize(SafeFileHandle master, TerminalSize size)
    {
        var window = new WindowSize { Rows = (ushort)size.Rows, Columns = (ushort)size.Columns };
        return Control(master, SetWindowSize, ref window) == 0;
    }

    /// <summary>The line editing of the terminal then takes a character of many bytes back as one.</summary>
    public static void SpeakUtf8(SafeFileHandle master)
    {
        var attributes = default(Attributes);
        if (Control(master, GetAttributes, ref attributes) == 0)
        {
            attributes.Input |= InputIsUtf8;
            _ = Control(master, SetAttributes, ref attributes);
        }
    }

    /// <summary>
    /// What the program's side takes as the end of its input at the start of a line; Ctrl-D as a rule.
    /// </summary>
    public static byte EndOfFile(SafeFileHandle master)
    {
        var attributes = default(Attributes);
        return Control(master, GetAttributes, ref attributes) == 0
            ? attributes.Characters[EndOfFileCharacter]
            : (byte)EndOfFileCharacter;
    }

    /// <summary>The process group that has the keyboard; 0 if there is none.</summary>
    public static int Foreground(SafeFileHandle master)
    {
        var group = 0;
        return Control(master, GetForeground, ref group) == 0 ? group : 0;
    }

    /// <summary>
    /// Signals the process group that has the keyboard, whichever that is by then. The kernel does so for the signals
    /// that a keyboard can send.
    /// </summary>
    public static bool SignalForeground(SafeFileHandle master, ChildSignal signal) =>
        Control(master, SendSignal, (int)signal) == 0;

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle master, nuint request, ref WindowSize argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle master, nuint request, ref Attributes argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle master, nuint request, ref int argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle master, nuint request, nint argument);

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows, Columns, Width, Height;
    }

    /// <summary>The kernel's own struct, which is shorter than that of the C library.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct Attributes
    {
        public uint Input, Output, Control, Local;
        public byte Discipline;
        public ControlCharacters Characters;
    }

    [System.Runtime.CompilerServices.InlineArray(19)]
    private struct ControlCharacters
    {
        private byte _first;
    }
}
