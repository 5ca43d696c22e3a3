using System.Text;
using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>Games that are saved and loaded in the browser.</summary>
[Collection(Lane.SecondBrowser)]
public sealed class ExplorerSaveTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task A_save_brings_the_game_back_and_so_does_the_one_before_it()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        var slot = console.Page.Locator("ex-saves li").Nth(1);
        await Expect(console.Page.Locator("ex-saves li")).ToHaveCountAsync(5);
        await Expect(slot).ToContainTextAsync("empty");

        await console.Button("Save to slot 1").ClickAsync();
        await Expect(slot).ToContainTextAsync("Turn 0, 500 credits, Vespane (Frontier 108)");
        await console.Act("Fly to Kelea").ClickAsync();
        await Expect(console.Gauge("Turn")).ToHaveAttributeAsync("aria-valuenow", "1");
        // Each flight is saved by itself.
        await Expect(console.Page.Locator("ex-saves li").First).ToContainTextAsync("Turn 1");
        await console.Button("Save to slot 1").ClickAsync();
        await Expect(slot).ToContainTextAsync("Turn 1");
        await console.Act("Fly to").ClickAsync();
        await Expect(console.Gauge("Turn")).ToHaveAttributeAsync("aria-valuenow", "2");

        await LoadAsync(console, "Load Slot 1");
        await Expect(console.Gauge("Turn")).ToHaveAttributeAsync("aria-valuenow", "1");
        await LoadAsync(console, "Load the one before, Slot 1");
        await Expect(console.Gauge("Turn")).ToHaveAttributeAsync("aria-valuenow", "0");
        await Expect(console.Deck().Locator("h2")).ToHaveTextAsync("Vespane");

        await console.Button("Remove Slot 1").ClickAsync();
        await console.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove" })
            .ClickAsync();
        await Expect(slot).ToContainTextAsync("empty");
    }

    [BrowserFact]
    public async Task A_save_leaves_as_a_file_and_comes_back_unless_somebody_changed_it()
    {
        await using var server = await ExplorerStage.StartAsync();
        await server.BeginGameAsync("one");
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.ShowGameAsync("one");
        await console.Button("Save to slot 1").ClickAsync();
        var download = await console.Page.RunAndWaitForDownloadAsync(() =>
            console.Link("Export Slot 1").ClickAsync());
        var text = await File.ReadAllTextAsync(await download.PathAsync());
        await console.Act("Fly to Kelea").ClickAsync();
        await Expect(console.Gauge("Turn")).ToHaveAttributeAsync("aria-valuenow", "1");

        await ImportAsync(console, text.Replace("500", "501", StringComparison.Ordinal));
        await Expect(console.Page.Locator("sj-toasts .toast[data-tone=bad]")).ToBeVisibleAsync();
        await Expect(console.Gauge("Turn")).ToHaveAttributeAsync("aria-valuenow", "1");

        await ImportAsync(console, text);
        await Expect(console.Gauge("Turn")).ToHaveAttributeAsync("aria-valuenow", "0");
        await Expect(console.Gauge("Wealth")).ToHaveAttributeAsync("aria-valuenow", "500");
    }

    private static async Task LoadAsync(ConsoleUnderTest console, string button)
    {
        await console.Button(button).ClickAsync();
        await console.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Load" }).ClickAsync();
    }

    private static async Task ImportAsync(ConsoleUnderTest console, string text)
    {
        await console.Page.GetByLabel("Import a file").SetInputFilesAsync(new FilePayload
        {
            Name = "save.json",
            MimeType = "application/json",
            Buffer = Encoding.UTF8.GetBytes(text),
        });
        await console.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Load" }).ClickAsync();
    }
}
