using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Playwright;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Console;

/// <summary>A browser's page on a server's console, and whatever it complained about.</summary>
internal sealed class ConsoleUnderTest : IAsyncDisposable
{
    private const int Desk = 1280;

    // The browser tells these on a thread of its own.
    private readonly ConcurrentQueue<string> _complaints = new();

    private ConsoleUnderTest(IPage page, Uri url)
    {
        Page = page;
        Url = url;
        page.SetDefaultTimeout(60_000);
        Assertions.SetDefaultExpectTimeout(60_000);
        // Scripts that fail, and whatever the policy for content has kept from happening.
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
            {
                _complaints.Enqueue(message.Text);
            }
        };
    }

    public IPage Page { get; }

    public Uri Url { get; }

    public ILocator Main => Page.Locator("main");

    public ILocator Heading => Page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    /// <summary>The page of somebody who is not logged in.</summary>
    public static async Task<ConsoleUnderTest> OpenAsync(
        Browser browser, Uri url, string path = "/console/", int width = Desk,
        ColorScheme colours = ColorScheme.Light)
    {
        var console = new ConsoleUnderTest(await browser.NewPageAsync(width, colours), url);
        await console.Page.GotoAsync(new Uri(url, path).AbsoluteUri);
        return console;
    }

    /// <summary>The page of somebody who opens a link that logs in, and then goes on to an address.</summary>
    public static async Task<ConsoleUnderTest> LogInAsync(
        Browser browser, ServerUnderTest server, string hash = "#/", int width = Desk,
        ColorScheme colours = ColorScheme.Light)
    {
        var link = await LinkAsync(server);
        return await ArriveAsync(await OpenAsync(browser, server.Url, link, width, colours), hash);
    }

    /// <summary>The same with a server that is a process of its own.</summary>
    public static async Task<ConsoleUnderTest> LogInAsync(Browser browser, KillableServer server, string hash = "#/")
    {
        using var http = new HttpClient { BaseAddress = server.Url };
        var key = await File.ReadAllTextAsync(Path.Combine(server.Data, "key"));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Trim());
        return await ArriveAsync(await OpenAsync(browser, server.Url, await LinkAsync(http)), hash);
    }

    public static Task<string> LinkAsync(ServerUnderTest server) => LinkAsync(server.Http);

    public Task GoAsync(string hash) => Page.GotoAsync(new Uri(Url, $"/console/{hash}").AbsoluteUri);

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public ILocator Field(string label) => Page.GetByLabel(label);

    /// <summary>The row of a session in the overview.</summary>
    public ILocator Row(string id) => Page.Locator("sj-rows tbody tr", new() { HasText = id });

    /// <summary>A command's form.</summary>
    public ILocator Command(string name) => Page.GetByRole(AriaRole.Form, new() { Name = name, Exact = true });

    /// <summary>What the page has complained about so far, which was meant to be so.</summary>
    public IReadOnlyList<string> ForgetComplaints()
    {
        var all = _complaints.ToList();
        _complaints.Clear();
        return all;
    }

    private static async Task<ConsoleUnderTest> ArriveAsync(ConsoleUnderTest console, string hash)
    {
        await Assertions.Expect(console.Heading).ToHaveTextAsync("Sessions");
        if (hash != "#/")
        {
            await console.GoAsync(hash);
        }

        return console;
    }

    private static async Task<string> LinkAsync(HttpClient http)
    {
        using var answer = await http.PostAsync(new Uri("/console/links", UriKind.Relative), null);
        answer.EnsureSuccessStatusCode();
        using var link = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return link.RootElement.GetProperty("path").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        await Page.Context.CloseAsync();
        _complaints.ShouldBeEmpty();
    }
}
