using Microsoft.Playwright;
using Sojourn.Kinds.Explorer;
using Sojourn.Tests.EndToEnd;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>Cosmic Explorer without a mouse.</summary>
[Collection(Lane.SecondBrowser)]
public sealed class ExplorerKeyboardTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task Keys_alone_look_around_fly_and_trade()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        await Expect(console.Heading).ToBeFocusedAsync();
        var keys = console.Page.Keyboard;

        // By its digit.
        await Expect(console.Act("Look around").Locator("kbd")).ToHaveTextAsync("1");
        await keys.PressAsync("1");
        await Expect(console.Act("Look around")).ToHaveAttributeAsync("aria-disabled", "true");

        // On the map: Tab leads to where one is and can fly, arrows to all that is known.
        await console.TabToAsync(console.Place("r1-n0"));
        await keys.PressAsync("ArrowLeft");
        await Expect(console.Place("r1-n3")).ToBeFocusedAsync();
        await Expect(console.Page.Locator(".map-says")).ToContainTextAsync("Kelea");
        await keys.PressAsync("Enter");
        await Expect(console.Deck().Locator("h2")).ToHaveTextAsync("Kelea");
        await Expect(console.Place("r1-n3")).ToBeFocusedAsync();

        await keys.PressAsync("m");
        await Expect(console.Button("Whole map")).ToHaveAttributeAsync("aria-pressed", "true");
        await keys.PressAsync("m");
        await Expect(console.Button("Region")).ToHaveAttributeAsync("aria-pressed", "true");

        // Trade: digits typed into the field are its own.
        await keys.PressAsync("t");
        await Expect(console.Page.GetByRole(AriaRole.Tab, new() { Name = "Trade" })).ToBeFocusedAsync();
        await console.TabToAsync(console.Field("How many med pack to buy"));
        await keys.PressAsync("ControlOrMeta+a");
        await keys.TypeAsync("2");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Enter");
        await Expect(console.Told()).ToContainTextAsync("Bought 2 med pack for");
        await keys.PressAsync("ArrowRight");
        await keys.PressAsync("h");
        await Expect(console.Page.GetByRole(AriaRole.Tab, new() { Name = "Here" })).ToBeFocusedAsync();
        await keys.PressAsync("ArrowRight");
        await keys.PressAsync("ArrowRight");
        await Expect(console.Page.GetByRole(AriaRole.Tab, new() { Name = "Yard" })).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task Keys_alone_save_and_load()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await server.SetGameAsync("one", game => game with { Cargo = [new Stack("med_pack", 2)] });
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        await Expect(console.Page.Locator("ex-saves li")).ToHaveCountAsync(5);
        var keys = console.Page.Keyboard;

        await keys.PressAsync("s");
        await Expect(console.Button("Save to slot 1")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(console.Page.Locator("sj-toasts")).ToContainTextAsync("Saved to slot 1.");
        await keys.PressAsync("b");
        await console.TabToAsync(console.Act("Throw away all med pack"));
        await keys.PressAsync("Enter");
        await Expect(console.Button("No")).ToBeFocusedAsync();
        await keys.PressAsync("Tab");
        await keys.PressAsync("Enter");
        await Expect(console.Gauge("Cargo")).ToHaveAttributeAsync("aria-valuenow", "0");
        await keys.PressAsync("l");
        await Expect(console.Button("Load Slot 1")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Enter");
        await Expect(console.Gauge("Cargo")).ToHaveAttributeAsync("aria-valuenow", "4");
    }

    [BrowserFact]
    public async Task What_was_met_has_the_focus_and_is_answered_by_a_digit()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        await Expect(console.Act("Look around")).ToBeVisibleAsync();
        await server.SetGameAsync("one", game => game with { Encounter = ExplorerStage.Trader });
        await Expect(console.Page.GetByRole(AriaRole.Dialog)).ToBeFocusedAsync();

        await console.Page.Keyboard.PressAsync("2");

        await console.ShouldStandAsync("playing");
        await Expect(console.Told()).ToContainTextAsync("Dried, salted, plentiful.");
        await Expect(console.Deck()).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task Help_tells_the_games_keys_while_a_game_is_shown()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        await Expect(console.Act("Look around")).ToBeVisibleAsync();

        var help = console.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" });
        await console.Page.Keyboard.PressAsync("?");
        await Expect(help).ToContainTextAsync("The whole map, and back");
        await console.Page.Keyboard.PressAsync("Escape");
        await console.Page.Keyboard.PressAsync("o");
        await Expect(console.Heading).ToHaveTextAsync("Sessions");
        await console.Page.Keyboard.PressAsync("?");
        await Expect(help).ToContainTextAsync("To the overview");
        await Expect(help).Not.ToContainTextAsync("The whole map, and back");
    }
}
