using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>The page of a session of whose kind the console has never heard.</summary>
[Collection(Lane.FirstBrowser)]
public sealed class SessionPageTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task Every_command_of_the_kind_has_a_form_that_sends_it()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.CreateAsync("mine");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/session/counter/mine");
        var described = server.Services.GetRequiredService<SojournEngine>().Kinds["counter"];
        await Expect(console.Page.Locator("sj-command")).ToHaveCountAsync(described.Commands.Count);

        var increment = console.Command("increment");
        await increment.GetByRole(AriaRole.Button, new() { Name = "increment", Exact = true }).ClickAsync();
        await increment.GetByLabel("by").FillAsync("42");
        await increment.GetByLabel("by").PressAsync("Enter");
        await Expect(increment).ToContainTextAsync("Done, version 2");
        await Expect(increment.Locator("pre")).ToHaveTextAsync("42");

        var plan = console.Command("plan");
        await plan.GetByRole(AriaRole.Button, new() { Name = "plan", Exact = true }).ClickAsync();
        await plan.GetByLabel("title").FillAsync("Round trip");
        await plan.GetByRole(AriaRole.Button, new() { Name = "Add to stops" }).ClickAsync();
        await plan.GetByRole(AriaRole.Button, new() { Name = "Add to stops" }).ClickAsync();
        await plan.GetByLabel("number").First.FillAsync("1");
        await plan.GetByLabel("number").Last.FillAsync("2");
        await plan.GetByRole(AriaRole.Button, new() { Name = "Send plan" }).ClickAsync();
        await Expect(plan).ToContainTextAsync("Done, version 3");
        await Expect(console.Page.Locator("sj-tree")).ToContainTextAsync("Round trip");

        await console.Button("tick").ClickAsync();
        await Expect(console.Command("tick")).ToContainTextAsync("Done, version 4");
    }

    [BrowserFact]
    public async Task What_the_server_refuses_is_shown_at_the_field_that_it_names()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.CreateAsync("mine");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/session/counter/mine");
        var form = console.Command("increment");
        await form.GetByRole(AriaRole.Button, new() { Name = "increment", Exact = true }).ClickAsync();

        await form.GetByLabel("by").FillAsync("101");
        await form.GetByRole(AriaRole.Button, new() { Name = "Send increment" }).ClickAsync();

        await Expect(form.GetByLabel("by")).ToBeFocusedAsync();
        await Expect(form.GetByLabel("by")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(form.GetByLabel("by")).ToHaveAccessibleDescriptionAsync(
            "Default 1. 'by' must be 1 to 100.");
        await Expect(form.GetByLabel("by")).ToHaveValueAsync("101");

        // A refusal of the whole has no field: a toast has the server's own sentence.
        await console.Button("forbid").ClickAsync();
        await Expect(console.Page.Locator("sj-toasts [role=alert]")).ToContainTextAsync("Not now; close it first.");
    }

    [BrowserFact]
    public async Task Whoever_prefers_it_writes_json()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.CreateAsync("mine");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/session/counter/mine");
        var form = console.Command("set-mode");
        await form.GetByRole(AriaRole.Button, new() { Name = "set-mode", Exact = true }).ClickAsync();
        await form.GetByLabel("mode", new() { Exact = true }).SelectOptionAsync("loud");
        await form.GetByRole(AriaRole.Button, new() { Name = "Write JSON instead" }).ClickAsync();
        var json = form.GetByLabel("Parameters as JSON");
        JsonDocument.Parse(await json.InputValueAsync()).RootElement.GetProperty("mode").GetString().ShouldBe("loud");

        await json.FillAsync("""{ "mode": "veryLoud", }""");
        await form.GetByRole(AriaRole.Button, new() { Name = "Send set-mode" }).ClickAsync();
        await Expect(form).ToContainTextAsync("That is no JSON");
        await json.FillAsync("""{ "mode": "veryLoud" }""");
        await form.GetByRole(AriaRole.Button, new() { Name = "Send set-mode" }).ClickAsync();

        await Expect(console.Page.Locator("sj-tree")).ToContainTextAsync("veryLoud");
    }

    [BrowserFact]
    public async Task The_state_marks_what_has_just_changed()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.CreateAsync("mine");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/session/counter/mine");
        var marked = console.Page.Locator("sj-tree li[data-changed]");
        await Expect(console.Page.Locator("sj-tree")).ToContainTextAsync("total");
        await Expect(marked).ToHaveCountAsync(0);

        await server.SendAsync("POST", "/v1/counter/mine/increment", """{ "by": 5 }""");
        await Expect(marked).ToHaveTextAsync(["total5"]);
        await server.SendAsync("POST", "/v1/counter/mine/write-note", """{ "note": "hello" }""");
        await Expect(marked).ToHaveTextAsync(["notehello"]);
        await Expect(console.Page.Locator("sj-session-head")).ToContainTextAsync("durable 3");
    }

    [BrowserFact]
    public async Task The_event_log_can_be_paused_and_searched()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.CreateAsync("mine");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/session/counter/mine");
        var rows = console.Page.Locator("sj-events tbody tr");
        await server.SendAsync("POST", "/v1/counter/mine/increment", """{ "by": 5 }""");
        await Expect(rows).ToContainTextAsync(["\"total\":5"]);

        await console.Button("Pause").ClickAsync();
        await server.SendAsync("POST", "/v1/counter/mine/increment", """{ "by": 6 }""");
        await Expect(console.Page.Locator("sj-events")).ToContainTextAsync("1 new event since");
        await Expect(rows).ToHaveCountAsync(1);
        await console.Button("Go on").ClickAsync();
        await Expect(rows).ToContainTextAsync(["\"total\":11", "\"total\":5"]);

        await console.Page.Keyboard.PressAsync("/");
        await console.Page.Keyboard.TypeAsync("\"by\":6");
        await Expect(rows).ToContainTextAsync(["\"total\":11"]);

        // The kind keeps five events; what is gone is said to be gone.
        await console.Page.Locator("sj-events input").FillAsync("");
        await server.SendAsync("POST", "/v1/counter/mine/advance", """{ "steps": 9 }""");
        await Expect(rows.First).ToContainTextAsync("\"number\":9");
    }

    [BrowserFact]
    public async Task Older_events_that_were_asked_for_stay_when_new_ones_come()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var engine = server.Services.GetRequiredService<SojournEngine>();
        await engine.ReconfigureAsync("counter", engine.Kinds["counter"].Policy with { RetainedEvents = 1000 });
        await server.CreateAsync("mine");
        for (var i = 0; i < 12; i++)
        {
            var reply = await server.SendAsync("POST", "/v1/counter/mine/advance", """{ "steps": 50 }""");
            reply.Status.ShouldBe(HttpStatusCode.OK, reply.Text);
        }

        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/session/counter/mine");
        var rows = console.Page.Locator("sj-events tbody tr");
        await Expect(rows).ToHaveCountAsync(200);
        await console.Button("Load older").ClickAsync();
        await Expect(rows).ToHaveCountAsync(400);
        await console.Button("Load older").ClickAsync();
        await Expect(rows).ToHaveCountAsync(600);

        await server.SendAsync("POST", "/v1/counter/mine/increment", """{ "by": 5 }""");
        await Expect(rows.First).ToContainTextAsync("\"by\":5");
        await Expect(rows).ToHaveCountAsync(601);
        await Expect(rows.Last.Locator("td").First).ToHaveTextAsync("1");
    }

    [BrowserFact]
    public async Task An_entry_that_is_taken_out_of_a_list_takes_along_what_was_typed_in_it()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.CreateAsync("mine");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/session/counter/mine");
        var plan = console.Command("plan");
        await plan.GetByRole(AriaRole.Button, new() { Name = "plan", Exact = true }).ClickAsync();
        await plan.GetByRole(AriaRole.Button, new() { Name = "Add to stops" }).ClickAsync();
        await plan.GetByRole(AriaRole.Button, new() { Name = "Add to stops" }).ClickAsync();
        await plan.GetByLabel("number").First.FillAsync("1");
        await plan.GetByLabel("brief").First.SelectOptionAsync("true");

        await plan.GetByRole(AriaRole.Button, new() { Name = "Remove stops 1" }).ClickAsync();

        await Expect(plan.GetByLabel("number")).ToHaveValueAsync("");
        await Expect(plan.GetByLabel("brief")).Not.ToHaveValueAsync("true");
    }

    [BrowserFact]
    public async Task Labels_are_set_and_taken_away_and_a_removal_is_asked_about_first()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.CreateAsync("mine");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/session/counter/mine");

        await console.Button("+ Label").ClickAsync();
        await console.Field("The label's name").FillAsync("team");
        await console.Field("The label's value").FillAsync("<b>blue</b>");
        await console.Button("Set").ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Group, new() { Name = "Labels" }))
            .ToContainTextAsync("team: <b>blue</b>");
        await console.Button("Remove the label team").ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Group, new() { Name = "Labels" }))
            .Not.ToContainTextAsync("team");

        await console.Button("Remove").ClickAsync();
        await console.Button("Keep").ClickAsync();
        await Expect(console.Button("Remove")).ToBeFocusedAsync();
        await console.Button("Remove").ClickAsync();
        await console.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(console.Heading).ToHaveTextAsync("Sessions");
        ((int)(await server.SendAsync("GET", "/v1/counter/mine")).Status).ShouldBe(404);
    }

    [BrowserFact]
    public async Task Whoever_looks_at_a_session_that_goes_is_told_and_one_that_never_was_is_not_there()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.CreateAsync("mine");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/session/counter/mine");
        await Expect(console.Page.Locator("sj-tree")).ToContainTextAsync("total");

        await server.SendAsync("DELETE", "/v1/counter/mine");
        await Expect(console.Main).ToContainTextAsync("This session was removed.");
        await Expect(console.Button("Touch")).ToBeDisabledAsync();

        await console.GoAsync("#/session/counter/nobody");
        await Expect(console.Heading).ToHaveTextAsync("There is no such session");
        await Expect(console.Heading).ToBeFocusedAsync();
        await console.GoAsync("#/nowhere/at/all");
        await Expect(console.Heading).ToHaveTextAsync("There is no such page");
    }

    [BrowserFact]
    public async Task A_damaged_session_says_so_and_is_restored_from_here()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var engine = server.Services.GetRequiredService<SojournEngine>();
        await engine.ReconfigureAsync("counter", engine.Kinds["counter"].Policy with { MaxInMemory = 1 });
        await server.CreateAsync("hit");
        await server.CreateAsync("other");
        server.Store.Damaged = new SessionKey("counter", OwnerId.Local, SessionId.Parse("hit"));
        await using var console = await ConsoleUnderTest.LogInAsync(
            browser, server, "#/session/counter/hit?owner=local");
        await Expect(console.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("This session is damaged");

        await console.Button("Restore the newest good snapshot").ClickAsync();

        await Expect(console.Page.Locator("sj-tree")).ToContainTextAsync("total");
        await Expect(console.Page.Locator("sj-toasts")).ToContainTextAsync("The session is back");
    }
}
