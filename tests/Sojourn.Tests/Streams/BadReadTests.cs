using System.Net;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Streams;

/// <summary>Readers who ask for what cannot be, in each of the three ways to read.</summary>
public sealed class BadReadTests : IAsyncLifetime
{
    private StreamsUnderTest _streams = null!;

    public async Task InitializeAsync()
    {
        _streams = await StreamsUnderTest.StartAsync(options =>
        {
            options.Streams.RetainedEntries = 2;
            options.LongPollTimeout = TimeSpan.FromMilliseconds(10);
        });
        await _streams.CreateAsync("a", text: "first");
    }

    public Task DisposeAsync() => _streams.DisposeAsync().AsTask();

    public static TheoryData<string> Lives => ["", "&live=long-poll", "&live=sse"];

    [Theory]
    [InlineData("")]
    [InlineData("%20")]
    [InlineData("0")]
    [InlineData("-2")]
    [InlineData("NOW")]
    [InlineData("-1%20")]
    [InlineData("0,0")]
    [InlineData("..")]
    [InlineData("%00")]
    [InlineData("0000000000000000_000000000000000")]
    [InlineData("0000000000000000_00000000000000000")]
    [InlineData("0000000000000000-0000000000000000")]
    [InlineData("-000000000000001_0000000000000000")]
    [InlineData("0000000000000000_-000000000000001")]
    [InlineData("9999999999999999_9999999999999999")]
    [InlineData("%D9%A0000000000000000_0000000000000000")]
    public async Task An_offset_that_is_none_is_refused(string offset)
    {
        foreach (var live in (string[])["", "&live=long-poll", "&live=sse"])
        {
            (await _streams.ShouldChangeNothingAsync("a", () => _streams.SendAsync("GET", $"a?offset={offset}{live}")))
                .ShouldBeProblem(400, "invalid-parameter")["field"].GetString().ShouldBe("offset");
        }
    }

    [Theory]
    [MemberData(nameof(Lives))]
    public async Task An_offset_that_is_not_reached_yet_is_refused_until_it_is(string live)
    {
        var last = StreamsUnderTest.Next(await _streams.SendAsync("HEAD", "a"));
        var ahead = last[..^1] + (char)(last[^1] + 1);
        (await _streams.SendAsync("GET", $"a?offset={ahead}{live}")).ShouldBeProblem(400, "invalid-parameter");

        StreamsUnderTest.Next(await _streams.AppendAsync("a", "second")).ShouldBe(ahead);
        (await _streams.SendAsync("GET", $"a?offset={ahead}")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Lives))]
    public async Task An_offset_of_another_stream_is_refused(string live)
    {
        await _streams.CreateAsync("b", text: "other");
        var (ofA, ofB) = (StreamsUnderTest.Next(await _streams.SendAsync("HEAD", "a")),
            StreamsUnderTest.Next(await _streams.SendAsync("HEAD", "b")));

        (await _streams.SendAsync("GET", $"a?offset={ofB}{live}")).ShouldBeProblem(400, "invalid-parameter");
        (await _streams.SendAsync("GET", $"b?offset={ofA}{live}"))
            .ShouldBeProblem(410, "gone")["code"].GetString().ShouldBe("other-stream");
    }

    [Theory]
    [MemberData(nameof(Lives))]
    public async Task An_offset_that_retention_took_is_gone(string live)
    {
        var first = StreamsUnderTest.Next(await _streams.SendAsync("HEAD", "a"));
        for (var i = 0; i < 20; i++)
            await _streams.AppendAsync("a", $"{i},");

        (await _streams.SendAsync("GET", $"a?offset={first}{live}"))
            .ShouldBeProblem(410, "gone")["code"].GetString().ShouldBe("not-retained");
    }

    [Theory]
    [InlineData("?live=long-poll", "offset")]
    [InlineData("?live=sse", "offset")]
    [InlineData("?offset=-1&live=", "live")]
    [InlineData("?offset=-1&live=SSE", "live")]
    [InlineData("?offset=-1&live=true", "live")]
    [InlineData("?offset=-1&live=sse&live=sse", "live")]
    [InlineData("?offset=-1&offset=-1", "offset")]
    [InlineData("?offset=-1&cursor=1&cursor=2", "cursor")]
    public async Task A_question_that_is_none_is_refused(string query, string field) =>
        (await _streams.SendAsync("GET", $"a{query}")).ShouldBeProblem(400, "invalid-parameter")
            ["field"].GetString().ShouldBe(field);

    [Theory]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    [InlineData("nonsense")]
    [InlineData("9223372036854775807")]
    public async Task A_cursor_that_was_never_given_does_no_harm(string cursor)
    {
        var polled = await _streams.SendAsync("GET", $"a?offset=-1&live=long-poll&cursor={cursor}");
        polled.Text.ShouldBe("first");
        StreamsUnderTest.Header(polled, "Stream-Cursor").ShouldAllBe(each => char.IsAsciiDigit(each));
    }
}
