using Sojourn.Cli;
using Sojourn.Tests.Cli;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Streams;

/// <summary>Durable streams on the command line, against a real server.</summary>
public sealed class StreamVerbTests : IAsyncLifetime
{
    private ServerUnderTest _server = null!;

    public async Task InitializeAsync() => _server = await ServerUnderTest.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task What_is_appended_is_shown_a_message_on_a_line_until_the_stream_is_closed()
    {
        (await RunAsync("", "append", "streams/chat/42", """{"n": 1}""", "--create", "application/json"))
            .ExitCode.ShouldBe(ExitCodes.Done);
        (await RunAsync("[2, 3]", "append", "streams/chat/42", "--close")).ExitCode.ShouldBe(ExitCodes.Done);

        var shown = await RunAsync("", "tail", $"{_server.Url}v1/streams/chat/42");
        shown.ExitCode.ShouldBe(ExitCodes.Done, shown.Error);
        shown.Out.ReplaceLineEndings("\n").ShouldBe("""
            {"n": 1}
            2
            3

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task An_append_tells_programs_where_to_read_on()
    {
        var first = await RunAsync("", "append", "streams/log", "one,", "--create", "text/plain", "--json");
        (await RunAsync("", "append", "streams/log", "two", "--close")).ExitCode.ShouldBe(ExitCodes.Done);
        var next = first.Json.GetProperty("next").GetString()!;
        (await RunAsync("", "tail", "streams/log", "--from", next)).Out.ShouldBe("two");
    }

    [Fact]
    public async Task A_message_is_shown_as_it_was_appended_however_deep_it_is()
    {
        var deep = "{\"say\": \"Grüße\\u0020\u2028<b>\", \"a\": "
            + new string('[', 500) + new string(']', 500) + "}";
        var onLines = deep.Replace(", ", ",\r\n  ");
        await RunAsync(onLines, "append", "streams/a", "--create", "application/json", "--close");

        (await RunAsync("", "tail", "streams/a")).Out.Trim().ShouldBe(deep.Replace(", ", ",  "));
    }

    [Fact]
    public async Task A_message_cannot_speak_to_the_terminal()
    {
        await RunAsync("[\"\u009b2J\u202e\"]", "append", "streams/a", "--create", "application/json", "--close");
        await RunAsync("\u001b[2J\nhere", "append", "streams/b", "--create", "text/plain", "--close");

        (await RunAsync(new CliSurroundings { IsScreen = true }, "tail", "streams/a")).Out.Trim().ShouldBe("\"2J\"");
        (await RunAsync(new CliSurroundings { IsScreen = true }, "tail", "streams/b")).Out.ShouldBe("[2J\nhere");
    }

    [Fact]
    public async Task Bytes_that_are_no_text_come_out_as_they_are()
    {
        byte[] bytes = [0, 0xff, 0xfe, (byte)'a', 0xc3];
        var around = new CliSurroundings { Input = bytes };
        await RunAsync(around, "append", "streams/a", "--create", "application/octet-stream", "--close");
        await RunAsync(around, "tail", "streams/a");

        around.OutBytes.ToArray().ShouldBe(bytes);
    }

    [Fact]
    public async Task A_character_that_two_appends_share_is_shown_whole_and_half_a_one_at_the_end_is_not_hidden()
    {
        await RunAsync(new CliSurroundings { Input = [0xc3] }, "append", "streams/a", "--create", "text/plain");
        await RunAsync(new CliSurroundings { Input = [0xa9, 0xc3] }, "append", "streams/a", "--close");

        (await RunAsync("", "tail", "streams/a")).Out.ShouldBe("é\ufffd");
    }

    [Theory]
    [InlineData("")]
    [InlineData("one")]
    public async Task Whoever_breaks_off_is_told_where_to_go_on_even_if_nothing_was_shown(string there)
    {
        var made = await RunAsync(there, "append", "streams/a", "--create", "text/plain", "--json");
        using var stop = new CancellationTokenSource();
        using var watch = new StopOnWait(stop);
        var cut = await RunAsync(
            new CliSurroundings { Carrier = watch, Stop = stop.Token }, "tail", "streams/a", "--from", "now");

        cut.ExitCode.ShouldBe(ExitCodes.Detached);
        cut.Out.ShouldBeEmpty();
        cut.Error.ShouldContain($"tail streams/a --from {made.Json.GetProperty("next").GetString()}");
    }

    [Fact]
    public async Task A_stream_that_is_not_there_is_not_appended_to_and_the_way_to_make_it_is_told()
    {
        var no = await RunAsync("", "append", "streams/a", "text");
        no.ExitCode.ShouldBe(ExitCodes.NotFound);
        no.Error.ShouldContain("no stream 'streams/a'");
        no.Error.ShouldContain("--create");
    }

    [Fact]
    public async Task A_stream_can_be_made_without_anything_in_it()
    {
        var made = await RunAsync("", "append", "streams/a", "--create", "text/plain");
        made.ExitCode.ShouldBe(ExitCodes.Done, made.Error);
        (await RunAsync("", "append", "streams/a")).ExitCode.ShouldBe(ExitCodes.Usage);
        (await RunAsync("", "append", "streams/a", "--close")).ExitCode.ShouldBe(ExitCodes.Done);
        (await RunAsync("", "tail", "streams/a")).Out.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("streams")]
    [InlineData("a/b/c")]
    [InlineData("http://elsewhere.example/v1/streams/a")]
    public async Task What_is_no_stream_of_the_server_is_refused_before_anything_is_sent(string stream) =>
        (await RunAsync("", "tail", stream)).ExitCode.ShouldBe(ExitCodes.Usage);

    private Task<CliRun> RunAsync(string input, params string[] args) =>
        RunAsync(new CliSurroundings { InputText = input }, args);

    private Task<CliRun> RunAsync(CliSurroundings around, params string[] args)
    {
        around.Environment["SOJOURN_KEY"] = ServerUnderTest.Key;
        return CliRun.OfAsync(around, [.. args, "--url", _server.Url.ToString()]);
    }

    /// <summary>Ctrl-C, once the program waits for news.</summary>
    private sealed class StopOnWait(CancellationTokenSource stop) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.Query.Contains("live=long-poll", StringComparison.Ordinal))
                await stop.CancelAsync();
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
