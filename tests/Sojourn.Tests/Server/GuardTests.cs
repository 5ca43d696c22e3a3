using System.Net;
using System.Net.Http.Headers;

namespace Sojourn.Tests.Server;

/// <summary>Who may talk to the server at all.</summary>
public sealed class GuardTests : IAsyncLifetime
{
    private ServerUnderTest _server = null!;

    public async Task InitializeAsync() => _server = await ServerUnderTest.StartAsync(
        options => options.AllowedHosts = ["sojourn.example.org", "10.1.2.3"]);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("GET", "/v1/counter")]
    [InlineData("POST", "/v1/counter")]
    [InlineData("GET", "/v1/nothing")]
    [InlineData("GET", "/nowhere")]
    [InlineData("DELETE", "/v1/counter/../x")]
    public async Task Nobody_learns_anything_without_a_key(string method, string path)
    {
        using var stranger = _server.Client(key: null);
        var reply = await ServerUnderTest.SendAsync(stranger, new HttpRequestMessage(new HttpMethod(method), path));
        reply.ShouldBeProblem(401, "unauthorized");
        reply.Headers.WwwAuthenticate.ShouldBe([new AuthenticationHeaderValue("Bearer")]);
    }

    [Theory]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Basic " + ServerUnderTest.Key)]
    [InlineData(ServerUnderTest.Key)]
    [InlineData("Bearer " + ServerUnderTest.Key + "0")]
    [InlineData("Bearer a-key-of-the-tests-012345678")]
    public async Task A_key_that_is_not_the_key_opens_nothing(string authorization)
    {
        using var stranger = _server.Client(key: null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/counter");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        (await ServerUnderTest.SendAsync(stranger, request)).ShouldBeProblem(401, "unauthorized")
            .Text.ShouldNotContain(ServerUnderTest.Key);
    }

    [Fact]
    public async Task Health_needs_no_key()
    {
        using var stranger = _server.Client(key: null);
        foreach (var path in (string[])["/health/live", "/health/ready"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            (await ServerUnderTest.SendAsync(stranger, request)).Status.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:7707", true)]
    [InlineData("127.0.0.1:1", true)]
    [InlineData("[::1]:80", true)]
    [InlineData("sojourn.example.org", true)]
    [InlineData("10.1.2.3:8080", true)]
    [InlineData("evil.example.org", false)]
    [InlineData("localhost.evil.example.org", false)]
    [InlineData("127.0.0.1.evil.example.org:7707", false)]
    [InlineData("localhost.", false)]
    [InlineData("127.0.0.2", false)]
    [InlineData("", false)]
    public async Task Only_hosts_of_ours_are_answered_even_about_health(string host, bool isOurs)
    {
        foreach (var path in (string[])["/health/live", "/v1/counter"])
        {
            var answer = await _server.SendRawAsync($"""
                GET {path} HTTP/1.1
                Host: {host}
                Authorization: Bearer {ServerUnderTest.Key}
                Connection: close


                """);
            answer.ShouldStartWith(isOurs ? "HTTP/1.1 200" : "HTTP/1.1 403");
            answer.Contains("urn:sojourn:problem:forbidden", StringComparison.Ordinal).ShouldBe(!isOurs);
        }
    }

    [Theory]
    [InlineData("http://localhost:7707", "localhost:7707", true)]
    [InlineData("http://127.0.0.1:7707", "localhost:7707", true)]
    [InlineData("http://[::1]:7707", "localhost:7707", true)]
    [InlineData("https://sojourn.example.org", "sojourn.example.org", true)]
    [InlineData("http://sojourn.example.org", "sojourn.example.org", true)]
    [InlineData("https://sojourn.example.org:443", "sojourn.example.org", true)]
    [InlineData("http://localhost:3000", "localhost:7707", false)]
    [InlineData("http://localhost", "localhost:7707", false)]
    [InlineData("https://evil.example.org", "localhost:7707", false)]
    [InlineData("http://localhost.evil.example.org:7707", "localhost:7707", false)]
    [InlineData("ftp://localhost:7707", "localhost:7707", false)]
    [InlineData("file://", "localhost:7707", false)]
    [InlineData("null", "localhost:7707", false)]
    [InlineData("http://localhost:7707@evil.example.org:7707", "localhost:7707", false)]
    [InlineData("http://localhost:99999", "localhost:7707", false)]
    public async Task Only_pages_of_ours_may_ask(string origin, string host, bool isOurs)
    {
        var answer = await _server.SendRawAsync($"""
            POST /v1/counter HTTP/1.1
            Host: {host}
            Origin: {origin}
            Authorization: Bearer {ServerUnderTest.Key}
            Content-Length: 0
            Connection: close


            """);
        answer.ShouldStartWith(isOurs ? "HTTP/1.1 201" : "HTTP/1.1 403");
        var list = await _server.SendAsync("GET", "/v1/counter");
        list["sessions"].GetArrayLength().ShouldBe(isOurs ? 1 : 0);
    }

    [Fact]
    public async Task Every_answer_tells_browsers_to_guess_nothing_and_keep_nothing()
    {
        foreach (var path in (string[])["/v1/counter", "/health/live", "/nowhere"])
        {
            var reply = await _server.SendAsync("GET", path);
            reply.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            reply.Headers.CacheControl!.NoStore.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Options_that_cannot_be_used_are_named_all_at_once()
    {
        var refused = await Should.ThrowAsync<SojournException>(() => ServerUnderTest.StartAsync(options =>
        {
            options.Key = "short";
            options.MaxBodyBytes = 0;
            options.Heartbeat = TimeSpan.Zero;
            options.AllowedHosts = ["no host"];
        }));
        foreach (var name in (string[])["Key", "MaxBodyBytes", "Heartbeat", "AllowedHosts"])
            refused.Message.ShouldContain(name);
    }
}
