using Sojourn.Cli;
using Sojourn.Tests.Client;

namespace Sojourn.Tests.Cli;

public sealed class ExitCodeTests : IAsyncLifetime
{
    private PretendServer _server = null!;

    public async Task InitializeAsync() => _server = await PretendServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("refused", 409, ExitCodes.Failed)]
    [InlineData("lease-lost", 409, ExitCodes.Failed)]
    [InlineData("invalid", 422, ExitCodes.Usage)]
    [InlineData("malformed", 400, ExitCodes.Usage)]
    [InlineData("too-large", 413, ExitCodes.Usage)]
    [InlineData("not-found", 404, ExitCodes.NotFound)]
    [InlineData("unknown-command", 404, ExitCodes.NotFound)]
    [InlineData("unauthorized", 401, ExitCodes.NotAllowed)]
    [InlineData("forbidden", 403, ExitCodes.NotAllowed)]
    [InlineData("version-mismatch", 412, ExitCodes.Conflict)]
    [InlineData("already-exists", 412, ExitCodes.Conflict)]
    [InlineData("operation-reused", 422, ExitCodes.Conflict)]
    [InlineData("overloaded", 429, ExitCodes.ServerError)]
    [InlineData("damaged", 500, ExitCodes.ServerError)]
    [InlineData("stopping", 503, ExitCodes.ServerError)]
    public async Task What_the_server_says_decides_the_exit_code(string type, int status, int code)
    {
        _server.On("POST /v1/counter/x/increment", PretendServer.Problem(type, status, "It is so."));

        var people = await CliRun.OfAsync(_server.Url, "send", "counter/x", "increment");
        var programs = await CliRun.OfAsync(_server.Url, "send", "counter/x", "increment", "--json");

        people.ExitCode.ShouldBe(code);
        people.Out.ShouldBeEmpty();
        people.Error.ShouldStartWith("sojourn: It is so.");
        programs.ExitCode.ShouldBe(code);
        programs.Out.ShouldBeEmpty();
        programs.ErrorJson.GetProperty("type").GetString().ShouldBe("urn:sojourn:problem:" + type);
    }

    [Fact]
    public async Task No_server_is_five()
    {
        await _server.GoAwayAsync();

        foreach (string[] words in (string[][])
        [
            ["get", "counter/x"], ["ls", "counter"], ["new", "counter"], ["watch", "counter/x"], ["rm", "counter/x"],
            ["download", "generation/x"], ["generate", "-", "--out", "x.zip"],
        ])
        {
            var run = await CliRun.OfAsync(
                new CliSurroundings { Server = _server.Url, InputText = "Once upon a time." }, words);
            run.ExitCode.ShouldBe(ExitCodes.NoServer, string.Join(' ', words));
            run.Error.ShouldContain("start one with `sojourn serve`");
        }
    }

    [Theory]
    [InlineData("get")]
    [InlineData("get", "my-story")]
    [InlineData("ls", "../x")]
    [InlineData("dance")]
    [InlineData("new", "counter", "{")]
    [InlineData("new", "counter", "@/no/such/file")]
    [InlineData("new", "Counter")]
    [InlineData("new", "counter", "--label", "blue")]
    [InlineData("ls", "counter", "--limit", "0")]
    [InlineData("send", "counter/x", "increment", "--if-match", "seven")]
    [InlineData("generate", "/no/such/file")]
    [InlineData("generate", "-", "--style", "cubist")]
    [InlineData("generate", "-", "--out", "/no/such/directory/x.zip")]
    [InlineData("download", "counter/x")]
    [InlineData("get", "counter/x", "--key", "two words")]
    [InlineData("serve", "--config", "/no/such/file")]
    public async Task Bad_usage_is_two_and_nothing_is_sent(params string[] words)
    {
        var people = await CliRun.OfAsync(_server.Url, words);
        var programs = await CliRun.OfAsync(_server.Url, [.. words, "--json"]);

        people.ExitCode.ShouldBe(ExitCodes.Usage);
        people.Error.ShouldStartWith("sojourn: ");
        programs.ExitCode.ShouldBe(ExitCodes.Usage);
        programs.ErrorJson.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        _server.Seen.ShouldBeEmpty();
    }
}
