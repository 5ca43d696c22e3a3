using Microsoft.Extensions.DependencyInjection;
using Sojourn.Kinds.Agents;
using Sojourn.Testing;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Agents;

using Sojourn.Client;

/// <summary>Who connects has to say who it is.</summary>
public sealed class AttachHelloTests
{
    [ProgramFact]
    public async Task Who_says_nothing_for_ten_seconds_is_shown_out()
    {
        var clock = new ManualClock();
        using var scratch = new ScratchDirectory();
        await using var server = await ServerUnderTest.StartAsync(also: kinds =>
        {
            kinds.Services.AddSingleton<TimeProvider>(clock);
            kinds.AddAgents(Path.Combine(scratch.Path, "agents"), new AgentOptions
            {
                MinFreeMemory = 0,
                Profiles = [new AgentProfile { Name = "cat", Protocol = AgentProtocol.Terminal, Command = "cat" }],
            });
        });
        using var client = new SojournClient(
            new SojournClientOptions { Url = server.Url, Key = ServerUnderTest.Key });
        var agent = await client.CreateAsync("agent", new { profile = "cat" });
        // Nothing else waits for so long then.
        await client.AgentIsAsync(agent.Id, "idle");
        using var socket = new AttachSocket();
        (await socket.TryConnectAsync(
            server.Url, agent.Id, ("Authorization", $"Bearer {ServerUnderTest.Key}"))).ShouldBeTrue();
        var goodbye = socket.ReceiveGoodbyeAsync();

        await clock.WhenAwaited(TimeSpan.FromSeconds(10)).WaitAsync(AgentServer.Patience);
        clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        goodbye.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromTicks(1));

        (await goodbye).ShouldBe(1008);
    }
}
