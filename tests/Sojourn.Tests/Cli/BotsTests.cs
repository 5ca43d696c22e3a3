using Sojourn.Cli;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Cli;

[Collection(Lane.FirstProcesses)]
public sealed class BotsTests : IAsyncLifetime, IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private ServeUnderTest _serve = null!;

    private string Data => Path.Combine(_scratch.Path, "data");

    public async Task InitializeAsync() => _serve = await ServeUnderTest.StartAsync(
        Data, _scratch.File("config.json", """{"Explorer": {"MaxGames": 25}}"""));

    public async Task DisposeAsync() => await _serve.DisposeAsync();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Twenty_bots_play_to_the_end_and_leave_nothing()
    {
        var run = await BotsAsync("--players", "20", "--seed", "7", "--games", "2", "--json");

        run.ExitCode.ShouldBe(ExitCodes.Done, run.Error);
        var figures = run.Json.GetProperty("figures");
        int Of(string name) => figures.GetProperty(name).GetInt32();
        Of("games").ShouldBe(40);
        (Of("won") + Of("lost")).ShouldBe(40, "each game has an end");
        Of("left").ShouldBe(0);
        Of("refused").ShouldBe(0, "what is offered can be done");
        figures.GetProperty("lostBy").EnumerateObject().Sum(each => each.Value.GetInt32()).ShouldBe(Of("lost"));
        Of("commands").ShouldBeGreaterThan(40 * 10);
        (await CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Games_that_are_left_are_found_by_their_label_and_gone_on_with()
    {
        // One or another may lose its ship as early as that; not all of them do.
        var first = await BotsAsync("--players", "10", "--seed", "7", "--turns", "1", "--remove", "false");
        first.ExitCode.ShouldBe(ExitCodes.Done, first.Error);
        first.Out.ShouldContain("10 begun");
        first.Out.ShouldNotContain(" 0 left");
        first.Out.ShouldContain("--label bots:seed-7");
        (await CountAsync("--label", "bots:seed-7")).ShouldBe(10);

        var second = await BotsAsync("--players", "10", "--seed", "7", "--json");
        second.ExitCode.ShouldBe(ExitCodes.Done, second.Error);
        second.Json.GetProperty("figures").GetProperty("left").GetInt32().ShouldBe(0);
        (await CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_server_that_is_full_is_told_with_the_setting_that_helps()
    {
        var run = await BotsAsync("--players", "26");

        run.ExitCode.ShouldBe(ExitCodes.ServerError);
        run.Error.ShouldContain("Explorer:MaxGames");
        (await CountAsync()).ShouldBe(0, "what was begun is removed");
    }

    [Fact]
    public async Task A_game_of_somebody_else_is_left_alone()
    {
        await RunAsync("new", "explorer", "--id", "bot-7-1");

        var run = await BotsAsync("--players", "1", "--seed", "7");

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.ShouldContain("choose another --seed");
        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Ctrl_C_ends_in_good_order()
    {
        using var stop = new CancellationTokenSource();
        var around = new CliSurroundings
        {
            Server = _serve.Url,
            Environment = [],
            IsScreen = true,
            Out = new CapturedText("begun", stop.Cancel),
            Stop = stop.Token,
        };

        var run = await CliRun.OfAsync(around, "bots", "--players", "5", "--games", "1000", "--data", Data);

        run.ExitCode.ShouldBe(ExitCodes.Detached);
        run.Out.ShouldContain("Stopped before all games were over.");
        (await CountAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData("--players", "0")]
    [InlineData("--players", "100001")]
    [InlineData("--games", "1001")]
    [InlineData("--concurrency", "1001")]
    [InlineData("--turns", "0")]
    [InlineData("--players", "x")]
    [InlineData("--turns", "many")]
    [InlineData("--seed", "99999999999")]
    public async Task Numbers_out_of_range_are_refused(string option, string value)
    {
        var run = await BotsAsync(option, value);

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.ShouldContain(option);
        run.Error.ShouldContain(value);
        run.Error.ShouldNotContain("System.");
    }

    [Fact]
    public async Task Bots_that_were_let_begin_nothing_leave_nothing_to_remove()
    {
        var run = await BotsAsync("--players", "3", "--rule-set", "no-such");

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.ShouldContain("There is no such set of rules.");
        var unknown = await BotsAsync("--players", "3", "--key", "wrong");
        unknown.ExitCode.ShouldBe(ExitCodes.NotAllowed);
        unknown.Error.ShouldNotContain("games may be left");
    }

    private async Task<int> CountAsync(params string[] words) =>
        (await RunAsync(["count", "explorer", .. words, "--json"])).Json.GetProperty("count").GetInt32();

    private Task<CliRun> BotsAsync(params string[] words) => RunAsync(["bots", .. words]);

    private Task<CliRun> RunAsync(params string[] words) => CliRun.OfAsync(
        new CliSurroundings { Server = _serve.Url, Environment = [] }, [.. words, "--data", Data]);
}
