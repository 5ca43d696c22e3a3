using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Generation;
using Sojourn.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>Somebody without a mouse.</summary>
[Collection(Lane.SecondBrowser)]
public sealed class KeyboardTests(Browser browser) : IClassFixture<Browser>
{
    private const int MostTabs = 80;

    [BrowserFact]
    public async Task Keys_alone_create_watch_and_remove_a_session()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        var keys = console.Page.Keyboard;

        await keys.PressAsync("n");
        await Expect(console.Heading).ToHaveTextAsync("New counter");
        await Expect(console.Heading).ToBeFocusedAsync();
        await TabToAsync(console, console.Field("from"));
        await keys.TypeAsync("5");
        await TabToAsync(console, console.Button("Create"));
        await keys.PressAsync("Enter");
        await Expect(console.Heading).ToContainTextAsync("counter-");
        await Expect(console.Heading).ToBeFocusedAsync();
        await Expect(console.Page.Locator("sj-tree")).ToContainTextAsync("total5");

        var increment = console.Command("increment");
        await TabToAsync(console, increment.GetByRole(AriaRole.Button, new() { Name = "increment", Exact = true }));
        await keys.PressAsync("Space");
        await Expect(increment.GetByLabel("by")).ToBeFocusedAsync();
        await keys.TypeAsync("3");
        await keys.PressAsync("Enter");
        await Expect(console.Page.Locator("sj-tree")).ToContainTextAsync("total8");

        await console.Heading.FocusAsync();
        await TabToAsync(console, console.Button("Remove"));
        await keys.PressAsync("Enter");
        await Expect(console.Button("Keep")).ToBeFocusedAsync();
        await keys.PressAsync("Tab");
        await keys.PressAsync("Enter");
        await Expect(console.Heading).ToHaveTextAsync("Sessions");
        await Expect(console.Heading).ToBeFocusedAsync();
        await Expect(console.Main).ToContainTextAsync("No sessions yet");
    }

    [BrowserFact]
    public async Task Keys_alone_create_watch_and_cancel_a_generation()
    {
        var held = new HeldGenerator(heldScene: 2);
        await using var server = await Stage.StartAsync(held);
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        var keys = console.Page.Keyboard;

        await TabToAsync(console, console.Link("New generation"));
        await keys.PressAsync("Enter");
        await Expect(console.Heading).ToHaveTextAsync("New generation");
        await Expect(console.Heading).ToBeFocusedAsync();
        await TabToAsync(console, console.Field("Story"));
        await keys.InsertTextAsync(Samples.Lighthouse);
        await TabToAsync(console, console.Page.GetByRole(AriaRole.Radio, new() { Name = "cinematic" }));
        await keys.PressAsync("ArrowDown");
        await TabToAsync(console, console.Field("Scenes"));
        await keys.TypeAsync("3");
        await keys.PressAsync("Enter");

        await Expect(console.Heading).ToContainTextAsync("generation-");
        await Expect(console.Heading).ToBeFocusedAsync();
        await Expect(console.Main).ToContainTextAsync("cartoon, 3 scenes");
        await Expect(console.Main).ToContainTextAsync("Writing scene 2 of 3");
        await console.PicturesAsync(1);
        await TabToAsync(console, console.Button("Cancel"));
        await keys.PressAsync("Enter");
        await Expect(console.Main).ToContainTextAsync("It was cancelled. 1 finished scene of 3 is kept.");
        await held.Cancelled();

        // Whoever pressed the button that has gone is not thrown back to the page's beginning, and finds the one that
        // came.
        await keys.PressAsync("Tab");
        await Expect(console.Link("Download ZIP")).ToBeFocusedAsync();
        await keys.PressAsync("Tab");
        await keys.PressAsync("Tab");
        await Expect(console.Button("Retry")).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task Single_keys_go_places_but_not_while_somebody_types()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.CreateAsync("n-one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        var keys = console.Page.Keyboard;

        await keys.PressAsync("?");
        await Expect(console.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" })).ToBeVisibleAsync();
        await keys.PressAsync("Escape");
        await Expect(console.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);

        await keys.PressAsync("/");
        await Expect(console.Page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        await keys.TypeAsync("no/?");
        await Expect(console.Page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("no/?");
        await Expect(console.Main).ToContainTextAsync("Nothing fits");
        await Expect(console.Page).ToHaveURLAsync(new Uri(server.Url, "/console/#/?text=no%2F%3F").AbsoluteUri);
        await Expect(console.Page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task The_first_stop_leads_past_the_header()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);

        await console.Page.Keyboard.PressAsync("Tab");
        await Expect(console.Link("To the content")).ToBeFocusedAsync();
        await console.Page.Keyboard.PressAsync("Enter");
        await Expect(console.Main).ToBeFocusedAsync();
        await Expect(console.Heading).ToHaveTextAsync("Sessions");
    }

    private static async Task TabToAsync(ConsoleUnderTest console, ILocator target)
    {
        await Expect(target).ToBeVisibleAsync();
        for (var i = 0; i < MostTabs; i++)
        {
            await console.Page.Keyboard.PressAsync("Tab");
            if (await target.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                return;
            }
        }

        throw new InvalidOperationException($"{MostTabs} tabs do not lead to {target}.");
    }
}
