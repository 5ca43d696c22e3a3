using System.Net;

namespace Sojourn.Tests.Server;

/// <summary>What an id may be. An id never gets anywhere near a path.</summary>
public sealed class IdTests : IAsyncLifetime
{
    private ServerUnderTest _server = null!;
    private string _before = "";

    public async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync();
        await _server.CreateAsync("mine");
        _before = await _server.EverythingAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("/v1/counter/..")]
    [InlineData("/v1/counter/.")]
    [InlineData("/v1/counter/../../etc/passwd")]
    [InlineData("/v1/counter/../counter/mine")]
    [InlineData("/v1/counter/%2e%2e")]
    [InlineData("/v1/counter/%2E%2e/counter/mine")]
    [InlineData("/v1/counter/.%2e/mine")]
    [InlineData("/v1/../health/live")]
    [InlineData("/v1/counter/a%2fb")]
    [InlineData("/v1/counter/..%2fmine")]
    [InlineData("/v1/counter/a%5cb")]
    [InlineData("/v1/counter/a\\b")]
    [InlineData("/v1/counter/..\\mine")]
    [InlineData("/v1/counter/C:mine")]
    [InlineData("/v1/counter/Mine")]
    [InlineData("/v1/counter/.hidden")]
    [InlineData("/v1/counter/-dash")]
    [InlineData("/v1/counter/a%00b")]
    [InlineData("/v1/counter/a%20b")]
    [InlineData("/v1/counter/%C3%A9")]
    [InlineData("/v1/counter/a%252fb")]
    [InlineData("/v1/counter/")]
    [InlineData("/v1/counter//events")]
    [InlineData("/v1/counter/mine/")]
    [InlineData("/v1/counter/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task An_id_that_breaks_the_rule_is_invalid_whatever_is_asked_of_it(string path)
    {
        foreach (var method in (string[])["GET", "PUT", "DELETE", "POST"])
        {
            var answer = await _server.SendRawAsync($"""
                {method} {path} HTTP/1.1
                Host: localhost
                Authorization: Bearer {ServerUnderTest.Key}
                Content-Length: 0
                Connection: close


                """);
            var isOurs = answer.Contains("urn:sojourn:problem:invalid-id", StringComparison.Ordinal)
                || (method == "POST" && answer.Contains("method-not-allowed", StringComparison.Ordinal));
            // A zero byte is no HTTP: the web server does not even let it in.
            var isRefused = path.Contains("%00", StringComparison.Ordinal)
                && answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal);
            (isOurs || isRefused).ShouldBeTrue($"{method} {path}: {answer}");
        }

        (await _server.EverythingAsync()).ShouldBe(_before);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("a..b")]
    [InlineData("a._-z9")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task Any_other_id_is_as_good_as_the_next(string id)
    {
        (await _server.SendAsync("PUT", $"/v1/counter/{id}")).Status.ShouldBe(HttpStatusCode.Created);
        (await _server.SendAsync("GET", $"/v1/counter/{id}"))["id"].GetString().ShouldBe(id);
    }

    [Fact]
    public async Task A_header_beyond_all_measure_is_refused_and_the_server_goes_on()
    {
        var answer = await _server.SendRawAsync($"""
            GET /v1/counter HTTP/1.1
            Host: localhost
            X-Long: {new string('x', 100_000)}


            """);
        answer.ShouldStartWith("HTTP/1.1 431");
        (await _server.EverythingAsync()).ShouldBe(_before);
    }
}
