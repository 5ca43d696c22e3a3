using System.Text.Json;
using Sojourn.Client;

namespace Sojourn.Bench;

/// <summary>
/// Sessions of `sojourn serve` in a process of its own, each with a client that is attached over loopback.
/// </summary>
internal sealed class SojournTerminals : TerminalHost
{
    private readonly ServerProcess _server;

    private SojournTerminals(string name, ServerProcess server, SojournClient client)
        : base(name) => (_server, Client) = (server, client);

    public SojournClient Client { get; }

    /// <summary>All that the server holds in main memory, in bytes.</summary>
    public long WorkingSet => _server.WorkingSet;

    /// <summary>Starts a server.</summary>
    /// <param name="name">What it is called in the figures.</param>
    /// <param name="directory">Where it keeps its data.</param>
    /// <param name="settings">Of its section <c>Agents</c>, beside what many terminals need.</param>
    public static async Task<SojournTerminals> StartAsync(
        string name, string directory, IReadOnlyDictionary<string, long>? settings = null)
    {
        var agents = new Dictionary<string, object>
        {
            ["UseDefaultProfiles"] = false,
            ["MinFreeMemory"] = 0,
            ["MaxProcesses"] = 200,
            ["MaxProcessesPerOwner"] = 200,
            ["Profiles"] = BenchProgram.All.Select(program => new
            {
                program.Name,
                Protocol = "terminal",
                program.Command,
                program.Arguments,
                Directory = "/tmp",
                BenchProgram.Environment,
            }),
        };
        foreach (var (setting, value) in settings ?? new Dictionary<string, long>())
        {
            agents[setting] = value;
        }

        var config = Path.Combine(Directory.CreateDirectory(directory).FullName, "config.json");
        await File.WriteAllTextAsync(config, JsonSerializer.Serialize(new { Agents = agents }));
        var data = Path.Combine(directory, "data");
        var server = await ServerProcess.StartAgentsAsync(name, data, config);
        var options = new SojournClientOptions
        {
            Url = new Uri($"http://127.0.0.1:{server.Port}"),
            Key = (await File.ReadAllTextAsync(Path.Combine(data, "key"))).Trim(),
        };
        return new SojournTerminals(name, server, new SojournClient(options));
    }

    public override async Task<BenchTerminal> OpenAsync(BenchProgram program)
    {
        var session = await Client.CreateAsync("agent", new { profile = program.Name });
        var terminal = Attach(session.Id, program.Greeting);
        await terminal.Ready;
        return terminal;
    }

    /// <summary>Another client on a session.</summary>
    /// <param name="id">The session's.</param>
    /// <param name="greeting">What shows that the screen is drawn.</param>
    public AttachedTerminal Attach(string id, string greeting) => new(Client, id, greeting);

    /// <summary>Waits until the server has brought all into its store.</summary>
    /// <returns>The bytes of its heap, garbage collected.</returns>
    public async Task<long> RestAsync()
    {
        while ((await Client.StatisticsAsync()).Store is { LagChanges: > 0 } or { PendingSteps: > 0 })
        {
            await Task.Delay(50);
        }

        return await _server.RestAsync();
    }

    /// <summary>Ends the server, which ends its programs.</summary>
    public override ValueTask DisposeAsync()
    {
        Client.Dispose();
        _server.Dispose();
        return ValueTask.CompletedTask;
    }
}
