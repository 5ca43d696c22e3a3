using Sojourn.Tests.Agents;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Cli;

/// <summary>`sojourn agent search`, with a shell and with an agent that does what its prompts say.</summary>
public sealed class AgentSearchVerbTests
{
    [ProgramFact]
    public async Task What_was_said_and_drawn_is_found_on_the_command_line()
    {
        await using var server = await AgentServer.StartAsync();
        var shell = await server.NewAsync();
        await using (var ada = server.Attach(shell.Id, "ada"))
        {
            await ada.WaitForAsync("ready>");
            await ada.TypeAsync("echo needle-$((40+2))\r");
            await ada.WaitForAsync("\nneedle-42\nready>");
        }

        var found = await RunAsync(server, "NEEDLE-42");
        found.ExitCode.ShouldBe(0, found.Error);
        found.Out.ShouldContain($"{shell.Id} (shell)");
        found.Out.ShouldContain("needle-42");
        var named = await RunAsync(server, "needle-42", "--session", $"agent/{shell.Id}", "--json");
        named.Json.GetProperty("hits")[0].GetProperty("type").GetString().ShouldBe("screen");
        named.Json.GetProperty("complete").GetBoolean().ShouldBeTrue();
        (await server.Client.AgentSearchAsync("needle-42", limit: 1)).Hits.ShouldHaveSingleItem()
            .Session.ShouldBe(shell.Id);

        (await RunAsync(server, "needle-43")).Out.ShouldContain("It stands nowhere.");
    }

    [ProgramFact]
    public async Task Hits_of_many_pages_are_one_list()
    {
        using var memory = new ScratchDirectory();
        var fake = System.Text.Json.JsonSerializer.Serialize(Console.AgentStage.FakeAgent("claude", memory.Path));
        await using var server = await AgentServer.StartAsync(
            $$"""[ { "Name": "pair", "Protocol": "claude", "Command": "dotnet", "Arguments": {{fake}} } ]""");
        var pair = await server.Client.CreateAsync("agent", new { profile = "pair", title = "Mine", prompt = "wait" });
        await server.WaitForAsync(pair.Id, "running");
        foreach (var number in Enumerable.Range(1, 99))
            await server.Client.SendAsync("agent", pair.Id, "prompt", new { text = $"say word {number}, word" });

        var five = await RunAsync(server, "word");
        five.Out.ShouldContain($"{pair.Id} (pair): Mine");
        five.Out.Split('\n').Count(line => line.Contains("prompt-queued", StringComparison.Ordinal)).ShouldBe(5);
        five.Out.ShouldContain("name it with --session");
        var all = await RunAsync(server, "word", "--session", pair.Id, "--limit", "120", "--json");
        all.Json.GetProperty("hits").GetArrayLength().ShouldBe(99);
        var some = await RunAsync(server, "word", "--session", pair.Id, "--limit", "98");
        some.Out.ShouldContain("raise --limit");
    }

    [Fact]
    public async Task What_cannot_be_searched_for_is_said_before_anything_is_sent()
    {
        var nobody = new Uri("http://127.0.0.1:9");
        (await CliRun.OfAsync(nobody, "agent", "search", "")).ExitCode.ShouldBe(2);
        (await CliRun.OfAsync(nobody, "agent", "search", new string('x', 201))).ExitCode.ShouldBe(2);
        (await CliRun.OfAsync(nobody, "agent", "search", "x", "--session", "A B")).ExitCode.ShouldBe(2);
        (await CliRun.OfAsync(nobody, "agent", "search", "x", "--limit", "0")).ExitCode.ShouldBe(2);
    }

    private static Task<CliRun> RunAsync(AgentServer server, params string[] args) => CliRun.OfAsync(
        new CliSurroundings
        {
            Server = server.Serve.Url,
            Environment = new()
            {
                ["SOJOURN_KEY"] = server.Serve.Http.DefaultRequestHeaders.Authorization!.Parameter!,
            },
        },
        ["agent", "search", .. args]);
}
