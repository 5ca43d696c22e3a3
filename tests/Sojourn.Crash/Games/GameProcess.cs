using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace Sojourn.Crash.Games;

/// <summary>The sample game in a process of its own, read line by line.</summary>
internal sealed class GameProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string[]> _lines = Channel.CreateUnbounded<string[]>();
    private readonly Task _reading;

    private GameProcess(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    /// <summary>What it writes, in words, until it has ended.</summary>
    public IAsyncEnumerable<string[]> Lines => _lines.Reader.ReadAllAsync();

    /// <summary>Its exit code, once <see cref="EndedAsync"/> has completed.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts it.</summary>
    /// <param name="folder">Where it keeps what it keeps.</param>
    /// <param name="options">What else it is told.</param>
    public static GameProcess Start(string folder, params string[] options)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [Program(), "--folder", folder, .. options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        return new GameProcess(process);
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill() => _process.Kill();

    /// <summary>The player quits.</summary>
    public async Task QuitAsync()
    {
        await _process.StandardInput.WriteLineAsync("q");
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>SIGTERM: as when the machine is shut down.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public Task EndedAsync() => _process.WaitForExitAsync();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    // Built beside this, in the same configuration.
    private static string Program()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var root = output.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(
            root, "samples", "SpaceGame", "bin", output.Parent.Name, output.Name, "SpaceGame.dll");
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _lines.Writer.TryWrite(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        _lines.Writer.Complete();
    }
}
