using System.Globalization;
using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>Somebody who plays by what the page shows, and by nothing else.</summary>
[Collection(Lane.FirstBrowser)]
public sealed class ExplorerWonTests(Browser browser) : IClassFixture<Browser>
{
    private const int MostGames = 10, MostSteps = 400;

    [BrowserFact]
    public async Task A_whole_game_is_won_in_the_browser()
    {
        await using var server = await ExplorerStage.StartAsync();
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        for (var game = 1; game <= MostGames; game++)
        {
            await console.GoAsync("#/new/explorer");
            await console.Field("Pilot").FillAsync("Ada");
            await console.Field("Seed").FillAsync((100 + game).ToString(CultureInfo.InvariantCulture));
            await console.Field("Rule set").FillAsync("brisk");
            await console.Button("Create").ClickAsync();
            await console.ShouldStandAsync("playing");
            await Expect(console.Deck()).ToContainTextAsync("Fly on");
            if (await PlayAsync(console) != "won")
            {
                continue;
            }

            await Expect(console.Deck().Locator("h2")).ToHaveTextAsync("You have won");
            await Expect(console.Page.Locator(".pill")).ToHaveTextAsync("won");
            await Expect(console.Link("New game")).ToBeVisibleAsync();
            (await FigureAsync(console, "Wealth")).ShouldBeGreaterThanOrEqualTo(1000);
            return;
        }

        Assert.Fail($"None of {MostGames} games was won.");
    }

    /// <summary>Plays until it is over.</summary>
    /// <returns>How it stands then.</returns>
    private static async Task<string?> PlayAsync(ConsoleUnderTest console)
    {
        for (var step = 0; step < MostSteps; step++)
        {
            await console.SettleAsync();
            var status = await console.Game().GetAttributeAsync("data-status");
            if (status is "won" or "lost")
            {
                return status;
            }

            await (status switch
            {
                "choosing" => DoAsync(console, Can(console)),
                "fighting" => await FigureAsync(console, "Fuel") > 14 && await TryAsync(console, Can(console, "flee"))
                    ? Task.CompletedTask : DoAsync(console, Can(console, "attack")),
                _ => MoveAsync(console),
            });
        }

        return null;
    }

    private static async Task MoveAsync(ConsoleUnderTest console)
    {
        await ShowAsync(console, "Here");
        var (hull, fuel) = (await FigureAsync(console, "Hull"), await FigureAsync(console, "Fuel"));
        if (hull < 40 && await TryAsync(console, Can(console, "repair")))
        {
            return;
        }

        if (hull > 25
            && (await TryAsync(console, Can(console, "explore")) || await TryAsync(console, Can(console, "scan"))))
        {
            return;
        }

        if (await FigureAsync(console, "Cargo") > 0 && await OnBoardAsync(console, hull, fuel))
        {
            return;
        }

        await ShowAsync(console, "Here");
        var ways = Can(console, "navigate");
        if ((fuel > 60 && await TryAsync(console, ways.Filter(new() { HasText = "not seen yet" })))
            || await TryAsync(console, ways.Filter(new() { HasText = "Fly to", HasNotText = "visited" }))
            || await TryAsync(console, ways.Filter(new() { HasText = "Fly to" })))
        {
            return;
        }

        await DoAsync(console, Can(console, "signal-distress").Or(ways).First);
    }

    /// <summary>Uses what helps, and sells the rest where somebody buys.</summary>
    /// <returns>True if anything was done.</returns>
    private static async Task<bool> OnBoardAsync(ConsoleUnderTest console, int hull, int fuel)
    {
        await ShowAsync(console, "On board");
        var uses = Can(console, "use-item");
        if ((fuel < 60 && await TryAsync(console, uses.Filter(new() { HasText = "fuel cells" })))
            || (hull < 50 && await TryAsync(console, uses.Filter(new() { HasText = "nanobots" }))))
        {
            return true;
        }

        await ShowAsync(console, "Trade");
        var sells = console.Deck().Locator("button.sell:not([aria-disabled])");
        if (await sells.CountAsync() == 0)
        {
            return false;
        }

        var all = console.Deck().Locator(".ware").First.GetByRole(AriaRole.Button, new() { Name = "All" });
        if (await all.CountAsync() > 0)
        {
            await all.ClickAsync();
        }

        await DoAsync(console, sells.First);
        return true;
    }

    /// <summary>What can be done now, by its command.</summary>
    private static ILocator Can(ConsoleUnderTest console, string? command = null) => console.Deck().Locator(
        (command is null ? "button.act" : $"button.act[data-command={command}]") + ":not([aria-disabled])");

    private static Task ShowAsync(ConsoleUnderTest console, string tab) =>
        console.Deck().GetByRole(AriaRole.Tab).Filter(new() { HasText = tab }).ClickAsync();

    private static async Task<bool> TryAsync(ConsoleUnderTest console, ILocator button)
    {
        if (await button.CountAsync() == 0)
        {
            return false;
        }

        await DoAsync(console, button);
        return true;
    }

    private static async Task DoAsync(ConsoleUnderTest console, ILocator button)
    {
        var asks = await button.First.Locator(".warn").CountAsync() > 0;
        await button.First.ClickAsync();
        if (asks)
        {
            await console.Page.GetByRole(AriaRole.Dialog).Locator("button.primary").ClickAsync();
        }

        await console.SettleAsync();
    }

    private static async Task<int> FigureAsync(ConsoleUnderTest console, string gauge)
    {
        var found = console.Gauge(gauge);
        return await found.CountAsync() == 0
            ? 0 : int.Parse((await found.GetAttributeAsync("aria-valuenow"))!, CultureInfo.InvariantCulture);
    }
}
