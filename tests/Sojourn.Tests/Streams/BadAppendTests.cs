using System.Net;
using System.Net.Sockets;
using System.Text;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Streams;

/// <summary>Appends that cannot be: each is told why, and nothing of it is kept.</summary>
public sealed class BadAppendTests : IAsyncLifetime
{
    private const int Limit = 1024;

    private StreamsUnderTest _streams = null!;

    public async Task InitializeAsync()
    {
        _streams = await StreamsUnderTest.StartAsync(options => options.Streams.MaxAppendBytes = Limit);
        await _streams.CreateAsync("a", text: "first");
    }

    public Task DisposeAsync() => _streams.DisposeAsync().AsTask();

    [Fact]
    public async Task A_stream_that_is_not_there_takes_nothing_and_is_not_made()
    {
        foreach (var method in (string[])["GET", "POST", "DELETE"])
        {
            (await _streams.SendAsync(method, "none", method == "POST" ? "x" : null, StreamsUnderTest.Text))
                .ShouldBeProblem(404, "not-found").Detail.ShouldBe("There is no such stream.");
        }

        (await _streams.SendAsync("HEAD", "none")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_body_that_claims_to_be_longer_than_the_limit_is_refused_before_it_is_read()
    {
        var claimed = await SendRawAsync($"Content-Length: {Limit + 1}", "not all of it");
        claimed.ShouldStartWith("HTTP/1.1 413 ");
        claimed.ShouldContain("urn:sojourn:problem:too-large");
        (await _streams.SendAsync("GET", "a")).Text.ShouldBe("first");
    }

    [Fact]
    public async Task A_body_in_chunks_may_be_as_long_as_the_limit_and_no_byte_longer()
    {
        string Chunks(int length) => $"200\n{new string('x', 0x200)}\n{length - 0x200:x}\n"
            + $"{new string('x', length - 0x200)}\n0\n\n";

        var beyond = await SendRawAsync("Transfer-Encoding: chunked", Chunks(Limit + 1));
        beyond.ShouldStartWith("HTTP/1.1 413 ");
        (await _streams.SendAsync("GET", "a")).Text.ShouldBe("first");
        (await SendRawAsync("Transfer-Encoding: chunked", Chunks(Limit))).ShouldStartWith("HTTP/1.1 204 ");
        (await _streams.SendAsync("GET", "a")).Text.Length.ShouldBe("first".Length + Limit);
    }

    [Fact]
    public async Task A_body_that_ends_before_it_is_whole_is_not_kept()
    {
        // The connection is cut; whatever the server says to that, half an append is none.
        await SendRawAsync("Content-Length: 20", "half", hangUp: true);
        await SendRawAsync("Transfer-Encoding: chunked", "4\nhalf\n", hangUp: true);
        (await _streams.AppendAsync("a", ",second")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await _streams.SendAsync("GET", "a")).Text.ShouldBe("first,second");
    }

    [Theory]
    [InlineData(null, "x", 400, "invalid-parameter")]
    [InlineData(" ", "x", 400, "invalid-parameter")]
    [InlineData("application/json", "{}", 409, "refused")]
    [InlineData("text/html", "x", 409, "refused")]
    [InlineData("nonsense", "x", 409, "refused")]
    [InlineData("text/plain", "", 400, "malformed")]
    public async Task A_body_of_no_or_another_type_is_refused(string? type, string body, int status, string problem) =>
        (await _streams.ShouldChangeNothingAsync("a", () => _streams.SendAsync("POST", "a", body, type)))
            .ShouldBeProblem(status, problem);

    [Theory]
    [InlineData("p", null, null)]
    [InlineData(null, "0", null)]
    [InlineData(null, null, "0")]
    [InlineData("p", "0", null)]
    [InlineData("p", null, "0")]
    [InlineData(null, "0", "0")]
    [InlineData("", "0", "0")]
    [InlineData("p", "-1", "0")]
    [InlineData("p", "0", "-1")]
    [InlineData("p", "+1", "0")]
    [InlineData("p", "0", "1.0")]
    [InlineData("p", "0", "1e3")]
    [InlineData("p", "0x1", "0")]
    [InlineData("p", "0", "")]
    [InlineData("p", "9007199254740992", "0")]
    [InlineData("p", "0", "9007199254740992")]
    [InlineData("p", "99999999999999999999", "0")]
    public async Task A_producer_that_is_half_named_or_miscounts_is_refused(string? id, string? epoch, string? seq)
    {
        (string, string)[] headers = [.. new[]
        {
            ("Producer-Id", id), ("Producer-Epoch", epoch), ("Producer-Seq", seq),
        }.Where(header => header.Item2 is not null).Select(header => (header.Item1, header.Item2!))];
        (await _streams.ShouldChangeNothingAsync(
            "a", () => _streams.SendAsync("POST", "a", "x", StreamsUnderTest.Text, headers)))
            .ShouldBeProblem(400, "invalid-parameter")["field"].GetString().ShouldStartWith("Producer-");
    }

    [Fact]
    public async Task The_longest_producers_name_and_the_highest_epoch_are_taken_and_one_more_is_not()
    {
        var name = new string('p', 128);
        (await StampedAsync(name, "9007199254740991", "0")).Status.ShouldBe(HttpStatusCode.OK);
        (await StampedAsync(name + "p", "0", "0")).ShouldBeProblem(400, "invalid-parameter");
    }

    [Fact]
    public async Task A_producer_out_of_turn_is_told_where_it_stands()
    {
        (await StampedAsync("p", "5", "0")).Status.ShouldBe(HttpStatusCode.OK);
        var before = await _streams.SeeAsync("a");

        var stale = await StampedAsync("p", "4", "1");
        stale.ShouldBeProblem(403, "forbidden")["code"].GetString().ShouldBe("stale-epoch");
        StreamsUnderTest.Header(stale, "Producer-Epoch").ShouldBe("5");
        (await StampedAsync("p", "6", "1")).ShouldBeProblem(400, "invalid-parameter");
        var gap = await StampedAsync("p", "5", "3");
        gap.ShouldBeProblem(409, "refused")["code"].GetString().ShouldBe("sequence-gap");
        StreamsUnderTest.Header(gap, "Producer-Expected-Seq").ShouldBe("1");
        StreamsUnderTest.Header(gap, "Producer-Received-Seq").ShouldBe("3");
        (await StampedAsync("q", "0", "1")).ShouldBeProblem(409, "refused");

        (await _streams.SeeAsync("a")).ShouldBe(before);
    }

    [Fact]
    public async Task A_stream_sequence_that_does_not_grow_or_is_too_long_is_refused()
    {
        (string, string) Seq(string value) => ("Stream-Seq", value);
        await _streams.AppendAsync("a", "b", Seq("b"));
        foreach (var (seq, status, problem) in new[]
        {
            ("b", 409, "refused"), ("a", 409, "refused"), ("B", 409, "refused"),
            (new string('z', 257), 400, "invalid-parameter"),
        })
        {
            (await _streams.ShouldChangeNothingAsync(
                "a", () => _streams.SendAsync("POST", "a", "x", StreamsUnderTest.Text, Seq(seq))))
                .ShouldBeProblem(status, problem);
        }

        await _streams.AppendAsync("a", "z", Seq(new string('z', 256)));
    }

    [Fact]
    public async Task A_closed_stream_says_so_whatever_else_is_wrong_and_where_it_ended()
    {
        var end = await _streams.SendAsync("POST", "a", null, null, ("Stream-Closed", "true"));
        foreach (var type in (string[])[StreamsUnderTest.Text, StreamsUnderTest.Json])
        {
            var late = await _streams.ShouldChangeNothingAsync("a", () => _streams.SendAsync("POST", "a", "1", type));
            late.ShouldBeProblem(409, "refused")["code"].GetString().ShouldBe("stream-closed");
            StreamsUnderTest.Header(late, "Stream-Closed").ShouldBe("true");
            StreamsUnderTest.Next(late).ShouldBe(StreamsUnderTest.Next(end));
        }

        (await StampedAsync("p", "0", "0")).ShouldBeProblem(409, "refused");
        (await _streams.SendAsync("POST", "a", "x", StreamsUnderTest.Text, ("Stream-Closed", "true")))
            .ShouldBeProblem(409, "refused");
    }

    [Theory]
    [InlineData("[")]
    [InlineData("nul")]
    [InlineData("{'a':1}")]
    [InlineData("[1] [2]")]
    [InlineData("// nothing\n1")]
    [InlineData("\uFEFF1")]
    [InlineData(" ")]
    public async Task A_body_that_is_no_json_is_kept_neither_by_an_append_nor_by_a_creation(string body)
    {
        await _streams.CreateAsync("j", StreamsUnderTest.Json, "[1]");
        (await _streams.ShouldChangeNothingAsync(
            "j", () => _streams.SendAsync("POST", "j", body, StreamsUnderTest.Json)))
            .ShouldBeProblem(400, "malformed");
        (await _streams.SendAsync("PUT", "new", body, StreamsUnderTest.Json)).ShouldBeProblem(400, "malformed");
        (await _streams.SendAsync("HEAD", "new")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Json_may_be_nested_512_deep_and_no_deeper()
    {
        string Nested(int depth) => new string('[', depth) + new string(']', depth);
        await _streams.CreateAsync("j", StreamsUnderTest.Json);
        // Limited to 1,024 bytes, which is just as deep.
        (await _streams.SendAsync("POST", "j", Nested(512), StreamsUnderTest.Json)).Status
            .ShouldBe(HttpStatusCode.NoContent);
        (await _streams.SendAsync("PUT", "k", "[" + Nested(511)[..^1], StreamsUnderTest.Json))
            .ShouldBeProblem(400, "malformed");
    }

    [Fact]
    public async Task A_method_that_streams_do_not_have_is_told_which_they_have()
    {
        var patch = await _streams.ShouldChangeNothingAsync("a", () => _streams.SendAsync("PATCH", "a", "x"));
        patch.ShouldBeProblem(405, "method-not-allowed");
        patch.ContentHeaders.Allow.ShouldBe(["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"]);
        foreach (var method in (string[])["PUT", "DELETE"])
        {
            await _streams.Server.SendAsync("PUT", "/v1/counter/c");
            (await _streams.Server.SendAsync(method, "/v1/counter/c/streams/events"))
                .ShouldBeProblem(405, "method-not-allowed");
        }
    }

    [Fact]
    public async Task Nobody_without_a_key_is_told_anything()
    {
        using var nobody = _streams.Server.Client(null);
        foreach (var method in (string[])["GET", "HEAD", "PUT", "POST", "DELETE"])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/v1/streams/a");
            (await ServerUnderTest.SendAsync(nobody, request)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        (await _streams.SendAsync("GET", "a")).Text.ShouldBe("first");
    }

    private Task<Reply> StampedAsync(string id, string epoch, string seq) => _streams.SendAsync(
        "POST", "a", "x", StreamsUnderTest.Text,
        ("Producer-Id", id), ("Producer-Epoch", epoch), ("Producer-Seq", seq));

    /// <summary>Sends what no client library would.</summary>
    /// <param name="length">The header that says how long the body is.</param>
    /// <param name="body">The body, or what there is of it.</param>
    /// <param name="hangUp">True to say afterwards that nothing more comes.</param>
    /// <returns>The answer up to where the problem's JSON ends, if it is one; or to where the server hung up.</returns>
    private async Task<string> SendRawAsync(string length, string body, bool hangUp = false)
    {
        var url = _streams.Server.Url;
        var request = $"""
            POST /v1/streams/a HTTP/1.1
            Host: {url.Authority}
            Authorization: Bearer {ServerUnderTest.Key}
            Connection: close
            Content-Type: text/plain
            {length}

            {body}
            """;
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, url.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request.ReplaceLineEndings("\r\n")));
        if (hangUp)
            socket.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream);
        using var patience = new CancellationTokenSource(ServerUnderTest.Patience);
        var (answer, part) = (new StringBuilder(), new char[1024]);
        try
        {
            while (await reader.ReadAsync(part, patience.Token) is > 0 and var count)
            {
                answer.Append(part.AsSpan(0, count));
                if (answer[^1] == '}')
                    break;
            }
        }
        catch (IOException)
        {
            // Hung up without a word.
        }

        return answer.ToString();
    }
}
