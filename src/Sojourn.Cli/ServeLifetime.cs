using Microsoft.Extensions.Hosting;

namespace Sojourn.Cli;

/// <summary>
/// Leaves signals alone: the program listens to them itself. The host's own way would swallow the second Ctrl-C of
/// somebody who has lost patience.
/// </summary>
internal sealed class ServeLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
