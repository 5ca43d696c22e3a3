using System.Runtime.InteropServices;
using Sojourn.Cli;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await new SojournCli(Terminal.OfThisProcess()).RunAsync(args, stop.Token);

void Stop(PosixSignalContext signal)
{
    // The first signal asks us to end in good order; a second one is for users who have lost their patience.
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
