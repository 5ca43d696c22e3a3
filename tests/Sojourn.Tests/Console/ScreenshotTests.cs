using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Console;

/// <summary>Pictures of every page, left in out/console for whoever wants to look at them.</summary>
public sealed class ScreenshotTests(Browser browser) : IClassFixture<Browser>
{
    private const int Desk = 1280, Phone = 375, Height = 800;

    private static readonly (string Name, int Width, ColorScheme Colours)[] Variants =
    [
        ("light", Desk, ColorScheme.Light), ("dark", Desk, ColorScheme.Dark), ("phone", Phone, ColorScheme.Light),
    ];

    private static string Folder => Path.Combine(Tidy.SourceTree.Here.Root, "out", "console");

    [BrowserFact]
    public async Task Every_page_is_kept_in_light_in_dark_and_on_a_phone_and_fits_its_width()
    {
        await using var server = await Exhibition.OpenAsync();
        Directory.CreateDirectory(Folder);

        await using (var stranger = await ConsoleUnderTest.OpenAsync(browser, server.Url, width: Desk))
        {
            await Assertions.Expect(stranger.Heading).ToHaveTextAsync("Log in");
            await KeepAsync(stranger, "login");
        }

        foreach (var (name, showAsync) in Exhibition.Pieces)
        {
            // A page of its own each, so that none shows what another has left.
            await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/", Desk);
            await showAsync(console);
            await KeepAsync(console, name);
        }
    }

    private static async Task KeepAsync(ConsoleUnderTest console, string name)
    {
        foreach (var (variant, width, colours) in Variants)
        {
            await console.Page.EmulateMediaAsync(
                new() { ColorScheme = colours, ReducedMotion = ReducedMotion.Reduce });
            await console.Page.SetViewportSizeAsync(width, Height);
            await KeepAsync(console, name, variant, width);
        }
    }

    private static async Task KeepAsync(ConsoleUnderTest console, string name, string variant, int width)
    {
        await console.Page.ScreenshotAsync(new()
        {
            Path = Path.Combine(Folder, $"{name}-{variant}.png"),
            Animations = ScreenshotAnimations.Disabled,
        });
        (await console.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"))
            .ShouldBeLessThanOrEqualTo(width, $"{name} is wider than the window.");
    }
}
