using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace Sojourn.Crash;

/// <summary>A running process of this program, seen from outside.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentDictionary<string, Channel<string[]>> _answers = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Task _reading;

    private ChildProcess(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    /// <summary>Starts one.</summary>
    /// <param name="verb">What it is: <c>child</c> or <c>serve</c>.</param>
    /// <param name="directory">What it keeps its sessions in.</param>
    public static ChildProcess Start(string verb, string directory)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "sojourn-crash.dll");
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, verb, directory])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        process.StandardInput.AutoFlush = true;
        return new ChildProcess(process);
    }

    /// <summary>Completes when it takes work.</summary>
    /// <returns>What it says of itself then, after the word "ready".</returns>
    /// <exception cref="BrokenPromiseException">It ended before.</exception>
    public async Task<string[]> ReadyAsync()
    {
        await foreach (var ready in AskAsync("ready", null))
        {
            return ready[1..];
        }

        throw new BrokenPromiseException("The process did not start again.");
    }

    /// <summary>Sends a line and yields what it is answered; ends early if the process dies.</summary>
    public async IAsyncEnumerable<string[]> AskAsync(string token, string? line)
    {
        var answers = _answers.GetOrAdd(token, _ => Channel.CreateUnbounded<string[]>());
        if (_reading.IsCompleted)
        {
            answers.Writer.TryComplete();
        }

        if (line is not null && !await TrySendAsync(line))
        {
            yield break;
        }

        await foreach (var answer in answers.Reader.ReadAllAsync())
        {
            yield return answer;
            if (answer[0] is not ("event" or "count"))
            {
                break;
            }
        }

        _answers.TryRemove(token, out _);
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
        _writing.Dispose();
    }

    private async Task<bool> TrySendAsync(string line)
    {
        // One line at a time: half a line of one client and half of another's would be a third one's.
        await _writing.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            return true;
        }
        catch (IOException)
        {
            // It was killed; what it had been asked is asked again of the next one.
            return false;
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            var token = words is ["ready", ..] ? "ready" : words.ElementAtOrDefault(1) ?? "";
            _answers.GetOrAdd(token, _ => Channel.CreateUnbounded<string[]>()).Writer.TryWrite(words);
        }

        foreach (var waiting in _answers.Values)
        {
            waiting.Writer.TryComplete();
        }
    }
}
