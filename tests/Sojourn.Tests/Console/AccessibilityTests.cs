using System.Text.Json;
using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>Everybody can use every page: names, roles, labels, headings, landmarks, contrast, and the focus.</summary>
public sealed class AccessibilityTests(Browser browser) : IClassFixture<Browser>
{
    // WCAG 2.2 to AA, and what is good practice besides: headings in order, all content in landmarks, no positive
    // tabindex.
    private const string Judge =
        """
        async () => {
            const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
            const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] })
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

    private const int MostTabs = 150;

    [AxeFact]
    public async Task Axe_finds_nothing_on_any_page_in_light_and_in_dark()
    {
        await using var server = await Exhibition.OpenAsync();
        var axe = await File.ReadAllTextAsync(AxeFactAttribute.Script);
        var found = new List<string>();
        foreach (var colours in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await using var stranger = await ConsoleUnderTest.OpenAsync(browser, server.Url, colours: colours);
            await Expect(stranger.Heading).ToHaveTextAsync("Log in");
            found.AddRange(await JudgeAsync(stranger, axe, $"login {colours}"));
            foreach (var (name, showAsync) in Exhibition.Pieces)
            {
                await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/", colours: colours);
                await showAsync(console);
                found.AddRange(await JudgeAsync(console, axe, $"{name} {colours}"));
            }
        }

        found.ShouldBeEmpty();
    }

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

    [BrowserFact]
    public async Task Whatever_a_key_leads_to_is_seen_to_have_the_focus()
    {
        await using var server = await Exhibition.OpenAsync();
        foreach (var (name, showAsync) in Exhibition.Pieces)
        {
            await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
            await showAsync(console);
            var met = new HashSet<string>();
            for (var i = 0; i < MostTabs; i++)
            {
                await console.Page.Keyboard.PressAsync("Tab");
                var focused = await console.Page.EvaluateAsync<string>(Focus);
                focused.ShouldNotStartWith("not seen", Case.Sensitive, name);
                // Past the last thing, the browser's own come; past those, the first.
                if (focused.Length == 0 && met.Count > 0)
                    break;
                if (focused.Length > 0)
                    met.Add(focused);
            }

            met.ShouldNotBeEmpty(name);
        }
    }

    private static async Task<IEnumerable<string>> JudgeAsync(ConsoleUnderTest console, string axe, string name)
    {
        await console.Page.EvaluateAsync(axe);
        var found = JsonSerializer.Deserialize<string[]>(await console.Page.EvaluateAsync<string>(Judge))!;
        return found.Select(each => $"{name}: {each}");
    }
}
