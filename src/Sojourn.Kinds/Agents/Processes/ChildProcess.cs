using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sojourn.Kinds.Agents.Processes;

/// <summary>
/// A program that runs in a process and a session of its own, on a terminal or on three pipes. No thread belongs to it:
/// one waits for all. What it writes stays with the system until it is read, and the program then waits.
/// </summary>
/// <remarks>One reads the output at a time, and one the error; all else is safe from any thread.</remarks>
internal sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>How long a process that was killed is waited for, which a stuck disk can hold up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Lazy<string?> Missing = new(FindMissing);

    private readonly TimeProvider _time;
    private readonly SafeFileHandle? _terminal;
    private readonly ChildInput _input;
    private readonly ChildOutput _output;
    private readonly ChildOutput? _error;

    private ChildProcess(ChildProgram program, TimeProvider time, (int Pid, Task<ChildExit> Exited) followed, Ends ends)
    {
        (Program, _time, Pid, _terminal) = (program, time, followed.Pid, ends.IsTerminal ? ends.Output : null);
        Streams = ends.Names();
        _input = new ChildInput(Descriptor.ForWriting(ends.Input), time);
        _output = new ChildOutput(Descriptor.ForReading(ends.Output), isPipe: !ends.IsTerminal);
        _error = ends.Error is null ? null : new ChildOutput(Descriptor.ForReading(ends.Error), isPipe: true);
        Exited = EndAsync(followed.Exited);
    }

    /// <summary>Why no program can be run on this system; null if it can.</summary>
    public static string? WhyNotHere => Missing.Value;

    /// <summary>What it was started as.</summary>
    public ChildProgram Program { get; }

    public int Pid { get; }

    /// <summary>In ticks since the system's start; together with <see cref="Pid"/> it names this process.</summary>
    public ulong StartTime { get; private init; }

    public bool IsOnTerminal => _terminal is not null;

    /// <summary>
    /// Its terminal, or its pipes, as the kernel names them: what has them in its own streams was given them by it.
    /// </summary>
    public IReadOnlySet<string> Streams { get; }

    /// <summary>Whether it was told that nothing more comes, or has ended.</summary>
    public bool IsInputClosed => _input.IsClosed;

    /// <summary>Completes with how it ended. What it wrote can still be read then.</summary>
    public Task<ChildExit> Exited { get; }

    /// <summary>
    /// The process group that has its terminal's keyboard; null on pipes, and if there is none. A shell that waits for
    /// a command has it itself, and then it is <see cref="Pid"/>.
    /// </summary>
    public int? ForegroundGroup
    {
        get
        {
            try
            {
                var group = _terminal is { IsClosed: false } master ? NativeTerminals.Foreground(master) : 0;
                return group > 0 ? group : null;
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
        }
    }

    /// <summary>Starts a program on a terminal, which is its input, output and error in one.</summary>
    /// <exception cref="ChildStartException">It was not started; nothing is left of the attempt.</exception>
    public static ChildProcess StartOnTerminal(ChildProgram program, TerminalSize size, TimeProvider time)
    {
        var prepared = Prepare(program);
        var (master, path) = Spawner.OpenTerminal(size);
        SafeFileHandle? second = null;
        try
        {
            second = Spawner.Second(master);
            return Start(program, prepared, time, new StandardStreams(path, []), new Ends(second, master, null, path));
        }
        catch
        {
            master.Dispose();
            second?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Starts a program on three pipes. Whoever does reads both output and error, or it will be held up.
    /// </summary>
    /// <exception cref="ChildStartException">It was not started; nothing is left of the attempt.</exception>
    public static ChildProcess StartOnPipes(ChildProgram program, TimeProvider time)
    {
        var prepared = Prepare(program);
        List<Pipe> pipes = [];
        try
        {
            pipes.Add(Spawner.OpenPipe(isInput: true));
            pipes.Add(Spawner.OpenPipe(isInput: false));
            pipes.Add(Spawner.OpenPipe(isInput: false));
            return Start(program, prepared, time, new StandardStreams(null, pipes.ConvertAll(pipe => pipe.Theirs)),
                new Ends(pipes[0].Ours, pipes[1].Ours, pipes[2].Ours, null));
        }
        catch
        {
            pipes.ForEach(pipe => pipe.Ours.Dispose());
            throw;
        }
        finally
        {
            pipes.ForEach(pipe => pipe.Theirs.Dispose());
        }
    }

    /// <summary>Waits for output, and reads it.</summary>
    /// <returns>How many bytes; 0 at the end, which comes soon after the program's own.</returns>
    public ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken giveUp) => _output.ReadAsync(into, giveUp);

    /// <summary>As <see cref="ReadAsync"/>, of what it writes as errors. On a terminal there is none of it.</summary>
    public ValueTask<int> ReadErrorAsync(Memory<byte> into, CancellationToken giveUp) =>
        _error?.ReadAsync(into, giveUp) ?? ValueTask.FromResult(0);

    /// <summary>Writes its input. Texts that are written at the same time do not mix.</summary>
    /// <param name="bytes">The text.</param>
    /// <param name="within">How long to wait for a program that does not read.</param>
    /// <param name="giveUp">Ends the waiting; it does not throw.</param>
    /// <returns>How much was taken: all, unless the time was over or nothing reads it any more.</returns>
    public ValueTask<int> WriteAsync(ReadOnlyMemory<byte> bytes, TimeSpan within, CancellationToken giveUp) =>
        _input.WriteAsync(bytes, within, giveUp);

    /// <summary>
    /// Says that nothing more comes. On a terminal that is Ctrl-D, which a program may take for a key like any other.
    /// </summary>
    public void CloseInput()
    {
        if (_input.IsClosed)
        {
            return;
        }

        byte? last = null;
        Reaper.Shared.TryWithLiving(Pid, _ => last = _terminal is null ? null : NativeTerminals.EndOfFile(_terminal));
        _input.Close(last);
    }

    /// <summary>Tells the terminal's size, and the programs on it that it has changed.</summary>
    /// <exception cref="InvalidOperationException">It runs on pipes.</exception>
    public void Resize(TerminalSize size)
    {
        var master = _terminal ?? throw new InvalidOperationException($"{Program.Command} does not run on a terminal.");
        Reaper.Shared.TryWithLiving(Pid, _ => NativeTerminals.Resize(master, size));
    }

    /// <summary>
    /// Signals the process, and on a terminal what has the keyboard, too. An interrupt goes where Ctrl-C would: to what
    /// has the keyboard alone, for a shell that gets one at its prompt throws away what was typed.
    /// </summary>
    /// <returns>False if it has ended.</returns>
    public bool Signal(ChildSignal signal) => Reaper.Shared.TryWithLiving(Pid, pid =>
    {
        var group = ForegroundGroup;
        if (group is not null && signal is (ChildSignal.Interrupt or ChildSignal.Quit)
            && NativeTerminals.SignalForeground(_terminal!, signal))
        {
            return;
        }

        // If the group's leader is in this session, its number has not become another's.
        if (group is { } other && other != pid && NativeProcesses.SessionOf(other) == pid)
        {
            _ = NativeProcesses.Kill(-other, (int)signal);
        }

        _ = NativeProcesses.Kill(pid, (int)signal);
    });

    /// <summary>
    /// Kills it if it lives, waits until it is gone, and closes what it was connected by. What it has started lives on;
    /// ending that is the stop ladder's.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Signal(ChildSignal.Kill))
        {
            await ((Task)Exited).WaitAsync(Patience, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _input.Dispose();
        _output.Dispose();
        _error?.Dispose();
    }

    private static NativeProgram Prepare(ChildProgram program) => WhyNotHere is { } why
        ? throw new ChildStartException(ChildStartProblem.NotSupported, why)
        : Programs.Prepare(program);

    private static ChildProcess Start(
        ChildProgram program, NativeProgram prepared, TimeProvider time, StandardStreams streams, Ends ends)
    {
        // If this fails it does so before there is a child.
        _ = Poller.Shared;
        var startTime = 0UL;
        // Its number is its own until the reaper follows it, so this is its start time even if it has ended already.
        var followed = Reaper.Shared.Follow(() =>
        {
            var pid = Spawner.Spawn(prepared, streams);
            startTime = ProcessTable.Find(pid)?.StartTime ?? 0;
            return pid;
        });
        return new ChildProcess(program, time, followed, ends) { StartTime = startTime };
    }

    private static string? FindMissing()
    {
        const string None = "Programs can be run on Linux on x64 and arm64 only, with glibc 2.34 or newer";
        var isKnown = OperatingSystem.IsLinux()
            && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;
        return isKnown && NativeSpawn.IsThere() ? null : $"{None}; this is {RuntimeInformation.RuntimeIdentifier}.";
    }

    private async Task<ChildExit> EndAsync(Task<ChildExit> exited)
    {
        var exit = await exited;
        _input.End();
        _output.End();
        _error?.End();
        return exit;
    }

    private sealed record Ends(SafeFileHandle Input, SafeFileHandle Output, SafeFileHandle? Error, string? Terminal)
    {
        public bool IsTerminal => Error is null;

        // Both ends of a pipe have one name; of a terminal this one is called alike for all.
        public HashSet<string> Names() => Terminal is not null ? [Terminal] : [.. new[] { Input, Output, Error }
            .Select(end => ProcessTable.StreamOf(Environment.ProcessId, (int)end!.DangerousGetHandle()))
            .OfType<string>()];
    }
}
