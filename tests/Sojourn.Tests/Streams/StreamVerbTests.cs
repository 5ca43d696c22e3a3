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
            {"n":1}
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

    [Theory]
    [InlineData("streams")]
    [InlineData("a/b/c")]
    [InlineData("http://elsewhere.example/v1/streams/a")]
    public async Task What_is_no_stream_of_the_server_is_refused_before_anything_is_sent(string stream) =>
        (await RunAsync("", "tail", stream)).ExitCode.ShouldBe(ExitCodes.Usage);

    private Task<CliRun> RunAsync(string input, params string[] args) => CliRun.OfAsync(
        new CliSurroundings
        {
            Server = _server.Url,
            InputText = input,
            Environment = new() { ["SOJOURN_KEY"] = ServerUnderTest.Key },
        }, args);
}
