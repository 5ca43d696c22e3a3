using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace Sojourn.Tests.Console;

/// <summary>Whatever a session holds is text.</summary>
[Collection(Lane.FirstBrowser)]
public sealed class HostileTests(Browser browser) : IClassFixture<Browser>
{
    private const string Hostile = "<img src=x onerror=\"window.owned=1\"><script>window.owned=1</script>";

    [BrowserFact]
    public async Task What_a_session_holds_is_shown_and_never_run()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var label = Uri.EscapeDataString("<img src=x onerror=owned=1>:<svg onload=owned=1>");
        await server.SendAsync("PUT", $"/v1/counter/mine?label={label}",
            JsonSerializer.Serialize(new { note = Hostile }));
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await Expect(console.Row("mine")).ToContainTextAsync("<svg onload=owned=1>");
        await ShouldBeCleanAsync(console);

        await console.GoAsync("#/session/counter/mine");
        await Expect(console.Page.Locator("sj-tree")).ToContainTextAsync(Hostile);
        await server.SendAsync("POST", "/v1/counter/mine/write-note",
            JsonSerializer.Serialize(new { note = "again " + Hostile }));
        await Expect(console.Page.Locator("sj-tree")).ToContainTextAsync("again " + Hostile);
        await ShouldBeCleanAsync(console);

        // Nor what stands in a link, which anybody can send.
        await console.GoAsync("#/session/" + Uri.EscapeDataString(Hostile) + "/" + Uri.EscapeDataString(Hostile));
        await Expect(console.Heading).ToHaveTextAsync("There is no such session");
        await console.GoAsync("#/?kind=" + Uri.EscapeDataString(Hostile) + "&text=" + Uri.EscapeDataString(Hostile));
        await Expect(console.Main).ToContainTextAsync("The list cannot be shown");
        await ShouldBeCleanAsync(console);
    }

    [BrowserFact]
    public async Task Words_that_run_backwards_turn_round_nothing_but_themselves()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.SendAsync("PUT", "/v1/counter/mine",
            JsonSerializer.Serialize(new { note = "\u202E" + string.Concat(Enumerable.Repeat("backwards ", 40)) }));
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server, "#/session/counter/mine");
        await Expect(console.Button("all 401 characters")).ToBeVisibleAsync();

        (await console.Page.EvaluateAsync<bool>(
            """
            (() => {
                const button = document.querySelector("sj-tree .more").getBoundingClientRect()
                const words = [...document.querySelector("sj-tree .leaf[data-type=string] ~ .more")
                    .previousElementSibling.getClientRects()].at(-1)
                return button.left >= words.right - 1 || button.top >= words.bottom - 1
            })()
            """)).ShouldBeTrue("The button was to follow the words.");
    }

    [BrowserFact]
    public async Task A_page_that_somebody_put_into_a_stream_is_shown_and_runs_nothing()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var put = new HttpRequestMessage(HttpMethod.Put, "/v1/streams/page")
        {
            Content = new StringContent(
                "<p>not run</p><script>document.querySelector('p').textContent = 'run'</script>", null, "text/html"),
        };
        (await ServerUnderTest.SendAsync(server.Http, put)).Status.ShouldBe(HttpStatusCode.Created);
        await using var console = await ConsoleUnderTest.LogInAsync(browser, server);
        await console.Page.GotoAsync(new Uri(server.Url, "/v1/streams/page").AbsoluteUri);
        await Expect(console.Page.Locator("p")).ToHaveTextAsync("not run");
        console.ForgetComplaints();
    }

    [BrowserFact]
    public async Task Not_even_a_script_in_the_page_can_insert_html_or_call_out()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await using var console = await ConsoleUnderTest.OpenAsync(browser, server.Url);
        await Expect(console.Heading).ToHaveTextAsync("Log in");

        (await console.Page.EvaluateAsync<string>(
            "(() => { try { document.body.innerHTML = '<p>'; return 'done' } catch (e) { return e.name } })()"))
            .ShouldBe("TypeError");
        (await console.Page.EvaluateAsync<string>(
            "fetch('http://127.0.0.1:9/').then(() => 'done', e => e.message)")).ShouldContain("Failed to fetch");
        console.ForgetComplaints().ShouldContain(each => each.Contains("connect-src", StringComparison.Ordinal));
    }

    private static async Task ShouldBeCleanAsync(ConsoleUnderTest console)
    {
        (await console.Page.EvaluateAsync<bool>("window.owned === undefined")).ShouldBeTrue();
        (await console.Page.EvaluateAsync<int>(
            "document.querySelectorAll('main img, main script, main [onerror], main [onload]').length")).ShouldBe(0);
    }
}
