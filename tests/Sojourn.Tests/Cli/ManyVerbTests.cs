using Sojourn.Cli;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Cli;

/// <summary>Many sessions, and the whole store, from the command line against a real server.</summary>
public sealed class ManyVerbTests : IAsyncLifetime, IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private ServeUnderTest _serve = null!;

    private string Data => Path.Combine(_scratch.Path, "data");

    public async Task InitializeAsync()
    {
        _serve = await ServeUnderTest.StartAsync(Data);
        foreach (var id in (string[])["one", "two"])
        {
            var made = await RunAsync(
                "new", "generation", """{"storyText": "One two three four five."}""", "--id", id,
                "--label", "team:blue");
            made.ExitCode.ShouldBe(ExitCodes.Done, made.Error);
        }
    }

    public async Task DisposeAsync() => await _serve.DisposeAsync();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Sessions_of_all_kinds_are_listed_and_counted_by_what_they_have()
    {
        var all = await RunAsync("ls");
        all.Out.ShouldContain("generation/one");
        all.Out.ShouldContain("generation/two");
        (await RunAsync("count")).Out.Trim().ShouldBe("2");
        (await RunAsync("count", "generation", "--at-most", "1")).Out.Trim().ShouldBe("1 or more");
        (await RunAsync("count", "--busy", "--final")).Out.Trim().ShouldBe("0");
        (await RunAsync("count", "--final", "false", "generation", "--busy", "false", "--older-than", "1d")).Out.Trim()
            .ShouldBe("0");
        (await RunAsync("count", "--json", "--text", "wo")).Json.GetProperty("count").GetInt64().ShouldBe(1);
        (await RunAsync("ls", "--label", "team:red")).Out.Trim().ShouldBe("There are none.");
        (await RunAsync("ls", "--older-than", "1d", "--idle-for", "1d", "--status-for", "1d")).Out.Trim()
            .ShouldBe("There are none.");
        (await RunAsync("ls", "--damaged")).Out.Trim().ShouldBe("There are none.");
        (await RunAsync("ls", "--status", "sleeping")).ExitCode.ShouldBe(ExitCodes.Usage);
    }

    [Fact]
    public async Task A_session_is_touched_and_labelled()
    {
        var touched = await RunAsync("touch", "generation/one", "generation/nobody");
        touched.ExitCode.ShouldBe(ExitCodes.NotFound);
        touched.Out.Trim().ShouldBe("Touched generation/one.");

        var labelled = await RunAsync("label", "generation/one", "mood:good=enough", "team-", "--json");
        labelled.Json.GetProperty("labels").GetRawText().Replace(" ", "").Replace("\n", "")
            .ShouldBe("""{"mood":"good=enough"}""");
        (await RunAsync("label", "generation/one", "team-")).Out.ShouldContain("mood:good=enough");
    }

    [Fact]
    public async Task Many_are_commanded_and_removed_and_the_first_failure_is_the_exit_code()
    {
        var failed = await RunAsync("bulk", "generation", "cancel", "--ids", "nobody", "never");
        failed.ExitCode.ShouldBe(ExitCodes.NotFound);
        failed.Out.ShouldContain("nobody: There is no session 'nobody'");
        failed.Out.ShouldContain("0 done, 2 failed.");

        var removed = await RunAsync(
            "bulk", "generation", "--remove", "--label", "team:blue", "--text", "one", "--json");
        removed.ExitCode.ShouldBe(ExitCodes.Done, removed.Error);
        removed.Out.TrimEnd().Split('\n')[^1].ShouldBe("""{"done":1,"failed":0}""");
        (await RunAsync("bulk", "generation", "--remove", "--all")).Out.Trim().ShouldBe("1 done, 0 failed.");
        (await RunAsync("count")).Out.Trim().ShouldBe("0");
    }

    [Fact]
    public async Task Statistics_are_a_table_or_JSON()
    {
        var table = await RunAsync("stats");
        table.Out.ShouldContain("generation");
        table.Out.ShouldContain("commits");
        (await RunAsync("stats", "--json")).Json.GetProperty("kinds").EnumerateArray()
            .First(kind => kind.GetProperty("kind").GetString() == "generation")
            .GetProperty("sessions").GetInt64().ShouldBe(2);
        (await RunAsync("stats", "--owner", "alice")).Out.ShouldNotContain("commits");
    }

    [Fact]
    public async Task Statistics_are_watched_until_it_is_enough()
    {
        using var stop = new CancellationTokenSource();
        var around = new CliSurroundings
        {
            Server = _serve.Url,
            Environment = Surroundings,
            Stop = stop.Token,
            Out = new CapturedText("kinds", stop.Cancel),
        };
        var watched = await CliRun.OfAsync(around, "stats", "--watch", "--json");
        watched.ExitCode.ShouldBe(ExitCodes.Detached);
        watched.Out.TrimEnd().Split('\n')
            .ShouldAllBe(line => line.StartsWith("{\"startedAt\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_backup_is_made_drilled_and_restored()
    {
        (await RunAsync("verify")).Out.ShouldContain("0 records are damaged");
        var made = await RunAsync("backup", "first", "--json");
        made.ExitCode.ShouldBe(ExitCodes.Done, made.Error);
        var directory = made.Json.GetProperty("directory").GetString()!;

        var drilled = await RunAsync("drill", directory);
        drilled.ExitCode.ShouldBe(ExitCodes.Done, drilled.Error);
        drilled.Out.ShouldContain("2 sessions");
        (await RunAsync("drill", _scratch.Path)).ExitCode.ShouldBe(ExitCodes.Usage);
        (await RunAsync("restore-backup", directory)).ExitCode.ShouldBe(ExitCodes.Usage);

        var restored = Path.Combine(_scratch.Path, "restored");
        (await RunAsync("restore-backup", directory, "--data", restored)).Out.ShouldContain(restored);
        await using var second = await ServeUnderTest.StartAsync(restored);
        (await second.Http.GetStringAsync("/v1/sessions/count")).ShouldContain("\"count\":2");
        (await RunAsync("backup", "first")).ExitCode.ShouldBe(ExitCodes.Conflict);
    }

    [Fact]
    public async Task A_clean_up_needs_to_know_what_is_meant()
    {
        (await RunAsync("clean-up")).ExitCode.ShouldBe(ExitCodes.Usage);
        (await RunAsync("clean-up", "--text", "nothing")).Out.Trim().ShouldBe("0 removed.");
        (await RunAsync("restore", "generation/one", "--json")).Json.GetProperty("id").GetString().ShouldBe("one");
    }

    [Theory]
    [InlineData("bulk", "generation", "cancel")]
    [InlineData("bulk", "generation", "--all")]
    [InlineData("bulk", "generation", "cancel", "--remove", "--all")]
    [InlineData("bulk", "generation", "cancel", "--all", "--ids", "a")]
    [InlineData("bulk", "generation", "--remove")]
    [InlineData("bulk", "generation", "--remove", "--all", "false")]
    [InlineData("bulk", "generation", "--remove", "--damaged", "false")]
    [InlineData("clean-up", "--damaged", "false")]
    [InlineData("rm")]
    [InlineData("label", "generation/one", "nothing")]
    [InlineData("label", "generation/one", ":x")]
    [InlineData("label", "generation/one", "-")]
    [InlineData("ls", "--idle-for", "soon")]
    [InlineData("ls", "--label", "nocolon")]
    [InlineData("ls", "../x")]
    [InlineData("stats", "--owner", "Alice")]
    [InlineData("backup", "../x")]
    public async Task What_cannot_be_meant_is_bad_usage(params string[] words)
    {
        (await RunAsync(words)).ExitCode.ShouldBe(ExitCodes.Usage);
        (await RunAsync("count")).Out.Trim().ShouldBe("2");
    }

    private Dictionary<string, string> Surroundings => new() { ["SOJOURN_DATA"] = Data };

    private Task<CliRun> RunAsync(params string[] words) =>
        CliRun.OfAsync(new CliSurroundings { Server = _serve.Url, Environment = Surroundings }, words);
}
