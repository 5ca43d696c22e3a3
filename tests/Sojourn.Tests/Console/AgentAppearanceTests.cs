using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>The pages of agents for everybody, on a desk and on a telephone, with pictures to look at.</summary>
[Collection(Lane.SecondBrowser)]
public sealed class AgentAppearanceTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly (string Name, Func<ConsoleUnderTest, Task> ShowAsync)[] Pieces =
    [
        ("agent-list", ShowListAsync),
        ("agent-search", ShowSearchAsync),
        ("agent-new", console => ShowAsync(console, "#/new/agent", console.Field("First prompt"))),
        ("agent-chat", ShowChatAsync),
        ("agent-asks", ShowAsksAsync),
        ("agent-question", console => ShowAsync(console, "#/session/agent/question", console.Asks())),
        ("agent-cut", console => ShowAsync(console, "#/session/agent/cut", console.Page.Locator("ag-queue li"))),
        ("agent-terminal", ShowTerminalAsync),
        ("agent-ended", console => ShowAsync(console, "#/session/agent/ended", console.Screen().GetByText("exit"))),
    ];

    [AxeFact]
    public async Task Every_page_fits_its_width_and_pleases_axe_in_light_and_dark()
    {
        await using var stage = await OpenAsync();
        var axe = await File.ReadAllTextAsync(AxeFactAttribute.Script);
        var found = new List<string>();
        Directory.CreateDirectory(ScreenshotTests.Folder);
        foreach (var (name, showAsync) in Pieces)
        {
            await using (var desk = await ConsoleUnderTest.LogInAsync(
                browser, stage.Server, "#/", ScreenshotTests.Desk))
            {
                await showAsync(desk);
                await ScreenshotTests.KeepAsync(desk, name, "light", ScreenshotTests.Desk);
                await desk.Page.EmulateMediaAsync(
                    new() { ColorScheme = ColorScheme.Dark, ReducedMotion = ReducedMotion.Reduce });
                await ScreenshotTests.KeepAsync(desk, name, "dark", ScreenshotTests.Desk);
                found.AddRange(await AccessibilityTests.JudgeBothAsync(desk, axe, name));
            }

            await using var phone = await ConsoleUnderTest.LogInAsync(
                browser, stage.Server, "#/", ScreenshotTests.Phone);
            await showAsync(phone);
            await ScreenshotTests.KeepAsync(phone, name, "phone", ScreenshotTests.Phone);
        }

        found.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Nothing_moves_while_an_agent_writes()
    {
        await using var stage = await AgentStage.StartAsync();
        await using var console = await stage.LookAsync(browser, await stage.BeginAsync("mine", "pair"));
        await console.AskAsync("say hello");
        await Expect(console.Log().Locator(".entry.text")).ToHaveTextAsync("hello");
        await console.Page.Mouse.MoveAsync(1, 1);
        var places = await PlacesAsync();

        await stage.SendAsync("mine", "prompt", new { text = "flood 400" });
        await Expect(console.Log().Locator(".entry.text").Last).ToHaveTextAsync("flooded");

        (await PlacesAsync()).ShouldBe(places);

        // What is around the log, which itself scrolls.
        Task<string> PlacesAsync() => console.Page.EvaluateAsync<string>(
            """
            () => JSON.stringify(["ag-list", "ag-head", ".chat-log", "ag-composer", ".general"].map(each => {
                const { x, y, width, height } = document.querySelector(each).getBoundingClientRect()
                return [each, x, y, width, height]
            }))
            """);
    }

    private static async Task<AgentStage> OpenAsync()
    {
        var stage = await AgentStage.StartAsync();
        await stage.BeginAsync("chat", "pair", "Tidy up the tests", "think about which tests are slow");
        await stage.WaitForAsync("chat", "idle");
        foreach (var text in (string[])
        [
            "tool dotnet test --filter Slow",
            "say Two of them wait on the wall clock. `ClockTests` could use the manual clock:\n\n```csharp\n"
                + "var clock = new ManualClock();\n"
                + "clock.Advance(TimeSpan.FromMinutes(5));\n```\n\nShall I change both?",
            "fail The account has no credit.",
        ])
        {
            await stage.SendAsync("chat", "prompt", new { text, by = "Ada" });
            await stage.WaitForAsync("chat", "idle");
        }

        await stage.BeginAsync("asks", "pair", "Release 1.2", "ask rm -r build && ./build.sh pack");
        await stage.SendAsync("asks", "prompt", new { text = "say Then tag it, and write the notes." });
        await stage.WaitForAsync("asks", "waiting");
        await stage.BeginAsync("question", "pair", null, "question Which database is it to use?");
        await stage.WaitForAsync("question", "waiting");
        await stage.BeginAsync("cut", "pair", "Long work", "crash in the middle of it");
        await stage.WaitForAsync("cut", "interrupted");
        await stage.BeginAsync("terminal", title: "A shell");
        await stage.WaitForAsync("terminal", "idle");
        await stage.TypeAsync("terminal",
            "clear; for i in 1 2 3 4 5 6; do "
            + "printf '\\e[3%dmcolour %d\\e[0m \\e[1;9%dmbright\\e[0m\\n' $i $i $i; done; ls --color=always -C /\n");
        await stage.BeginAsync("ended");
        await stage.WaitForAsync("ended", "idle");
        await stage.TypeAsync("ended", "exit 3\n");
        await stage.WaitForAsync("ended", "ended");
        return stage;
    }

    private static async Task ShowAsync(ConsoleUnderTest console, string hash, ILocator shown)
    {
        await console.GoAsync(hash);
        await Expect(shown.First).ToBeVisibleAsync();
    }

    private static async Task ShowListAsync(ConsoleUnderTest console)
    {
        await ShowAsync(console, "#/?kind=agent", console.Row("terminal"));
        await Expect(console.Page.Locator("ag-list .badge")).ToHaveTextAsync("2 wait");
        await Expect(console.Page.Locator("ag-list")).ToContainTextAsync("A shell");
        await Expect(console.Page.Locator("sj-vitals")).ToContainTextAsync("Durable lag");
    }

    private static async Task ShowSearchAsync(ConsoleUnderTest console)
    {
        await ShowAsync(console, "#/?kind=agent", console.Row("terminal"));
        await console.Field("Find in logs").FillAsync("clock");
        await Expect(console.Page.Locator("ag-search mark").First).ToHaveTextAsync("clock");
    }

    private static async Task ShowChatAsync(ConsoleUnderTest console)
    {
        await ShowAsync(console, "#/session/agent/chat", console.Log().GetByText("no credit").First);
        await console.Log().Locator(".entry.tool summary").First.ClickAsync();
    }

    private static async Task ShowAsksAsync(ConsoleUnderTest console)
    {
        await ShowAsync(console, "#/session/agent/asks", console.Asks());
        await Expect(console.Page.Locator("ag-queue li")).ToHaveCountAsync(1);
    }

    private static async Task ShowTerminalAsync(ConsoleUnderTest console)
    {
        await ShowAsync(console, "#/session/agent/terminal", console.Screen().GetByText("colour 6"));
        await Expect(console.Page.Locator("ag-terminal")).Not.ToContainTextAsync("decides the size");
    }
}
