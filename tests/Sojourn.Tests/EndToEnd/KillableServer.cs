using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.EndToEnd;

using Sojourn.Client;

/// <summary>A finished scene as the server tells it: its JSON, and what its picture's bytes come to.</summary>
internal sealed record FinishedScene(int Number, string Json, string PictureSha256);

/// <summary>`sojourn serve` as a process that is killed and started again on the same directory and port.</summary>
internal sealed class KillableServer : IAsyncDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly string _config;
    private readonly (string Name, string Value)[] _environment;
    private SojournProcess _process = null!;

    private KillableServer(string config, (string Name, string Value)[] environment)
    {
        (_config, _environment) = (File("config.json", config), environment);
        Url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}"));
    }

    public Uri Url { get; }

    public string Data => Path.Combine(_scratch.Path, "data");

    public SojournClient Client { get; private set; } = null!;

    /// <summary>The operator's.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The number of the process that runs now.</summary>
    public int ProcessId => _process.Id;

    /// <summary>What it has written to standard error since its last start.</summary>
    public string Error => _process.Error;

    public static Task<KillableServer> StartAsync(string sceneDelay) => StartWithAsync(Paced(sceneDelay));

    /// <param name="config">The file of <c>--config</c>.</param>
    /// <param name="environment">Variables to be set for it.</param>
    public static async Task<KillableServer> StartWithAsync(
        string config, params (string Name, string Value)[] environment)
    {
        var server = new KillableServer(config, environment);
        await server.StartAgainAsync();
        server.Key = (await System.IO.File.ReadAllTextAsync(Path.Combine(server.Data, "key"))).Trim();
        server.Client = server.NewClient();
        return server;
    }

    /// <summary>Another client, with connections of its own.</summary>
    public SojournClient NewClient() => new(new SojournClientOptions
    {
        Url = Url,
        Key = Key,
        MaxRetryDelay = TimeSpan.FromMilliseconds(500),
    });

    /// <summary>How fast scenes come from the next start on.</summary>
    public string Pace(string sceneDelay) => File("config.json", Paced(sceneDelay));

    /// <summary>A file beside the data directory, gone after the test.</summary>
    public string File(string name, string text) => _scratch.File(name, text);

    /// <summary>What the newest greeting says that a browser is to open, below the server's address.</summary>
    public string ConsoleLink { get; private set; } = "";

    public async Task StartAgainAsync()
    {
        _process = SojournProcess.StartWith(
            _environment, "serve", "--data", Data, "--urls", Url.OriginalString, "--config", _config);
        var line = await _process.WaitForLineAsync("console: ");
        var link = new Uri(line.Split("console: ")[1].Split(' ')[0]);
        ConsoleLink = link.AbsolutePath + link.Fragment;
    }

    public Task KillAsync() => _process.KillAsync();

    /// <summary>SIGTERM, as every service supervisor sends it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        await _process.SignalAsync("TERM");
        return await _process.ExitAsync();
    }

    /// <summary>Starts to make a storyboard of the lighthouse story.</summary>
    /// <returns>The session's id.</returns>
    public async Task<string> GenerateAsync(int scenes)
    {
        var parameters = new { storyText = Samples.Lighthouse, numScenes = scenes };
        var session = await Client.CreateAsync("generation", parameters);
        return session.Id;
    }

    /// <summary>The finished scenes and their pictures, read now.</summary>
    public async Task<IReadOnlyList<FinishedScene>> ScenesAsync(string id)
    {
        var session = await Client.GetAsync("generation", id);
        var scenes = new List<FinishedScene>();
        foreach (var scene in session.State!.Value.GetProperty("scenes").EnumerateArray())
        {
            var number = scene.GetProperty("number").GetInt32();
            var file = Path.Combine(_scratch.Path, "picture");
            await Client.DownloadAsync("generation", id, $"scenes/{number}/picture", file);
            var digest = Convert.ToHexStringLower(SHA256.HashData(await System.IO.File.ReadAllBytesAsync(file)));
            digest.ShouldBe(scene.GetProperty("picture").GetProperty("sha256").GetString());
            scenes.Add(new FinishedScene(number, scene.GetRawText(), digest));
        }

        return scenes;
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _process.DisposeAsync();
        _scratch.Dispose();
    }

    private static string Paced(string sceneDelay) => $$"""
        { "Generation": { "SceneDelay": "{{sceneDelay}}" }, "Server": { "StopGrace": "10s" } }
        """;

    /// <summary>
    /// A port below those that the system gives to connections: while the server is down nobody else gets it, and a
    /// client that tries again cannot by chance connect to itself.
    /// </summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(20_000, 30_000);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it; there are others.
            }
        }
    }
}
