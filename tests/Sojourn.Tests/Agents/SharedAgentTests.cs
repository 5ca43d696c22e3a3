using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Sojourn.Tests.Cli;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Agents;

using Sojourn.Client;

/// <summary>One session for all clients of an owner, called as its profile.</summary>
public sealed class SharedAgentTests
{
    private const string Room = """
        [ { "Name": "room", "Protocol": "terminal", "Command": "/bin/bash", "Arguments": ["--norc", "--noprofile"],
            "Directory": "/tmp", "Mode": "shared", "StartsWithServer": true },
          { "Name": "shell", "Protocol": "terminal", "Command": "/bin/sh" } ]
        """;

    [ProgramFact]
    public async Task One_that_starts_with_the_server_starts_with_it_again_and_again()
    {
        await using var server = await AgentServer.StartAsync(Room);
        await server.WaitForAsync("room", "idle");

        await server.StopAsync();
        await server.StartAgainAsync();
        (await server.WaitForAsync("room", "idle")).GetProperty("run").GetInt32().ShouldBe(2);

        await server.Client.SendAsync("agent", "room", "stop", new { });
        await server.WaitForAsync("room", "ended");
        await server.StopAsync();
        await server.StartAgainAsync();
        (await server.WaitForAsync("room", "idle")).GetProperty("run").GetInt32().ShouldBe(3);
    }

    [ProgramFact]
    public async Task Whoever_begins_it_gets_the_one_that_is_there_and_a_stopped_one_goes_on()
    {
        await using var server = await AgentServer.StartAsync(Room);
        await server.WaitForAsync("room", "idle");

        var there = await BeginAsync(server);
        (there.Status, there.Id, there.Run).ShouldBe((HttpStatusCode.OK, "room", 1));

        await server.Client.SendAsync("agent", "room", "stop", new { });
        await server.WaitForAsync("room", "ended");
        there = await BeginAsync(server);
        (there.Status, there.Id, there.Run).ShouldBe((HttpStatusCode.OK, "room", 2));
        await server.WaitForAsync("room", "idle");

        (await Should.ThrowAsync<SojournProblemException>(
            () => server.Client.GetOrCreateAsync("agent", "room2", new { profile = "room" }))).Problem.Code
            .ShouldBe("shared");
    }

    [ProgramFact]
    public async Task No_session_of_another_profile_is_called_as_it()
    {
        await using var server = await AgentServer.StartAsync(Room.Replace(
            "\"StartsWithServer\": true", "\"StartsWithServer\": false", StringComparison.Ordinal));
        (await Should.ThrowAsync<SojournProblemException>(
            () => server.Client.GetOrCreateAsync("agent", "room", new { profile = "shell" }))).Problem.Field
            .ShouldBe("id");
    }

    [ProgramFact]
    public async Task A_second_start_asks_what_it_would_have_asked_first_and_the_same_start_once()
    {
        using var memory = new ScratchDirectory();
        var shared = FakeAgents.Profile("claude", memory.Path, more: "\"Mode\": \"shared\",");
        await using var server = await AgentServer.StartAsync($"[ {shared} ]");

        foreach (var (prompt, key) in new[] { ("say one", "k1"), ("say two", "k2"), ("say two", "k2") })
        {
            using var begun = await PostAsync(server, new { profile = "claude", prompt }, key);
            begun.IsSuccessStatusCode.ShouldBeTrue();
        }

        await server.Client.AskAgentAsync("claude", "say three");
        FakeAgents.ReceivedTexts(memory.Path).ShouldBe(["say one", "say two", "say three"]);
    }

    [ProgramFact]
    public async Task On_the_command_line_a_second_start_tells_that_it_is_there()
    {
        await using var server = await AgentServer.StartAsync(Room);
        await server.WaitForAsync("room", "idle");

        var again = await CliRun.OfAsync(
            new CliSurroundings
            {
                Server = server.Serve.Url,
                Environment = new()
                {
                    ["SOJOURN_KEY"] = server.Serve.Http.DefaultRequestHeaders.Authorization!.Parameter!,
                },
            },
            ["agent", "new", "room", "--detached"]);

        again.ExitCode.ShouldBe(0, again.Error);
        again.Out.ShouldContain("agent/room is there already.");
    }

    private static async Task<(HttpStatusCode Status, string? Id, int Run)> BeginAsync(AgentServer server)
    {
        using var answer = await PostAsync(server, new { profile = "room" });
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, body.RootElement.GetProperty("id").GetString(),
            body.RootElement.GetProperty("state").GetProperty("run").GetInt32());
    }

    private static async Task<HttpResponseMessage> PostAsync(AgentServer server, object start, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Serve.Url, "v1/agent"))
        {
            Content = JsonContent.Create(start),
        };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await server.Serve.Http.SendAsync(request);
    }
}
