using System.Text.Json;
using Sojourn.Tests.EndToEnd;

namespace Sojourn.Tests.Streams;

/// <summary>The protocol's own client, which has never heard of sessions, reads their logs.</summary>
[Collection(Lane.SecondProcesses)]
public sealed class PublicClientTests
{
    // A server that is killed breaks the connection, and then this client leaves it to the application to go on. One
    // that is stopped ends its answers as at any other time.
    [NodeFact]
    public Task A_stranger_who_follows_a_generation_through_a_restart_gets_each_event_once() =>
        FollowAsync("sse", async server => (await server.TerminateAsync()).ShouldBe(0, server.Error));

    [NodeFact]
    public Task A_stranger_who_polls_through_a_killed_server_gets_each_event_once() =>
        FollowAsync("long-poll", server => server.KillAsync());

    private static async Task FollowAsync(string live, Func<KillableServer, Task> endAsync)
    {
        await using var server = await KillableServer.StartAsync("200ms");
        var id = await server.GenerateAsync(6);
        var key = (await File.ReadAllTextAsync(Path.Combine(server.Data, "key"))).Trim();
        using var patience = new CancellationTokenSource(SojournProcess.Patience);

        using var follower = NodeFactAttribute.Start(
            ["follow.mjs", $"{server.Url}v1/generation/{id}/streams/events", key, live, "generation-completed"]);
        var complaints = follower.StandardError.ReadToEndAsync(patience.Token);
        var offsets = new List<string>();
        while (await follower.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            var happened = JsonElement.Parse(line);
            offsets.Add(happened.GetProperty("offset").GetString()!);
            var isThird = happened.GetProperty("type").GetString() == "scene-made"
                && happened.GetProperty("data").GetProperty("number").GetInt32() == 3;
            if (isThird)
            {
                await endAsync(server);
                await server.StartAgainAsync();
            }
        }

        await follower.WaitForExitAsync(patience.Token);
        var last = (await server.Client.GetAsync("generation", id)).LastEvent!;
        (await complaints).ShouldBeEmpty();
        offsets.Count.ShouldBeGreaterThan(12);
        offsets[^1].ShouldBe(last);
        var life = last[..16];
        offsets.ShouldBe(Enumerable.Range(1, offsets.Count).Select(number => $"{life}_{number:D16}"));
    }
}
