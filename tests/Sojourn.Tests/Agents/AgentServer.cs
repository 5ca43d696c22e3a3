using System.Text.Json;
using Sojourn.Kinds.Agents.Processes;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Agents;

using Sojourn.Client;

/// <summary>A test that runs programs, which works on Linux alone.</summary>
internal sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute() => Skip = ChildProcess.WhyNotHere;
}

/// <summary>`sojourn serve` with profiles for tests, and a client of it.</summary>
internal sealed class AgentServer : IAsyncDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly string _config;

    private AgentServer(string config) => _config = _scratch.File("config.json", config);

    public static TimeSpan Patience => ServerUnderTest.Patience;

    public ServeUnderTest Serve { get; private set; } = null!;

    public SojournClient Client { get; private set; } = null!;

    public string Scratch => _scratch.Path;

    /// <param name="profiles">In JSON: a list.</param>
    /// <param name="settings">In JSON: further members of the section, each followed by a comma.</param>
    public static async Task<AgentServer> StartAsync(string? profiles = null, string settings = "")
    {
        var server = new AgentServer($$"""
            { "Agents": { {{settings}} "UseDefaultProfiles": false, "MinFreeMemory": 0,
              "Profiles": {{profiles ?? Shell}} } }
            """);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>A plain shell with a prompt that tests know.</summary>
    public static string Shell => """
        [ { "Name": "shell", "Protocol": "terminal", "Command": "/bin/bash", "Arguments": ["--norc", "--noprofile"],
            "Directory": "/tmp", "Environment": { "PS1": "ready> ", "HISTFILE": "/dev/null" } } ]
        """;

    public async Task StartAgainAsync()
    {
        Serve = await ServeUnderTest.StartAsync(Path.Combine(_scratch.Path, "data"), _config);
        Client = new SojournClient(new SojournClientOptions
        {
            Url = Serve.Url,
            Key = Serve.Http.DefaultRequestHeaders.Authorization!.Parameter,
            MaxRetryDelay = TimeSpan.FromMilliseconds(200),
        });
    }

    public async Task StopAsync()
    {
        Client.Dispose();
        await Serve.DisposeAsync();
    }

    public Task<Session> NewAsync(string profile = "shell") =>
        Client.CreateAsync("agent", new { profile, size = new { columns = 80, rows = 24 } });

    public Attached Attach(string id, string? name = null) => new(Client.AttachAgent(id, name));

    /// <summary>Completes once the session is in a status.</summary>
    public Task<JsonElement> WaitForAsync(string id, string status) => WaitForAsync(Client, id, status);

    /// <summary>As the other, by any client.</summary>
    public static async Task<JsonElement> WaitForAsync(SojournClient client, string id, string status)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var session = await client.GetAsync("agent", id, patience.Token);
            if (session.Status == status)
                return session.State!.Value;
            await foreach (var news in client.WatchAsync("agent", id, session.LastEvent, patience.Token))
            {
                if (news is SessionEvent { Type: "status-changed" })
                    break;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _scratch.Dispose();
    }
}
