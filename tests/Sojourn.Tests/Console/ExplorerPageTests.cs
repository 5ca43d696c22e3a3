using Microsoft.Playwright;
using Sojourn.Kinds.Explorer;
using Sojourn.Tests.EndToEnd;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>Cosmic Explorer in the browser, with the mouse.</summary>
[Collection(Lane.SecondBrowser)]
public sealed class ExplorerPageTests(Browser browser) : IClassFixture<Browser>
{
    private const string Hostile = "<img src=x onerror=owned=1>";

    [BrowserFact]
    public async Task A_game_is_begun_with_a_name_a_seed_and_a_rule_set()
    {
        await using var server = await ExplorerStage.StartAsync();
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/new/explorer");

        await console.Field("Pilot").FillAsync("Grace");
        await console.Field("Seed").FillAsync("7");
        await console.Field("Rule set").FillAsync("no-such");
        await console.Button("Create").ClickAsync();
        await Expect(console.Page.GetByText("There is no such set of rules.")).ToBeVisibleAsync();
        await Expect(console.Field("Rule set")).ToBeFocusedAsync();

        await console.Field("Rule set").FillAsync("brisk");
        await console.Button("Create").ClickAsync();
        await console.ShouldStandAsync("playing");
        await Expect(console.Page.Locator(".game-head")).ToContainTextAsync("Grace");
        await Expect(console.Told()).ToHaveTextAsync("Grace sets out from Vespane.");
        await Expect(console.Gauge("Wealth")).ToHaveAttributeAsync("aria-valuetext", "500 of 1,000 to win");
    }

    [BrowserFact]
    public async Task A_click_on_the_map_flies_there()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");

        await console.Place("r1-n3").ClickAsync();

        await Expect(console.Deck().Locator("h2")).ToHaveTextAsync("Kelea");
        await Expect(console.Place("r1-n3")).ToHaveAttributeAsync("data-state", "here");
        await Expect(console.Place("r1-n0")).ToHaveAttributeAsync("data-state", "visited");
        await Expect(console.Gauge("Turn")).ToHaveAttributeAsync("aria-valuenow", "1");
        await Expect(console.Gauge("Fuel")).ToHaveAttributeAsync("aria-valuenow", "96");

        await console.Button("Whole map").ClickAsync();
        await console.Place("r0").ClickAsync();
        await Expect(console.Deck().Locator("h2")).Not.ToHaveTextAsync("Kelea");
        await Expect(console.Gauge("Turn")).ToHaveAttributeAsync("aria-valuenow", "2");
    }

    [BrowserFact]
    public async Task The_map_tells_nothing_of_what_the_player_does_not_know()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");

        await Expect(console.Place("r1-n2")).ToHaveAttributeAsync("aria-label", "Unknown place: unknown place");
        await Expect(console.Place("r1-n2").Locator("text")).ToHaveTextAsync("");
        await console.Button("Whole map").ClickAsync();
        await Expect(console.Page.Locator("ex-map [data-state=unknown]")).Not.ToHaveCountAsync(0);
        await Expect(console.Page.Locator("ex-map [data-state=unknown][tabindex='0']")).ToHaveCountAsync(0);
        await Expect(console.Place("r4")).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task What_was_met_must_be_answered_before_anything_else()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        await Expect(console.Act("Look around")).ToBeVisibleAsync();

        await server.SetGameAsync("one", game => game with { Wealth = 50, Encounter = ExplorerStage.Trader });

        await console.ShouldStandAsync("choosing");
        var dialog = console.Page.GetByRole(AriaRole.Dialog, new() { Name = "A travelling trader" });
        await Expect(dialog).ToBeFocusedAsync();
        await Expect(dialog).ToHaveAccessibleDescriptionAsync("A trader with a painted hull opens her hold to you.");
        await Expect(console.Deck().Locator("button")).ToHaveCountAsync(3);
        await Expect(console.Page.Locator("ex-map [data-id][role=button]")).ToHaveCountAsync(0);
        await Expect(console.Act("Buy a fuel cell")).ToHaveAttributeAsync("aria-disabled", "true");
        await Expect(console.Act("Buy a fuel cell")).ToContainTextAsync("That costs 70 credits; you have 50.");
        await Expect(console.Act("Buy food")).ToContainTextAsync("40 cr");

        await console.Act("Only talk").ClickAsync();
        await console.ShouldStandAsync("playing");
        await Expect(console.Told()).ToContainTextAsync("She tells you where not to go.");
        await Expect(console.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(console.Deck()).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task A_fight_is_fought_round_by_round_to_its_end()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await server.SetGameAsync("one", game => game with
        {
            Mods = ["laser_cannon"],
            Fight = new Fight("pirate_raider", 60),
        });
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        await Expect(console.Page.GetByRole(AriaRole.Dialog, new() { Name = "Pirate raider attacks" }))
            .ToBeVisibleAsync();
        await Expect(console.Gauge("Pirate raider")).ToHaveAttributeAsync("aria-valuetext", "60 of 60");
        await Expect(console.Act("Attack")).ToContainTextAsync("70 %");
        await Expect(console.Act("Precise shot")).ToContainTextAsync("A precise shot needs a targeting computer.");
        await Expect(console.Act("Negotiate")).ToContainTextAsync("200 cr");

        await console.Act("Attack").ClickAsync();
        await Expect(console.Deck().Locator(".versus")).ToHaveTextAsync("Round1");

        const int most = 60;
        for (var i = 0; i < most && await console.Game().GetAttributeAsync("data-status") == "fighting"; i++)
        {
            await console.Act(i % 2 == 0 ? "Evasive manoeuvres" : "Attack").ClickAsync();
            await console.SettleAsync();
        }

        (await console.Game().GetAttributeAsync("data-status")).ShouldBeOneOf("playing", "lost");
        await Expect(console.Deck().Locator(".versus")).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task Goods_are_bought_and_sold_as_many_as_one_likes_and_a_refusal_says_why()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        await console.Page.GetByRole(AriaRole.Tab, new() { Name = "Trade" }).ClickAsync();

        await console.Field("How many fuel cells to buy").FillAsync("4");
        await console.Button("Buy 4 Fuel cells ~572").ClickAsync();
        await Expect(console.Page.Locator("sj-toasts")).ToContainTextAsync("4 fuel cells costs");
        await Expect(console.Gauge("Wealth")).ToHaveAttributeAsync("aria-valuenow", "500");

        await console.Field("How many fuel cells to buy").FillAsync("3");
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Buy 3 Fuel cells" }).ClickAsync();
        await Expect(console.Told()).ToContainTextAsync("Bought 3 fuel cells for");
        await Expect(console.Gauge("Cargo")).ToHaveAttributeAsync("aria-valuenow", "30");
        await console.Button("All Fuel cells").ClickAsync();
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Sell 3 Fuel cells" }).ClickAsync();
        await Expect(console.Told()).ToContainTextAsync("Sold 3 fuel cells for");
        await Expect(console.Gauge("Cargo")).ToHaveAttributeAsync("aria-valuenow", "0");
    }

    [BrowserFact]
    public async Task What_might_be_regretted_is_asked_about()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await server.SetGameAsync("one", game => game with { Cargo = [new Stack("scrap_metal", 2)] });
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        await console.Page.GetByRole(AriaRole.Tab, new() { Name = "On board" }).ClickAsync();

        await console.Act("Throw away all scrap metal").ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("They are gone then.");
        await console.Button("No").ClickAsync();
        await console.SettleAsync();
        await Expect(console.Gauge("Cargo")).ToHaveAttributeAsync("aria-valuenow", "20");

        await console.Act("Throw away all scrap metal").ClickAsync();
        await console.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Throw away all" })
            .ClickAsync();
        await Expect(console.Gauge("Cargo")).ToHaveAttributeAsync("aria-valuenow", "0");
    }

    [BrowserFact]
    public async Task The_yard_fits_mods_into_slots()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await server.SetGameAsync("one", game => game with { At = "r1-n3" });
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        await Expect(console.Page.Locator("ex-ship .slot")).ToHaveTextAsync(Enumerable.Repeat("free", 7));

        await console.Page.GetByRole(AriaRole.Tab, new() { Name = "Yard" }).ClickAsync();
        await console.Act("Laser cannon").ClickAsync();

        await Expect(console.Page.Locator("ex-ship .slot[data-fitted]")).ToHaveTextAsync("Laser cannon");
        await Expect(console.Act("Take out the laser cannon")).ToContainTextAsync("+100 cr");
    }

    [BrowserFact]
    public async Task Another_window_shows_the_same_game_live()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await using var other = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        await other.ShowGameAsync("one");
        await Expect(other.Told()).ToHaveTextAsync("Ada sets out from Vespane.");

        await console.Act("Fly to Kelea").ClickAsync();

        await Expect(other.Told()).ToContainTextAsync("You reach Kelea.");
        await Expect(other.Deck().Locator("h2")).ToHaveTextAsync("Kelea");
        await Expect(other.Page.Locator("ex-log li").First).ToBeVisibleAsync();
        await Expect(other.Page.Locator("ex-log")).ToContainTextAsync("You reach Kelea.");
    }

    [BrowserFact]
    public async Task A_game_that_is_over_says_why_and_leads_to_the_next()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await server.SetGameAsync("one", game => game with
        {
            Turn = 50,
            Ending = new Ending(false, EndReason.OutOfTime, "Time has run out."),
            Statistics = new Tally { SystemsVisited = 9, ShipsDestroyed = 2 },
        });
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");

        await console.ShouldStandAsync("lost");
        await Expect(console.Deck()).ToContainTextAsync("Time has run out.");
        await Expect(console.Deck()).ToContainTextAsync("Systems visited9");
        await Expect(console.Link("New game")).ToHaveAttributeAsync("href", "#/new/explorer");
        await console.Button("Try this map again").ClickAsync();
        await Expect(console.Heading).ToContainTextAsync("explorer-");
        await console.ShouldStandAsync("playing");
        await Expect(console.Deck().Locator("h2")).ToHaveTextAsync("Vespane");
    }

    [BrowserFact]
    public async Task A_pilots_name_is_text()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one", pilot: Hostile);
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");

        await Expect(console.Page.Locator(".pilot-name")).ToHaveTextAsync(Hostile);
        await Expect(console.Told()).ToContainTextAsync(Hostile);
        (await console.Page.EvaluateAsync<bool>("window.owned === undefined")).ShouldBeTrue();
        (await console.Page.EvaluateAsync<int>("document.querySelectorAll('main img').length")).ShouldBe(0);
    }

    [BrowserFact]
    public async Task A_game_goes_on_when_the_server_is_back()
    {
        await using var server = await KillableServer.StartAsync("00:00:00");
        var game = await server.Client.CreateAsync("explorer", new { pilot = "Ada", seed = 7 });
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync(game.Id);
        await Expect(console.Told()).ToHaveTextAsync("Ada sets out from Vespane.");

        await server.KillAsync();
        await Expect(console.Page.Locator("sj-banner")).ToContainTextAsync("The server cannot be reached");
        await server.StartAgainAsync();

        await Expect(console.Page.Locator("sj-banner")).Not.ToContainTextAsync("The server cannot be reached");
        await console.Act("Look around").ClickAsync();
        await Expect(console.Told()).Not.ToHaveTextAsync("Ada sets out from Vespane.");
        await Expect(console.Act("Look around")).ToHaveAttributeAsync("aria-disabled", "true");
    }
}
