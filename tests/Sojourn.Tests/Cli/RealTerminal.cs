using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sojourn.Tests.EndToEnd;

namespace Sojourn.Tests.Cli;

/// <summary>A test that needs a pseudo-terminal, which <c>script</c> of util-linux makes.</summary>
internal sealed class TerminalFactAttribute : FactAttribute
{
    public const string Program = "/usr/bin/script";

    public TerminalFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(Program))
            Skip = $"There is no {Program} to make a pseudo-terminal with.";
    }
}

/// <summary>The real program in a process of its own on a pseudo-terminal, with what its screen shows.</summary>
internal sealed partial class RealTerminal : IAsyncDisposable
{
    private const string Home = "\u001b[H", Below = "\u001b[J";

    private readonly Process _script;
    private readonly string _pidFile;
    private readonly StringBuilder _unread = new(), _written = new();
    private readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();

    private RealTerminal(Process script, string pidFile) => (_script, _pidFile) = (script, pidFile);

    /// <summary>The last whole picture.</summary>
    public string Picture { get; private set; } = "";

    /// <summary>The last of what was written, control codes left out.</summary>
    public string Written
    {
        get
        {
            var all = Codes().Replace(_written.ToString(), "");
            return all[^Math.Min(all.Length, 4000)..];
        }
    }

    public static RealTerminal Start(string scratch, params string[] arguments)
    {
        var pidFile = Path.Combine(scratch, "pid");
        var program = Path.Combine(AppContext.BaseDirectory, "Sojourn.Cli.dll");
        // `exec` keeps the process, so that the number is the program's own.
        var command = $"stty rows 50 cols 100; echo $$ > '{pidFile}'; exec dotnet '{program}' "
            + string.Join(' ', arguments);
        var start = new ProcessStartInfo(TerminalFactAttribute.Program, ["-q", "-e", "-f", "-c", command, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["SHELL"] = "/bin/sh";
        return new RealTerminal(Process.Start(start)!, pidFile);
    }

    public async Task PressAsync(string keys)
    {
        await _script.StandardInput.WriteAsync(keys);
        await _script.StandardInput.FlushAsync();
    }

    /// <summary>Completes with the first picture from now on that is so.</summary>
    public async Task<string> WaitForAsync(Func<string, bool> isSo)
    {
        using var patience = new CancellationTokenSource(SojournProcess.Patience);
        try
        {
            do
                await NextAsync(patience.Token);
            while (!isSo(Picture));
            return Picture;
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"It did not appear; the screen shows:\n{Picture}\nWritten:\n{Written}", late);
        }
    }

    /// <summary>Completes once this was written.</summary>
    public async Task WaitForWrittenAsync(string part)
    {
        using var patience = new CancellationTokenSource(SojournProcess.Patience);
        try
        {
            while (!Written.Contains(part, StringComparison.Ordinal))
            {
                if (!await ReadAsync(patience.Token))
                    throw new InvalidOperationException($"The program ended. It wrote:\n{Written}");
            }
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"'{part}' was not written, but:\n{Written}", late);
        }
    }

    /// <summary>SIGKILL to the program: no handler runs.</summary>
    public async Task KillAsync()
    {
        using var program = Process.GetProcessById(
            int.Parse(await File.ReadAllTextAsync(_pidFile), CultureInfo.InvariantCulture));
        program.Kill();
        await ExitAsync();
    }

    /// <summary>Completes with the exit code when it has ended.</summary>
    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(SojournProcess.Patience);
        while (await ReadAsync(patience.Token))
        {
            // Up to its last word.
        }

        await _script.WaitForExitAsync(patience.Token);
        return _script.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        if (!_script.HasExited)
            _script.Kill(entireProcessTree: true);
        _script.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task NextAsync(CancellationToken patience)
    {
        while (true)
        {
            var text = _unread.ToString();
            if (text.IndexOf(Below, StringComparison.Ordinal) is >= 0 and var end)
            {
                var home = text.LastIndexOf(Home, end, StringComparison.Ordinal);
                _unread.Remove(0, end + Below.Length);
                if (home < 0)
                    continue;
                Picture = Codes().Replace(text[home..end], "").Replace("\r", "", StringComparison.Ordinal);
                return;
            }

            if (!await ReadAsync(patience))
                throw new InvalidOperationException($"The program ended. It wrote:\n{Written}");
        }
    }

    private async Task<bool> ReadAsync(CancellationToken patience)
    {
        var bytes = new byte[16 << 10];
        var read = await _script.StandardOutput.BaseStream.ReadAsync(bytes, patience);
        var text = new char[bytes.Length];
        var length = _utf8.GetChars(bytes, 0, read, text, 0);
        _unread.Append(text, 0, length);
        _written.Append(text, 0, length);
        return read > 0;
    }

    [GeneratedRegex("\u001b(\\[[0-9;?]*[A-Za-z]|[=>])", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Codes();
}
