using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>Somebody who looks for sessions, goes back and forth, and finds the list as it is by then.</summary>
[Collection(Lane.ThirdBrowser)]
public sealed class ToAndFroTests(Browser browser) : IClassFixture<Browser>
{
    private const int Page = 100;

    [BrowserFact]
    public async Task Words_are_typed_with_pauses_and_one_step_back_leaves_the_search()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.CreateAsync("mine");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        var search = console.Field("Search");

        await search.PressSequentiallyAsync("one ");
        await Expect(console.Page).ToHaveURLAsync(Address(server, "#/?text=one"));
        await Expect(console.Main).ToContainTextAsync("Nothing fits");
        await search.PressSequentiallyAsync("two");
        await Expect(console.Page).ToHaveURLAsync(Address(server, "#/?text=one+two"));
        await Expect(search).ToHaveValueAsync("one two");

        await console.Page.GoBackAsync();
        await Expect(console.Page).ToHaveURLAsync(Address(server, ""));
        await Expect(search).ToHaveValueAsync("");
        await Expect(console.Row("mine")).ToHaveCountAsync(1);
    }

    [BrowserFact]
    public async Task Whoever_opens_a_session_right_after_typing_stays_there()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.CreateAsync("mine");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await Expect(console.Row("mine")).ToHaveCountAsync(1);
        await console.Page.Clock.InstallAsync();
        await console.Page.Clock.PauseAtAsync(DateTime.UtcNow.AddMinutes(1));

        await console.Field("Search").PressSequentiallyAsync("m");
        await console.Link("mine").ClickAsync();
        await Expect(console.Heading).ToHaveTextAsync("mine");
        await console.Page.Clock.RunForAsync(1000);

        await Expect(console.Page).ToHaveURLAsync(Address(server, "#/session/counter/mine?owner=local"));
        await Expect(console.Heading).ToHaveTextAsync("mine");
    }

    [BrowserFact]
    public async Task A_session_that_comes_to_fit_stands_where_its_age_puts_it()
    {
        await using var server = await ServerUnderTest.StartAsync();
        foreach (var id in (string[])["oldest", "older", "newer"])
        {
            await server.CreateAsync(id);
        }

        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/?status=closed");
        await Expect(console.Main).ToContainTextAsync("Nothing fits");

        await server.SendAsync("POST", "/v1/counter/oldest/close");
        await Expect(console.Row("oldest")).ToHaveCountAsync(1);
        await server.SendAsync("POST", "/v1/counter/newer/close");
        await Expect(console.Row("newer")).ToHaveCountAsync(1);
        await server.SendAsync("POST", "/v1/counter/older/close");
        await Expect(console.Page.Locator("sj-rows tbody th")).ToHaveTextAsync(["newer", "older", "oldest"]);
    }

    [BrowserFact]
    public async Task On_a_later_page_only_what_has_begun_since_is_new()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await FillAsync(server, Page + 3);
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.Button("Next").ClickAsync();
        await Expect(console.Page.Locator("sj-rows tbody th")).ToHaveTextAsync(["c003", "c002", "c001"]);

        await server.SendAsync("POST", "/v1/counter/c103/tick");
        await server.SendAsync("POST", "/v1/counter/c050/tick");
        // Changes are told in their order: with this one the others have been heard of.
        await server.SendAsync("POST", "/v1/counter/c002/close");
        await Expect(console.Row("c002")).ToContainTextAsync("closed");
        await Expect(console.Main).Not.ToContainTextAsync("since");

        await server.CreateAsync("c104");
        await Expect(console.Main).ToContainTextAsync("1 new session since");
    }

    [BrowserFact]
    public async Task The_buttons_for_pages_and_those_of_the_browser_go_together()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await FillAsync(server, 2 * Page + 1);
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        var first = console.Page.Locator("sj-rows tbody th").First;
        await console.Button("Next").ClickAsync();
        await Expect(first).ToHaveTextAsync("c101");
        await console.Button("Next").ClickAsync();
        await Expect(first).ToHaveTextAsync("c001");

        await console.Page.GoBackAsync();
        await Expect(first).ToHaveTextAsync("c101");
        await console.Button("Previous").ClickAsync();
        await Expect(first).ToHaveTextAsync("c201");
        await Expect(console.Button("Previous")).ToBeDisabledAsync();

        // And forwards by the browser alone.
        await console.Page.GoBackAsync();
        await Expect(first).ToHaveTextAsync("c101");
        await Expect(console.Button("Previous")).ToBeEnabledAsync();
    }

    [BrowserFact]
    public async Task What_became_of_each_is_there_to_read_when_the_sessions_are_gone_from_the_list()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.CreateAsync("one");
        await server.CreateAsync("two");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/?status=open");
        var several = console.Page.Locator("sj-bulk");

        await console.Field("Select one").CheckAsync();
        await several.GetByLabel("Command", new() { Exact = true }).SelectOptionAsync("close");
        await console.Button("Send to all").ClickAsync();
        await Expect(console.Row("one")).ToHaveCountAsync(0);
        await Expect(several).ToContainTextAsync("close: 1 done, 0 not done.");

        await console.Field("Select two").CheckAsync();
        await several.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await console.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(console.Row("two")).ToHaveCountAsync(0);
        await Expect(several).ToContainTextAsync("remove: 1 done, 0 not done.");
        await Expect(several.Locator(".results li")).ToContainTextAsync(["two"]);

        await several.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(several).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task A_question_goes_with_the_page_that_asked_it()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.CreateAsync("mine");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.Link("mine").ClickAsync();
        await console.Button("Remove").ClickAsync();
        await Expect(console.Page.Locator("dialog")).ToHaveCountAsync(1);

        await console.Page.GoBackAsync();

        await Expect(console.Heading).ToHaveTextAsync("Sessions");
        await Expect(console.Page.Locator("dialog")).ToHaveCountAsync(0);
        ((int)(await server.SendAsync("GET", "/v1/counter/mine")).Status).ShouldBe(200);
    }

    private static string Address(ServerUnderTest server, string hash) =>
        new Uri(server.Url, $"/console/{hash}").AbsoluteUri;

    private static async Task FillAsync(ServerUnderTest server, int count)
    {
        for (var i = 1; i <= count; i++)
        {
            await server.CreateAsync($"c{i:000}");
        }
    }
}
