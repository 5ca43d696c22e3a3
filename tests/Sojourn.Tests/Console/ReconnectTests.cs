using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

using Sojourn.Client;

/// <summary>A page that stays open while its server is killed and comes back.</summary>
[Collection(Lane.SecondBrowser)]
public sealed class ReconnectTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task A_session_page_says_that_it_reconnects_and_catches_up_with_exactly_what_it_missed()
    {
        await using var server = await KillableServer.StartAsync("00:00:00");
        var id = await server.GenerateAsync(scenes: 1);
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, $"#/session/generation/{id}");
        var newest = console.Page.Locator("sj-events tbody tr").First;
        await Expect(newest).ToContainTextAsync("generation-completed");
        await console.Page.EvaluateAsync("window.isStillTheSame = true");
        // It is said wherever on the page one is.
        await console.Page.GetByText("Commands, state, events and streams").ClickAsync();
        await console.Page.Locator("sj-streams").ScrollIntoViewIfNeededAsync();
        await Expect(console.Heading).Not.ToBeInViewportAsync();

        await server.KillAsync();
        await Expect(console.Page.Locator("sj-banner"))
            .ToContainTextAsync("Reconnecting. The server cannot be reached.");
        await Expect(console.Page.Locator(".banner")).ToBeInViewportAsync();
        // It is not to come back before all that it is to miss has happened.
        await console.Page.RouteAsync("**/v1/**", route => route.AbortAsync("connectionrefused"));
        await server.StartAgainAsync();
        foreach (var title in (string[])["One", "Two", "Three"])
        {
            await server.Client.SendAsync("generation", id, "edit-scene", new { number = 1, title });
        }

        await console.Page.UnrouteAsync("**/v1/**");
        await console.Button("Try now").ClickAsync();
        await Expect(console.Page.Locator("sj-banner")).ToContainTextAsync("Caught up: 3 events missed.");
        await Expect(newest).ToContainTextAsync("Three");
        await Expect(console.Page.Locator("sj-tree")).ToContainTextAsync("titleThree");

        // And it lives on.
        await server.Client.SendAsync("generation", id, "edit-scene", new { number = 1, title = "Four" });
        await Expect(newest).ToContainTextAsync("Four");
        (await console.Page.EvaluateAsync<bool>("window.isStillTheSame")).ShouldBeTrue("It was not to be loaded anew.");
    }

    [BrowserFact]
    public async Task The_overview_goes_on_by_itself_after_a_restart()
    {
        await using var server = await KillableServer.StartAsync("00:00:00");
        var before = await server.GenerateAsync(scenes: 1);
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await Expect(console.Row(before)).ToContainTextAsync("completed");

        await server.KillAsync();
        await Expect(console.Page.Locator("sj-banner")).ToContainTextAsync("Reconnecting");
        await server.StartAgainAsync();

        // Nobody does anything on the page.
        await Expect(console.Page.Locator("sj-banner"))
            .ToContainTextAsync("Back again. Caught up: ");
        var after = await server.GenerateAsync(scenes: 1);
        await Expect(console.Row(after)).ToContainTextAsync("completed");
        await Expect(console.Row(before)).ToHaveCountAsync(1);
    }

    [BrowserFact]
    public async Task A_server_that_is_told_to_stop_is_said_to_and_the_page_goes_on_when_it_is_back()
    {
        await using var server = await KillableServer.StartAsync("00:00:00");
        var id = await server.GenerateAsync(scenes: 1);
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, $"#/session/generation/{id}");
        await Expect(console.Main).ToContainTextAsync("completed");
        await console.Page.Clock.InstallAsync();

        (await server.TerminateAsync()).ShouldBe(0);
        await Expect(console.Page.Locator("sj-banner")).ToContainTextAsync("The server is stopping");
        await console.Page.Clock.FastForwardAsync("01:00");
        await Expect(console.Page.Locator("sj-banner")).ToContainTextAsync("Reconnecting");

        await server.StartAgainAsync();
        await Expect(console.Page.Locator("sj-banner")).ToContainTextAsync("Back again. Caught up: nothing missed.");
    }

    [BrowserFact]
    public async Task What_was_sent_without_an_answer_has_one_effect()
    {
        await using var server = await KillableServer.StartAsync("00:00:00");
        var id = await server.GenerateAsync(scenes: 1);
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, $"#/session/generation/{id}");
        await Expect(console.Page.Locator("sj-events")).ToContainTextAsync("generation-completed");
        var version = (await server.Client.GetAsync("generation", id)).Version;
        await console.Page.GetByText("Commands, state, events and streams").ClickAsync();
        var form = console.Command("edit-scene");
        await form.GetByRole(AriaRole.Button, new() { Name = "edit-scene", Exact = true }).ClickAsync();
        await form.GetByLabel("number").FillAsync("1");
        await form.GetByLabel("title").FillAsync("Sent once");

        // The server gets it and does it; the answer never arrives.
        var sent = 0;
        await console.Page.RouteAsync("**/edit-scene*", async route =>
        {
            if (Interlocked.Increment(ref sent) == 1)
            {
                await route.FetchAsync();
                await route.AbortAsync("connectionreset");
                return;
            }

            await route.ContinueAsync();
        });
        await form.GetByRole(AriaRole.Button, new() { Name = "Send edit-scene" }).ClickAsync();

        await Expect(form).ToContainTextAsync($"Done before, version {version + 1}");
        sent.ShouldBe(2);
        (await server.Client.GetAsync("generation", id)).Version.ShouldBe(version + 1);
    }
}
