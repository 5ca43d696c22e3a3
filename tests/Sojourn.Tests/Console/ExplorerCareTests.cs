using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using Sojourn.Kinds.Explorer;
using Sojourn.Sqlite;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>What a player does with Cosmic Explorer in the browser counts once, and for what the player saw.</summary>
[Collection(Lane.ThirdBrowser)]
public sealed class ExplorerCareTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task What_is_chosen_in_a_window_that_is_behind_is_not_done()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        await Expect(console.Act("Scan").Locator("kbd")).ToHaveTextAsync("2");
        var late = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await console.Page.RouteAsync("**/v1/explorer/one", async route =>
        {
            await late.Task;
            await route.ContinueAsync();
        });

        // Elsewhere; this window does not get to know.
        (await server.SendAsync("POST", "/v1/explorer/one/navigate", """{"node": "r1-n3"}""")).Status
            .ShouldBe(System.Net.HttpStatusCode.OK);
        await Expect(console.Deck().Locator("h2")).ToHaveTextAsync("Vespane");
        await console.Page.Keyboard.PressAsync("2");

        await Expect(console.Page.Locator("sj-toasts")).ToContainTextAsync("so nothing was done. Look again.");
        late.SetResult();
        await Expect(console.Deck().Locator("h2")).ToHaveTextAsync("Kelea");
        await Expect(console.Act("Scan")).Not.ToHaveAttributeAsync("aria-disabled", "true");
    }

    [BrowserFact]
    public async Task A_move_is_read_once_and_nothing_is_asked_while_nothing_happens()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        await Expect(console.Page.Locator("ex-saves li")).ToHaveCountAsync(5);
        var asked = new ConcurrentQueue<string>();
        console.Page.Request += (_, request) => asked.Enqueue($"{request.Method} {new Uri(request.Url).AbsolutePath}");

        await console.Act("Fly to Kelea").ClickAsync();
        await Expect(console.Gauge("Turn")).ToHaveAttributeAsync("aria-valuenow", "1");
        await Expect(console.Page.Locator("ex-saves li").First).ToContainTextAsync("Turn 1");
        await console.SettleAsync();

        asked.Count(request => request == "GET /v1/explorer/one/options").ShouldBe(1);
        asked.Count.ShouldBeLessThanOrEqualTo(12, string.Join('\n', asked));
    }

    [BrowserFact]
    public async Task The_focus_stays_with_what_was_used()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        await Expect(console.Page.Locator("ex-saves li")).ToHaveCountAsync(5);

        await console.Act("Look around").FocusAsync();
        await console.Page.Keyboard.PressAsync("Enter");
        await Expect(console.Act("Look around")).ToHaveAttributeAsync("aria-disabled", "true");
        await Expect(console.Act("Look around")).ToBeFocusedAsync();

        await console.Button("Save to slot 1").FocusAsync();
        await console.Page.Keyboard.PressAsync("Enter");
        await Expect(console.Button("Load Slot 1")).ToBeVisibleAsync();
        await Expect(console.Button("Save to slot 1")).ToBeFocusedAsync();

        await console.Button("Remove Slot 1").ClickAsync();
        await console.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove" })
            .ClickAsync();
        await Expect(console.Button("Load Slot 1")).ToHaveCountAsync(0);
        await Expect(console.Button("Save to slot 1")).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task A_key_that_is_held_down_acts_once()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await server.SetGameAsync("one", game => game with { Fight = new Fight("space_kraken", 100) });
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        await Expect(console.Deck().Locator(".versus")).ToHaveTextAsync("Round0");
        var keys = console.Page.Keyboard;

        await keys.DownAsync("1");
        await Expect(console.Deck().Locator(".versus")).ToHaveTextAsync("Round1");
        await console.SettleAsync();
        await keys.DownAsync("1");
        await keys.UpAsync("1");
        await console.Act("Attack").FocusAsync();
        await keys.DownAsync("Enter");
        await Expect(console.Deck().Locator(".versus")).ToHaveTextAsync("Round2");
        await console.SettleAsync();
        await keys.DownAsync("Enter");
        await keys.UpAsync("Enter");
        await console.SettleAsync();

        var state = (await server.SendAsync("GET", "/v1/explorer/one"))["state"];
        state.GetProperty("fight").GetProperty("round").GetInt32().ShouldBe(2);
    }

    [BrowserFact]
    public async Task A_second_click_begins_no_second_game()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await server.SetGameAsync("one", game => game with
        {
            Ending = new Ending(false, EndReason.OutOfTime, "Time has run out."),
        });
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        await Expect(console.Deck()).ToHaveAccessibleDescriptionAsync("Time has run out.");

        await console.Button("Try this map again").EvaluateAsync("button => { button.click(); button.click() }");

        await Expect(console.Heading).ToContainTextAsync("explorer-");
        await console.ShouldStandAsync("playing");
        (await server.SendAsync("GET", "/v1/explorer"))["sessions"].GetArrayLength().ShouldBe(2);
    }

    [BrowserFact]
    public async Task A_name_that_runs_backwards_turns_nothing_around()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one", pilot: "Ada\u202E\u2066");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");

        await Expect(console.Told()).ToHaveTextAsync("Ada sets out from Vespane.");
        await Expect(console.Page.Locator("ex-log li").First).ToContainTextAsync("Ada sets out from Vespane.");
        (await console.Page.Locator(".pilot-name").TextContentAsync()).ShouldBe("Ada");
    }

    [BrowserFact]
    public async Task Places_that_lie_close_together_can_each_be_hit_and_their_names_be_read()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one", seed: 1);
        await server.SetGameAsync("one", game => game with { At = "r1-n0" });
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        await Expect(console.Place("r1-n0")).ToHaveAttributeAsync("data-state", "here");

        (await console.Page.EvaluateAsync<double>(
            """
            (() => {
                const spots = [...document.querySelectorAll("ex-map .node .hit")]
                    .map((hit) => hit.getBoundingClientRect())
                const between = spots.flatMap((one, i) => spots.slice(i + 1).map((other) =>
                    Math.hypot(one.left - other.left, one.top - other.top)))
                return Math.min(...between)
            })()
            """)).ShouldBeGreaterThan(48, "a place is 48 wide");
        (await console.Page.EvaluateAsync<int>(
            """
            (() => {
                const names = [...document.querySelectorAll("ex-map .node text:not(.cost)")]
                    .filter((name) => name.textContent).map((name) => name.getBoundingClientRect())
                return names.flatMap((one, i) => names.slice(i + 1).filter((other) =>
                    one.left < other.right && other.left < one.right && one.top < other.bottom
                        && other.top < one.bottom)).length
            })()
            """)).ShouldBe(0, "names stand beside each other");
    }

    [BrowserFact]
    public async Task Why_there_are_no_saves_is_said()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync(new string('x', 64));
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync(new string('x', 64));

        await Expect(console.Page.Locator("ex-saves")).ToContainTextAsync("at most 62 characters");
        await Expect(console.Page.Locator("ex-saves .skeleton")).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task A_game_that_is_gone_says_that_nothing_can_be_done()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        await Expect(console.Act("Look around")).ToBeVisibleAsync();
        await server.SendAsync("DELETE", "/v1/explorer/one");
        await Expect(console.Main).ToContainTextAsync("This session was removed.");

        await console.Act("Look around").ClickAsync();

        await Expect(console.Page.Locator("sj-toasts")).ToContainTextAsync("nothing can be done in it any more");
    }

    [BrowserFact]
    public async Task A_slot_whose_record_is_damaged_is_restored()
    {
        using var scratch = new ScratchDirectory();
        await using (var first = await StartAsync(scratch))
        {
            await first.BeginGameAsync("one");
            await first.SendAsync("PUT", "/v1/explorer/one/slots/1");
        }

        await using (var second = await StartAsync(scratch))
        {
            await second.SetGameAsync("one", game => game with { Pilot = "Ada the Second" });
            await second.SendAsync("PUT", "/v1/explorer/one/slots/1");
        }

        Flip(Path.Combine(scratch.Path, "sojourn.db"), "\\\"pilot\\\":\\\"Ada the Second\\\"");
        await using var server = await StartAsync(scratch);
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        var slot = console.Page.Locator("ex-saves li").Nth(1);
        await Expect(slot).ToContainTextAsync("damaged");
        await Expect(slot).Not.ToContainTextAsync("empty");
        // It could not be written to.
        await Expect(console.Button("Save to slot 1")).ToHaveCountAsync(0);

        await console.Button("Restore Slot 1").ClickAsync();

        await Expect(slot).ToContainTextAsync("Turn 0, 500 credits");
        await Expect(console.Button("Load Slot 1")).ToBeVisibleAsync();
        await Expect(console.Button("Save to slot 1")).ToBeFocusedAsync();
    }

    private static Task<ServerUnderTest> StartAsync(ScratchDirectory scratch) => ServerUnderTest.StartAsync(
        also: kinds => kinds.AddGames(),
        real: new JournaledStore(scratch.Path, new JournalOptions(), TimeProvider.System, NullLogger.Instance));

    private static void Flip(string file, string text)
    {
        var bytes = File.ReadAllBytes(file);
        var place = bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text));
        place.ShouldBeGreaterThan(0);
        bytes[place + text.Length - 4] ^= 4;
        File.WriteAllBytes(file, bytes);
    }
}
