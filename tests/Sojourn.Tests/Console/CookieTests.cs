using System.Net;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Console;

/// <summary>What a browser holds, and for whom it counts.</summary>
public sealed class CookieTests : IAsyncLifetime, IDisposable
{
    private ServerUnderTest _server = null!;
    private BrowserPage _page = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync(options => options.AllowedHosts = ["sojourn.example.org"]);
        _page = new BrowserPage(_server.Url);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _page.Dispose();

    [Fact]
    public async Task It_is_out_of_reach_of_scripts_and_of_other_sites()
    {
        var set = (await _page.LogInByKeyAsync(ServerUnderTest.Key)).Headers.GetValues("Set-Cookie")
            .ShouldHaveSingleItem();
        set.ShouldStartWith($"sojourn-{_server.Url.Port}=");
        var attributes = set.ToLowerInvariant().Split("; ").Skip(1).Order();
        attributes.ShouldBe(["httponly", "max-age=2592000", "path=/", "samesite=strict"]);
        set.ShouldNotContain(ServerUnderTest.Key);
    }

    [Fact]
    public async Task Behind_a_proxy_it_never_goes_in_the_open()
    {
        var body = $$"""{"key": "{{ServerUnderTest.Key}}"}""";
        var answer = await _server.SendRawAsync($"""
            POST /console/login HTTP/1.1
            Host: sojourn.example.org
            Origin: https://sojourn.example.org
            Content-Type: application/json
            Content-Length: {body.Length}
            Connection: close

            {body}
            """);
        answer.ShouldStartWith("HTTP/1.1 200");
        answer.ToLowerInvariant().ShouldContain("; secure");
    }

    [Theory]
    [InlineData("same-origin", true, true)]
    [InlineData("none", true, false)]
    [InlineData("same-site", false, false)]
    [InlineData("cross-site", false, false)]
    [InlineData("", false, false)]
    public async Task It_counts_for_pages_of_this_server_alone(string site, bool reads, bool changes)
    {
        await _page.LogInByKeyAsync(ServerUnderTest.Key);
        _page.Site = site;
        (await _page.SendAsync("GET", "/v1/counter")).Status
            .ShouldBe(reads ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
        (await _page.SendAsync("HEAD", "/v1/counter")).Status
            .ShouldBe(reads ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
        (await _page.SendAsync("POST", "/v1/counter")).Status
            .ShouldBe(changes ? HttpStatusCode.Created : HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_browser_that_does_not_say_who_asks_must_name_the_origin_of_what_changes_something(bool names)
    {
        await _page.LogInByKeyAsync(ServerUnderTest.Key);
        (_page.Site, _page.NamesOrigin) = (null, names);
        (await _page.SendAsync("GET", "/v1/counter")).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var (method, path) in ((string, string)[])[
            ("POST", "/v1/counter"), ("PUT", "/v1/counter/a"), ("DELETE", "/v1/counter/a")])
        {
            var reply = await _page.SendAsync(method, path);
            ((int)reply.Status < 300).ShouldBe(names, $"{method}: {reply.Text}");
        }

        (await _page.SendAsync("POST", "/v1/counter", null, ("Origin", "http://localhost:1")))
            .ShouldBeProblem(403, "forbidden");
    }

    [Fact]
    public async Task A_key_that_is_sent_along_is_what_counts()
    {
        await _page.LogInByKeyAsync(ServerUnderTest.Key);
        (await _page.SendAsync("GET", "/v1/counter", null, ("Authorization", "Bearer wrong")))
            .ShouldBeProblem(401, "unauthorized");
        _page.Site = "cross-site";
        (await _page.SendAsync("GET", "/v1/counter", null, ("Authorization", $"Bearer {ServerUnderTest.Key}"))).Status
            .ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Two_servers_on_one_machine_do_not_take_each_others()
    {
        await using var other = await ServerUnderTest.StartAsync();
        using var there = new BrowserPage(other.Url);
        await _page.LogInByKeyAsync(ServerUnderTest.Key);
        await there.LogInByKeyAsync(ServerUnderTest.Key);
        there.Cookie!.Split('=')[0].ShouldNotBe(_page.Cookie!.Split('=')[0]);

        // A browser sends both to both.
        there.Cookie = _page.Cookie = $"{_page.Cookie}; {there.Cookie}";
        (await _page.SendAsync("GET", "/console/me")).Status.ShouldBe(HttpStatusCode.OK);
        (await there.SendAsync("POST", "/console/logout")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await there.SendAsync("GET", "/console/me")).ShouldBeProblem(401, "unauthorized");
        (await _page.SendAsync("GET", "/console/me")).Status.ShouldBe(HttpStatusCode.OK);
    }
}
