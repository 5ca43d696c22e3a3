using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Saves;
using Sojourn.Stores;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Explorer.Server;

/// <summary>A real server with games.</summary>
internal sealed class GamesUnderTest : IAsyncDisposable
{
    private GamesUnderTest(ServerUnderTest server) => Server = server;

    public ServerUnderTest Server { get; }

    public SojournEngine Sojourn => Server.Services.GetRequiredService<SojournEngine>();

    public SaveSlots Slots => Server.Services.GetRequiredService<SaveSlots>();

    public static async Task<GamesUnderTest> StartAsync(
        ExplorerOptions? options = null, ISessionStore? store = null, OwnerQuota? quota = null) =>
        new(await ServerUnderTest.StartAsync(also: kinds => kinds.AddExplorer(options), real: store, quota: quota));

    /// <summary>Sends a request about a game.</summary>
    public Task<Reply> AskAsync(
        string method, string path, object? body = null, params (string Name, string Value)[] headers) =>
        Server.SendAsync(method, $"/v1/explorer/{path}", body switch
        {
            null => null,
            string text => text,
            _ => JsonSerializer.Serialize(body, SojournJson.Options),
        }, headers);

    /// <summary>A game that is on its first turn.</summary>
    public async Task<JsonElement> BeginAsync(string id, int seed = 7)
    {
        var begun = await AskAsync("PUT", id, new { pilot = "Ada", seed });
        ((int)begun.Status).ShouldBe(201, begun.Text);
        return begun["state"];
    }

    /// <summary>Sends a command that is accepted.</summary>
    public async Task<Reply> DoAsync(string id, string command, object? body = null)
    {
        var reply = await AskAsync("POST", $"{id}/{command}", body);
        ((int)reply.Status).ShouldBe(200, reply.Text);
        return reply;
    }

    /// <summary>Changes a game by hand, to where play would take long to get.</summary>
    public async Task SetAsync(string id, Func<Game, Game> change, OwnerId owner = default)
    {
        var game = (await Sojourn.GetAsync<Game>(id, owner)).Reply.State;
        (await Sojourn.SendAsync(id, new TakeUpSave(change(game), null), new SendOptions { Owner = owner }))
            .Problem.ShouldBeNull();
    }

    public async Task<Game> GameAsync(string id) => (await Sojourn.GetAsync<Game>(id)).Reply.State;

    public async Task<string> StateAsync(string id) => (await AskAsync("GET", id))["state"].GetRawText();

    public async Task<JsonElement> SlotAsync(string id, int slot)
    {
        var slots = await AskAsync("GET", $"{id}/slots");
        ((int)slots.Status).ShouldBe(200, slots.Text);
        return slots["slots"][slot];
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
