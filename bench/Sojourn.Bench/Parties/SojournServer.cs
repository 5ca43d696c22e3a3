using System.Globalization;
using Sojourn.NatLab;

namespace Sojourn.Bench.Parties;

/// <summary>Sojourn's server in a laboratory.</summary>
internal sealed class SojournServer : IAsyncDisposable
{
    private const string Url = $"http://{Laboratory.ServerAddress}:7707", Told = "Invitation: ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Laboratory _lab;
    private readonly IReadOnlyList<string> _program;
    private readonly string _directory;
    private LabProgram? _server;
    private int _parties;

    private SojournServer(Laboratory lab, IReadOnlyList<string> program, string directory) =>
        (_lab, _program, _directory) = (lab, program, directory);

    /// <param name="lab">Where.</param>
    /// <param name="program">What <c>sojourn</c> is started with.</param>
    /// <param name="directory">For what it keeps.</param>
    /// <param name="relayBytesPerSecond">How much may go through its relay.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<SojournServer> StartAsync(
        Laboratory lab, IReadOnlyList<string> program, string directory, long relayBytesPerSecond,
        CancellationToken stop)
    {
        var made = new SojournServer(lab, program, Directory.CreateDirectory(directory).FullName);
        await File.WriteAllTextAsync(made.PathOf("config.json"), string.Create(CultureInfo.InvariantCulture, $$"""
            {
              "Parties": {
                "UdpAddresses": ["{{Laboratory.ServerAddress}}", "{{Laboratory.OtherServerAddress}}"],
                "RelayBytesPerSecond": {{relayBytesPerSecond}}
              }
            }
            """), stop);
        made._server = LabProgram.Start(lab.Server,
        [
            .. program, "serve", "--urls", Url, "--data", made.PathOf("data"), "--config", made.PathOf("config.json"),
        ]);
        try
        {
            await made._server.WaitForAsync(
                line => line.Contains("listens on", StringComparison.Ordinal), Patience, stop);
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a party of two.</summary>
    /// <returns>Its invitation.</returns>
    public async Task<string> CreatePartyAsync(CancellationToken stop)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"Party {++_parties}");
        var said = await LabProgram.RunAsync(_lab.Server, stop,
            [.. _program, "party", "create", name, "--size", "2", "--url", Url, "--data", PathOf("data")]);
        return said.Split('\n').First(line => line.StartsWith(Told, StringComparison.Ordinal))[Told.Length..];
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private string PathOf(string name) => Path.Combine(_directory, name);
}
