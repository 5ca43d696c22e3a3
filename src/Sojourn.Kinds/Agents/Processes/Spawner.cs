using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Sojourn.Kinds.Agents.Processes;

/// <summary>
/// Makes what a program has as its input and output, and starts it. All that is made here closes itself when something
/// else is run, so nothing leaks into programs that other code starts at the same moment.
/// </summary>
internal static class Spawner
{
    private const int LongestPath = 128;

    private const int NoSuchFile = 2, ArgumentsTooLong = 7, NoProgram = 8, TryAgain = 11, NoMemory = 12,
        NotAllowed = 13, NotADirectory = 20, TooManyInSystem = 23, TooManyOpen = 24, TextBusy = 26, NoSpace = 28;

    /// <summary>A new terminal, and the path of the side that a program opens.</summary>
    public static (SafeFileHandle Master, string Path) OpenTerminal(TerminalSize size)
    {
        var master = Owned(NativeTerminals.Open(NativeDescriptors.ReadWrite | NativeDescriptors.NoControllingTerminal
            | NativeDescriptors.CloseOnExec));
        try
        {
            Span<byte> path = stackalloc byte[LongestPath];
            if (NativeTerminals.Grant(master) != 0 || NativeTerminals.Unlock(master) != 0
                || NativeTerminals.Name(master, ref path[0], path.Length) != 0)
            {
                throw Failed("a terminal cannot be made", Marshal.GetLastPInvokeError());
            }

            NativeTerminals.Resize(master, size);
            NativeTerminals.SpeakUtf8(master);
            NativeDescriptors.NeverBlock(master);
            return (master, Encoding.UTF8.GetString(path[..path.IndexOf((byte)0)]));
        }
        catch
        {
            master.Dispose();
            throw;
        }
    }

    /// <summary>A new pipe, whose one end never blocks us.</summary>
    public static Pipe OpenPipe(bool isInput)
    {
        Span<int> ends = [-1, -1];
        if (NativeDescriptors.Pipe(ends, NativeDescriptors.CloseOnExec) != 0)
        {
            throw Failed("a pipe cannot be made", Marshal.GetLastPInvokeError());
        }

        var (reading, writing) = (Owned(ends[0]), Owned(ends[1]));
        var (ours, theirs) = isInput ? (writing, reading) : (reading, writing);
        NativeDescriptors.NeverBlock(ours);
        return new Pipe(ours, theirs);
    }

    /// <summary>Another descriptor of a terminal, so that one can wait to write while another waits to read.</summary>
    public static SafeFileHandle Second(SafeFileHandle descriptor) => Owned(NativeDescriptors.Duplicate(descriptor));

    /// <returns>The child's number.</returns>
    public static int Spawn(NativeProgram program, StandardStreams streams)
    {
        var error = NativeSpawn.Spawn(program, streams, out var pid);
        return error == 0 ? pid : throw Refused(program, error);
    }

    // A program's own input, output and error lie below; in a server without these, a pipe could come to lie there.
    private static SafeFileHandle Owned(int descriptor)
    {
        if (descriptor < 0)
        {
            throw Failed("a terminal or pipe cannot be made", Marshal.GetLastPInvokeError());
        }

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (descriptor > 2)
        {
            return handle;
        }

        using (handle)
        {
            return Owned(NativeDescriptors.Duplicate(handle));
        }
    }

    private static ChildStartException Failed(string what, int error) => new(
        error is TooManyInSystem or TooManyOpen or NoSpace or NoMemory or TryAgain
            ? ChildStartProblem.Exhausted
            : ChildStartProblem.Failed,
        $"The program was not started: {what} ({Marshal.GetPInvokeErrorMessage(error)}).");

    private static ChildStartException Refused(NativeProgram program, int error) => error switch
    {
        NoSuchFile or NotADirectory => new ChildStartException(ChildStartProblem.NotFound,
            $"{program.File} cannot be run: the file, or the interpreter that its first line names, is not there."),
        NotAllowed => new ChildStartException(ChildStartProblem.NotExecutable,
            $"{program.File} cannot be run in {program.Directory}: permission denied."),
        NoProgram => new ChildStartException(ChildStartProblem.NotExecutable,
            $"{program.File} is no program for this system. A script names its interpreter in its first line."),
        TextBusy => new ChildStartException(ChildStartProblem.NotExecutable,
            $"{program.File} cannot be run while somebody writes it."),
        ArgumentsTooLong => new ChildStartException(ChildStartProblem.Invalid,
            $"{program.File} cannot be run: its arguments and variables are too long for this system."),
        _ => Failed($"{program.File} cannot be run", error),
    };
}

/// <summary>A pipe between us and a program.</summary>
/// <param name="Ours">The end that stays here.</param>
/// <param name="Theirs">The end that the program gets a copy of.</param>
internal sealed record Pipe(SafeFileHandle Ours, SafeFileHandle Theirs) : IDisposable
{
    public void Dispose()
    {
        Ours.Dispose();
        Theirs.Dispose();
    }
}
