using System.Text.Json;
using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>Everybody can use every page: names, roles, labels, headings, landmarks, contrast, and the focus.</summary>
[Collection(Lane.ThirdBrowser)]
public sealed class AccessibilityTests(Browser browser) : IClassFixture<Browser>
{
    // WCAG 2.2 to AA, and what is good practice besides: headings in order, all content in landmarks, no positive
    // tabindex.
    private const string Judge =
        """
        async coloursAlone => {
            const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
            const runOnly = coloursAlone ? ["color-contrast"] : tags
            const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"] })
            return JSON.stringify(violations.flatMap(({ id, help, nodes }) =>
                nodes.map(node => `${id}: ${help}. ${node.html.slice(0, 200)} ${node.failureSummary}`)))
        }
        """;

    // Each thing that a key leads to, and whether anything about it changes when it is reached.
    private const string Focus =
        """
        () => {
            const shown = element => {
                const style = getComputedStyle(element)
                return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
            }
            const element = document.activeElement
            if (element === null || element === document.body) return ""
            // What is hidden to look at is stood in for by its label.
            const stand = element.matches("input.hidden") ? element.nextElementSibling : element
            return (shown(stand) ? "seen " : "not seen ") + element.outerHTML.slice(0, 200)
        }
        """;

    // A colour may be on its way from one scheme to the other.
    private const string Settled =
        """
        async () => {
            await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
            await Promise.allSettled(document.getAnimations()
                .filter(each => each instanceof CSSTransition).map(({ finished }) => finished))
        }
        """;

    private const int MostTabs = 150;

    [AxeFact]
    public async Task Axe_does_find_what_is_wrong()
    {
        await using var server = await Exhibition.OpenAsync();
        await using var console = await ConsoleUnderTest.OpenAsync(browser, server.Url);
        await Expect(console.Heading).ToHaveTextAsync("Log in");
        await console.Page.EvaluateAsync(
            """
            () => {
                const button = document.createElement("button")
                button.tabIndex = 3
                document.querySelector("main").append(button)
                document.querySelector("label").remove()
                document.querySelector(".hint").style.color = "#ccc"
            }
            """);

        var found = await JudgeAsync(console, await File.ReadAllTextAsync(AxeFactAttribute.Script), "login");

        found.Select(each => each.Split(':')[1].Trim()).Distinct().Order().ShouldBe(
            ["button-name", "color-contrast", "label", "label-title-only", "tabindex"]);
    }

    /// <summary>Goes from one thing to the next by the key for it.</summary>
    /// <returns>What does not show that it has the focus.</returns>
    internal static async Task<IEnumerable<string>> FollowFocusAsync(ConsoleUnderTest console, string name)
    {
        var met = new HashSet<string>();
        for (var i = 0; i < MostTabs; i++)
        {
            await console.Page.Keyboard.PressAsync("Tab");
            var focused = await console.Page.EvaluateAsync<string>(Focus);
            // Past the last thing, the browser's own come; past those, the first.
            if (focused.Length == 0 && met.Count > 0)
                break;
            if (focused.Length > 0)
                met.Add(focused);
        }

        return met.Count == 0
            ? [$"{name}: no key leads anywhere"]
            : met.Where(each => each.StartsWith("not seen", StringComparison.Ordinal))
                .Select(each => $"{name}: {each}");
    }

    /// <summary>Judges a page in light, and the same in dark once each of its colours has changed.</summary>
    internal static async Task<IEnumerable<string>> JudgeBothAsync(ConsoleUnderTest console, string axe, string name)
    {
        var found = new List<string>();
        foreach (var colours in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await console.Page.EmulateMediaAsync(
                new() { ColorScheme = colours, ReducedMotion = ReducedMotion.Reduce });
            await console.Page.EvaluateAsync(Settled);
            // In the dark the page is the same but for its colours.
            var isDark = colours == ColorScheme.Dark;
            found.AddRange(await JudgeAsync(console, axe, $"{name} {colours}", coloursAlone: isDark));
        }

        return found;
    }

    internal static async Task<IEnumerable<string>> JudgeAsync(
        ConsoleUnderTest console, string axe, string name, bool coloursAlone = false)
    {
        await console.Page.EvaluateAsync(axe);
        var found = await console.Page.EvaluateAsync<string>(Judge, coloursAlone);
        return JsonSerializer.Deserialize<string[]>(found)!.Select(each => $"{name}: {each}");
    }
}
