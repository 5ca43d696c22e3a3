using System.Net;
using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>Into the console, and out of it.</summary>
[Collection(Lane.SecondBrowser)]
public sealed class LogInPageTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task A_link_logs_in_once_and_leaves_nothing_in_the_address()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var link = await ConsoleUnderTest.LinkAsync(server);

        await using var first = await ConsoleUnderTest.OpenAsync(browser, server.Url, link);
        await Expect(first.Heading).ToHaveTextAsync("Sessions");
        first.Page.Url.ShouldNotContain("code=");
        (await first.Page.EvaluateAsync<string>("document.cookie")).ShouldBeEmpty("No script is to see the log-in.");

        await using var second = await ConsoleUnderTest.OpenAsync(browser, server.Url, link);
        await Expect(second.Heading).ToHaveTextAsync("Log in");
        await Expect(second.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("used before");
        second.Page.Url.ShouldNotContain("code=");

        // Whoever is logged in is not thrown out by a link that is used up.
        await first.Page.GotoAsync(new Uri(server.Url, link).AbsoluteUri);
        await first.Page.ReloadAsync();
        await Expect(first.Heading).ToHaveTextAsync("Sessions");
    }

    [BrowserFact]
    public async Task A_pasted_key_logs_in_and_a_wrong_one_is_refused_at_its_field()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var console = await ConsoleUnderTest.OpenAsync(browser, server.Url);

        await console.Field("Key").FillAsync("not-a-key-of-this-server");
        await console.Button("Log in").ClickAsync();
        await Expect(console.Field("Key")).ToBeFocusedAsync();
        await Expect(console.Page.Locator("main [role=alert]")).ToContainTextAsync("one of this server's");

        await console.Field("Key").FillAsync(ServerUnderTest.Key);
        await console.Field("Key").PressAsync("Enter");
        await Expect(console.Heading).ToHaveTextAsync("Sessions");
        await Expect(console.Page.Locator("header")).ToContainTextAsync("local");
    }

    [BrowserFact]
    public async Task Logging_out_ends_it_on_the_server_too_and_the_next_log_in_leads_to_the_page_that_was_open()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.CreateAsync("mine");
        await using var console = await ConsoleUnderTest.LogInAsync(
            browser, server, "#/session/counter/mine?owner=local");
        await Expect(console.Heading).ToHaveTextAsync("mine");

        await console.Button("Log out").ClickAsync();
        await Expect(console.Heading).ToHaveTextAsync("Log in");
        (await console.Page.EvaluateAsync<int>("fetch('/console/me').then(answer => answer.status)"))
            .ShouldBe((int)HttpStatusCode.Unauthorized);

        await console.Field("Key").FillAsync(ServerUnderTest.Key);
        await console.Button("Log in").ClickAsync();
        await Expect(console.Heading).ToHaveTextAsync("mine");
    }

    [BrowserFact]
    public async Task Whoever_is_logged_out_from_elsewhere_is_told_so_without_a_reload()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);

        await console.Page.EvaluateAsync("fetch('/console/logout', { method: 'POST' })");

        await Expect(console.Heading).ToHaveTextAsync("Log in");
        await Expect(console.Main).ToContainTextAsync("You were logged out");
    }

    [BrowserFact]
    public async Task A_server_that_is_away_for_a_moment_asks_nobody_to_log_in_again()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        var asked = 0;
        await console.Page.RouteAsync("**/console/me", route =>
            Interlocked.Increment(ref asked) == 1 ? route.AbortAsync() : route.ContinueAsync());

        await console.Page.ReloadAsync();

        await Expect(console.Heading).ToHaveTextAsync("Sessions");
        asked.ShouldBe(2);
    }
}
