using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sojourn.Server.Console;
using Sojourn.Testing;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Console;

/// <summary>How a browser gets in.</summary>
public sealed class LogInTests : IAsyncLifetime, IDisposable
{
    private readonly ManualClock _clock = new();
    private ServerUnderTest _server = null!;
    private BrowserPage _page = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync(
            also: kinds => kinds.Services.AddSingleton<TimeProvider>(_clock));
        _page = new BrowserPage(_server.Url);
        await _server.CreateAsync("mine");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _page.Dispose();

    [Fact]
    public async Task A_link_logs_in_once()
    {
        var made = await _server.SendAsync("POST", "/console/links");
        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        made["path"].GetString().ShouldStartWith("/console/#code=");
        made["expiresAt"].GetDateTimeOffset().ShouldBe(_clock.GetUtcNow().AddMinutes(10));

        var code = CodeOf(made);
        var reply = await _page.LogInAsync(Code(code));
        reply.Status.ShouldBe(HttpStatusCode.OK, reply.Text);
        reply["owner"].GetString().ShouldBe("local");
        reply["admin"].GetBoolean().ShouldBeTrue();
        reply["version"].GetString().ShouldNotBeNullOrEmpty();
        (await _page.SendAsync("GET", "/v1/counter/mine")).Status.ShouldBe(HttpStatusCode.OK);
        (await _page.SendAsync("GET", "/console/me")).Text.ShouldBe(reply.Text);

        var again = await _page.LogInAsync(Code(code));
        again.ShouldBeProblem(401, "unauthorized").Detail!.ShouldContain("used before, or is too old");
        again.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task A_link_that_nobody_used_ends()
    {
        var late = CodeOf(await _server.SendAsync("POST", "/console/links"));
        var timely = CodeOf(await _server.SendAsync("POST", "/console/links"));
        _clock.Advance(ConsoleLinks.KeptFor - TimeSpan.FromTicks(1));
        (await _page.LogInAsync(Code(timely))).Status.ShouldBe(HttpStatusCode.OK);
        _clock.Advance(TimeSpan.FromTicks(1));
        (await _page.LogInAsync(Code(late))).ShouldBeProblem(401, "unauthorized");
    }

    [Fact]
    public async Task Of_too_many_links_the_one_that_ends_first_makes_place_and_only_among_those_of_one_key()
    {
        using var bob = _server.Client(await KeyAsync("""{"owner": "bob"}"""));
        using var asks = new HttpRequestMessage(HttpMethod.Post, "/console/links");
        var his = CodeOf(await ServerUnderTest.SendAsync(bob, asks));
        var codes = new List<string>();
        for (var i = 0; i <= ConsoleLinks.MostOfKey; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            codes.Add(CodeOf(await _server.SendAsync("POST", "/console/links")));
        }

        (await _page.LogInAsync(Code(codes[0]))).ShouldBeProblem(401, "unauthorized");
        (await _page.LogInAsync(Code(codes[1]))).Status.ShouldBe(HttpStatusCode.OK);
        (await _page.LogInAsync(Code(codes[^1]))).Status.ShouldBe(HttpStatusCode.OK);
        (await _page.LogInAsync(Code(his)))["owner"].GetString().ShouldBe("bob");
    }

    [Fact]
    public async Task A_key_logs_in_for_its_owner()
    {
        var reply = await _page.LogInByKeyAsync(await KeyAsync("""{"owner": "bob"}"""));
        reply["owner"].GetString().ShouldBe("bob");
        reply["admin"].GetBoolean().ShouldBeFalse();
        (await _page.SendAsync("GET", "/v1/counter/mine")).ShouldBeProblem(404, "not-found");
        (await _page.SendAsync("GET", "/v1/keys")).ShouldBeProblem(403, "forbidden");

        (await _page.LogInByKeyAsync("wrong")).ShouldBeProblem(401, "unauthorized").Detail
            .ShouldBe("The key is not, or no longer, one of this server's.");
    }

    [Theory]
    [InlineData("{}", 422, "invalid")]
    [InlineData("", 422, "invalid")]
    [InlineData("""{"code": "a", "key": "b"}""", 422, "invalid")]
    [InlineData("""{"code": "", "key": null}""", 401, "unauthorized")]
    [InlineData("""{"key": ""}""", 401, "unauthorized")]
    [InlineData("""{"code": 1}""", 400, "malformed")]
    [InlineData("""{"word": "a"}""", 400, "malformed")]
    [InlineData("[]", 400, "malformed")]
    public async Task What_is_no_log_in_is_refused(string body, int status, string type) =>
        (await _page.LogInAsync(body)).ShouldBeProblem(status, type);

    [Theory]
    [InlineData(1024, 401, "unauthorized")]
    [InlineData(1025, 413, "too-large")]
    public async Task A_body_has_a_limit(int bytes, int status, string type)
    {
        var body = """{"key": ""}""";
        var long_ = body.Insert(body.Length - 2, new string('k', bytes - body.Length));
        long_.Length.ShouldBe(bytes);
        (await _page.LogInAsync(long_)).ShouldBeProblem(status, type);
    }

    [Fact]
    public async Task A_browser_that_is_logged_in_cannot_pass_that_on()
    {
        await _page.LogInByKeyAsync(ServerUnderTest.Key);
        (await _page.SendAsync("POST", "/console/links")).ShouldBeProblem(403, "forbidden");
        (await _page.LogInByKeyAsync(_page.Held)).ShouldBeProblem(401, "unauthorized");
        using var thief = _server.Client(_page.Held);
        using var read = new HttpRequestMessage(HttpMethod.Get, "/v1/counter");
        (await ServerUnderTest.SendAsync(thief, read)).ShouldBeProblem(401, "unauthorized");
    }

    [Fact]
    public async Task A_key_is_no_cookie()
    {
        await _page.LogInByKeyAsync(ServerUnderTest.Key);
        var name = _page.Cookie!.Split('=')[0];
        foreach (var key in (string[])[ServerUnderTest.Key, await KeyAsync("""{"owner": "bob"}"""), "", "x"])
        {
            _page.Cookie = $"{name}={key}";
            (await _page.SendAsync("GET", "/v1/counter")).ShouldBeProblem(401, "unauthorized");
        }
    }

    [Fact]
    public async Task What_an_admin_may_do_its_browser_may_but_for_links()
    {
        await _page.LogInByKeyAsync(ServerUnderTest.Key);
        (await _page.SendAsync("POST", "/v1/keys", """{"owner": "carol"}""")).Status.ShouldBe(HttpStatusCode.Created);
        (await _page.SendAsync("POST", "/v1/counter/mine/tick")).Status.ShouldBe(HttpStatusCode.OK);
        (await _page.SendAsync("DELETE", "/v1/counter/mine")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Log_ins_are_not_listed_as_keys_and_take_none_of_their_places()
    {
        await KeyAsync("""{"owner": "bob"}""");
        for (var i = 0; i < LogIns.Most; i++)
            (await _page.LogInByKeyAsync(ServerUnderTest.Key)).Status.ShouldBe(HttpStatusCode.OK);
        (await _server.SendAsync("GET", "/v1/keys"))["keys"].EnumerateArray().ShouldHaveSingleItem()
            .GetProperty("owner").GetString().ShouldBe("bob");
        foreach (var path in (string[])["/v1/sessions?owner=*", "/v1/sessions/count?owner=*", "/v1/stats"])
            (await _server.SendAsync("GET", path)).Text.ShouldNotContain("server-");
        (await _server.SendAsync("GET", "/v1/sessions/count?owner=*"))["count"].GetInt64().ShouldBe(1);
        (await _server.SendAsync("GET", "/v1/server-login")).ShouldBeProblem(404, "unknown-kind");
    }

    [Fact]
    public async Task A_browser_that_is_used_is_a_use_of_its_key()
    {
        await _page.LogInByKeyAsync(await KeyAsync("""{"owner": "bob"}"""));
        _clock.Advance(TimeSpan.FromMinutes(5));
        await _page.SendAsync("GET", "/v1/counter");
        (await _server.SendAsync("GET", "/v1/keys"))["keys"][0].GetProperty("lastUsedAt").GetDateTimeOffset()
            .ShouldBe(_clock.GetUtcNow());
    }

    private static string CodeOf(Reply link) => link["path"].GetString()!.Split("#code=")[1];

    private static string Code(string code) => $$"""{"code": "{{code}}"}""";

    private async Task<string> KeyAsync(string body) =>
        (await _server.SendAsync("POST", "/v1/keys", body))["key"].GetString()!;
}
