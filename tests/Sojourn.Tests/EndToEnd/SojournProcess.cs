using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace Sojourn.Tests.EndToEnd;

/// <summary>A real program in a process of its own, its output read as it comes.</summary>
internal sealed class SojournProcess : IAsyncDisposable
{
    /// <summary>A bound for waits that a bug would make endless; never what a test passes by.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Channel<string> _unread = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _error = new();
    private readonly Task _reading;

    private SojournProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadOutputAsync(), ReadErrorAsync());
    }

    public int Id => _process.Id;

    /// <summary>What it has written to standard output until now.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>What it has written to standard error until now.</summary>
    public string Error => string.Join('\n', _error);

    /// <summary>The `sojourn` program.</summary>
    public static SojournProcess Start(params string[] arguments) => StartWith([], arguments);

    /// <summary>The `sojourn` program, with variables of its own.</summary>
    public static SojournProcess StartWith((string Name, string Value)[] environment, params string[] arguments) =>
        StartDotnet([Path.Combine(AppContext.BaseDirectory, "Sojourn.Cli.dll"), .. arguments], null, environment);

    /// <summary>The `sojourn` program in another network.</summary>
    /// <param name="entering">What programs are begun with there.</param>
    /// <param name="arguments">What stands after `sojourn`.</param>
    public static SojournProcess StartIn(IReadOnlyList<string> entering, params string[] arguments)
    {
        string[] words =
        [
            .. entering, "/usr/bin/env", "--default-signal=INT,HUP", "dotnet",
            Path.Combine(AppContext.BaseDirectory, "Sojourn.Cli.dll"), .. arguments,
        ];
        return Start(new ProcessStartInfo(words[0], words[1..]), null, []);
    }

    /// <summary>Another .NET program.</summary>
    /// <param name="arguments">What stands after `dotnet`.</param>
    /// <param name="directory">Where it runs; null for here.</param>
    /// <param name="environment">Variables to be set for it.</param>
    public static SojournProcess StartDotnet(
        IEnumerable<string> arguments, string? directory = null, params (string Name, string Value)[] environment)
    {
        // Where the tests run in the background of a script, or under nohup, they and their children ignore Ctrl-C or
        // the terminal's end; these do not.
        var start = OperatingSystem.IsLinux()
            ? new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT,HUP", "dotnet", .. arguments])
            : new ProcessStartInfo("dotnet", arguments);
        return Start(start, directory, environment);
    }

    private static SojournProcess Start(
        ProcessStartInfo start, string? directory, (string Name, string Value)[] environment)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        start.WorkingDirectory = directory ?? "";
        // What the person who runs the tests has set for servers of their own is not for this one.
        foreach (var name in (string[])["SOJOURN_URL", "SOJOURN_KEY", "SOJOURN_DATA"])
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new SojournProcess(Process.Start(start)!);
    }

    /// <summary>Completes with the next line of standard output that has this in it.</summary>
    public async Task<string> WaitForLineAsync(string part)
    {
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var line in _unread.Reader.ReadAllAsync(patience.Token))
        {
            if (line.Contains(part, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"It ended without saying '{part}', but:\n{Output}\n{Error}");
    }

    /// <summary>The next line of standard output; null once there is none.</summary>
    public async Task<string?> ReadLineAsync(CancellationToken giveUp) =>
        await _unread.Reader.WaitToReadAsync(giveUp) && _unread.Reader.TryRead(out var line) ? line : null;

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>Sends a signal by its name, such as <c>INT</c>.</summary>
    public async Task SignalAsync(string name)
    {
        var id = _process.Id.ToString(CultureInfo.InvariantCulture);
        using var kill = Process.Start("/bin/sh", ["-c", "kill -s \"$0\" \"$1\"", name, id]);
        await kill.WaitForExitAsync().WaitAsync(Patience);
        kill.ExitCode.ShouldBe(0);
    }

    /// <summary>Completes with the exit code, when all that it wrote has been read.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        await _reading.WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _output.Enqueue(line);
            _unread.Writer.TryWrite(line);
        }

        _unread.Writer.TryComplete();
    }

    private async Task ReadErrorAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _error.Enqueue(line);
        }
    }
}
