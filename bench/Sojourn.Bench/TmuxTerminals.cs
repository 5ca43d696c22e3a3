using System.Diagnostics;
using System.Globalization;

namespace Sojourn.Bench;

/// <summary>
/// Sessions of one tmux server, each with a client that is attached on a pseudo-terminal. They end with their clients,
/// and the server with them, so that nothing is left whatever becomes of this process.
/// </summary>
internal sealed class TmuxTerminals : TerminalHost
{
    private readonly string _directory;
    private int _sessions;

    private TmuxTerminals(string directory)
        : base("tmux") => _directory = directory;

    private string Socket => Path.Combine(_directory, "tmux.socket");

    private string Config => Path.Combine(_directory, "tmux.conf");

    /// <summary>One of its own; null, after saying so, if there is none to start.</summary>
    /// <param name="directory">Where its socket is.</param>
    /// <param name="history">How many lines it keeps of each session.</param>
    public static TmuxTerminals? TryMake(string directory, int history)
    {
        try
        {
            _ = Run("-V");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Console.WriteLine("  tmux is not here: it is left out");
            return null;
        }

        var tmux = new TmuxTerminals(Directory.CreateDirectory(directory).FullName);
        File.WriteAllLines(tmux.Config,
        [
            "set -g status off", "set -g destroy-unattached on", "set -g escape-time 0",
            string.Create(CultureInfo.InvariantCulture, $"set -g history-limit {history}"),
        ]);
        return tmux;
    }

    public override async Task<BenchTerminal> OpenAsync(BenchProgram program)
    {
        var terminal = PseudoTerminal.Start(Client(
            program.Greeting,
            ["new-session", "-s", string.Create(CultureInfo.InvariantCulture, $"s{_sessions++}"), program.Command,
                .. program.Arguments]));
        await terminal.Ready;
        return terminal;
    }

    /// <summary>Another client on the newest session.</summary>
    /// <param name="greeting">What shows that the screen is drawn.</param>
    public PseudoTerminal Attach(string greeting) => PseudoTerminal.Start(Client(
        greeting, ["attach-session", "-t", string.Create(CultureInfo.InvariantCulture, $"s{_sessions - 1}")]));

    /// <summary>What its server holds in main memory, in bytes.</summary>
    public long WorkingSet()
    {
        var pid = int.Parse(Run("-S", Socket, "display-message", "-p", "#{pid}"), CultureInfo.InvariantCulture);
        using var server = Process.GetProcessById(pid);
        return server.WorkingSet64;
    }

    public override ValueTask DisposeAsync()
    {
        _ = Run("-S", Socket, "kill-server");
        return ValueTask.CompletedTask;
    }

    private BenchProgram Client(string greeting, IReadOnlyList<string> arguments) =>
        new("tmux", "tmux", ["-u", "-S", Socket, "-f", Config, .. arguments], greeting);

    private static string Run(params string[] arguments)
    {
        using var tmux = Process.Start(new ProcessStartInfo("tmux", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var told = tmux.StandardOutput.ReadToEnd();
        tmux.WaitForExit();
        return told.Trim();
    }
}
