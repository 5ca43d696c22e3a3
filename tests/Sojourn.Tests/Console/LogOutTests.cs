using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sojourn.Server.Console;
using Sojourn.Testing;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Console;

/// <summary>How a browser gets out, and what ends with that.</summary>
public sealed class LogOutTests : IAsyncLifetime, IDisposable
{
    private readonly ManualClock _clock = new();
    private ServerUnderTest _server = null!;
    private BrowserPage _page = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync(
            also: kinds => kinds.Services.AddSingleton<TimeProvider>(_clock));
        _page = new BrowserPage(_server.Url);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _page.Dispose();

    [Fact]
    public async Task Who_logs_out_is_out_with_all_that_was_open()
    {
        await _page.LogInByKeyAsync(ServerUnderTest.Key);
        using var other = new BrowserPage(_server.Url);
        await other.LogInByKeyAsync(ServerUnderTest.Key);
        using var open = await _page.FollowAsync("/v1/sessions/changes");
        using var others = await other.FollowAsync("/v1/sessions/changes");

        var left = await _page.SendAsync("POST", "/console/logout");
        left.Status.ShouldBe(HttpStatusCode.NoContent, left.Text);
        left.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().ShouldContain("expires=Thu, 01 Jan 1970");
        await ShouldEndAsync(open);
        (await _page.SendAsync("GET", "/console/me")).ShouldBeProblem(401, "unauthorized");
        (await _page.SendAsync("POST", "/console/logout")).ShouldBeProblem(401, "unauthorized");

        (await other.SendAsync("GET", "/console/me")).Status.ShouldBe(HttpStatusCode.OK);
        (await _server.SendAsync("POST", "/console/logout")).Status.ShouldBe(HttpStatusCode.NoContent);
        await ShouldEndAsync(others);
        (await other.SendAsync("GET", "/console/me")).ShouldBeProblem(401, "unauthorized");
        (await _server.SendAsync("GET", "/console/me")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task With_its_key_a_browser_loses_all_it_has()
    {
        var key = await _server.SendAsync("POST", "/v1/keys", """{"owner": "bob"}""");
        await _page.LogInByKeyAsync(key["key"].GetString()!);
        using var link = new HttpRequestMessage(HttpMethod.Post, "/console/links");
        using var bob = _server.Client(key["key"].GetString());
        var code = (await ServerUnderTest.SendAsync(bob, link))["path"].GetString()!.Split("#code=")[1];
        using var changes = await _page.FollowAsync("/v1/sessions/changes");
        (await _page.SendAsync("PUT", "/v1/counter/his")).Status.ShouldBe(HttpStatusCode.Created);
        using var events = await _page.FollowAsync("/v1/counter/his/events");

        (await _server.SendAsync("DELETE", $"/v1/keys/{key["id"].GetString()}")).Status
            .ShouldBe(HttpStatusCode.NoContent);
        await ShouldEndAsync(changes);
        await ShouldEndAsync(events);
        (await _page.SendAsync("GET", "/v1/counter")).ShouldBeProblem(401, "unauthorized");
        (await _page.LogInAsync($$"""{"code": "{{code}}"}""")).ShouldBeProblem(401, "unauthorized");
    }

    [Fact]
    public async Task A_browser_does_not_outlive_a_key_that_expires()
    {
        var key = (await _server.SendAsync("POST", "/v1/keys", """{"owner": "bob", "expiresInSeconds": 60}"""))
            ["key"].GetString()!;
        _clock.Advance(TimeSpan.FromSeconds(20));
        (await _page.LogInByKeyAsync(key)).Headers.GetValues("Set-Cookie").Single().ShouldContain("max-age=40;");
        using var open = await _page.FollowAsync("/v1/sessions/changes");
        _clock.Advance(TimeSpan.FromSeconds(40) - TimeSpan.FromTicks(1));
        (await _page.SendAsync("GET", "/v1/counter")).Status.ShouldBe(HttpStatusCode.OK);
        _clock.Advance(TimeSpan.FromTicks(1));
        (await _page.SendAsync("GET", "/v1/counter")).ShouldBeProblem(401, "unauthorized");
        await ShouldEndAsync(open);
    }

    [Fact]
    public async Task After_a_month_one_logs_in_again()
    {
        await _page.LogInByKeyAsync(ServerUnderTest.Key);
        _clock.Advance(LogInKind.KeptFor - TimeSpan.FromSeconds(1));
        (await _page.SendAsync("GET", "/v1/counter")).Status.ShouldBe(HttpStatusCode.OK);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await _page.SendAsync("GET", "/v1/counter")).ShouldBeProblem(401, "unauthorized");
    }

    [Fact]
    public async Task Of_too_many_browsers_the_one_that_was_first_is_logged_out()
    {
        var pages = new List<BrowserPage>();
        for (var i = 0; i <= LogIns.Most; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            pages.Add(new BrowserPage(_server.Url));
            await pages[^1].LogInByKeyAsync(ServerUnderTest.Key);
        }

        (await pages[0].SendAsync("GET", "/console/me")).ShouldBeProblem(401, "unauthorized");
        foreach (var page in pages.Skip(1))
            (await page.SendAsync("GET", "/console/me")).Status.ShouldBe(HttpStatusCode.OK);
        pages.ForEach(page => page.Dispose());
    }

    private static async Task ShouldEndAsync(HttpResponseMessage open)
    {
        open.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var reader = new StreamReader(await open.Content.ReadAsStreamAsync());
        await reader.ReadToEndAsync().WaitAsync(ServerUnderTest.Patience);
    }
}
