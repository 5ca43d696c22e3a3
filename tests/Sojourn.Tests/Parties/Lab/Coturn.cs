using System.Diagnostics;
using Sojourn.NatLab;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>A STUN server that is not ours, on the two addresses of a laboratory's server.</summary>
internal sealed class Coturn : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sojourn-coturn-");
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _said;

    public Coturn(Laboratory lab)
    {
        _process = lab.Server.Start(
            "turnserver", "-n", "--no-auth", "-L", Laboratory.ServerAddress, "-L", Laboratory.OtherServerAddress,
            "--no-tls", "--no-dtls", "--no-cli", "--log-file", "stdout",
            "--pidfile", Path.Combine(_directory.FullName, "pid"),
            "--userdb", Path.Combine(_directory.FullName, "users"));
        _said = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    /// <summary>Completes once it listens.</summary>
    public Task Ready() => _ready.Task.WaitAsync(TimeSpan.FromSeconds(60));

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _said;
        _process.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task ReadAsync(StreamReader said)
    {
        // The last thing that it says before it serves.
        while (await said.ReadLineAsync() is { } line)
        {
            if (line.Contains("IO method (auth thread)", StringComparison.Ordinal))
                _ready.TrySetResult();
        }
    }
}
