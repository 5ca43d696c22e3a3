using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Sojourn.Kinds.Explorer;
using Sojourn.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>Games of Cosmic Explorer brought to where a test looks at them, and what people do on their page.</summary>
internal static class ExplorerStage
{
    /// <summary>Where nothing is met on the way, and nobody attacks.</summary>
    public static RuleSet Calm { get; } =
        new() { Name = "calm", RandomEventChance = 0, QuestOfferChance = 0, FightRate = 0 };

    /// <summary>Won by whoever doubles what there is to begin with.</summary>
    public static RuleSet Brisk { get; } = new() { Name = "brisk", VictoryWealth = 1000 };

    public static Task<ServerUnderTest> StartAsync() => ServerUnderTest.StartAsync(also: kinds => kinds.AddGames());

    public static SojournBuilder AddGames(this SojournBuilder kinds) =>
        kinds.AddExplorer(new ExplorerOptions { RuleSets = [Calm, Brisk] });

    /// <summary>Begins a game, by default at Vespane: a planet with a trading post, two hops and three jumps.</summary>
    public static async Task BeginGameAsync(
        this ServerUnderTest server, string id, string pilot = "Ada", int seed = 7, string ruleSet = "calm")
    {
        var reply = await server.SendAsync(
            "PUT", $"/v1/explorer/{id}", JsonSerializer.Serialize(new { pilot, seed, ruleSet }));
        ((int)reply.Status).ShouldBe(201, reply.Text);
    }

    /// <summary>Changes a game by hand, to where play would take long to get.</summary>
    public static async Task SetGameAsync(this ServerUnderTest server, string id, Func<Game, Game> change)
    {
        var engine = server.Services.GetRequiredService<SojournEngine>();
        var game = (await engine.GetAsync<Game>(id)).Reply.State;
        (await engine.SendAsync(id, new TakeUpSave(change(game), null))).Problem.ShouldBeNull();
    }

    public static Encounter Trader { get; } = new("travelling_trader", "A travelling trader",
        "A trader with a painted hull opens her hold to you.",
        [
            new Choice("buy_fuel", "Buy a fuel cell"),
            new Choice("buy_food", "Buy food"),
            new Choice("chat", "Only talk"),
        ]);

    /// <summary>A game well under way, at a planet with a yard and a market.</summary>
    public static Game UnderWay(Game game) => game with
    {
        Turn = 18,
        Wealth = 640,
        Hull = 61,
        Fuel = 20,
        Health = 85,
        Food = 35,
        At = "r1-n3",
        Mods = ["mining_laser", "laser_cannon", "scanner_upgrade", "cargo_expander"],
        Pod = new Pod(30) { Augmentations = ["cargo_module"] },
        Cargo = [new Stack("rare_minerals", 6), new Stack("fuel_cells", 1), new Stack("ancient_key", 1)],
        Visited = ["r1-n0", "r1-n1", "r1-n3"],
        Charted = ["r1-n4"],
        Quest = new Quest("artifact_hunt", "Artifact Hunt", "r1-n4", 27),
        Statistics = new Tally { SystemsVisited = 3, CreditsEarned = 910, CreditsSpent = 770, DistanceTravelled = 861 },
    };

    public static Task ShowGameAsync(this ConsoleUnderTest console, string id) =>
        console.GoAsync($"#/session/explorer/{id}");

    public static ILocator Game(this ConsoleUnderTest console) => console.Page.Locator(".game");

    public static ILocator Deck(this ConsoleUnderTest console) => console.Page.Locator(".deck");

    public static ILocator Told(this ConsoleUnderTest console) => console.Deck().Locator(".told");

    /// <summary>Something to do, by what its button says first.</summary>
    public static ILocator Act(this ConsoleUnderTest console, string title) =>
        console.Deck().Locator("button.act", new() { HasText = title }).First;

    /// <summary>A place on the map.</summary>
    public static ILocator Place(this ConsoleUnderTest console, string id) =>
        console.Page.Locator($"ex-map [data-id='{id}']");

    public static ILocator Gauge(this ConsoleUnderTest console, string name) =>
        console.Page.GetByRole(AriaRole.Meter, new() { Name = name, Exact = true });

    public static Task ShouldStandAsync(this ConsoleUnderTest console, string status) =>
        Expect(console.Game()).ToHaveAttributeAsync("data-status", status);

    /// <summary>Waits until what was begun is done, and the page shows it.</summary>
    public static Task SettleAsync(this ConsoleUnderTest console) =>
        Expect(console.Game()).ToHaveAttributeAsync("aria-busy", "false");

    /// <summary>Follows Tab until it leads to something.</summary>
    public static async Task TabToAsync(this ConsoleUnderTest console, ILocator target)
    {
        const int most = 80;
        await Expect(target).ToBeVisibleAsync();
        for (var i = 0; i < most; i++)
        {
            await console.Page.Keyboard.PressAsync("Tab");
            if (await target.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                return;
            }
        }

        throw new InvalidOperationException($"{most} tabs do not lead to {target}.");
    }
}
