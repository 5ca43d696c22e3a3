using System.Globalization;
using System.Text.Json;
using Sojourn.Kinds.Agents.Processes;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Agents;

using Sojourn.Client;

/// <summary>Whoever comes and goes, whatever is started and stopped: the server holds no more than before.</summary>
[Collection(Lane.FirstProcesses)]
public sealed class AgentLeakTests : IAsyncLifetime, IDisposable
{
    private const int Seed = 20260107;

    private readonly ScratchDirectory _memory = new();
    private KillableServer _server = null!;
    private SojournClient _watching = null!;
    private int _sockets;

    public async Task InitializeAsync()
    {
        _server = await KillableServer.StartWithAsync($$"""
            { "Server": { "RequestsPerSecond": 10000, "RequestBurst": 10000 },
              "Agents": { "UseDefaultProfiles": false, "MinFreeMemory": 0, "MaxProcesses": 6, "Profiles": [
                { "Name": "shell", "Protocol": "terminal", "Command": "/bin/bash",
                  "Arguments": ["--norc", "--noprofile"], "Directory": "/tmp",
                  "Environment": { "PS1": "ready> ", "HISTFILE": "/dev/null" } },
                {{FakeAgents.Profile("claude", _memory.Path)}}, {{FakeAgents.Profile("acp", _memory.Path)}} ] } }
            """);
        // The one connection that stays.
        _watching = _server.NewClient();
        await _watching.HealthAsync();
        _sockets = HeldByServer.SocketsOf(_server.ProcessId);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _watching?.Dispose();
        _memory.Dispose();
    }

    [ProgramFact]
    public async Task Two_hundred_who_come_and_go_leave_nothing()
    {
        var shell = (await _watching.CreateAsync("agent", new { profile = "shell" })).Id;
        await _watching.AgentIsAsync(shell, "idle");
        foreach (var way in Enumerable.Range(0, 5))
            await ComeAndGoAsync(shell, way);
        var start = await RestAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async user =>
        {
            for (var i = 0; i < 50; i++)
                await ComeAndGoAsync(shell, (i * 4) + user);
        }));

        await ReturnsToAsync(start);
        // And it works as before.
        using var last = await AttachSocket.GreetedAsync(_server.Url, _server.Key, shell, "last");
        await last.ReceiveOutputAsync();
    }

    [ProgramFact]
    public async Task Fifty_sessions_that_are_started_interrupted_and_stopped_at_random_leave_nothing()
    {
        foreach (var profile in (string[])["shell", "claude", "acp"])
            await LiveAsync(_watching, profile, new Random(Seed));
        var start = await RestAsync();

        var ids = await Task.WhenAll(Enumerable.Range(0, 5).Select(async user =>
        {
            using var client = _server.NewClient();
            var random = new Random(Seed + user);
            List<string> mine = [];
            for (var i = 0; i < 10; i++)
                mine.Add(await LiveAsync(client, random.GetItems<string>(["shell", "claude", "acp"], 1)[0], random));
            return mine;
        }));

        await ReturnsToAsync(start);
        var all = ids.SelectMany(each => each).Select(id => $"local/{id}").ToHashSet();
        MarkedProcesses.Find(marker => all.Contains(marker.Session)).ShouldBeEmpty();
    }

    private async Task ComeAndGoAsync(string shell, int number)
    {
        using var socket = await AttachSocket.GreetedAsync(
            _server.Url, _server.Key, shell, string.Create(CultureInfo.InvariantCulture, $"client-{number}"));
        switch (number % 5)
        {
            case 0:
                await socket.ReceiveOutputAsync();
                await socket.LeaveAsync();
                break;
            case 1:
                // Without a word, and perhaps before the screen has come.
                break;
            case 2:
                // In the midst of what is drawn.
                await socket.TypeAsync(1, "seq 1 5000\r");
                await socket.ReceiveAsync("typed");
                await socket.ReceiveOutputAsync();
                break;
            case 3:
                await socket.CommandAsync($"size-{number}", "resize",
                    new { columns = 80 + (number % 20), rows = 24, by = $"client-{number}", takeOver = true });
                await socket.LeaveAsync();
                break;
            default:
                // One whose first frame is no greeting is sent away.
                using (var rude = new AttachSocket())
                {
                    await rude.TryConnectAsync(_server.Url, shell, ("Authorization", $"Bearer {_server.Key}"));
                    await rude.SendAsync(new { type = "command", name = "stop" });
                }

                break;
        }
    }

    /// <summary>A session from its start to its end, with what may befall it.</summary>
    private async Task<string> LiveAsync(SojournClient client, string profile, Random random)
    {
        string? prompt = profile == "shell" ? null : random.GetItems<string>(
            ["say hi", "wait", "ask ls", "grandchild", "flood 500", "crash", "garbage", "errors 20"], 1)[0];
        var id = (await client.CreateAsync("agent", new { profile, prompt })).Id;
        for (var step = random.Next(5); step > 0; step--)
            await BefallAsync(client, id, profile, random);
        await TrySendAsync(client, id, "stop");
        await client.AgentIsAsync(id, session => session.Status == "ended" || !session.Busy, "over");
        await TrySendAsync(client, id, "stop");
        await client.AgentIsAsync(id, "ended");
        if (random.Next(2) == 0)
            await client.RemoveAsync("agent", id);
        return id;
    }

    private async Task BefallAsync(SojournClient client, string id, string profile, Random random)
    {
        switch (random.Next(8))
        {
            case 0:
                await client.AgentIsAsync(id, session => session.Status != "starting", "started");
                break;
            case 1:
                await TrySendAsync(client, id, "interrupt");
                break;
            case 2:
                await TrySendAsync(client, id, "hibernate");
                break;
            case 3:
                await TrySendAsync(client, id, "resume");
                break;
            case 4 when (await client.GetAsync("agent", id)).State!.Value.TryGetProperty("process", out var process):
                Kill(process);
                break;
            case 5 when profile != "shell":
                await TrySendAsync(client, id, "prompt", new { text = "say again" });
                break;
            case 6 when profile == "shell":
                using (var socket = await AttachSocket.GreetedAsync(_server.Url, _server.Key, id))
                    await socket.TypeAsync(
                        1, random.Next(3) == 0 ? "exit 3\r" : "setsid -f sleep 600; sleep 500 & yes\r");
                break;
            default:
                using (var socket = await AttachSocket.GreetedAsync(_server.Url, _server.Key, id))
                    await socket.LeaveAsync();
                break;
        }
    }

    private static async Task TrySendAsync(SojournClient client, string id, string command, object? parameters = null)
    {
        try
        {
            await client.SendAsync("agent", id, command, parameters);
        }
        catch (SojournProblemException no) when (no.Problem.Name == "refused")
        {
            // It is in no state for that.
        }
    }

    /// <summary>As if it had crashed.</summary>
    private static void Kill(JsonElement process)
    {
        using var handle = ProcessHandle.TryOpen(
            process.GetProperty("pid").GetInt32(), process.GetProperty("startTime").GetUInt64(), TimeProvider.System);
        handle?.Signal(ChildSignal.Kill);
    }

    /// <summary>What the server holds once all have left again that this test let come.</summary>
    private async Task<string> RestAsync()
    {
        using var patience = new CancellationTokenSource(SojournProcess.Patience);
        string now;
        do
        {
            await _watching.HealthAsync(patience.Token);
            now = HeldByServer.Of(_server.ProcessId, _server.Data);
        }
        while (!now.Split('\n').Contains($"{_sockets} × socket") || now.Contains("(Z)", StringComparison.Ordinal));
        return now;
    }

    /// <summary>
    /// Completes once the server holds what it held. Connections that broke, and adopted processes that ended, are seen
    /// by it a little later.
    /// </summary>
    private async Task ReturnsToAsync(string start)
    {
        using var patience = new CancellationTokenSource(SojournProcess.Patience);
        var now = HeldByServer.Of(_server.ProcessId, _server.Data);
        while (now != start && !patience.IsCancellationRequested)
        {
            await _watching.HealthAsync();
            now = HeldByServer.Of(_server.ProcessId, _server.Data);
        }

        now.ShouldBe(start);
    }
}
