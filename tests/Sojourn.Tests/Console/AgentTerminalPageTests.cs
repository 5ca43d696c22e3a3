using System.Text;
using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>Terminals in the browser: a real shell, and windows on it.</summary>
[Collection(Lane.ThirdBrowser)]
public sealed class AgentTerminalPageTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task Two_windows_on_a_shell_see_the_same_and_what_is_typed_in_either()
    {
        await using var stage = await AgentStage.StartAsync();
        var id = await stage.BeginAsync("mine");
        await using var ada = await stage.LookAsync(browser, id);
        await ada.ReadyAsync();
        await ada.TypeAsync("echo from-ada-$((6*7))\n");
        await Expect(ada.Screen()).ToContainTextAsync("from-ada-42");

        await using var bob = await stage.LookAsync(browser, id);
        await Expect(bob.Screen()).ToContainTextAsync("from-ada-42");
        await bob.TypeAsync("echo from-bob-$((7*7))\n");

        await Expect(ada.Screen()).ToContainTextAsync("from-bob-49");
        await Expect(bob.Screen()).ToContainTextAsync("from-bob-49");
        (await TextAsync(bob)).ShouldBe(await TextAsync(ada));
    }

    [BrowserFact]
    public async Task Loaded_anew_or_come_back_to_a_terminal_is_as_it_was_left()
    {
        await using var stage = await AgentStage.StartAsync();
        await stage.BeginAsync("first", title: "The first");
        await stage.BeginAsync("second", title: "The second");
        await using var console = await stage.LookAsync(browser, "first");
        await console.ReadyAsync();
        await console.TypeAsync("MARK=kept; seq 1 5; cat\n");
        await console.TypeAsync("a line\n");
        await Expect(console.Screen()).ToContainTextAsync("a linea line");
        var before = await TextAsync(console);

        await console.Page.ReloadAsync();
        await Expect(console.Screen()).ToContainTextAsync("a linea line");
        (await TextAsync(console)).ShouldBe(before);

        // To another and back; each has what is its own.
        await console.Page.GetByRole(AriaRole.Navigation, new() { Name = "Agents" })
            .GetByRole(AriaRole.Link, new() { Name = "The second" }).ClickAsync();
        await Expect(console.Heading).ToHaveTextAsync("second");
        await console.ReadyAsync();
        await Expect(console.Screen()).Not.ToContainTextAsync("a line");
        await console.Page.GoBackAsync();
        await Expect(console.Screen()).ToContainTextAsync("a linea line");
        await console.Page.Locator(".xterm-helper-textarea").FocusAsync();
        await console.Page.Keyboard.PressAsync("Control+c");
        await console.TypeAsync("echo $MARK-still\n");
        await Expect(console.Screen()).ToContainTextAsync("kept-still");
    }

    [BrowserFact]
    public async Task Colours_and_screens_are_drawn_without_a_style_that_the_policy_forbids()
    {
        await using var stage = await AgentStage.StartAsync();
        var id = await stage.BeginAsync("mine");
        await using var console = await stage.LookAsync(browser, id);
        await console.ReadyAsync();

        await console.TypeAsync(
            "clear; printf '\\e[31mRED\\e[0m \\e[38;2;120;20;200mTRUE\\e[0m \\e[7mTURNED\\e[0m\\n'\n");

        await Expect(ColouredAsync("RED")).ToHaveCSSAsync("color", "rgb(180, 35, 35)");
        await Expect(ColouredAsync("TRUE")).ToHaveCSSAsync("color", "rgb(120, 20, 200)");
        await Expect(ColouredAsync("TURNED")).ToHaveCSSAsync("background-color", "rgb(22, 25, 28)");
        (await console.Page.EvaluateAsync<int>("document.querySelectorAll('style').length")).ShouldBe(0);
        // That the policy was not violated, the console's end asserts; that this would be seen, is seen here.
        await console.Page.EvaluateAsync(
            "document.body.append(Object.assign(document.createElement('style'), { textContent: 'p {}' }))");
        await console.Page.EvaluateAsync("new Promise(requestAnimationFrame)");
        console.ForgetComplaints().ShouldHaveSingleItem().ShouldContain("style-src");

        // A program that takes the whole screen leaves it as it was.
        await console.TypeAsync("seq 1 500 | less\n");
        await Expect(console.Screen()).Not.ToContainTextAsync("RED");
        await console.Page.Keyboard.PressAsync("q");
        await Expect(ColouredAsync("RED")).ToBeVisibleAsync();

        ILocator ColouredAsync(string text) => console.Screen().GetByText(text, new() { Exact = true }).Last;
    }

    [BrowserFact]
    public async Task One_window_decides_the_size_until_another_takes_it_over()
    {
        await using var stage = await AgentStage.StartAsync();
        var id = await stage.BeginAsync("mine");
        await using var wide = await stage.LookAsync(browser, id);
        await wide.ReadyAsync();
        await Expect(wide.Page.Locator("ag-terminal")).Not.ToContainTextAsync("80 × 24");
        var size = await SizeAsync(wide);
        await wide.TypeAsync("stty size\n");
        await Expect(wide.Screen()).ToContainTextAsync($"{size.Rows} {size.Columns}");

        await using var phone = await stage.LookAsync(browser, id, width: 375);
        await phone.ReadyAsync();
        await Expect(phone.Page.Locator("ag-terminal")).ToContainTextAsync("decides the size");
        (await SizeAsync(phone)).ShouldBe(size);
        await phone.Button("Take over the size").ClickAsync();

        await Expect(wide.Page.Locator("ag-terminal")).ToContainTextAsync("decides the size");
        await Expect(phone.Page.Locator("ag-terminal")).Not.ToContainTextAsync("decides the size");
        var narrow = await SizeAsync(phone);
        narrow.Columns.ShouldBeLessThan(size.Columns);
        (await SizeAsync(wide)).ShouldBe(narrow);
        await phone.TypeAsync("clear; stty size\n");
        await Expect(wide.Screen()).ToContainTextAsync($"{narrow.Rows} {narrow.Columns}");
        (await phone.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(375);

        // Gone, it decides no more, and whoever is left does.
        await phone.Page.GotoAsync("about:blank");
        await Expect(wide.Page.Locator("ag-terminal")).Not.ToContainTextAsync("decides the size");
        await Expect(wide.Page.Locator("#terminal-says")).ToContainTextAsync($"{size.Columns} × {size.Rows}");
    }

    [BrowserFact]
    public async Task What_was_typed_as_the_connection_broke_is_typed_once()
    {
        await using var stage = await AgentStage.StartAsync();
        var id = await stage.BeginAsync("mine");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, stage.Server);
        IWebSocketRoute? first = null;
        var (connections, isBreaking) = (0, false);
        await console.Page.RouteWebSocketAsync("**/attach*", page =>
        {
            var isFirst = Interlocked.Increment(ref connections) == 1;
            if (isFirst)
                first = page;
            var server = page.ConnectToServer();
            page.OnMessage(frame => Pass(frame, server));
            server.OnMessage(frame =>
            {
                // The server has typed it; that it has never arrives.
                if (isFirst && Volatile.Read(ref isBreaking))
                    _ = page.CloseAsync(new() { Code = 4000 });
                else
                    Pass(frame, page);
            });
        });
        await console.GoAsync($"#/session/agent/{id}");
        await console.ReadyAsync();
        Volatile.Write(ref isBreaking, true);

        await console.TypeAsync("echo once\n");

        await Expect(console.Screen()).ToContainTextAsync("ready> echo onceonceready>");
        connections.ShouldBeGreaterThan(1);
        first.ShouldNotBeNull();
        var drawn = (await stage.Server.SendAsync("GET", $"/v1/agent/{id}/screen"))["text"].GetString()!;
        drawn.Split("once").Length.ShouldBe(3, drawn);
    }

    [BrowserFact]
    public async Task A_server_that_is_killed_and_comes_back_is_told_and_the_shell_is_resumed_from_here()
    {
        using var memory = new ScratchDirectory();
        await using var server = await KillableServer.StartWithAsync(AgentStage.Configuration(memory.Path));
        var session = await server.Client.CreateAsync("agent", new { profile = "shell" });
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, $"#/session/agent/{session.Id}");
        await console.ReadyAsync();
        await console.TypeAsync("echo be$((1))fore; sleep 1000\n");
        await Expect(console.Screen()).ToContainTextAsync("be1fore");

        await server.KillAsync();
        await Expect(console.Page.Locator("sj-banner")).ToContainTextAsync("Reconnecting.");
        await server.StartAgainAsync();

        await Expect(console.Page.Locator("sj-banner")).ToContainTextAsync("Back again. Caught up:");
        await Expect(console.Page.Locator("ag-terminal")).ToContainTextAsync("Read only: its program does not run.");
        await Expect(console.Screen()).ToContainTextAsync("be1fore");
        await console.Button("Resume").ClickAsync();
        await Expect(console.Page.Locator("ag-terminal")).Not.ToContainTextAsync("Read only");
        await console.TypeAsync("echo af$((2))ter\n");
        await Expect(console.Screen()).ToContainTextAsync("af2ter");
    }

    [BrowserFact]
    public async Task The_row_of_keys_has_what_telephones_lack()
    {
        await using var stage = await AgentStage.StartAsync();
        var id = await stage.BeginAsync("mine");
        await using var console = await stage.LookAsync(browser, id, width: 375);
        await console.ReadyAsync();
        await console.TypeAsync("cat -v\n");

        await console.Button("Esc").ClickAsync();
        await console.Page.Keyboard.TypeAsync("x\n");
        await Expect(console.Screen()).ToContainTextAsync("^[x");
        await console.Button("Ctrl").ClickAsync();
        await console.Page.Keyboard.TypeAsync("c");
        await Expect(console.Screen()).ToContainTextAsync("^Cready>");
        await console.TypeAsync("echo ag$((3))ain\n");
        await Expect(console.Screen()).ToContainTextAsync("ag3ain");
        await console.Button("Up").ClickAsync();
        await console.Page.Keyboard.PressAsync("Enter");
        await Expect(console.Screen()).ToContainTextAsync("ag3ainready> echo ag$((3))ainag3ain");
    }

    [BrowserFact]
    public async Task Keys_alone_begin_a_shell_type_leave_it_and_stop_it()
    {
        await using var stage = await AgentStage.StartAsync();
        await using var console = await ConsoleUnderTest.LogInAsync(browser, stage.Server, "#/new/agent");
        var keys = console.Page.Keyboard;
        await Expect(console.Page.GetByRole(AriaRole.Radio, new() { Name = "shell" })).ToBeVisibleAsync();
        await TabToAsync(console, console.Page.GetByRole(AriaRole.Radio, new() { Checked = true }));
        // From the first to the last.
        await keys.PressAsync("ArrowUp");
        await Expect(console.Page.GetByRole(AriaRole.Radio, new() { Name = "shell" })).ToBeCheckedAsync();
        await TabToAsync(console, console.Field("Title"));
        await keys.TypeAsync("By keys");
        await keys.PressAsync("Enter");

        await Expect(console.Page.Locator("ag-head h2")).ToHaveTextAsync("By keys");
        await console.ReadyAsync();
        await TabToAsync(console, console.Page.Locator(".xterm-helper-textarea"));
        await keys.TypeAsync("echo ty$((4))ped\n");
        await Expect(console.Screen()).ToContainTextAsync("ty4ped");
        // Tab is the program's.
        await keys.TypeAsync("cd /usr/loc\t");
        await Expect(console.Screen()).ToContainTextAsync("/usr/local/");
        await keys.PressAsync("Control+F6");
        await Expect(console.Button("Esc")).ToBeFocusedAsync();
        await keys.PressAsync("Shift+Tab");
        await keys.PressAsync("Control+Shift+F6");
        await Expect(console.Button("Read aloud")).ToBeFocusedAsync();
        for (var i = 0; i < 30 && !await IsFocusedAsync(console.Button("Stop")); i++)
            await keys.PressAsync("Shift+Tab");
        await keys.PressAsync("Enter");
        await Expect(console.Page.Locator("ag-head")).ToContainTextAsync("ended");
    }

    /// <summary>Each frame is there as text and as bytes; only those of text begin with a brace.</summary>
    private static void Pass(IWebSocketFrame frame, IWebSocketRoute to)
    {
        if (frame.Binary is { } bytes && (bytes.Length == 0 || bytes[0] != (byte)'{'))
            to.Send(bytes);
        else
            to.Send(frame.Text!);
    }

    private static async Task TabToAsync(ConsoleUnderTest console, ILocator target)
    {
        await Expect(target).ToBeAttachedAsync();
        for (var i = 0; i < 60 && !await IsFocusedAsync(target); i++)
            await console.Page.Keyboard.PressAsync("Tab");
        await Expect(target).ToBeFocusedAsync();
    }

    private static Task<bool> IsFocusedAsync(ILocator target) =>
        target.EvaluateAsync<bool>("element => element === document.activeElement");

    /// <summary>All rows as they are shown, with what is empty at their ends taken away.</summary>
    private static async Task<string> TextAsync(ConsoleUnderTest console)
    {
        var rows = await console.Screen().Locator("> div").AllTextContentsAsync();
        return string.Join('\n', rows.Select(row => row.Replace('\u00A0', ' ').TrimEnd())).TrimEnd();
    }

    private static async Task<(int Columns, int Rows)> SizeAsync(ConsoleUnderTest console)
    {
        var told = (await console.Page.Locator("#terminal-says").InnerTextAsync()).Split('.')[0].Split(" × ");
        return (int.Parse(told[0]), int.Parse(told[1]));
    }
}
