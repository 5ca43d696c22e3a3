using System.Runtime.InteropServices;

namespace Sojourn.Kinds.Play.Games;

/// <summary>
/// Ends a folder's session in good order when the process does: when the program returns 0, and when a signal says to
/// end. With any other exit code the game has failed, and the session counts as cut off.
/// </summary>
internal sealed class ProcessEnd : IDisposable
{
    // What the process waits at its end for one small write. If the disk does not take it by then, the next start finds
    // a session that was cut off, and nothing is lost.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // What shells call the end by SIGHUP, SIGINT and SIGTERM, and so do games that handle those themselves.
    private static readonly int[] BySignal = [129, 130, 143];

    private readonly GameFolder _folder;
    private readonly List<PosixSignalRegistration> _signals = [];

    private ProcessEnd(GameFolder folder) => _folder = folder;

    public static ProcessEnd Watch(GameFolder folder)
    {
        var end = new ProcessEnd(folder);
        AppDomain.CurrentDomain.ProcessExit += end.OnExit;
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP])
        {
            end._signals.Add(PosixSignalRegistration.Create(signal, end.OnSignal));
        }

        return end;
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        _signals.ForEach(signal => signal.Dispose());
    }

    // The process is gone when this returns, so here, and nowhere else, a thread waits. What fails has no one left to
    // hear of it; the next start finds a session that was cut off.
#pragma warning disable VSTHRD002
    private void OnExit(object? sender, EventArgs e)
    {
        var code = Environment.ExitCode;
        Task.WhenAny(Task.Run(() => code == 0 || BySignal.Contains(code)
            ? _folder.EndCurrentAsync("the game was closed")
            : _folder.AbandonCurrentAsync($"The game ended with the exit code {code}."))).Wait(Patience);
    }
#pragma warning restore VSTHRD002

    private void OnSignal(PosixSignalContext context)
    {
        // Not by default at once: first the session ends, in the exit that follows.
        context.Cancel = true;
        var number = context.Signal switch
        {
            PosixSignal.SIGHUP => 1,
            PosixSignal.SIGINT => 2,
            _ => 15,
        };
        _ = Task.Run(() => Environment.Exit(128 + number));
    }
}
