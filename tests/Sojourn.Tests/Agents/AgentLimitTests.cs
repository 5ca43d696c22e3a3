using System.Net;
using System.Text;
using System.Text.Json;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Agents;

using Sojourn.Client;

/// <summary>Each limit, at the limit.</summary>
public sealed class AgentLimitTests : IDisposable
{
    private readonly ScratchDirectory _memory = new();

    [ProgramFact]
    public async Task There_are_so_many_sessions_and_no_more()
    {
        await using var server = await AgentServer.StartAsync(settings: "\"MaxSessions\": 2,");
        var first = await server.NewAsync();
        await server.NewAsync();

        (await Should.ThrowAsync<SojournProblemException>(() => server.NewAsync())).Problem.Status.ShouldBe(429);

        await server.Client.SendAsync("agent", first.Id, "stop");
        await server.Client.AgentIsAsync(first.Id, "ended");
        await server.Client.RemoveAsync("agent", first.Id);
        (await server.NewAsync()).Status.ShouldBe("starting");
    }

    [ProgramFact]
    public async Task For_one_more_program_the_one_that_was_quiet_for_longest_is_hibernated_and_no_other()
    {
        await using var server = await StartAsync("\"MaxProcesses\": 3,");
        var first = await ReadyAsync(server);
        var second = await ReadyAsync(server);
        var third = await ReadyAsync(server);
        await server.Client.AskAgentAsync(first, "say first");

        var fourth = await ReadyAsync(server);

        (await server.Client.AgentIsAsync(second, "hibernated")).Busy.ShouldBeFalse();
        await StatusesAsync(server, (first, "idle"), (third, "idle"), (fourth, "idle"));
        // Who is asked again gets its place back in the same way.
        (await server.Client.AskAgentAsync(second, "say again")).ShouldBe("completed");
        await server.Client.AgentIsAsync(third, "hibernated");
        await StatusesAsync(server, (first, "idle"), (second, "idle"), (fourth, "idle"));
    }

    [ProgramFact]
    public async Task Where_all_have_something_to_do_a_start_waits_and_says_why()
    {
        await using var server = await StartAsync("\"MaxProcesses\": 2,");
        var first = await WorkingAsync(server);
        var second = await WorkingAsync(server);
        var third = await server.NewAsync("claude");
        var fourth = await server.NewAsync("claude");

        var waits = await server.Client.AgentTellsAsync(third.Id, "place-awaited");
        waits.GetProperty("reason").GetString().ShouldBe("2 programs run already.");
        (await server.Client.GetAsync("agent", third.Id)).State!.Value.GetProperty("waitsFor").GetString()
            .ShouldBe("2 programs run already.");
        await server.Client.AgentTellsAsync(fourth.Id, "place-awaited");
        // Who does not want to wait any longer has taken nothing.
        await server.Client.SendAsync("agent", third.Id, "stop");
        (await server.Client.AgentIsAsync(third.Id, "ended")).State!.Value
            .TryGetProperty("process", out _).ShouldBeFalse();

        await server.Client.SendAsync("agent", first, "stop");
        var begun = await server.Client.AgentIsAsync(fourth.Id, "idle");
        begun.State!.Value.TryGetProperty("waitsFor", out _).ShouldBeFalse();
        await StatusesAsync(server, (second, "running"));
    }

    [ProgramFact]
    public async Task A_terminal_is_not_stopped_for_another_program()
    {
        await using var server = await AgentServer.StartAsync(settings: "\"MaxProcesses\": 1,");
        var first = await server.NewAsync();
        await server.Client.AgentIsAsync(first.Id, "idle");
        var second = await server.NewAsync();
        await server.Client.AgentTellsAsync(second.Id, "place-awaited");
        await StatusesAsync(server, (first.Id, "idle"));

        await server.Client.SendAsync("agent", first.Id, "stop");
        await server.Client.AgentIsAsync(second.Id, "idle");
    }

    [ProgramFact]
    public async Task An_owner_at_its_limit_waits_and_others_do_not()
    {
        await using var server = await StartAsync("\"MaxProcessesPerOwner\": 1,");
        using var bob = new SojournClient(new SojournClientOptions
        {
            Url = server.Serve.Url,
            Key = (await server.Client.MakeKeyAsync("bob")).Key,
        });
        var ours = await WorkingAsync(server);
        var waits = await server.NewAsync("claude");
        (await server.Client.AgentTellsAsync(waits.Id, "place-awaited")).GetProperty("reason").GetString()
            .ShouldBe("1 programs of this owner run already.");

        var bobs = await bob.CreateAsync("agent", new { profile = "claude" });
        await bob.AgentIsAsync(bobs.Id, "idle");
        // A quiet program of another owner makes no place.
        await StatusesAsync(server, (ours, "running"), (waits.Id, "starting"));
        await server.Client.SendAsync("agent", ours, "interrupt");
        await server.Client.AgentIsAsync(ours, "hibernated");
        await server.Client.AgentIsAsync(waits.Id, "idle");
        (await bob.GetAsync("agent", bobs.Id)).Status.ShouldBe("idle");
    }

    [ProgramFact]
    public async Task So_many_prompts_wait_besides_the_one_that_is_under_way()
    {
        await using var server = await StartAsync("\"MaxQueuedPrompts\": 2,");
        var agent = await WorkingAsync(server);
        await PromptAsync("a");
        await PromptAsync("b");

        (await Should.ThrowAsync<SojournProblemException>(() => PromptAsync("c"))).Problem.Code.ShouldBe("queue-full");
        // One that waits already is no other.
        await PromptAsync("b");
        await server.Client.SendAsync("agent", agent, "withdraw-prompt", new { prompt = "a" });
        await PromptAsync("c");
        await server.Client.SendAsync("agent", agent, "interrupt");
        await server.Client.AgentTellsAsync(agent, "turn-ended", ended =>
            ended.GetProperty("prompts").EnumerateArray().Any(prompt => prompt.GetString() == "c"));
        FakeAgents.ReceivedTexts(_memory.Path).ShouldBe(["wait", "say b", "say c"]);

        Task PromptAsync(string id) =>
            server.Client.SendAsync("agent", agent, "prompt", new { text = $"say {id}", id });
    }

    [ProgramFact]
    public async Task One_request_types_a_megabyte_and_no_more()
    {
        await using var server = await AgentServer.StartAsync();
        var shell = await server.NewAsync();
        await using var ada = server.Attach(shell.Id);
        await ada.WaitForAsync("ready>");
        await ada.TypeAsync("stty raw -echo; printf 'it reads\\r\\n'; head -c 1048576 | sha256sum; stty sane\r");
        await ada.WaitForAsync("\nit reads");
        var keys = new byte[(1 << 20) + 1];
        new Random(7).NextBytes(keys);

        (await TypeAsync(keys)).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await TypeAsync(keys[..^1])).ShouldBe(HttpStatusCode.NoContent);

        await ada.WaitForAsync(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(keys[..^1])));

        async Task<HttpStatusCode> TypeAsync(byte[] bytes)
        {
            using var content = new ByteArrayContent(bytes);
            using var answer = await server.Serve.Http.PostAsync($"/v1/agent/{shell.Id}/input", content);
            return answer.StatusCode;
        }
    }

    public void Dispose() => _memory.Dispose();

    private Task<AgentServer> StartAsync(string settings) => AgentServer.StartAsync(
        $"[ {FakeAgents.Profile("claude", _memory.Path, more: "\"Owners\": [\"*\"],")} ]", settings);

    private static async Task<string> ReadyAsync(AgentServer server)
    {
        var id = (await server.NewAsync("claude")).Id;
        await server.Client.AgentIsAsync(id, "idle");
        return id;
    }

    private static async Task<string> WorkingAsync(AgentServer server)
    {
        var id = await ReadyAsync(server);
        await server.Client.SendAsync("agent", id, "prompt", new { text = "wait" });
        await server.Client.AgentTellsAsync(id, "turn-began");
        return id;
    }

    private static async Task StatusesAsync(AgentServer server, params (string Id, string Status)[] expected)
    {
        foreach (var (id, status) in expected)
            (await server.Client.GetAsync("agent", id)).Status.ShouldBe(status);
    }
}
