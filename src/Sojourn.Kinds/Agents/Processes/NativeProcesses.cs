using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sojourn.Kinds.Agents.Processes;

/// <summary>Linux's calls for processes that there are, and the numbers that they take on x64 and arm64.</summary>
internal static partial class NativeProcesses
{
    public const int NoSuchProcess = 3;

    private const int DoNotHang = 1, OfThoseThatExited = 4, LeaveThemWaiting = 0x01000000, BeSubreaper = 36;

    private const nint OpenHandle = 434, SendByHandle = 424;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "getsid", SetLastError = true)]
    public static partial int SessionOf(int pid);

    /// <summary>Takes the exit of one child, if it has ended.</summary>
    /// <returns>Its status; null if it lives.</returns>
    public static ChildExit? TryReap(int pid)
    {
        int reaped;
        do
        {
            reaped = Wait(pid, out var status, DoNotHang);
            if (reaped == pid)
            {
                return ChildExit.FromStatus(status);
            }
        }
        while (reaped < 0 && Marshal.GetLastPInvokeError() == NativeDescriptors.Interrupted);

        // Not a child any more: somebody else took it.
        return reaped < 0 ? default(ChildExit) : null;
    }

    /// <summary>Whether some child has ended and nobody has asked how. It stays so.</summary>
    public static bool IsSomeZombieLeft()
    {
        var about = default(SignalAbout);
        return WaitForAny(0, 0, ref about, OfThoseThatExited | DoNotHang | LeaveThemWaiting) == 0 && about.Pid != 0;
    }

    /// <summary>Orphans among the descendants become children of this process instead of the system's first.</summary>
    public static bool TrySetSubreaper(bool isOne) => ControlProcess(BeSubreaper, isOne ? 1 : 0, 0, 0, 0) == 0;

    /// <returns>Null if there is no such process, or if this system knows no handles; the error tells which.</returns>
    public static SafeFileHandle? TryOpen(int pid)
    {
        var handle = SystemCall(OpenHandle, pid, 0);
        return handle < 0 ? null : new SafeFileHandle(handle, ownsHandle: true);
    }

    public static bool Signal(SafeFileHandle process, ChildSignal signal)
    {
        var held = false;
        try
        {
            process.DangerousAddRef(ref held);
            return SystemCall(SendByHandle, process.DangerousGetHandle(), (nint)signal, 0, 0) == 0;
        }
        finally
        {
            if (held)
            {
                process.DangerousRelease();
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int Wait(int pid, out int status, int options);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitForAny(int which, int id, ref SignalAbout about, int options);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int ControlProcess(int option, nint a, nint b, nint c, nint d);

    // Older C libraries have no functions for these two.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint a, nint b);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint a, nint b, nint c, nint d);

    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct SignalAbout
    {
        [FieldOffset(16)]
        public int Pid;
    }
}
