using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Play.Server;
using Sojourn.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>Plays in the browser: how they stand, their saves, and what a crash is undone from.</summary>
[Collection(Lane.SecondBrowser)]
public sealed class PlayPageTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task A_play_is_followed_live_from_its_start_to_its_end()
    {
        await using var server = await PlayStage.StartAsync();
        await server.BeginPlayAsync("one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowPlayAsync("one");
        var head = console.Page.Locator("pl-head");
        await Expect(head).ToContainTextAsync("Ikarus");
        await Expect(head).ToContainTextAsync("Ada Lovelace, plays wings 1.4.2 on the big screen");
        await Expect(head).ToContainTextAsync("main menu");

        await server.FlyAsync("one");

        await Expect(head).ToContainTextAsync("mission");
        await Expect(head).ToContainTextAsync("Slot 1");
        var timeline = console.Page.Locator("pl-timeline li");
        await Expect(timeline.Filter(new() { HasText = "save" }).First).ToBeVisibleAsync();
        await Expect(console.Page.Locator("pl-timeline li[data-type=save-done]")).ToHaveCountAsync(1);
        await Expect(console.Page.Locator("pl-timeline li[data-type=game-state-changed]")).ToHaveCountAsync(2);
        await Expect(console.Page.Locator(".own-slots li")).ToContainTextAsync("Slot 1");

        await console.Button("End this play").ClickAsync();
        await AnswerAsync(console, "End");
        await Expect(head).ToContainTextAsync("ended in good order");
        await Expect(timeline.First).ToHaveAttributeAsync("data-type", "play-ended");
        (await server.SendAsync("GET", "/v1/play/one"))["status"].GetString().ShouldBe("ended");
    }

    [BrowserFact]
    public async Task Saves_appear_by_themselves_and_an_older_one_is_downloaded_and_gone_back_to()
    {
        await using var server = await PlayStage.StartAsync();
        await server.BeginPlayAsync("one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowPlayAsync("one");
        await Expect(console.Page.Locator("pl-slots")).ToContainTextAsync("No save of wings is here");

        await server.FillSlotsAsync();

        var slot = console.Slot("1");
        await Expect(slot).ToContainTextAsync("Vega · mission 4 · 25 % done · 4 flown · score 5,000");
        await Expect(slot).ToContainTextAsync("Captain Ikarus, on the big screen, version 1.4.2");
        await console.ScreenshotsAsync(2);
        await Expect(console.Page.Locator("pl-slots")).ToContainTextAsync("3 slots");
        await slot.Locator("summary").ClickAsync();
        var download = await console.Page.RunAndWaitForDownloadAsync(() =>
            console.Link("Download generation 2 of slot 1").ClickAsync());
        (await File.ReadAllBytesAsync(await download.PathAsync())).ShouldBe(CloudUnderTest.Bytes(18_003, 18_003));
        download.SuggestedFilename.ShouldBe("wings-1-2.save");

        await console.Button("Go back to generation 1 of slot 1").ClickAsync();
        await AnswerAsync(console, "Go back");

        await Expect(slot).ToContainTextAsync("generation 4, as it was in 1");
        await Expect(slot).ToContainTextAsync("mission 2");
        (await CloudUnderTest.AskAsync(server.Http, "GET", "/wings/1")).Bytes
            .ShouldBe(CloudUnderTest.Bytes(18_002, 18_002));
        (await CloudUnderTest.AskAsync(server.Http, "GET", "/wings/1?generation=3")).Bytes
            .ShouldBe(CloudUnderTest.Bytes(18_004, 18_004));
    }

    [BrowserFact]
    public async Task Who_plays_elsewhere_by_now_is_asked_about_before_a_game_is_recovered()
    {
        await using var server = await PlayStage.StartAsync();
        await server.BeginPlayAsync("one");
        await server.FlyAsync("one");
        await server.CutOffAsync("one");
        await server.BeginPlayAsync("two");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowPlayAsync("one");

        await console.Button("Recover from the recommended save").ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Ikarus plays in 'two' by now.");
        await AnswerAsync(console, "End and recover");

        await Expect(console.Page.Locator("pl-recovery")).ToContainTextAsync("is being loaded by the game");
        (await server.SendAsync("GET", "/v1/play/two"))["state"].GetProperty("end").GetString().ShouldBe("takenOver");
        console.ForgetComplaints();
    }

    [BrowserFact]
    public async Task A_slot_is_deleted_once_that_is_confirmed_and_not_if_another_save_came_meanwhile()
    {
        await using var server = await PlayStage.StartAsync();
        await server.BeginPlayAsync("one");
        await PlayStage.UploadAsync(server, "wings/1", 100);
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowPlayAsync("one");
        await Expect(console.Slot("1")).ToBeVisibleAsync();
        // What comes is not seen any more.
        Func<string, bool> lists = IsListOfSlots;
        await console.Page.RouteAsync(lists, route => route.AbortAsync());
        await PlayStage.UploadAsync(server, "wings/1", 200);

        await console.Button("Delete Slot 1").ClickAsync();
        await AnswerAsync(console, "Keep");
        await console.Button("Delete Slot 1").ClickAsync();
        await AnswerAsync(console, "Delete");
        await Expect(console.Page.Locator("sj-toasts .toast[data-tone=bad]"))
            .ToContainTextAsync("holds another save than you know of");
        (await CloudUnderTest.AskAsync(server.Http, "GET", "/wings/1")).Bytes.ShouldBe(CloudUnderTest.Bytes(200, 200));

        await console.Page.UnrouteAsync(lists);
        await Expect(console.Slot("1")).ToContainTextAsync("generation 2");
        await console.Button("Delete Slot 1").ClickAsync();
        await AnswerAsync(console, "Delete");
        await Expect(console.Slot("1")).ToHaveCountAsync(0);
        (await CloudUnderTest.AskAsync(server.Http, "GET", "/wings/1")).Status.ShouldBe(404);
    }

    [BrowserFact]
    public async Task A_play_that_was_cut_off_is_recovered_from_the_save_that_somebody_chose()
    {
        await using var server = await PlayStage.StartAsync();
        await server.BeginPlayAsync("one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowPlayAsync("one");
        await Expect(console.Page.Locator("pl-head")).ToContainTextAsync("Ikarus");
        await server.CutOffAsync("one");
        var recovery = console.Page.GetByRole(AriaRole.Region, new() { Name = "This play was cut off" });
        await Expect(recovery).ToContainTextAsync("The machine may have lost its power.");
        await Expect(Choice(console, "Slot 1, generation 3")).ToBeCheckedAsync();
        await Expect(recovery.Locator("li").First).ToContainTextAsync("recommended");
        await Expect(Choice(console, "Automatic save, generation 12")).ToBeDisabledAsync();
        await Expect(recovery).ToContainTextAsync("Its checksum does not match");
        await Expect(recovery).ToContainTextAsync("2 attempts from it came to nothing");

        await console.Button("Decide later").ClickAsync();
        await Expect(recovery).ToContainTextAsync("Put off 1 time.");
        await Choice(console, "Quick save, generation 7").CheckAsync();
        await console.Page.GetByLabel("Try no other save").CheckAsync();
        await console.Button("Recover from quick save, generation 7").ClickAsync();

        await Expect(console.Page.Locator("pl-recovery")).ToContainTextAsync("Quick save, generation 7");
        await Expect(console.Page.Locator("pl-recovery")).ToContainTextAsync("is being loaded by the game");
        var recovering = (await server.SendAsync("GET", "/v1/play/one"))["state"].GetProperty("recovery");
        recovering.GetProperty("backup").GetProperty("slot").GetString().ShouldBe("quick");
        recovering.GetProperty("toTry").GetArrayLength().ShouldBeLessThanOrEqualTo(1, "no other is tried");

        await server.TellAsync("one", "recovery-failed", new { reason = "The disk could not be read." });
        await Expect(recovery).ToContainTextAsync("The disk could not be read.");
        await console.Button("Recover from the recommended save").Or(
            console.Button("Recover from quick save, generation 7")).ClickAsync();
        await Expect(console.Page.Locator("pl-recovery")).ToContainTextAsync("is being loaded by the game");
        await server.TellAsync("one", "recovered", new { slot = "quick", generation = 7 });
        await Expect(console.Page.Locator("pl-recovery")).ToHaveCountAsync(0);
        await Expect(console.Page.Locator("pl-head")).ToContainTextAsync("Recovered");
        await Expect(console.Page.Locator("pl-timeline li").First).ToHaveAttributeAsync("data-type", "play-recovered");
    }

    [BrowserFact]
    public async Task An_offer_that_nobody_wants_is_turned_down_and_the_play_is_over()
    {
        await using var server = await PlayStage.StartAsync();
        await server.BeginPlayAsync("one");
        await server.CutOffAsync("one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowPlayAsync("one");

        await console.Button("Do not recover").ClickAsync();
        await AnswerAsync(console, "Keep");
        (await server.SendAsync("GET", "/v1/play/one"))["status"].GetString().ShouldBe("interrupted");
        await console.Button("Do not recover").ClickAsync();
        await AnswerAsync(console, "Do not recover");

        await Expect(console.Page.Locator("pl-recovery")).ToHaveCountAsync(0);
        await Expect(console.Page.Locator("pl-head")).ToContainTextAsync("cut off, and not taken up again");
    }

    [BrowserFact]
    public async Task A_server_without_slots_says_so_and_shows_the_rest()
    {
        await using var server = await ServerUnderTest.StartAsync(also: kinds =>
            Sojourn.Kinds.Play.PlayServices.AddPlay(kinds));
        await server.BeginPlayAsync("one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowPlayAsync("one");
        await Expect(console.Page.Locator("pl-slots")).ToContainTextAsync("This server keeps no saves.");
        await Expect(console.Page.Locator("pl-timeline li")).Not.ToHaveCountAsync(0);
    }

    private static bool IsListOfSlots(string url) =>
        new Uri(url).AbsolutePath.EndsWith("/v1/play-slots/wings", StringComparison.Ordinal);

    private static ILocator Choice(ConsoleUnderTest console, string name) =>
        console.Page.GetByRole(AriaRole.Radio, new() { Name = name });

    private static async Task AnswerAsync(ConsoleUnderTest console, string button) =>
        await console.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = button, Exact = true })
            .ClickAsync();
}
