using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>Agents in the browser: what is said and done, asked and answered.</summary>
[Collection(Lane.ThirdBrowser)]
public sealed class AgentChatPageTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task A_permission_is_asked_in_every_window_and_gone_when_one_has_answered()
    {
        await using var stage = await AgentStage.StartAsync();
        var id = await stage.BeginAsync("mine", "pair");
        await using var ada = await stage.LookAsync(browser, id);
        await using var bob = await stage.LookAsync(browser, id);
        await ada.AskAsync("ask rm -r build");
        await Expect(ada.Asks()).ToContainTextAsync("rm -r build");
        await Expect(bob.Asks()).ToContainTextAsync("rm -r build");
        await Expect(bob.Page.Locator("ag-head")).ToContainTextAsync("waiting");

        await bob.Asks().GetByRole(AriaRole.Button, new() { Name = "Allow", Exact = true }).ClickAsync();

        await Expect(ada.Asks()).ToHaveCountAsync(0);
        await Expect(bob.Asks()).ToHaveCountAsync(0);
        var by = await NameOfAsync(bob);
        await Expect(ada.Log()).ToContainTextAsync($"{by} answered: Allow.");
        await Expect(ada.Log()).ToContainTextAsync("once");
        await Expect(ada.Page.Locator("ag-head")).ToContainTextAsync("idle");
        (await NameOfAsync(ada)).ShouldNotBe(by);
    }

    [BrowserFact]
    public async Task What_is_not_allowed_is_told_to_the_agent_with_a_word()
    {
        await using var stage = await AgentStage.StartAsync();
        await using var console = await stage.LookAsync(browser, await stage.BeginAsync("mine", "pair"));
        await console.AskAsync("ask rm -r build");

        await console.Asks().GetByLabel("A word to the agent").FillAsync("Not that one.");
        await console.Asks().GetByRole(AriaRole.Button, new() { Name = "Deny" }).ClickAsync();

        await Expect(console.Log()).ToContainTextAsync("denied: Not that one.");
    }

    [BrowserFact]
    public async Task A_question_is_answered_by_choice_or_in_ones_own_words()
    {
        await using var stage = await AgentStage.StartAsync();
        await using var console = await stage.LookAsync(browser, await stage.BeginAsync("mine", "pair"));
        var answer = console.Asks().GetByRole(AriaRole.Button).First;
        await console.AskAsync("question Which colour?");
        await answer.ClickAsync();
        await Expect(console.Asks().GetByRole(AriaRole.Alert)).ToHaveTextAsync("There is no answer to: Which colour?");
        await console.Asks().GetByRole(AriaRole.Radio, new() { Name = "blue" }).CheckAsync();
        await answer.ClickAsync();
        await Expect(console.Log()).ToContainTextAsync("answered blue");

        await console.AskAsync("question Which colour now?");
        await console.Asks().GetByLabel("Or in your own words").FillAsync("a pale green");
        await answer.ClickAsync();
        await Expect(console.Log()).ToContainTextAsync("answered a pale green");
    }

    [BrowserFact]
    public async Task What_an_agent_writes_is_text_with_code_set_apart_and_never_markup()
    {
        const string hostile = "<img src=x onerror=\"window.owned=1\">";
        await using var stage = await AgentStage.StartAsync();
        var id = await stage.BeginAsync("mine", "pair", title: hostile);
        await using var console = await stage.LookAsync(browser, id);
        await console.AskAsync(
            $"say Look at `a < b` and {hostile}\n\n```html\n<script>window.owned=1</script>\n```\n\n**done**");

        await Expect(console.Log().Locator(".entry.text code").First).ToHaveTextAsync("a < b");
        await Expect(console.Log().Locator(".entry.text pre")).ToHaveTextAsync("<script>window.owned=1</script>");
        await Expect(console.Log().Locator(".entry.text")).ToContainTextAsync("**done**");
        await console.AskAsync($"tool {hostile}");
        await Expect(console.Log().Locator(".entry.tool")).ToContainTextAsync("done");
        await console.AskAsync($"think {hostile}");
        await Expect(console.Log().Locator(".entry.thought")).ToHaveCountAsync(1);
        await Expect(console.Page.Locator("ag-head")).ToContainTextAsync("idle");
        await console.Page.Locator("details").EvaluateAllAsync<int>("all => all.map(each => each.open = true).length");
        await Expect(console.Page.Locator("ag-head h2")).ToHaveTextAsync(hostile);

        (await console.Page.EvaluateAsync<bool>("window.owned === undefined")).ShouldBeTrue();
        (await console.Page.EvaluateAsync<int>("document.querySelectorAll('main img, main script').length"))
            .ShouldBe(0);
    }

    [BrowserFact]
    public async Task Thoughts_and_tools_are_folded_and_tell_what_they_hold()
    {
        await using var stage = await AgentStage.StartAsync();
        await using var console = await stage.LookAsync(browser, await stage.BeginAsync("mine", "pair"));
        await console.AskAsync("think it over");
        await console.AskAsync("tool make all");

        var tool = console.Log().Locator(".entry.tool");
        await Expect(tool).ToContainTextAsync("done");
        await Expect(tool.GetByText("ran make all")).Not.ToBeVisibleAsync();
        await tool.Locator("summary").PressAsync("Enter");
        await Expect(tool.GetByText("ran make all")).ToBeVisibleAsync();
        var thought = console.Log().Locator(".entry.thought");
        await Expect(thought.GetByText("Hm, it over")).Not.ToBeVisibleAsync();
        await thought.Locator("summary").ClickAsync();
        await Expect(thought.GetByText("Hm, it over")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_plan_is_shown_with_how_far_it_is()
    {
        await using var stage = await AgentStage.StartAsync();
        await using var console = await stage.LookAsync(browser, await stage.BeginAsync("mine", "peer"));
        await console.AskAsync("plan Tidy up the tests");

        await Expect(console.Log().GetByRole(AriaRole.Region, new() { Name = "The plan" }))
            .ToContainTextAsync("○ Tidy up the tests");
    }

    [BrowserFact]
    public async Task What_waits_is_listed_and_taken_back_and_a_turn_is_interrupted()
    {
        await using var stage = await AgentStage.StartAsync();
        await using var console = await stage.LookAsync(browser, await stage.BeginAsync("mine", "pair"));
        var queue = console.Page.Locator("ag-queue");
        await console.AskAsync("wait for me");
        await Expect(console.Log()).ToContainTextAsync("waiting");
        await console.AskAsync("say first");
        await console.AskAsync("say second");
        await Expect(queue.GetByRole(AriaRole.Heading)).ToHaveTextAsync("2 prompts wait");

        await console.Button("Withdraw: say first").ClickAsync();
        await Expect(queue.GetByRole(AriaRole.Heading)).ToHaveTextAsync("1 prompt waits");
        await Expect(console.Log().Locator(".entry.prompt").Nth(1)).ToContainTextAsync("taken back");
        await console.Button("Interrupt").ClickAsync();

        await Expect(console.Log()).ToContainTextAsync("The turn was interrupted.");
        await Expect(console.Log().Locator(".entry.text").Last).ToHaveTextAsync("second");
        await Expect(queue.GetByRole(AriaRole.Heading)).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task Work_that_was_cut_off_says_so_and_is_run_again_from_here()
    {
        await using var stage = await AgentStage.StartAsync();
        await using var console = await stage.LookAsync(browser, await stage.BeginAsync("mine", "pair"));
        await console.AskAsync("crash now");

        await Expect(console.Page.Locator("ag-head")).ToContainTextAsync("interrupted");
        await Expect(console.Log().Locator(".entry.cut")).ToContainTextAsync("Cut off at");
        await Expect(console.Log().Locator(".entry.cut")).ToContainTextAsync("1 prompt may be done in part");
        await Expect(console.Log()).ToContainTextAsync("half a sen");
        await Expect(console.Log()).ToContainTextAsync("It was cut off here.");
        await Expect(console.Page.Locator("ag-chat > .notice")).ToContainTextAsync("nothing is done again by itself");
        await Expect(console.Page.Locator("ag-queue")).ToContainTextAsync("cut off; it may be done in part");

        await console.Button("Run again: crash now").ClickAsync();
        await Expect(console.Log().Locator(".entry.cut")).ToHaveCountAsync(2);
        await console.Button("Withdraw: crash now").ClickAsync();
        await Expect(console.Page.Locator("ag-queue section")).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task Loaded_anew_everything_is_there_also_what_is_not_sent_yet()
    {
        await using var stage = await AgentStage.StartAsync();
        await using var console = await stage.LookAsync(browser, await stage.BeginAsync("mine", "pair"));
        await console.AskAsync("say something to keep");
        await Expect(console.Log().Locator(".entry.text")).ToHaveTextAsync("something to keep");
        await console.AskAsync("ask rm -r build");
        await Expect(console.Asks()).ToHaveCountAsync(1);
        await console.Prompt().FillAsync("Not sent yet");
        var name = await NameOfAsync(console);

        await console.Page.ReloadAsync();

        await Expect(console.Log().Locator(".entry.text")).ToHaveTextAsync("something to keep");
        await Expect(console.Asks()).ToContainTextAsync("rm -r build");
        await Expect(console.Prompt()).ToHaveValueAsync("Not sent yet");
        (await NameOfAsync(console)).ShouldBe(name);
    }

    [BrowserFact]
    public async Task Older_events_are_left_out_with_a_word_and_are_loaded_on_demand()
    {
        await using var stage = await AgentStage.StartAsync();
        var id = await stage.BeginAsync("mine", "pair", prompt: "say the very first");
        await stage.WaitForTurnAsync(id);
        for (var i = 1; i <= 600; i++)
            await stage.SendAsync(id, "rename", new { title = $"Title {i}" });

        await using var console = await stage.LookAsync(browser, id);
        await Expect(console.Page.Locator("ag-head h2")).ToHaveTextAsync("Title 600");
        await Expect(console.Log()).ToContainTextAsync("events before these are left out.");
        await Expect(console.Log()).Not.ToContainTextAsync("the very first");
        await console.Button("Load older").ClickAsync();

        await Expect(console.Log().Locator(".entry.text").First).ToHaveTextAsync("the very first");
        await Expect(console.Log()).Not.ToContainTextAsync("are left out.");
    }

    [BrowserFact]
    public async Task A_session_is_renamed_hibernated_woken_forked_and_stopped()
    {
        await using var stage = await AgentStage.StartAsync();
        await using var console = await stage.LookAsync(browser, await stage.BeginAsync("mine", "pair"));
        var head = console.Page.Locator("ag-head");
        await console.AskAsync("say hello");
        await Expect(console.Log().Locator(".entry.text")).ToHaveTextAsync("hello");
        await console.Button("Rename").ClickAsync();
        await console.Field("What it is called").FillAsync("Of the tests");
        await console.Field("What it is called").PressAsync("Enter");
        await Expect(head.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Of the tests");
        await Expect(console.Button("Rename")).ToBeFocusedAsync();

        await console.Button("Hibernate").ClickAsync();
        await Expect(head).ToContainTextAsync("hibernated");
        await console.AskAsync("history");
        await Expect(console.Log().Locator(".entry.text").Last).ToHaveTextAsync("say hello");
        await console.Button("Fork").ClickAsync();
        await Expect(console.Heading).Not.ToHaveTextAsync("mine");
        await Expect(head.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Of the tests");
        await console.AskAsync("history");
        await Expect(console.Log().Locator(".entry.text").Last).ToContainTextAsync("say hello");
        await console.Button("Stop").ClickAsync();
        await Expect(head).ToContainTextAsync("ended");
        await Expect(console.Prompt()).ToBeDisabledAsync();
        await console.Button("Resume").ClickAsync();
        await Expect(console.Prompt()).ToBeEnabledAsync();
    }

    [BrowserFact]
    public async Task Who_looks_elsewhere_is_told_when_it_waits_if_they_asked_for_that()
    {
        await using var stage = await AgentStage.StartAsync();
        await using var console = await ConsoleUnderTest.LogInAsync(browser, stage.Server);
        await console.Page.Context.GrantPermissionsAsync(["notifications"]);
        await console.Page.AddInitScriptAsync(
            """
            window.told = []
            const Real = window.Notification
            window.Notification = class extends Real {
                constructor(title, options) {
                    super(title, options)
                    window.told.push(`${title}: ${options.body}`)
                }
            }
            """);
        await console.Page.ReloadAsync();
        await console.GoAsync($"#/session/agent/{await stage.BeginAsync("mine", "pair", title: "Mine")}");
        await console.AskAsync("say hello");
        await Expect(console.Log().Locator(".entry.text")).ToHaveTextAsync("hello");
        await console.Page.EvaluateAsync(
            "Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })");
        await stage.SendAsync("mine", "prompt", new { text = "say not asked for" });
        await Expect(console.Log()).ToContainTextAsync("not asked for");
        await Expect(console.Page).ToHaveTitleAsync("(done) Mine – Sojourn");
        (await console.Page.EvaluateAsync<string[]>("window.told")).ShouldBeEmpty();

        await console.Button("Notify me").ClickAsync();
        await Expect(console.Button("Notify me")).ToHaveAttributeAsync("aria-pressed", "true");
        await stage.SendAsync("mine", "prompt", new { text = "ask rm -r build" });
        await Expect(console.Page).ToHaveTitleAsync("(waits) Mine – Sojourn");
        (await console.Page.EvaluateAsync<string[]>("window.told")).ShouldHaveSingleItem()
            .ShouldStartWith("Mine waits for you: ");

        await console.Page.EvaluateAsync(
            "delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))");
        await Expect(console.Page).ToHaveTitleAsync("● Mine – Sojourn");
    }

    [BrowserFact]
    public async Task A_server_that_is_killed_in_a_turn_tells_afterwards_what_was_cut()
    {
        using var memory = new ScratchDirectory();
        await using var server = await KillableServer.StartWithAsync(AgentStage.Configuration(memory.Path));
        var session = await server.Client.CreateAsync("agent", new { profile = "pair", prompt = "wait for me" });
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, $"#/session/agent/{session.Id}");
        await Expect(console.Log().Locator(".entry.text")).ToHaveTextAsync("waiting");

        await server.KillAsync();
        await Expect(console.Page.Locator("sj-banner")).ToContainTextAsync("Reconnecting.");
        await server.StartAgainAsync();

        await Expect(console.Page.Locator("sj-banner")).ToContainTextAsync("Back again. Caught up:");
        await Expect(console.Log().Locator(".entry.cut")).ToContainTextAsync("Cut off at");
        await Expect(console.Page.Locator("ag-queue")).ToContainTextAsync("wait for me");
        await Expect(console.Page.Locator("ag-queue")).ToContainTextAsync("cut off; it may be done in part");
        await console.AskAsync("say and it goes on");
        await Expect(console.Log().Locator(".entry.text").Last).ToHaveTextAsync("and it goes on");
    }

    private static Task<string> NameOfAsync(ConsoleUnderTest console) =>
        console.Page.EvaluateAsync<string>("document.querySelector('ag-chat').client");
}
