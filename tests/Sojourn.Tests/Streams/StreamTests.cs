using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sojourn.Kinds.Streams;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Streams;

/// <summary>What a client of durable streams is told when it asks for what cannot be.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private ServerUnderTest _server = null!;

    public async Task InitializeAsync() => _server = await ServerUnderTest.StartAsync(options =>
    {
        options.Streams.MaxAppendBytes = 1024;
        options.Streams.MaxMessages = 3;
        options.Streams.RetainedEntries = 10;
    });

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task What_is_appended_is_read_back_in_order_and_goes_on_from_any_offset()
    {
        await CreateAsync("a");
        var first = await AppendAsync("a", "one");
        await AppendAsync("a", "two");

        (await _server.SendAsync("GET", "/v1/streams/a")).Text.ShouldBe("onetwo");
        (await _server.SendAsync("GET", $"/v1/streams/a?offset={Next(first)}")).Text.ShouldBe("two");
    }

    [Fact]
    public async Task Names_may_hold_slashes_and_capitals_and_none_meets_another()
    {
        string[] names = ["a/b", "A/b", "a%252Fb", "B", "b", "name-b", "é", "a b"];
        foreach (var name in names)
        {
            await CreateAsync(name);
            await AppendAsync(name, name);
        }

        foreach (var name in names)
            (await _server.SendAsync("GET", $"/v1/streams/{name}")).Text.ShouldBe(name);
    }

    [Theory]
    [InlineData("/v1/streams/")]
    [InlineData("/v1/streams/a//b")]
    [InlineData("/v1/streams/a%01b")]
    public async Task A_path_that_is_no_name_is_refused(string path) =>
        ((int)(await _server.SendAsync("PUT", path)).Status).ShouldBe(400);

    [Fact]
    public async Task The_longest_name_is_taken_and_one_more_byte_is_not()
    {
        await CreateAsync(new string('n', StreamName.MaxBytes));
        (await _server.SendAsync("PUT", "/v1/streams/" + new string('n', StreamName.MaxBytes + 1)))
            .ShouldBeProblem(400, "invalid-id");
    }

    [Fact]
    public async Task The_longest_append_is_taken_and_one_more_byte_is_not()
    {
        await CreateAsync("a");
        await AppendAsync("a", new string('x', 1024));
        (await PostAsync("a", new string('x', 1025))).ShouldBeProblem(413, "too-large");
        (await _server.SendAsync("GET", "/v1/streams/a")).Text.Length.ShouldBe(1024);
    }

    [Fact]
    public async Task The_most_messages_are_taken_and_one_more_is_not()
    {
        await CreateAsync("j", "application/json");
        (await PostAsync("j", "[1, 2, 3]", "application/json")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await PostAsync("j", "[1,2,3,4]", "application/json")).ShouldBeProblem(413, "too-large");
        (await _server.SendAsync("GET", "/v1/streams/j")).Text.ShouldBe("[1,2,3]");
    }

    [Theory]
    [InlineData("", 400, "malformed")]
    [InlineData("[]", 400, "malformed")]
    [InlineData("{\"half\":", 400, "malformed")]
    [InlineData("1 2", 400, "malformed")]
    [InlineData("[1,]", 400, "malformed")]
    public async Task A_body_that_is_no_message_appends_nothing(string body, int status, string type)
    {
        await CreateAsync("j", "application/json");
        (await PostAsync("j", body, "application/json")).ShouldBeProblem(status, type);
        (await _server.SendAsync("GET", "/v1/streams/j")).Text.ShouldBe("[]");
    }

    [Theory]
    [InlineData("Stream-TTL", "01")]
    [InlineData("Stream-TTL", "-1")]
    [InlineData("Stream-TTL", "1000000000")]
    [InlineData("Stream-Expires-At", "tomorrow")]
    [InlineData("Stream-Expires-At", "2026-01-31T12:00:00")]
    [InlineData("Stream-Fork-Offset", "0000000000000000_0000000000000000")]
    [InlineData("Stream-Fork-Sub-Offset", "1")]
    [InlineData("Stream-Forked-From", "/v1/other/a")]
    public async Task A_header_that_cannot_be_read_creates_nothing(string name, string value)
    {
        (await _server.SendAsync("PUT", "/v1/streams/a", null, (name, value)))
            .ShouldBeProblem(400, "invalid-parameter");
        (await _server.SendAsync("GET", "/v1/streams/a")).ShouldBeProblem(404, "not-found");
    }

    [Theory]
    [InlineData("?offset=", "offset")]
    [InlineData("?offset=5", "offset")]
    [InlineData("?live=sse", "offset")]
    [InlineData("?offset=-1&live=often", "live")]
    [InlineData("?offset=0000000000000001_0000000000000000&offset=-1", "offset")]
    public async Task A_reader_who_asks_for_nonsense_is_told_what_is_wrong(string query, string field)
    {
        await CreateAsync("a");
        (await _server.SendAsync("GET", $"/v1/streams/a{query}")).ShouldBeProblem(400, "invalid-parameter")
            ["field"].GetString().ShouldBe(field);
    }

    [Fact]
    public async Task An_offset_of_another_stream_is_refused()
    {
        await CreateAsync("a");
        await CreateAsync("b");
        var (older, newer) = (Next(await AppendAsync("a", "of a")), Next(await AppendAsync("b", "of b")));

        (await _server.SendAsync("GET", $"/v1/streams/a?offset={newer}")).ShouldBeProblem(400, "invalid-parameter");
        (await _server.SendAsync("GET", $"/v1/streams/b?offset={older}")).ShouldBeProblem(410, "gone");
    }

    [Fact]
    public async Task An_offset_of_a_stream_that_had_the_name_before_is_gone_and_one_ahead_is_refused()
    {
        await CreateAsync("a");
        var before = Next(await AppendAsync("a", "before"));
        (await _server.SendAsync("DELETE", "/v1/streams/a")).Status.ShouldBe(HttpStatusCode.NoContent);
        await CreateAsync("a");
        var after = Next(await AppendAsync("a", "after"));

        (await _server.SendAsync("GET", $"/v1/streams/a?offset={before}")).ShouldBeProblem(410, "gone");
        string.CompareOrdinal(before, after).ShouldBeLessThan(0);
        (await _server.SendAsync("GET", $"/v1/streams/a?offset={after[..^1]}2"))
            .ShouldBeProblem(400, "invalid-parameter");
    }

    [Fact]
    public async Task An_offset_that_is_kept_no_longer_is_gone_and_the_beginning_is_what_is_left()
    {
        await CreateAsync("a");
        var first = Next(await AppendAsync("a", "0,"));
        for (var i = 1; i < 30; i++)
            await AppendAsync("a", $"{i},");

        (await _server.SendAsync("GET", $"/v1/streams/a?offset={first}")).ShouldBeProblem(410, "gone")
            ["code"].GetString().ShouldBe("not-retained");
        var left = (await _server.SendAsync("GET", "/v1/streams/a?offset=-1")).Text.TrimEnd(',').Split(',');
        left.Length.ShouldBeInRange(10, 11);
        left[^1].ShouldBe("29");
    }

    [Fact]
    public async Task Another_owners_stream_does_not_exist()
    {
        await CreateAsync("a");
        var made = await _server.SendAsync("POST", "/v1/keys", """{"owner":"alice"}""");
        using var alice = _server.Client(made["key"].GetString());

        foreach (var method in (string[])["GET", "HEAD", "POST", "DELETE"])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/v1/streams/a");
            request.Content = method == "POST" ? new StringContent("x") : null;
            (await ServerUnderTest.SendAsync(alice, request)).Status.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task Streams_are_not_reached_as_sessions()
    {
        await CreateAsync("a");
        (await _server.SendAsync("GET", "/v1/stream/a")).ShouldBeProblem(404, "unknown-kind");
        (await _server.SendAsync("DELETE", "/v1/stream/a")).ShouldBeProblem(404, "unknown-kind");
        (await _server.SendAsync("GET", "/v1/sessions"))["sessions"].GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_page_of_another_site_is_told_what_may_be_asked_and_gets_nothing()
    {
        await CreateAsync("a");
        (string, string) stranger = ("Origin", "https://example.com");
        var preflight = await _server.SendAsync("OPTIONS", "/v1/streams/a", null, stranger);
        preflight.Status.ShouldBe(HttpStatusCode.NoContent);
        preflight.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        (await _server.SendAsync("GET", "/v1/streams/a", null, stranger)).ShouldBeProblem(403, "forbidden");
    }

    [Fact]
    public async Task Beyond_the_most_streams_a_new_one_is_told_when_to_try_again()
    {
        await using var small = await ServerUnderTest.StartAsync(options => options.Streams.MaxStreamsPerOwner = 1);
        (await small.SendAsync("PUT", "/v1/streams/a")).Status.ShouldBe(HttpStatusCode.Created);
        (await small.SendAsync("PUT", "/v1/streams/b")).ShouldBeProblem(429, "full");
    }

    [Fact]
    public async Task Beyond_the_most_readers_a_new_one_is_told_when_to_try_again()
    {
        await using var small = await ServerUnderTest.StartAsync(options => options.Streams.MaxReaders = 1);
        (await small.SendAsync("PUT", "/v1/streams/a")).Status.ShouldBe(HttpStatusCode.Created);
        using var first = await small.Http.GetAsync(
            "/v1/streams/a?offset=now&live=sse", HttpCompletionOption.ResponseHeadersRead);
        (await small.SendAsync("GET", "/v1/streams/a?offset=now&live=sse")).ShouldBeProblem(429, "too-many-watchers");
    }

    [Theory]
    [InlineData("text/plain; x=\"\u00c3\u00a9\"")]
    [InlineData("text/plain; x=\"\u007f\"")]
    [InlineData("text/plain;\tx=y")]
    public async Task A_content_type_that_no_answer_could_have_makes_no_stream(string type)
    {
        (await PutRawAsync(type)).ShouldStartWith("HTTP/1.1 400");
        (await _server.SendAsync("GET", "/v1/streams/a")).ShouldBeProblem(404, "not-found");
        (await PutRawAsync("text/plain; x=\"~ !\"")).ShouldStartWith("HTTP/1.1 201");
        (await _server.SendAsync("GET", "/v1/streams/a")).Status.ShouldBe(HttpStatusCode.OK);

        Task<string> PutRawAsync(string given) => _server.SendRawAsync(
            $"PUT /v1/streams/a HTTP/1.1\nHost: {_server.Url.Authority}\nConnection: close\n"
            + $"Authorization: Bearer {ServerUnderTest.Key}\nContent-Type: {given}\n\n");
    }

    [Fact]
    public async Task JSON_that_is_no_UTF_8_is_refused()
    {
        await CreateAsync("j", "application/json");
        using var body = new ByteArrayContent([(byte)'"', 0xff, (byte)'"']);
        body.Headers.ContentType = new("application/json");
        using var no = await _server.Http.PostAsync("/v1/streams/j", body);
        no.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("", "no-cache")]
    [InlineData("?offset=-1", "no-cache")]
    [InlineData("?offset=0000000000000000_0000000000000000", "max-age=60")]
    public async Task Only_a_full_page_after_an_offset_may_be_kept_and_for_one_key_alone(string query, string kept)
    {
        // A page ends where there are 10,000 entries or a MiB.
        await using var large = await ServerUnderTest.StartAsync();
        using var body = new ByteArrayContent(new byte[1 << 20]);
        using var made = await large.Http.PutAsync("/v1/streams/a", body);
        using var more = new ByteArrayContent([1]) { Headers = { ContentType = new("application/octet-stream") } };
        (await large.Http.PostAsync("/v1/streams/a", more)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        using var page = await large.Http.GetAsync($"/v1/streams/a{query}");
        page.Headers.Contains("Stream-Up-To-Date").ShouldBeFalse();
        page.Headers.CacheControl!.ToString().ShouldContain(kept);
        page.Headers.CacheControl.Private.ShouldBeTrue();
        page.Headers.Vary.ShouldBe(["Authorization", "Cookie"]);
    }

    [Fact]
    public async Task Streams_do_not_take_the_place_of_sessions_in_a_list_of_all()
    {
        await using var mixed = await ServerUnderTest.StartAsync(
            also: kinds => kinds.AddKind(new Sojourn.Kinds.Generation.GenerationKind()));
        await mixed.CreateAsync("one");
        await mixed.CreateAsync("two");
        await mixed.CreateAsync("three");
        for (var i = 0; i < 10; i++)
            (await mixed.SendAsync("PUT", $"/v1/streams/{i}")).Status.ShouldBe(HttpStatusCode.Created);

        var first = await mixed.SendAsync("GET", "/v1/sessions?limit=2");
        first["sessions"].GetArrayLength().ShouldBe(2);
        var next = await mixed.SendAsync("GET", $"/v1/sessions?limit=2&cursor={first["next"].GetString()}");
        next["sessions"].GetArrayLength().ShouldBe(1);
        next.Has("next").ShouldBeFalse();
    }

    [Theory]
    [InlineData("/v1/streams/a//b")]
    [InlineData("/v1/streams/a/")]
    public async Task A_path_with_a_gap_is_told_so(string path) =>
        (await _server.SendAsync("PUT", path)).ShouldBeProblem(400, "invalid-id")
            .Detail!.ShouldStartWith("A name is missing in the path");

    [Fact]
    public async Task A_sessions_events_and_their_end_are_read_as_a_stream()
    {
        await _server.CreateAsync("c");
        (await _server.SendAsync("POST", "/v1/counter/c/increment", """{"by": 2}""")).Status
            .ShouldBe(HttpStatusCode.OK);
        var read = await _server.SendAsync("GET", "/v1/counter/c/streams/events?offset=-1");
        read.Json.GetArrayLength().ShouldBe(1);
        read.Json[0].GetProperty("offset").GetString().ShouldBe(Next(read));
        (await _server.SendAsync("POST", "/v1/counter/c/streams/events", "{}"))
            .ShouldBeProblem(405, "method-not-allowed");
        (await _server.SendAsync("GET", "/v1/counter/c/streams/none")).ShouldBeProblem(404, "not-found");
    }

    private static string Next(Reply reply) => reply.Headers.GetValues("Stream-Next-Offset").Single();

    private async Task CreateAsync(string name, string type = "text/plain")
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/streams/{name}");
        request.Content = new ByteArrayContent([]);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        (await ServerUnderTest.SendAsync(_server.Http, request)).Status.ShouldBe(HttpStatusCode.Created);
    }

    private async Task<Reply> AppendAsync(string name, string text)
    {
        var reply = await PostAsync(name, text);
        reply.Status.ShouldBe(HttpStatusCode.NoContent, reply.Text);
        return reply;
    }

    private async Task<Reply> PostAsync(string name, string text, string type = "text/plain")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/streams/{name}");
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        return await ServerUnderTest.SendAsync(_server.Http, request);
    }
}
