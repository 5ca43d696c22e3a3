using System.Text.Json;
using Sojourn.Cli;
using Sojourn.Tests.Client;

namespace Sojourn.Tests.Cli;

public sealed class VerbTests : IAsyncLifetime
{
    private PretendServer _server = null!;

    public async Task InitializeAsync() => _server = await PretendServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task New_creates_with_parameters_labels_and_id()
    {
        _server.On("PUT /v1/counter/mine", PretendServer.Session("mine"), 201);

        var run = await CliRun.OfAsync(
            new CliSurroundings { Server = _server.Url, InputText = "\ufeff{\"start\": 5}" },
            "new", "counter", "-", "--id", "mine", "--label", "team:blue:ish", "--json");

        run.ExitCode.ShouldBe(ExitCodes.Done, run.Error);
        run.Json.GetProperty("id").GetString().ShouldBe("mine");
        var seen = _server.Seen.Single();
        seen.Target.ShouldBe("/v1/counter/mine?label=team%3Ablue%3Aish");
        seen.Body.ShouldBe("""{"start": 5}""".Replace(" ", ""));
        seen.Header("If-None-Match").ShouldBe("*");
    }

    [Fact]
    public async Task New_reads_parameters_from_a_file()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"start":7}""");
        _server.On("POST /v1/counter", PretendServer.Session("counter-01hzx3k9v7m2q4r8s6t0w5y1ab"), 201);

        var run = await CliRun.OfAsync(_server.Url, "new", "counter", "@" + file);

        run.Out.ShouldContain("Created counter-01hzx3k9v7m2q4r8s6t0w5y1ab, status open.");
        _server.Seen.Single().Body.ShouldBe("""{"start":7}""");
        File.Delete(file);
    }

    [Fact]
    public async Task Ls_shows_a_table_and_says_that_there_is_more()
    {
        _server.On("GET /v1/counter", new { sessions = new[] { PretendServer.Session("a") }, next = "c1" });

        var run = await CliRun.OfAsync(_server.Url, "ls", "counter", "--limit", "1", "--status", "open");

        run.ExitCode.ShouldBe(ExitCodes.Done);
        run.Out.ShouldContain("team:blue");
        run.Out.ShouldContain("There are more");
        _server.Seen.Single().Target.ShouldBe("/v1/counter?status=open&limit=1");
    }

    [Fact]
    public async Task Ls_all_reads_every_page_into_one_document()
    {
        _server.On(
            "GET /v1/counter",
            PretendServer.Answer(new { sessions = new[] { PretendServer.Session("a") }, next = "c1" }),
            PretendServer.Answer(new { sessions = new[] { PretendServer.Session("b") } }));

        var run = await CliRun.OfAsync(_server.Url, "ls", "counter", "--all", "--json");

        run.Json.GetProperty("sessions").EnumerateArray().Select(s => s.GetProperty("id").GetString())
            .ShouldBe(["a", "b"]);
        run.Json.TryGetProperty("next", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Get_passes_on_what_a_newer_server_adds()
    {
        _server.On("GET /v1/counter/x", http => http.Response.Body.WriteAsync("""
            {"id":"x","kind":"counter","status":"open","version":3,"createdAt":"2026-11-20T10:00:00Z",
             "state":{"count":3},"mood":"sunny"}
            """u8.ToArray()).AsTask());

        var programs = await CliRun.OfAsync(_server.Url, "get", "counter/x", "--json");
        var people = await CliRun.OfAsync(_server.Url, "get", "counter/x");

        programs.Json.GetProperty("mood").GetString().ShouldBe("sunny");
        programs.Json.GetProperty("state").GetProperty("count").GetInt32().ShouldBe(3);
        people.Out.ShouldContain("\"count\": 3");
    }

    [Fact]
    public async Task Send_carries_the_version_and_the_idempotency_key()
    {
        _server.On("POST /v1/counter/x/increment", new { version = 8, durableVersion = 8, replayed = false });

        var run = await CliRun.OfAsync(
            _server.Url, "send", "counter/x", "increment", """{"by":2}""", "--if-match", "7",
            "--idempotency-key", "once", "--json");

        run.Json.GetProperty("version").GetInt32().ShouldBe(8);
        var seen = _server.Seen.Single();
        seen.Body.ShouldBe("""{"by":2}""");
        (seen.Header("If-Match"), seen.Header("Idempotency-Key")).ShouldBe(("\"7\"", "once"));
    }

    [Fact]
    public async Task Rm_goes_on_after_one_that_is_not_there()
    {
        _server.On("DELETE /v1/counter/b", http =>
        {
            http.Response.StatusCode = 204;
            return Task.CompletedTask;
        });

        var people = await CliRun.OfAsync(_server.Url, "rm", "counter/a", "counter/b");
        var programs = await CliRun.OfAsync(_server.Url, "rm", "counter/a", "counter/b", "--json");

        people.ExitCode.ShouldBe(ExitCodes.NotFound);
        people.Out.Trim().ShouldBe("Removed counter/b.");
        programs.Json.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("removed").GetBoolean())
            .ShouldBe([false, true]);
    }

    [Fact]
    public async Task Watch_writes_a_line_of_JSON_for_each_piece_of_news()
    {
        _server.On("GET /v1/counter/x", PretendServer.Session("x"));
        _server.OnEvents(
            "counter/x",
            async stream => await stream.EventAsync(2, data: new { by = 1 }),
            async stream =>
            {
                await stream.SnapshotAsync(5, PretendServer.Session("x", lastEvent: 5));
                await stream.RemovedAsync();
            });

        var run = await CliRun.OfAsync(_server.Url, "watch", "counter/x", "--json");

        run.ExitCode.ShouldBe(ExitCodes.Done, run.Error);
        run.Out.TrimEnd().Split('\n').Select(line => JsonElement.Parse(line).GetProperty("type").GetString())
            .ShouldBe(["counted", "connection-lost", "connection-restored", "session-snapshot", "session-removed"]);
    }

    [Fact]
    public async Task Watch_tells_people_what_they_missed()
    {
        _server.On("GET /v1/counter/x", PretendServer.Session("x", lastEvent: 4));
        _server.OnEvents(
            "counter/x",
            async stream => await stream.EventAsync(2),
            async stream =>
            {
                await stream.EventAsync(3);
                await stream.EventAsync(4);
                await stream.EventAsync(5);
                await stream.RemovedAsync("expired");
            });

        var run = await CliRun.OfAsync(_server.Url, "watch", "counter/x");

        var lines = run.Out.TrimEnd().Split('\n');
        lines[1].ShouldBe("connection lost (the server ended the stream), trying again…");
        lines[4].ShouldBe("back; 2 events caught up");
        lines[^1].ShouldBe("The session is gone: expired.");
    }

    [Fact]
    public async Task Watch_left_by_Ctrl_C_says_where_to_go_on()
    {
        using var stop = new CancellationTokenSource();
        _server.On("GET /v1/counter/x", PretendServer.Session("x"));
        _server.OnEvents("counter/x", async stream =>
        {
            await stream.EventAsync(2);
            await stream.HoldAsync();
        });
        var around = new CliSurroundings
        {
            Server = _server.Url,
            Stop = stop.Token,
            Out = new CapturedText("counted", stop.Cancel),
        };

        var run = await CliRun.OfAsync(around, "watch", "counter/x");

        run.ExitCode.ShouldBe(ExitCodes.Detached);
        run.Out.ShouldContain("sojourn watch counter/x --from 0000000000000002 --url ");
    }

    [Fact]
    public async Task Nothing_that_a_server_says_commands_the_terminal_or_the_markup()
    {
        const string Evil = "\u001b]0;owned\u0007[red]x[/] [link=http://evil]y\u009b2J";
        _server.On("GET /v1/counter/x", PretendServer.Answer(new
        {
            id = "x",
            kind = "counter",
            status = Evil,
            version = 1,
            createdAt = "2026-11-20T10:00:00Z",
            labels = new Dictionary<string, string> { [Evil] = Evil },
            state = new Dictionary<string, string> { [Evil] = Evil },
        }));
        _server.On("GET /v1/counter", new { sessions = new[] { PretendServer.Session(Evil, status: Evil) } });
        _server.On(
            "DELETE /v1/counter/x", PretendServer.Problem("refused", 409, Evil, new { code = Evil, field = Evil }));
        _server.OnEvents("counter/x", async stream =>
        {
            await stream.EventAsync(1, "counted", new { title = Evil });
            await stream.RemovedAsync();
        });

        foreach (string[] words in (string[][])
        [
            ["get", "counter/x"], ["ls", "counter"], ["rm", "counter/x"], ["watch", "counter/x"],
            ["get", "counter/x", "--json"], ["ls", "counter", "--json"], ["watch", "counter/x", "--json"],
        ])
        {
            var run = await CliRun.OfAsync(_server.Url, words);
            (run.Out + run.Error).ShouldContain("[red]x[/]", customMessage: string.Join(' ', words));
            (run.Out + run.Error).Where(c => char.IsControl(c) && c is not '\n').ShouldBeEmpty();
        }
    }
}
