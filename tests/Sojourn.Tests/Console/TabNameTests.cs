using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>What a tab calls itself, and the numbers of what is typed in it.</summary>
[Collection(Lane.ThirdBrowser)]
public sealed class TabNameTests(Browser browser) : IClassFixture<Browser>
{
    private const string Name =
        """
        new Promise((resolve) => {
            const look = () => {
                const name = document.querySelector("ag-chat")?.client
                name ? resolve(name) : setTimeout(look, 10)
            }
            look()
        })
        """;

    [BrowserFact]
    public Task A_duplicated_tab_has_another_name_and_one_that_is_loaded_anew_its_own() =>
        DuplicateAsync(hasLocks: true);

    [BrowserFact]
    public Task So_it_is_over_plain_http_from_another_machine_where_browsers_have_no_locks() =>
        DuplicateAsync(hasLocks: false);

    [BrowserFact]
    public async Task What_is_typed_arrives_also_when_the_clock_was_set_back_before_the_page_was_loaded_anew()
    {
        await using var stage = await AgentStage.StartAsync();
        await using var console = await stage.LookAsync(browser, await stage.BeginAsync("mine"));
        await console.ReadyAsync();
        await console.TypeAsync("echo before-$((6*7))\n");
        await Expect(console.Screen()).ToContainTextAsync("before-42");

        await console.Page.AddInitScriptAsync("const now = Date.now; Date.now = () => now() - 3600 * 1000");
        await console.Page.ReloadAsync();
        await Expect(console.Screen()).ToContainTextAsync("before-42");
        await console.TypeAsync("echo after-$((7*7))\n");

        await Expect(console.Screen()).ToContainTextAsync("after-49");
    }

    private async Task DuplicateAsync(bool hasLocks)
    {
        await using var stage = await AgentStage.StartAsync();
        await using var console = await stage.LookAsync(browser, await stage.BeginAsync("mine", "pair"));
        if (!hasLocks)
            await console.Page.Context.AddInitScriptAsync(
                "Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined })");
        await console.Page.ReloadAsync();
        var name = await NameOfAsync(console.Page);

        // It begins with a copy of what the tab has stored.
        var copy = await console.Page.RunAndWaitForPopupAsync(
            () => console.Page.EvaluateAsync("void window.open(location.href)"));
        (await NameOfAsync(copy)).ShouldNotBe(name);
        await console.Page.ReloadAsync();
        (await NameOfAsync(console.Page)).ShouldBe(name);
        await copy.CloseAsync();
    }

    private static async Task<string> NameOfAsync(IPage page)
    {
        await Expect(page.Locator("ag-head")).ToBeVisibleAsync();
        return await page.EvaluateAsync<string>(Name);
    }
}
