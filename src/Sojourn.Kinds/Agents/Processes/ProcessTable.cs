using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Sojourn.Kinds.Agents.Processes;

/// <summary>A process as <c>/proc</c> shows it.</summary>
/// <param name="Pid">Its number, which another process may get once it has ended.</param>
/// <param name="Name">The first 15 bytes of its program's name.</param>
/// <param name="State">A letter of the kernel's.</param>
/// <param name="Parent">The number of its parent.</param>
/// <param name="Session">The number of its session's leader.</param>
/// <param name="Threads">How many threads it has.</param>
/// <param name="StartTime">
/// In ticks since the system's start; with the number it names one process and no other.
/// </param>
internal readonly record struct ProcessEntry(
    int Pid, string Name, char State, int Parent, int Session, int Threads, ulong StartTime)
{
    // One whose first thread has ended and others have not is shown in the same state, and lives.
    public bool IsZombie => State is 'Z' or 'X' && Threads <= 1;
}

/// <summary>
/// Reads <c>/proc</c>. Processes end while it is read: what is not there any more is left out.
/// </summary>
internal static class ProcessTable
{
    private const string Root = "/proc";

    private const int FirstRead = 4 << 10, MostRead = 8 << 20;

    /// <summary>Null if there is no such process.</summary>
    public static ProcessEntry? Find(int pid) =>
        TryRead(string.Create(CultureInfo.InvariantCulture, $"{Root}/{pid}/stat")) is { } stat ? Parse(stat) : null;

    public static IEnumerable<ProcessEntry> All() => Directory.EnumerateDirectories(Root)
        .Select(path => int.TryParse(
            Path.GetFileName(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0)
        .Select(Find)
        .OfType<ProcessEntry>();

    /// <summary>Null if it has none, or has ended, or may not be looked at.</summary>
    public static ProcessMarker? MarkerOf(int pid) =>
        TryRead(string.Create(CultureInfo.InvariantCulture, $"{Root}/{pid}/environ")) is { } environment
            ? ProcessMarker.Read(environment)
            : null;

    /// <summary>
    /// What its input, output and error are, as the kernel names it; without those that are closed, or may not be
    /// looked at.
    /// </summary>
    public static IEnumerable<string> StandardStreamsOf(int pid) =>
        Enumerable.Range(0, 3).Select(number => StreamOf(pid, number)).OfType<string>();

    /// <summary>What a process has open, as the kernel names it, such as <c>pipe:[12345]</c>.</summary>
    /// <returns>Null if it is closed, or may not be looked at.</returns>
    public static string? StreamOf(int pid, int descriptor)
    {
        try
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{Root}/{pid}/fd/{descriptor}");
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static ProcessEntry? Parse(ReadOnlySpan<byte> stat)
    {
        // The name stands in brackets and may itself have brackets and spaces in it.
        var (open, close) = (stat.IndexOf((byte)'('), stat.LastIndexOf((byte)')'));
        if (open < 0 || close < open)
        {
            return null;
        }

        var fields = Encoding.ASCII.GetString(stat[(close + 2)..]).Split(' ');
        return new ProcessEntry(
            int.Parse(stat[..open].TrimEnd((byte)' '), CultureInfo.InvariantCulture),
            Encoding.UTF8.GetString(stat[(open + 1)..close]),
            fields[0][0],
            int.Parse(fields[1], CultureInfo.InvariantCulture),
            int.Parse(fields[3], CultureInfo.InvariantCulture),
            int.Parse(fields[17], CultureInfo.InvariantCulture),
            ulong.Parse(fields[19], CultureInfo.InvariantCulture));
    }

    /// <summary>Without an exception for each of the many that belong to others.</summary>
    private static byte[]? TryRead(string path)
    {
        var descriptor = NativeDescriptors.Open(path, NativeDescriptors.CloseOnExec);
        if (descriptor < 0)
        {
            return null;
        }

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        var bytes = new byte[FirstRead];
        for (var length = 0; ;)
        {
            var read = NativeDescriptors.Read(file, ref bytes[length], bytes.Length - length);
            if (read < 0)
            {
                return null;
            }

            length += (int)read;
            if (read == 0 || length == MostRead)
            {
                return bytes[..length];
            }

            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, bytes.Length * 2);
            }
        }
    }
}
