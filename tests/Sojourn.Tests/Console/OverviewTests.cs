using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>All sessions in a list that lives.</summary>
[Collection(Lane.SecondBrowser)]
public sealed class OverviewTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task A_session_appears_changes_and_goes_without_a_reload()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await Expect(console.Main).ToContainTextAsync("No sessions yet");

        await server.CreateAsync("first");
        await server.CreateAsync("second");
        await Expect(console.Page.Locator("sj-rows tbody tr")).ToContainTextAsync(["second", "first"]);

        await server.SendAsync("POST", "/v1/counter/first/close");
        await Expect(console.Row("first")).ToContainTextAsync("closed");
        await Expect(console.Row("second")).ToContainTextAsync("open");

        await server.SendAsync("DELETE", "/v1/counter/second");
        await Expect(console.Row("second")).ToHaveCountAsync(0);
        await Expect(console.Row("first")).ToHaveCountAsync(1);
        await Expect(console.Page.Locator(".page-head")).ToContainTextAsync("1 session");
    }

    [BrowserFact]
    public async Task A_list_that_is_left_in_the_middle_of_an_update_reads_no_more()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.CreateAsync("first");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await Expect(console.Row("first")).ToHaveCountAsync(1);

        var asked = await console.Page.EvaluateAsync<string[]>("""
            async () => {
                const list = document.querySelector("sj-overview")
                await list.updateComplete
                const asked = []
                const real = window.fetch
                window.fetch = (path, ...rest) => { asked.push(path); return real(path, ...rest) }
                list.requestUpdate()
                list.remove()
                await list.updateComplete
                window.fetch = real
                return asked
            }
            """);

        asked.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task A_filter_is_in_the_address_and_holds_for_what_comes_later()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.SendAsync("PUT", "/v1/counter/red-one?label=team:red");
        await server.SendAsync("PUT", "/v1/counter/blue-one?label=team:blue");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);

        await console.Field("Label").FillAsync("team:red");
        await console.Field("Label").PressAsync("Enter");
        await Expect(console.Row("blue-one")).ToHaveCountAsync(0);
        await Expect(console.Row("red-one")).ToHaveCountAsync(1);
        await console.Page.GetByLabel("Status").SelectOptionAsync("open");
        await Expect(console.Page).ToHaveURLAsync(
            new Uri(server.Url, "/console/#/?status=open&label=team%3Ared").AbsoluteUri);

        await server.SendAsync("PUT", "/v1/counter/blue-two?label=team:blue");
        await server.SendAsync("PUT", "/v1/counter/red-two?label=team:red");
        await Expect(console.Row("red-two")).ToHaveCountAsync(1);
        await Expect(console.Row("blue-two")).ToHaveCountAsync(0);
        await server.SendAsync("POST", "/v1/counter/red-one/close");
        await Expect(console.Row("red-one")).ToHaveCountAsync(0);

        // The link alone shows the same.
        await console.Page.ReloadAsync();
        await Expect(console.Page.Locator("sj-rows tbody tr")).ToContainTextAsync(["red-two"]);
        await Expect(console.Page.GetByLabel("Status")).ToHaveValueAsync("open");
    }

    [BrowserFact]
    public async Task Never_more_than_a_page_is_shown_and_pages_go_there_and_back()
    {
        await using var server = await ServerUnderTest.StartAsync();
        for (var i = 1; i <= 205; i++)
        {
            await server.CreateAsync($"c{i:000}");
        }

        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        var rows = console.Page.Locator("sj-rows tbody tr");
        await Expect(rows).ToHaveCountAsync(100);
        await Expect(rows.First).ToContainTextAsync("c205");
        await Expect(console.Page.Locator(".page-head")).ToContainTextAsync("205 sessions");

        // One more pushes the last one over the edge, to where the next page begins.
        await server.CreateAsync("c206");
        await Expect(rows.First).ToContainTextAsync("c206");
        await Expect(rows).ToHaveCountAsync(100);
        await console.Button("Next").ClickAsync();
        await Expect(rows.First).ToContainTextAsync("c106");

        await server.CreateAsync("c207");
        await Expect(console.Main).ToContainTextAsync("1 new session since");
        await Expect(rows.First).ToContainTextAsync("c106");

        await console.Button("Next").ClickAsync();
        await Expect(rows).ToHaveCountAsync(6);
        await console.Button("Previous").ClickAsync();
        await Expect(rows.First).ToContainTextAsync("c106");
        await console.Button("Previous").ClickAsync();
        await Expect(rows.First).ToContainTextAsync("c207");
    }

    [BrowserFact]
    public async Task Columns_sort_the_page_and_say_so()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.CreateAsync("b");
        await server.CreateAsync("a");
        await server.CreateAsync("c");
        await server.SendAsync("POST", "/v1/counter/b/increment");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        var ids = console.Page.Locator("sj-rows tbody th");

        await Expect(ids).ToHaveTextAsync(["c", "a", "b"]);
        await console.Button("Session").ClickAsync();
        await Expect(ids).ToHaveTextAsync(["a", "b", "c"]);
        await Expect(console.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Session" }))
            .ToHaveAttributeAsync("aria-sort", "ascending");
        await console.Button("Version").ClickAsync();
        await console.Button("Version").ClickAsync();
        await Expect(ids.First).ToHaveTextAsync("b");
        await console.Button("Version").ClickAsync();
        await Expect(ids).ToHaveTextAsync(["c", "a", "b"]);
    }

    [BrowserFact]
    public async Task Several_at_once_tell_what_became_of_each()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.CreateAsync("one");
        await server.CreateAsync("two");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);

        await console.Field("Select all on this page").CheckAsync();
        await console.Page.GetByLabel("Command", new() { Exact = true }).SelectOptionAsync("increment");
        await console.Field("by").FillAsync("7");
        await console.Button("Send to all").ClickAsync();
        await Expect(console.Main).ToContainTextAsync("increment: 2 done, 0 not done.");
        (await server.SendAsync("GET", "/v1/counter/one"))["state"].GetProperty("total").GetInt64().ShouldBe(7);

        await console.Page.GetByLabel("Command", new() { Exact = true }).SelectOptionAsync("forbid");
        await console.Button("Send to all").ClickAsync();
        await Expect(console.Main).ToContainTextAsync("forbid: 0 done, 2 not done.");
        await Expect(console.Page.Locator(".results li")).ToContainTextAsync(
            ["Not now; close it first.", "Not now; close it first."]);

        await console.Page.Locator("sj-bulk").GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await console.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(console.Page.Locator("sj-rows tbody tr")).ToHaveCountAsync(0);
        (await server.SendAsync("GET", "/v1/sessions/count"))["count"].GetInt64().ShouldBe(0);
    }

    [BrowserFact]
    public async Task Counts_capacity_and_health_are_seen_at_a_glance()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var engine = server.Services.GetRequiredService<SojournEngine>();
        await engine.ReconfigureAsync("counter", engine.Kinds["counter"].Policy with { MaxSessions = 4 });
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        var capacity = console.Page.GetByRole(AriaRole.Meter, new() { Name = "Capacity" });
        await Expect(capacity).ToHaveAttributeAsync("aria-valuetext", "0 of 4");
        await Expect(console.Page.Locator(".health")).ToContainTextAsync("healthy");

        foreach (var id in (string[])["a", "b", "c"])
        {
            await server.CreateAsync(id);
        }

        await Expect(capacity).ToHaveAttributeAsync("aria-valuetext", "3 of 4");
        await Expect(console.Page.Locator(".health")).ToContainTextAsync("warning");
        await Expect(console.Button("open 3")).ToBeVisibleAsync();
        await Expect(console.Page.Locator("svg.spark polyline")).ToHaveCountAsync(2);
    }

    [BrowserFact]
    public async Task An_admin_sees_everybodys_sessions_and_others_their_own()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.CreateAsync("mine");
        var made = await server.SendAsync("POST", "/v1/keys", """{ "owner": "bob" }""");
        var key = made["key"].GetString()!;
        await server.SendAsync("PUT", "/v1/counter/his?owner=bob");
        await using var admin = await ConsoleUnderTest.LogInAsync(browser, server);
        await Expect(admin.Row("his")).ToContainTextAsync("bob");
        await Expect(admin.Row("mine")).ToContainTextAsync("local");
        await admin.Field("Owner").FillAsync("bob");
        await admin.Field("Owner").PressAsync("Enter");
        await Expect(admin.Row("mine")).ToHaveCountAsync(0);
        await admin.Link("his").ClickAsync();
        await Expect(admin.Page.Locator("sj-session-head")).ToContainTextAsync("bob");
        await Expect(admin.Page.Locator("sj-tree")).ToContainTextAsync("total");

        await using var bob = await ConsoleUnderTest.OpenAsync(browser, server.Url);
        await bob.Field("Key").FillAsync(key);
        await bob.Button("Log in").ClickAsync();
        await Expect(bob.Row("his")).ToHaveCountAsync(1);
        await Expect(bob.Row("mine")).ToHaveCountAsync(0);
        await Expect(bob.Field("Owner")).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task What_is_being_typed_stays_while_the_page_is_still_loading()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await console.Page.RouteAsync("**/openapi/v1.json", async route =>
        {
            await goOn.Task;
            await route.ContinueAsync();
        });
        await console.Page.ReloadAsync();
        await console.Field("Owner").FillAsync("bob");
        goOn.SetResult();
        await Expect(console.Link("New counter")).ToBeVisibleAsync();
        await Expect(console.Field("Owner")).ToHaveValueAsync("bob");
    }
}
