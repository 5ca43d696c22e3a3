using System.Runtime.InteropServices;

namespace Sojourn.FakeAgent;

/// <summary>Hears none of the signals that can be overheard.</summary>
internal sealed class Deafness : IDisposable
{
    private readonly PosixSignalRegistration[] _ignored =
    [
        .. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP }
            .Select(signal => PosixSignalRegistration.Create(signal, context => context.Cancel = true)),
    ];

    public void Dispose() => Array.ForEach(_ignored, each => each.Dispose());
}
