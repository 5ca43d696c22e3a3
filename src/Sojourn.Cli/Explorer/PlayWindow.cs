using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Sojourn.Cli.Explorer;

/// <summary>What happens to a screen's window: another size, and Ctrl-Z, which lends it to the shell.</summary>
internal sealed class PlayWindow : IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly PlayScreen _screen;

    public PlayWindow(PlayScreen screen, ChannelWriter<PlayInput> inputs)
    {
        _screen = screen;
        if (OperatingSystem.IsWindows())
            return;

        On(PosixSignal.SIGWINCH, _ => inputs.TryWrite(new PlayInput.Resized()));
        On(PosixSignal.SIGTSTP, Suspend);
        On(PosixSignal.SIGCONT, _ => inputs.TryWrite(new PlayInput.Resumed()));
    }

    public void Dispose() => _signals.ForEach(signal => signal.Dispose());

    private void On(PosixSignal signal, Action<PosixSignalContext> then) =>
        _signals.Add(PosixSignalRegistration.Create(signal, then));

    private void Suspend(PosixSignalContext signal)
    {
        // Who listens to this signal is not stopped by it and has to stop by himself, with the terminal given back.
        signal.Cancel = true;
        _screen.Lend();
        _ = Kill(Environment.ProcessId, OperatingSystem.IsMacOS() ? StopOnMac : Stop);
    }

    private const int Stop = 19, StopOnMac = 17;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
