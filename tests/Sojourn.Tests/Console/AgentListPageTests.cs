using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>Beginning agents, and finding the one that waits.</summary>
[Collection(Lane.ThirdBrowser)]
public sealed class AgentListPageTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task Those_that_wait_come_first_with_a_badge_as_soon_as_they_do()
    {
        await using var stage = await AgentStage.StartAsync();
        await stage.BeginAsync("asks", "pair", title: "The one that asks", prompt: "say ready");
        await stage.WaitForAsync("asks", "idle");
        await stage.BeginAsync("shell");
        await stage.WaitForAsync("shell", "idle");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, stage.Server, "#/?kind=agent");
        var rows = console.Page.Locator("sj-rows tbody tr");
        await Expect(rows.First).ToContainTextAsync("shell");
        var agents = console.Page.GetByRole(AriaRole.Navigation, new() { Name = "Agents" });
        await Expect(agents).ToContainTextAsync("The one that asks");
        await Expect(agents).Not.ToContainTextAsync("1 waits");

        await stage.SendAsync("asks", "prompt", new { text = "ask rm -r build" });

        await Expect(rows.First).ToContainTextAsync("asks");
        await Expect(rows.First.Locator("[data-shape=waiting]")).ToHaveTextAsync("waiting");
        await Expect(agents).ToContainTextAsync("1 waits");
        await Expect(agents.GetByRole(AriaRole.Listitem).First).ToContainTextAsync("The one that asks");
        await agents.GetByRole(AriaRole.Listitem).First.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(console.Asks()).ToContainTextAsync("rm -r build");
    }

    [BrowserFact]
    public async Task What_was_said_is_found_and_leads_to_where_it_was_said()
    {
        await using var stage = await AgentStage.StartAsync();
        await stage.BeginAsync("chat", "pair", title: "Tidy up", prompt: "say The <b>needle</b> & the hay");
        foreach (var number in Enumerable.Range(1, 30))
            await stage.SendAsync("chat", "prompt", new { text = $"say another line {number}" });
        await stage.SendAsync("chat", "prompt", new { text = "say the end" });
        await using var console = await ConsoleUnderTest.LogInAsync(browser, stage.Server, "#/?kind=agent", width: 375);
        var hits = console.Page.Locator("ag-search li");

        await console.Field("Find in logs").FillAsync("nowhere");
        await Expect(console.Page.Locator("ag-search [role=status]")).ToHaveTextAsync("It stands nowhere.");
        await console.Field("Find in logs").FillAsync("another LINE");
        await Expect(hits).ToHaveCountAsync(5);
        await console.Button("All in Tidy up").ClickAsync();
        await Expect(hits).ToHaveCountAsync(20);
        await console.Button("Look on").ClickAsync();
        await Expect(hits).Not.ToHaveCountAsync(20);
        await console.Field("Find in logs").FillAsync("NEEDLE</b>");
        await Expect(hits.First).ToContainTextAsync("The <b>needle</b> & the hay");
        await Expect(hits.First.Locator("mark")).ToHaveTextAsync("needle</b>");
        (await console.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(375);

        await console.Field("Find in logs").FocusAsync();
        await console.Page.Keyboard.PressAsync("Tab");
        await console.Page.Keyboard.PressAsync("Enter");

        await Expect(console.Page.Locator("ag-head h2")).ToHaveTextAsync("Tidy up");
        await Expect(console.Log().Locator(".entry.text", new() { HasText = "needle" })).ToBeFocusedAsync();
        await Expect(console.Log().Locator(".entry.text", new() { HasText = "needle" })).ToBeInViewportAsync();
    }

    [BrowserFact]
    public async Task A_place_that_was_gone_to_stays_in_view_though_more_is_said()
    {
        await using var stage = await AgentStage.StartAsync();
        await stage.BeginAsync("chat", "pair", prompt: "say the needle");
        foreach (var number in Enumerable.Range(1, 5))
            await stage.SendAsync("chat", "prompt", new { text = $"say line {number}" });
        await using var console = await ConsoleUnderTest.LogInAsync(browser, stage.Server, "#/?kind=agent");
        await console.Field("Find in logs").FillAsync("needle");
        await console.Page.Locator("ag-search li").First.GetByRole(AriaRole.Link).ClickAsync();
        var needle = console.Log().Locator(".entry.text", new() { HasText = "needle" });
        await Expect(needle).ToBeFocusedAsync();
        // So short a log that its beginning is near its end.
        var room = await console.Log().EvaluateAsync<int>("""
            async box => {
                const all = box.querySelectorAll(".entry")
                const height = all[all.length - 1].getBoundingClientRect().bottom - all[0].getBoundingClientRect().top
                Object.assign(box.style, { flex: "none", minHeight: 0, maxHeight: "none", height: `${height + 10}px` })
                box.scrollTop = 0
                await new Promise(requestAnimationFrame)
                box.scrollTop = 10
                await new Promise(requestAnimationFrame)
                await new Promise(requestAnimationFrame)
                return box.scrollHeight - box.clientHeight
            }
            """);
        room.ShouldBeInRange(10, 47);

        foreach (var number in Enumerable.Range(6, 20))
            await stage.SendAsync("chat", "prompt", new { text = $"say line {number}" });

        await Expect(console.Log().Locator(".entry.text").Last).ToContainTextAsync("line 25");
        await Expect(needle).ToBeInViewportAsync();

        // As who reads a screen aloud presses it: without a key or a pointer.
        await console.Button("More below").DispatchEventAsync("click");
        await Expect(console.Log().Locator(".entry.text").Last).ToBeInViewportAsync();
    }

    [BrowserFact]
    public async Task What_stands_in_a_terminal_is_found_by_the_keyboard_alone()
    {
        await using var stage = await AgentStage.StartAsync();
        await stage.BeginAsync("shell");
        await stage.WaitForAsync("shell", "idle");
        await stage.TypeAsync("shell", "echo needle-$((40+2))\n");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, stage.Server, "#/?kind=agent");

        await console.Field("Find in logs").FocusAsync();
        await console.Page.Keyboard.TypeAsync("needle-42");
        await Expect(console.Page.Locator("ag-search li mark")).ToHaveTextAsync("needle-42");
        await console.Page.Keyboard.PressAsync("Tab");
        await console.Page.Keyboard.PressAsync("Enter");

        await Expect(console.Screen()).ToContainTextAsync("needle-42");
    }

    [BrowserFact]
    public async Task An_agent_begins_with_a_profile_a_title_a_directory_and_a_prompt()
    {
        await using var stage = await AgentStage.StartAsync();
        await using var console = await ConsoleUnderTest.LogInAsync(browser, stage.Server, "#/new/agent");
        await console.Page.GetByRole(AriaRole.Radio, new() { Name = "shell" }).CheckAsync();
        await Expect(console.Field("First prompt")).Not.ToBeVisibleAsync();
        await console.Page.GetByRole(AriaRole.Radio, new() { Name = "pair" }).CheckAsync();
        await console.Field("Title").FillAsync("Of mine");
        await console.Field("Directory").FillAsync("../up");
        await console.Field("First prompt").FillAsync("say well begun");
        await console.Button("Create").ClickAsync();
        await Expect(console.Field("Directory")).ToBeFocusedAsync();
        await Expect(console.Main).ToContainTextAsync("'directory' must be a path below the profile's directory");

        await console.Field("Directory").FillAsync("");
        await console.Button("Create").ClickAsync();

        await Expect(console.Page.Locator("ag-head h2")).ToHaveTextAsync("Of mine");
        await Expect(console.Log().Locator(".entry.text")).ToHaveTextAsync("well begun");
    }
}
