using System.Text;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Processes;

namespace Sojourn.Tests.Agents.Processes;

/// <summary>A test that runs programs, which is done on Linux only.</summary>
internal sealed class ChildFactAttribute : FactAttribute
{
    public ChildFactAttribute() => Skip = ChildProcess.WhyNotHere;
}

/// <summary>Real programs, and what they write.</summary>
internal static class ChildOf
{
    /// <summary>A bound for waits that a bug would make endless; never what a test passes by.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static readonly TerminalSize Size = new(80, 24);

    private static readonly Dictionary<string, string> Plain = new()
    {
        ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
        ["TERM"] = "xterm-256color",
        ["LANG"] = "C.UTF-8",
        ["HISTFILE"] = "",
    };

    public static ProcessMarker NewMarker() => new($"session {Guid.NewGuid()}", $"instance {Guid.NewGuid()}");

    public static ChildProgram Program(string command, params string[] arguments) =>
        new(command, arguments, "/tmp", Plain, NewMarker());

    public static ChildProgram Bash(string script) => Program("bash", "-c", script);

    public static ChildProcess OnTerminal(ChildProgram program) =>
        ChildProcess.StartOnTerminal(program, Size, TimeProvider.System);

    public static ChildProcess OnPipes(ChildProgram program) =>
        ChildProcess.StartOnPipes(program, TimeProvider.System);

    /// <summary>All that it writes until its output ends.</summary>
    public static async Task<string> AllOutputAsync(this ChildProcess child) =>
        Encoding.UTF8.GetString(await child.AllBytesAsync());

    /// <inheritdoc cref="AllOutputAsync" />
    public static async Task<byte[]> AllBytesAsync(this ChildProcess child)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var all = new MemoryStream();
        var buffer = new byte[32 << 10];
        while (await child.ReadAsync(buffer, patience.Token) is > 0 and var read)
        {
            await all.WriteAsync(buffer.AsMemory(0, read), patience.Token);
        }

        return all.ToArray();
    }

    /// <summary>What it writes, up to and with the first that has this in it.</summary>
    public static async Task<string> OutputUntilAsync(this ChildProcess child, string part)
    {
        using var patience = new CancellationTokenSource(Patience);
        var (buffer, all) = (new byte[4 << 10], "");
        while (!all.Contains(part, StringComparison.Ordinal))
        {
            var read = await child.ReadAsync(buffer, patience.Token);
            read.ShouldBeGreaterThan(0, $"It ended without '{part}', but wrote:\n{all}");
            all += Encoding.UTF8.GetString(buffer, 0, read);
        }

        return all;
    }

    public static async Task TypeAsync(this ChildProcess child, string keys)
    {
        var bytes = Encoding.UTF8.GetBytes(keys);
        (await child.WriteAsync(bytes, Patience, CancellationToken.None)).ShouldBe(bytes.Length);
    }

    public static Task<ChildExit> ExitAsync(this ChildProcess child) => child.Exited.WaitAsync(Patience);

    /// <summary>Ends all that the program has left behind.</summary>
    public static async Task SweepAsync(this ChildProgram program)
    {
        var (_, left) = await new StopLadder(TimeProvider.System).SweepAsync(program.Marker.Equals, null, Patience);
        left.ShouldBeEmpty();
    }

    /// <summary>Looks again and again, for what the system tells nobody.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!isSo())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
