using System.Runtime.Versioning;
using System.Text.Json;
using Sojourn.Cli;
using Sojourn.Tests.Client;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Cli;

public sealed class DoctorTests
{
    [Fact]
    public async Task All_is_well_with_a_real_server_and_its_key()
    {
        await using var server = await ServerUnderTest.StartAsync();

        var run = await DoctorAsync(server.Url, ServerUnderTest.Key);

        run.ExitCode.ShouldBe(ExitCodes.Done);
        Results(run).ShouldBe(["key ok", "server ok", "health ok", "clock ok", "access ok"]);
        run.Out.ShouldNotContain(ServerUnderTest.Key);
    }

    [Fact]
    public async Task It_speaks_to_people_too()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var around = new CliSurroundings { Server = server.Url };

        var run = await CliRun.OfAsync(around, "doctor");

        run.Out.ShouldContain("ok    server  It answers at");
        run.Out.ShouldContain("fail  access ");
        run.Out.ShouldContain("Take the key from the file `key`");
        run.ExitCode.ShouldBe(ExitCodes.NotAllowed);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_the_first_thing_to_mend()
    {
        var server = await PretendServer.StartAsync();
        await server.DisposeAsync();

        var run = await DoctorAsync(server.Url, "secret");

        run.ExitCode.ShouldBe(ExitCodes.NoServer);
        Results(run).ShouldBe(["key ok", "server fail"]);
        run.Out.ShouldContain("sojourn serve");
    }

    [Fact]
    public async Task A_server_that_takes_no_work_says_why()
    {
        await using var server = await PretendServer.StartAsync();
        server.On("GET /health/ready", PretendServer.Problem("store-unavailable", 503, "The disk is full."));

        var run = await DoctorAsync(server.Url, "secret");

        run.ExitCode.ShouldBe(ExitCodes.ServerError);
        Results(run).ShouldBe(["key ok", "server ok", "health fail", "clock ok", "access ok"]);
        run.Out.ShouldContain("The disk is full.");
    }

    [Theory]
    [InlineData(-4, "ok", "agrees")]
    [InlineData(4, "ok", "agrees")]
    [InlineData(60, "warn", "60 s ahead of")]
    [InlineData(-60, "warn", "60 s behind")]
    public async Task A_clock_that_is_wrong_is_told_with_its_direction(int seconds, string result, string words)
    {
        await using var server = await PretendServer.StartAsync();
        server.On("GET /health/ready", http =>
        {
            http.Response.Headers.Date = DateTimeOffset.UtcNow.AddSeconds(seconds).ToString("R");
            return Task.CompletedTask;
        });

        var run = await DoctorAsync(server.Url, "secret");

        Results(run).ShouldContain($"clock {result}");
        run.Out.ShouldContain(words);
        run.ExitCode.ShouldBe(ExitCodes.Done);
    }

    [Fact]
    public async Task What_is_no_sojourn_server_is_not_taken_for_one()
    {
        await using var server = await PretendServer.StartAsync();

        var run = await DoctorAsync(server.Url, "secret");

        run.ExitCode.ShouldBe(ExitCodes.NotFound);
        Results(run).ShouldBe(["key ok", "server fail"]);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_key_file_that_others_can_read_is_told()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var data = new ScratchDirectory();
        var file = data.File("key", ServerUnderTest.Key + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var around = new CliSurroundings { Server = server.Url, Environment = [] };

        var open = await CliRun.OfAsync(around, "doctor", "--json", "--data", data.Path);
        Results(open).ShouldBe(["key warn", "server ok", "health ok", "clock ok", "access ok"]);
        open.Out.ShouldContain($"chmod 600 {file}");
        open.ExitCode.ShouldBe(ExitCodes.Done);

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var around2 = new CliSurroundings { Server = server.Url, Environment = [] };
        Results(await CliRun.OfAsync(around2, "doctor", "--json", "--data", data.Path))[0].ShouldBe("key ok");
    }

    [Fact]
    public async Task A_key_that_is_missing_or_visible_to_others_is_told()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var none = new CliSurroundings { Server = server.Url };
        none.Environment.Remove("SOJOURN_KEY");

        var run = await CliRun.OfAsync(none, "doctor", "--json");
        Results(run).ShouldBe(["key warn", "server ok", "health ok", "clock ok", "access fail"]);
        run.ExitCode.ShouldBe(ExitCodes.NotAllowed);

        var seen = await CliRun.OfAsync(server.Url, "doctor", "--json", "--key", ServerUnderTest.Key);
        Results(seen).ShouldBe(["key warn", "server ok", "health ok", "clock ok", "access ok"]);
        seen.Out.ShouldNotContain(ServerUnderTest.Key);
    }

    private static Task<CliRun> DoctorAsync(Uri url, string key)
    {
        var around = new CliSurroundings { Server = url };
        around.Environment["SOJOURN_KEY"] = key;
        return CliRun.OfAsync(around, "doctor", "--json");
    }

    private static List<string> Results(CliRun run) =>
    [
        .. JsonDocument.Parse(run.Out).RootElement.GetProperty("checks").EnumerateArray()
            .Select(check => $"{check.GetProperty("check").GetString()} {check.GetProperty("result").GetString()}"),
    ];
}
