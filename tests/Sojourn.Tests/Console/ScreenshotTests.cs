using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Console;

/// <summary>
/// Every page, opened once: pictures of it, left in out/console for whoever wants to look at them, and whether
/// everybody can use it.
/// </summary>
[Collection(Lane.FirstBrowser)]
public sealed class ScreenshotTests(Browser browser) : IClassFixture<Browser>
{
    internal const int Desk = 1280, Phone = 375;

    private const int Height = 800;

    private static readonly (string Name, int Width, ColorScheme Colours)[] Variants =
    [
        ("light", Desk, ColorScheme.Light), ("dark", Desk, ColorScheme.Dark), ("phone", Phone, ColorScheme.Light),
    ];

    internal static string Folder => Path.Combine(Tidy.SourceTree.Here.Root, "out", "console");

    [AxeFact]
    public async Task Every_page_fits_its_width_pleases_axe_in_light_and_dark_and_shows_where_the_focus_is()
    {
        await using var server = await Exhibition.OpenAsync();
        Directory.CreateDirectory(Folder);
        var axe = await File.ReadAllTextAsync(AxeFactAttribute.Script);
        var found = new List<string>();

        await using (var stranger = await ConsoleUnderTest.OpenAsync(browser, server.Url, width: Desk))
        {
            await Assertions.Expect(stranger.Heading).ToHaveTextAsync("Log in");
            await KeepAsync(stranger, "login");
            found.AddRange(await AccessibilityTests.JudgeBothAsync(stranger, axe, "login"));
        }

        foreach (var (name, showAsync) in Exhibition.Pieces)
        {
            // A page of its own each, so that none shows what another has left.
            await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/", Desk);
            await showAsync(console);
            await KeepAsync(console, name);
            await SizeAsync(console, Desk);
            found.AddRange(await AccessibilityTests.JudgeBothAsync(console, axe, name));
            found.AddRange(await AccessibilityTests.FollowFocusAsync(console, name));
        }

        found.ShouldBeEmpty();
    }

    private static async Task KeepAsync(ConsoleUnderTest console, string name)
    {
        foreach (var (variant, width, colours) in Variants)
        {
            await console.Page.EmulateMediaAsync(
                new() { ColorScheme = colours, ReducedMotion = ReducedMotion.Reduce });
            await SizeAsync(console, width);
            await KeepAsync(console, name, variant, width);
        }
    }

    /// <summary>The browser says that it has a size before the page has it.</summary>
    private static async Task SizeAsync(ConsoleUnderTest console, int width)
    {
        await console.Page.SetViewportSizeAsync(width, Height);
        await console.Page.WaitForFunctionAsync("width => innerWidth === width", width);
    }

    /// <summary>Keeps a picture, and looks whether the page fits.</summary>
    internal static async Task KeepAsync(ConsoleUnderTest console, string name, string variant, int width)
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
