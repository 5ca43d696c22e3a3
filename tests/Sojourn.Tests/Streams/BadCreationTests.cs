using System.Net;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Streams;

/// <summary>Streams that cannot be made: whoever asks is told why, and nothing is there afterwards.</summary>
public sealed class BadCreationTests : IAsyncLifetime
{
    private StreamsUnderTest _streams = null!;

    public async Task InitializeAsync()
    {
        _streams = await StreamsUnderTest.StartAsync(options => options.Streams.MaxAppendBytes = 1024);
        await _streams.CreateAsync("a", text: "first");
    }

    public Task DisposeAsync() => _streams.DisposeAsync().AsTask();

    [Theory]
    [InlineData("Stream-TTL", "")]
    [InlineData("Stream-TTL", "00")]
    [InlineData("Stream-TTL", "060")]
    [InlineData("Stream-TTL", "+60")]
    [InlineData("Stream-TTL", "-60")]
    [InlineData("Stream-TTL", "60.0")]
    [InlineData("Stream-TTL", "6e1")]
    [InlineData("Stream-TTL", "99999999999999999999")]
    [InlineData("Stream-Expires-At", "")]
    [InlineData("Stream-Expires-At", "2026-02-30T00:00:00Z")]
    [InlineData("Stream-Expires-At", "1767225600")]
    [InlineData("Stream-Expires-At", "2020-01-31T12:00:00Z")]
    [InlineData("Stream-Expires-At", "0001-01-01T00:00:00+14:00")]
    public async Task A_life_that_cannot_be_is_refused(string header, string value)
    {
        (await _streams.SendAsync("PUT", "new", "x", StreamsUnderTest.Text, (header, value)))
            .ShouldBeProblem(400, "invalid-parameter")["field"].GetString().ShouldBe(header);
        (await _streams.SendAsync("HEAD", "new")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_life_told_twice_is_refused()
    {
        (await _streams.SendAsync("PUT", "new", "x", StreamsUnderTest.Text,
            ("Stream-TTL", "60"), ("Stream-Expires-At", "2999-01-01T00:00:00Z")))
            .ShouldBeProblem(400, "invalid-parameter");
        (await _streams.SendAsync("HEAD", "new")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_life_of_no_seconds_is_over_as_soon_as_it_has_begun()
    {
        (await _streams.SendAsync("PUT", "new", "x", StreamsUnderTest.Text, ("Stream-TTL", "0"))).Status
            .ShouldBe(HttpStatusCode.Created);
        (await _streams.SendAsync("GET", "new")).ShouldBeProblem(404, "not-found");
        (await _streams.SendAsync("POST", "new", "x", StreamsUnderTest.Text)).ShouldBeProblem(404, "not-found");
    }

    [Fact]
    public async Task A_first_content_that_is_too_long_is_refused_and_makes_no_stream()
    {
        (await _streams.SendAsync("PUT", "new", new string('x', 1025), StreamsUnderTest.Text))
            .ShouldBeProblem(413, "too-large");
        (await _streams.SendAsync("HEAD", "new")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_content_type_that_is_too_long_is_refused()
    {
        var longest = "text/plain;x=" + new string('y', 256 - "text/plain;x=".Length);
        (await _streams.SendAsync("PUT", "new", "", longest)).Status.ShouldBe(HttpStatusCode.Created);
        (await _streams.SendAsync("PUT", "longer", "", longest + "y")).ShouldBeProblem(400, "invalid-parameter");
    }

    [Fact]
    public async Task A_stream_that_is_there_is_not_made_into_another()
    {
        foreach (var (type, headers) in new (string, (string, string)[])[]
        {
            (StreamsUnderTest.Json, []), ("text/html", []),
            (StreamsUnderTest.Text, [("Stream-TTL", "60")]),
            (StreamsUnderTest.Text, [("Stream-Expires-At", "2999-01-01T00:00:00Z")]),
            (StreamsUnderTest.Text, [("Stream-Closed", "true")]),
            (StreamsUnderTest.Text, [("Stream-Forked-From", "/v1/streams/b")]),
        })
        {
            (await _streams.ShouldChangeNothingAsync("a", () => _streams.SendAsync("PUT", "a", "", type, headers)))
                .ShouldBeProblem(409, "refused")["code"].GetString().ShouldBe("stream-exists");
        }
    }

    [Theory]
    [InlineData("none", null, null, 404)]
    [InlineData("a/", null, null, 404)]
    [InlineData("", null, null, 404)]
    [InlineData("%61", "5", null, 400)]
    [InlineData("b%2Fa", null, null, 400)]
    [InlineData("%FF", null, null, 400)]
    [InlineData("a", "5", null, 400)]
    [InlineData("a", "now", null, 400)]
    [InlineData("a", "0000000000000001_0000000000000001", null, 400)]
    [InlineData("a", null, "-1", 400)]
    [InlineData("a", null, "01", 400)]
    [InlineData("a", null, "1", 400)]
    [InlineData("a", "0000000000000000_0000000000000000", "6", 400)]
    public async Task A_fork_of_what_is_not_there_is_refused(string source, string? offset, string? more, int status)
    {
        (string, string)[] headers = [("Stream-Forked-From", $"/v1/streams/{source}"), .. Given(
            ("Stream-Fork-Offset", offset), ("Stream-Fork-Sub-Offset", more))];
        (await _streams.ShouldChangeNothingAsync("a", () => _streams.SendAsync("PUT", "new", null, null, headers)))
            .ShouldBeProblem(status, status == 404 ? "not-found" : "invalid-parameter");
        (await _streams.SendAsync("HEAD", "new")).Status.ShouldBe(HttpStatusCode.NotFound);
        // And nothing keeps the source, as a fork would.
        (await _streams.SendAsync("DELETE", "a")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await _streams.SendAsync("HEAD", "a")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_fork_takes_all_that_there_is_of_an_entry_and_not_a_byte_more()
    {
        (string, string)[] Fork(string more) =>
        [
            ("Stream-Forked-From", "/v1/streams/a"), ("Stream-Fork-Sub-Offset", more),
            ("Stream-Fork-Offset", "0000000000000000_0000000000000000"),
        ];
        (await _streams.SendAsync("PUT", "most", null, null, Fork("5"))).Status.ShouldBe(HttpStatusCode.Created);
        (await _streams.SendAsync("GET", "most")).Text.ShouldBe("first");
        (await _streams.SendAsync("PUT", "more", null, null, Fork("6"))).ShouldBeProblem(400, "invalid-parameter");
    }

    [Fact]
    public async Task A_fork_of_another_type_or_of_itself_is_refused()
    {
        (string, string) fork = ("Stream-Forked-From", "/v1/streams/a");
        (await _streams.SendAsync("PUT", "new", "", StreamsUnderTest.Json, fork))
            .ShouldBeProblem(409, "refused")["code"].GetString().ShouldBe("content-type");
        (await _streams.SendAsync("PUT", "self", null, null, ("Stream-Forked-From", "/v1/streams/self")))
            .ShouldBeProblem(404, "not-found");
    }

    [Fact]
    public async Task A_stream_that_is_kept_for_its_forks_is_gone_for_everybody_and_its_name_is_taken()
    {
        (string, string) fork = ("Stream-Forked-From", "/v1/streams/a");
        (await _streams.SendAsync("PUT", "fork", null, null, fork)).Status.ShouldBe(HttpStatusCode.Created);
        (await _streams.SendAsync("DELETE", "a")).Status.ShouldBe(HttpStatusCode.NoContent);

        foreach (var method in (string[])["GET", "POST", "DELETE"])
        {
            (await _streams.SendAsync(method, "a", method == "POST" ? "x" : null, StreamsUnderTest.Text))
                .ShouldBeProblem(410, "gone")["code"].GetString().ShouldBe("stream-deleted");
        }

        (await _streams.SendAsync("HEAD", "a")).Status.ShouldBe(HttpStatusCode.Gone);
        (await _streams.SendAsync("PUT", "a", "", StreamsUnderTest.Text))
            .ShouldBeProblem(409, "refused")["code"].GetString().ShouldBe("stream-deleted");
        (await _streams.SendAsync("PUT", "new", null, null, fork))
            .ShouldBeProblem(409, "refused")["code"].GetString().ShouldBe("source-deleted");
        (await _streams.SendAsync("GET", "fork")).Text.ShouldBe("first");
    }

    [Theory]
    [InlineData("/v1/streams")]
    [InlineData("/v1/streams/")]
    [InlineData("/v1/streams/a/")]
    [InlineData("/v1/streams//a")]
    [InlineData("/v1/streams/./a")]
    [InlineData("/v1/streams/b/..")]
    [InlineData("/v1/streams/b/../a")]
    [InlineData("/v1/streams/b/%2e%2e/a")]
    [InlineData("/v1/streams/%2E%2E/a")]
    [InlineData("/v1/streams/..%2Fa")]
    [InlineData("/v1/streams/b%2F..%2Fa")]
    [InlineData("/v1/streams/%2Fa")]
    [InlineData("/v1/streams/a%2F")]
    [InlineData("/v1/streams/a%00")]
    [InlineData("/v1/streams/a%0A")]
    [InlineData("/v1/streams/a%7F")]
    [InlineData("/v1/streams/%FF")]
    [InlineData("/v1/streams/%C0%AF")]
    [InlineData("/v1/streams/%ED%A0%80")]
    [InlineData("/v1/streams/b%2Fa")]
    [InlineData("/v1/streams/b%2fa")]
    [InlineData("/v1/streams/a%")]
    [InlineData("/v1/streams/a%4")]
    [InlineData("/v1/streams/a%+4")]
    public async Task A_name_that_is_none_is_refused_as_it_stands_on_the_wire(string path)
    {
        var before = await _streams.SeeAsync("a");
        foreach (var method in (string[])["PUT", "POST", "GET", "DELETE"])
        {
            var told = await _streams.Server.SendRawAsync($"""
                {method} {path} HTTP/1.1
                Host: {_streams.Server.Url.Authority}
                Authorization: Bearer {ServerUnderTest.Key}
                Connection: close
                Content-Type: text/plain
                Content-Length: {(method is "PUT" or "POST" ? "1\n\nx" : "0\n\n")}
                """);
            told.ShouldStartWith("HTTP/1.1 400 ", Case.Sensitive, $"{method} {path}");
        }

        (await _streams.SeeAsync("a")).ShouldBe(before);
    }

    [Fact]
    public async Task A_name_of_any_script_may_be_1024_bytes_long_and_no_longer()
    {
        // Three bytes each, and one more.
        var longest = string.Concat(Enumerable.Repeat("%E7%95%8C", 341)) + "x";
        await _streams.CreateAsync(longest, text: "long");
        (await _streams.SendAsync("GET", longest)).Text.ShouldBe("long");
        (await _streams.SendAsync("PUT", longest + "x", "")).ShouldBeProblem(400, "invalid-id");
    }

    [Fact]
    public async Task A_percent_sign_in_a_name_is_written_as_such_and_is_no_slash()
    {
        await _streams.CreateAsync("b/c", text: "slash");
        await _streams.CreateAsync("b%252Fc", text: "percent");
        (await _streams.SendAsync("GET", "b/c")).Text.ShouldBe("slash");
        (await _streams.SendAsync("GET", "b%252Fc")).Text.ShouldBe("percent");
    }

    private static IEnumerable<(string, string)> Given(params (string Name, string? Value)[] headers) =>
        headers.Where(header => header.Value is not null).Select(header => (header.Name, header.Value!));
}
