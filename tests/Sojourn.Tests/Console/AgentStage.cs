using System.Text.Json;
using Microsoft.Playwright;
using Sojourn.Client;
using Sojourn.Kinds.Agents;
using Sojourn.Tests.Agents;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>A server with a shell and with agents that do what their prompts say, and windows on them.</summary>
internal sealed class AgentStage : IAsyncDisposable
{
    private readonly ScratchDirectory _scratch = new();

    private AgentStage()
    {
    }

    public ServerUnderTest Server { get; private set; } = null!;

    public static async Task<AgentStage> StartAsync(Action<AgentOptions>? configure = null)
    {
        var stage = new AgentStage();
        stage.Server = await ServerUnderTest.StartAsync(
            also: kinds => kinds.AddPrograms(stage._scratch.Path, configure));
        return stage;
    }

    /// <summary>A configuration with a shell and an agent that remembers in a directory.</summary>
    public static string Configuration(string directory) => $$"""
        { "Agents": { "UseDefaultProfiles": false, "MinFreeMemory": 0, "Profiles": [
            { "Name": "shell", "Protocol": "terminal", "Command": "/bin/bash", "Arguments": ["--norc", "--noprofile"],
              "Directory": "/tmp", "Environment": { "PS1": "ready> ", "HISTFILE": "/dev/null" } },
            { "Name": "pair", "Protocol": "claude", "Command": "dotnet",
              "Arguments": {{JsonSerializer.Serialize(FakeAgent("claude", directory))}} } ] } }
        """;

    public static string[] FakeAgent(string protocol, string directory) =>
        [Path.Combine(AppContext.BaseDirectory, "sojourn-fake-agent.dll"), protocol, directory];

    /// <summary>Begins one under this id.</summary>
    public async Task<string> BeginAsync(
        string id, string profile = "shell", string? title = null, string? prompt = null)
    {
        var reply = await Server.SendAsync(
            "PUT", $"/v1/agent/{id}", JsonSerializer.Serialize(new { profile, title, prompt }, SojournJson.Options));
        ((int)reply.Status).ShouldBe(201, reply.Text);
        return id;
    }

    /// <summary>Sends a command.</summary>
    public async Task SendAsync(string id, string command, object? parameters = null)
    {
        var body = JsonSerializer.Serialize(parameters ?? new { }, SojournJson.Options);
        var reply = await Server.SendAsync("POST", $"/v1/agent/{id}/{command}", body);
        ((int)reply.Status).ShouldBe(200, reply.Text);
    }

    /// <summary>Types into a terminal.</summary>
    public async Task TypeAsync(string id, string keys)
    {
        using var body = new StringContent(keys);
        using var reply = await Server.Http.PostAsync(new Uri($"/v1/agent/{id}/input", UriKind.Relative), body);
        ((int)reply.StatusCode).ShouldBe(204);
    }

    /// <summary>Completes once the session is in a status.</summary>
    public async Task WaitForAsync(string id, string status)
    {
        using var client = new SojournClient(new() { Url = Server.Url, Key = ServerUnderTest.Key });
        await AgentServer.WaitForAsync(client, id, status);
    }

    /// <summary>Completes once a turn has ended; an agent is idle also before it was handed its first prompt.</summary>
    public async Task WaitForTurnAsync(string id)
    {
        using var patience = new CancellationTokenSource(ServerUnderTest.Patience);
        using var client = new SojournClient(new() { Url = Server.Url, Key = ServerUnderTest.Key });
        await foreach (var news in client.WatchAsync("agent", id, null, patience.Token))
        {
            if (news is Sojourn.Client.SessionEvent { Type: "turn-ended" })
                return;
        }
    }

    /// <summary>A window on a session.</summary>
    public Task<ConsoleUnderTest> LookAsync(
        Browser browser, string id, int width = 1280, ColorScheme colours = ColorScheme.Light) =>
        ConsoleUnderTest.LogInAsync(browser, Server, $"#/session/agent/{id}", width, colours);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _scratch.Dispose();
    }
}

/// <summary>What people do on the pages of agents.</summary>
internal static class AgentPages
{
    public static SojournBuilder AddPrograms(
        this SojournBuilder kinds, string directory, Action<AgentOptions>? configure = null)
    {
        var options = new AgentOptions
        {
            MinFreeMemory = 0,
            Profiles =
            [
                new AgentProfile
                {
                    Name = "shell",
                    Protocol = AgentProtocol.Terminal,
                    Command = "/bin/bash",
                    Arguments = ["--norc", "--noprofile"],
                    Directory = "/tmp",
                    Environment = new Dictionary<string, string> { ["PS1"] = "ready> ", ["HISTFILE"] = "/dev/null" },
                },
                Agent("pair", AgentProtocol.Claude),
                Agent("peer", AgentProtocol.Acp),
            ],
        };
        configure?.Invoke(options);
        return kinds.AddAgents(directory, options);

        AgentProfile Agent(string name, AgentProtocol protocol) => new()
        {
            Name = name,
            Protocol = protocol,
            Command = "dotnet",
            Arguments = AgentStage.FakeAgent(protocol == AgentProtocol.Claude ? "claude" : "acp", directory),
        };
    }

    /// <summary>What is to be read in the terminal.</summary>
    public static ILocator Screen(this ConsoleUnderTest console) => console.Page.Locator(".xterm-rows");

    /// <summary>What was said and done.</summary>
    public static ILocator Log(this ConsoleUnderTest console) => console.Page.Locator(".chat-log");

    /// <summary>Where one writes what the agent is to do.</summary>
    public static ILocator Prompt(this ConsoleUnderTest console) =>
        console.Page.GetByRole(AriaRole.Textbox, new() { Name = "Prompt", Exact = true });

    /// <summary>Cards that ask something.</summary>
    public static ILocator Asks(this ConsoleUnderTest console) => console.Page.Locator("ag-ask");

    /// <summary>Types into the terminal, as keys are pressed.</summary>
    public static async Task TypeAsync(this ConsoleUnderTest console, string keys)
    {
        await console.Page.Locator(".xterm-helper-textarea").FocusAsync();
        await console.Page.Keyboard.TypeAsync(keys);
    }

    /// <summary>Waits until the shell is there to be typed into.</summary>
    public static Task ReadyAsync(this ConsoleUnderTest console) =>
        Expect(console.Screen()).ToContainTextAsync("ready>");

    /// <summary>Asks the agent to do something.</summary>
    public static async Task AskAsync(this ConsoleUnderTest console, string prompt)
    {
        await console.Prompt().FillAsync(prompt);
        await console.Prompt().PressAsync("Enter");
    }
}
