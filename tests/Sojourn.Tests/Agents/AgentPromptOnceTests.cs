using System.Text.Json;
using Sojourn.Tests.Cli;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Agents;

using Sojourn.Client;

/// <summary>A prompt with a client's id reaches the agent once, on whatever ways it comes and however often.</summary>
[Collection(Lane.SecondProcesses)]
public sealed class AgentPromptOnceTests : IDisposable
{
    private readonly ScratchDirectory _memory = new();

    [ProgramTheory]
    [InlineData("claude")]
    [InlineData("acp")]
    public async Task A_prompt_that_is_sent_again_on_every_way_and_over_restarts_reaches_the_agent_once(string protocol)
    {
        await using var server = await StartAsync(protocol);
        var id = (await server.Client.CreateAsync("agent", new { profile = protocol })).Id;
        var first = await SendAsync(server.Client, id, "key-1");
        IsRepeated(first).ShouldBeFalse();
        first.Replayed.ShouldBeFalse();
        await server.Client.AgentTellsAsync(id, "turn-ended");

        await SendAgainAsync(server, id);
        (await server.TerminateAsync()).ShouldBe(0);
        await server.StartAgainAsync();
        await SendAgainAsync(server, id);
        await server.KillAsync();
        await server.StartAgainAsync();
        await SendAgainAsync(server, id);

        // Who asks something new finds that the agent knows of one prompt.
        (await server.Client.AskAgentAsync(id, "history")).ShouldBe("completed");
        (await server.Client.AgentTellsAsync(id, "text-written", IsAnother)).GetProperty("text").GetString()
            .ShouldBe("say hello");
        FakeAgents.ReceivedTexts(_memory.Path).ShouldBe(["say hello", "history"]);
        (await EventsOfAsync(server, id, "prompt-queued")).Count.ShouldBe(2);

        static bool IsAnother(JsonElement data) => data.GetProperty("text").GetString() != "hello";
    }

    [ProgramTheory]
    [InlineData("claude")]
    [InlineData("acp")]
    public async Task One_that_the_server_died_with_is_told_as_cut_and_goes_again_only_if_somebody_says_so(
        string protocol)
    {
        await using var server = await StartAsync(protocol, "mute");
        var id = (await server.Client.CreateAsync("agent", new { profile = protocol })).Id;
        await SendAsync(server.Client, id, "key-1");
        // It has it, and has not said so to the server.
        await TakenAsync(server.Client, id, times: 1);
        StateOfPrompt(await server.Client.GetAsync("agent", id)).ShouldBe(("p1", "handedOver"));
        await server.KillAsync();
        await server.StartAgainAsync();

        var cut = await server.Client.AgentIsAsync(id, "interrupted");
        StateOfPrompt(cut).ShouldBe(("p1", "cut"));
        (await server.Client.AgentTellsAsync(id, "work-cut")).GetProperty("prompts")[0].GetString().ShouldBe("p1");
        await SendAgainAsync(server, id);
        await server.Client.SendAsync("agent", id, "resume");
        await server.Client.AgentIsAsync(id, "idle");
        FakeAgents.ReceivedTexts(_memory.Path).ShouldBe(["say hello"]);

        var again = await RunAgainAsync(server.Client, "key-2");
        again.ShouldNotBe("p1");
        (await RunAgainAsync(server.Client, "key-2")).ShouldBe(again);
        (await Should.ThrowAsync<SojournProblemException>(() => RunAgainAsync(server.Client, "key-3")))
            .Problem.Code.ShouldBe("not-cut");
        await TakenAsync(server.Client, id, times: 2);
        StateOfPrompt(await server.Client.GetAsync("agent", id)).ShouldBe((again, "handedOver"));
        FakeAgents.ReceivedTexts(_memory.Path).ShouldBe(["say hello", "say hello"]);
        if (protocol == "claude")
            FakeAgents.Received(_memory.Path).Select(prompt => prompt["uuid"]!.ToString()).ShouldBeUnique();

        async Task<string> RunAgainAsync(SojournClient client, string key) =>
            (await client.SendAsync("agent", id, "run-again", new { prompt = "p1" }, idempotencyKey: key))
                .Reply!.Value.GetProperty("id").GetString()!;
    }

    [ProgramFact]
    public async Task Ten_clients_that_send_one_prompt_at_once_have_it_done_once()
    {
        await using var server = await StartAsync("claude");
        var id = (await server.Client.CreateAsync("agent", new { profile = "claude" })).Id;

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            using var client = server.NewClient();
            return IsRepeated(await SendAsync(client, id, null));
        }));

        answers.Count(isRepeated => !isRepeated).ShouldBe(1);
        await server.Client.AgentTellsAsync(id, "turn-ended");
        await server.Client.AskAgentAsync(id, "say bye");
        FakeAgents.ReceivedTexts(_memory.Path).ShouldBe(["say hello", "say bye"]);
    }

    public void Dispose() => _memory.Dispose();

    private Task<KillableServer> StartAsync(string protocol, string behaviour = "none") =>
        KillableServer.StartWithAsync($$"""
            { "Agents": { "UseDefaultProfiles": false, "MinFreeMemory": 0,
              "Profiles": [ {{FakeAgents.Profile(protocol, _memory.Path, behaviour)}} ] } }
            """);

    private static Task<CommandAnswer> SendAsync(SojournClient client, string id, string? key) => client.SendAsync(
        "agent", id, "prompt", new { text = "say hello", id = "p1", by = "ada" }, idempotencyKey: key);

    /// <summary>Ten times on connections of their own, in all ways that there are.</summary>
    private static async Task SendAgainAsync(KillableServer server, string id)
    {
        using (var client = server.NewClient())
        {
            var replayed = await SendAsync(client, id, "key-1");
            replayed.Replayed.ShouldBeTrue();
            IsRepeated(replayed).ShouldBeFalse();
        }

        for (var i = 0; i < 4; i++)
        {
            using var client = server.NewClient();
            IsRepeated(await SendAsync(client, id, i % 2 == 0 ? null : $"another-{Guid.NewGuid():N}")).ShouldBeTrue();
        }

        // The same operation twice, then another, each by a client that is attached anew.
        string[] operations = ["frame-1", "frame-1", $"frame-{Guid.NewGuid():N}"];
        foreach (var operation in operations)
        {
            var reply = await AttachSocket.CommandAsync(
                server.Url, server.Key, id, operation, "prompt", new { text = "say hello", id = "p1" });
            IsRepeated(reply.GetProperty("reply")).ShouldBeTrue();
        }

        for (var i = 0; i < 2; i++)
        {
            var around = new CliSurroundings { Server = server.Url };
            around.Environment["SOJOURN_KEY"] = server.Key;
            var run = await CliRun.OfAsync(around, "prompt", id, "say hello", "--id", "p1");
            run.ExitCode.ShouldBe(0, run.Error);
            run.Out.ShouldContain("It has that already.");
        }
    }

    private static bool IsRepeated(CommandAnswer answer) => IsRepeated(answer.Reply!.Value);

    private static bool IsRepeated(JsonElement reply) => reply.GetProperty("isRepeated").GetBoolean();

    private static (string Id, string State) StateOfPrompt(Session session)
    {
        var prompt = session.State!.Value.GetProperty("prompts").EnumerateArray().ShouldHaveSingleItem();
        return (prompt.GetProperty("id").GetString()!, prompt.GetProperty("state").GetString()!);
    }

    /// <summary>Completes once the mute agent has said so many times that it has a prompt.</summary>
    private static async Task TakenAsync(SojournClient client, string id, int times)
    {
        var seen = 0;
        await client.AgentTellsAsync(id, "noticed", data =>
            data.GetProperty("text").GetString() == "taken" && ++seen == times);
    }

    private static async Task<List<SessionEvent>> EventsOfAsync(KillableServer server, string id, string type) =>
        [.. (await server.Client.EventsAsync("agent", id, limit: 1000)).Events.Where(each => each.Type == type)];
}
