using System.Diagnostics;
using System.Globalization;
using Sojourn.NatLab;

namespace Sojourn.Bench.Parties;

/// <summary>A program in a network of the laboratory. What it says is kept, with the time at which it came.</summary>
internal sealed class LabProgram : IAsyncDisposable
{
    private static readonly TimeSpan GoodEnd = TimeSpan.FromSeconds(5), Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Lock _guard = new();
    private readonly List<Said> _said = [];
    private readonly Task _reading;
    private TaskCompletionSource _more = New();
    private bool _isSilent;

    private LabProgram(Process process, long began)
    {
        (_process, Began) = (process, began);
        _reading = ReadAllAsync();
    }

    /// <summary>A line that it said.</summary>
    /// <param name="At">When, as <see cref="Stopwatch.GetTimestamp"/> has it.</param>
    /// <param name="Line">What.</param>
    internal readonly record struct Said(long At, string Line);

    /// <summary>Just before it was started.</summary>
    public long Began { get; }

    public static LabProgram Start(NetNamespace network, params IReadOnlyList<string> command)
    {
        // Begun in the background of a script, this and its children ignore Ctrl-C; these do not.
        string[] words = [.. network.Entering(), "/usr/bin/env", "--default-signal=INT,HUP", .. command];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What whoever measures has set for servers of their own is not for this one.
        foreach (var name in (string[])["SOJOURN_URL", "SOJOURN_KEY", "SOJOURN_DATA", "SOJOURN_MESH"])
            start.Environment.Remove(name);
        var began = Stopwatch.GetTimestamp();
        return new LabProgram(Process.Start(start)!, began);
    }

    /// <summary>Runs one to its end.</summary>
    /// <returns>What it said.</returns>
    public static async Task<string> RunAsync(
        NetNamespace network, CancellationToken stop, params IReadOnlyList<string> command)
    {
        await using var program = Start(network, command);
        await program._process.WaitForExitAsync(stop).WaitAsync(Patience, stop);
        await program._reading.WaitAsync(Patience, stop);
        var said = string.Join('\n', program.SaidUntilNow().Select(each => each.Line));
        return program._process.ExitCode == 0 ? said
            : throw new InvalidOperationException($"'{string.Join(' ', command)}' failed: {said}");
    }

    /// <summary>All that it said until now, on both ways.</summary>
    public IReadOnlyList<Said> SaidUntilNow()
    {
        lock (_guard)
            return [.. _said];
    }

    /// <summary>Completes with the first line that is so.</summary>
    /// <exception cref="TimeoutException">It did not come.</exception>
    public async Task<Said> WaitForAsync(Func<string, bool> isSo, TimeSpan patience, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        for (var at = 0; ;)
        {
            Task more;
            lock (_guard)
            {
                var found = _said.FindIndex(at, said => isSo(said.Line));
                if (found >= 0)
                    return _said[found];
                at = _said.Count;
                if (_isSilent)
                    throw new TimeoutException($"A program ended: {string.Join('\n', _said.TakeLast(5))}");
                more = _more.Task;
            }

            var left = patience - Stopwatch.GetElapsedTime(began);
            await more.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, stop);
        }
    }

    /// <summary>Ends it as Ctrl-C does, and what does not end so by force.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            var id = _process.Id.ToString(CultureInfo.InvariantCulture);
            using var kill = Process.Start("/bin/sh", ["-c", "kill -s INT \"$0\" 2>/dev/null", id]);
            await kill.WaitForExitAsync().WaitAsync(GoodEnd).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _process.WaitForExitAsync().WaitAsync(GoodEnd)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().WaitAsync(GoodEnd)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _reading.WaitAsync(GoodEnd).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process.Dispose();
    }

    private async Task ReadAllAsync()
    {
        await Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
        lock (_guard)
        {
            _isSilent = true;
            _more.TrySetResult();
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            var at = Stopwatch.GetTimestamp();
            lock (_guard)
            {
                _said.Add(new Said(at, line));
                _more.TrySetResult();
                _more = New();
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
