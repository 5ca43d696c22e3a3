using System.Text;
using Sojourn.Cli;
using Sojourn.Tests.Client;

namespace Sojourn.Tests.Cli;

public sealed class GenerateTests : IAsyncLifetime
{
    private const string Id = "generation-01hzx3k9v7m2q4r8s6t0w5y1ab";
    private const string Path1 = "generation/" + Id;
    private const string Story = "Once upon a time there was a small fox who wanted to see the sea.";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sojourn-test-");
    private PretendServer _server = null!;

    private string Target => Path.Combine(_directory.FullName, "out.zip");

    public async Task InitializeAsync()
    {
        _server = await PretendServer.StartAsync();
        _server.On("POST /v1/generation", Run("pending", lastEvent: 1), 201);
        _server.On($"GET /v1/{Path1}/storyboard.zip", http => http.Response.Body.WriteAsync(new byte[2048]).AsTask());
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_story_becomes_a_file_although_the_connection_breaks_on_the_way()
    {
        _server.On(
            $"GET /v1/{Path1}",
            PretendServer.Answer(Run("processing", lastEvent: 4)),
            PretendServer.Answer(Run("completed", lastEvent: 5, final: true)));
        _server.OnEvents(
            Path1,
            async stream =>
            {
                await stream.EventAsync(2, "progressed", new { progress = Progress(1, "Reading the story") });
                await stream.EventAsync(3, "scene-made", Scene(1, "The fox", Progress(2, "Scene 1")));
            },
            async stream =>
            {
                await stream.EventAsync(4, "scene-made", Scene(2, "The sea", Progress(3, "Scene 2")));
                await stream.EventAsync(5, "generation-completed", new { progress = Progress(4, "Done") });
                await stream.HoldAsync();
            });

        var run = await GenerateAsync("--scenes", "2", "--style", "cartoon", "--out", Target);

        run.ExitCode.ShouldBe(ExitCodes.Done, run.Error);
        run.Out.ShouldContain(" 25.0 %  Reading the story");
        run.Out.ShouldContain("scene 1: The fox");
        run.Out.ShouldContain("connection lost (the server ended the stream), trying again…");
        run.Out.ShouldContain("scene 2: The sea");
        run.Out.ShouldContain("back; 1 event caught up");
        run.Out.ShouldContain($"Wrote {Target} (2.0 KiB).");
        run.Out.ShouldContain("The fox lives in the wood.");
        new FileInfo(Target).Length.ShouldBe(2048);
        _server.Seen.First().Body.ShouldBe($$"""{"storyText":"{{Story}}","mediaType":"cartoon","numScenes":2}""");
    }

    [Fact]
    public async Task A_program_gets_one_document()
    {
        _server.On($"GET /v1/{Path1}", Run("completed", lastEvent: 2, final: true));
        _server.OnEvents(Path1, stream => stream.EventAsync(2, "generation-completed"));

        var run = await GenerateAsync("--out", Target, "--json");

        run.ExitCode.ShouldBe(ExitCodes.Done, run.Error);
        run.Json.GetProperty("session").GetProperty("id").GetString().ShouldBe(Id);
        run.Json.GetProperty("bytes").GetInt64().ShouldBe(2048);
    }

    [Fact]
    public async Task Missed_events_are_made_up_for_by_a_snapshot()
    {
        _server.On($"GET /v1/{Path1}", Run("completed", lastEvent: 9, final: true));
        _server.OnEvents(
            Path1,
            stream => stream.SnapshotAsync(9, Run("completed", lastEvent: 9, final: true)));

        var run = await GenerateAsync("--out", Target);

        run.ExitCode.ShouldBe(ExitCodes.Done, run.Error);
        run.Out.ShouldContain("scene 1: The fox");
        run.Out.ShouldContain("scene 2: The sea");
    }

    [Fact]
    public async Task A_failed_run_says_why_and_writes_nothing()
    {
        _server.On($"GET /v1/{Path1}", Run("failed", lastEvent: 2, final: true));
        _server.OnEvents(
            Path1, stream => stream.EventAsync(2, "generation-failed", new { error = "The painter is ill." }));

        var people = await GenerateAsync("--out", Target);
        var programs = await GenerateAsync("--out", Target, "--json");

        people.ExitCode.ShouldBe(ExitCodes.Failed);
        people.Error.ShouldContain("The painter is ill.");
        people.Error.ShouldContain($"sojourn send {Id} retry");
        programs.ExitCode.ShouldBe(ExitCodes.Failed);
        programs.Json.GetProperty("session").GetProperty("status").GetString().ShouldBe("failed");
        programs.ErrorJson.GetProperty("detail").GetString().ShouldBe("The painter is ill.");
        File.Exists(Target).ShouldBeFalse();
    }

    [Fact]
    public async Task A_session_removed_under_the_watcher_ends_the_watching()
    {
        _server.OnEvents(Path1, stream => stream.RemovedAsync("expired"));

        var run = await GenerateAsync("--out", Target);

        run.ExitCode.ShouldBe(ExitCodes.NotFound);
        run.Error.ShouldContain("expired");
    }

    [Fact]
    public async Task Ctrl_C_detaches_and_says_how_to_come_back()
    {
        HoldAfterTheFirstScene();
        using var stop = new CancellationTokenSource();

        var run = await GenerateAsync(
            new CliSurroundings
            {
                Server = _server.Url,
                InputText = Story,
                Stop = stop.Token,
                Out = new CapturedText("The fox", stop.Cancel),
            }, "--out", Target);

        run.ExitCode.ShouldBe(ExitCodes.Detached);
        run.Out.ShouldContain("the server goes on");
        run.Out.ShouldContain($"sojourn watch {Id}");
        _server.Seen.ShouldAllBe(seen => !seen.Target.EndsWith("/cancel", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ctrl_C_cancels_if_it_was_told_to()
    {
        HoldAfterTheFirstScene();
        _server.On($"POST /v1/{Path1}/cancel", new { version = 5 });
        using var stop = new CancellationTokenSource();

        var run = await GenerateAsync(
            new CliSurroundings
            {
                Server = _server.Url,
                InputText = Story,
                Stop = stop.Token,
                Out = new CapturedText("The fox", stop.Cancel),
            }, "--out", Target, "--cancel-on-exit");

        run.ExitCode.ShouldBe(ExitCodes.Detached);
        run.Out.ShouldContain($"Cancelled {Id}.");
        _server.Seen.Last().Target.ShouldBe($"/v1/{Path1}/cancel");
    }

    [Fact]
    public async Task A_detached_run_is_only_started()
    {
        var run = await GenerateAsync("--detach");

        run.ExitCode.ShouldBe(ExitCodes.Done);
        run.Out.ShouldContain($"sojourn watch {Id}");
        _server.Seen.Count.ShouldBe(1);
    }

    [Fact]
    public async Task On_a_screen_a_bar_shows_the_progress_and_markup_in_it_stays_text()
    {
        _server.On($"GET /v1/{Path1}", Run("completed", lastEvent: 3, final: true));
        _server.OnEvents(Path1, async stream =>
        {
            await stream.EventAsync(2, "scene-made", new
            {
                number = 1,
                title = "[red]The fox[/] \u001b]0;owned\u0007",
                progress = Progress(2, "[bold]Scene \u001b[2J"),
            });
            await stream.EventAsync(3, "generation-completed");
        });

        var run = await GenerateAsync(
            new CliSurroundings { Server = _server.Url, InputText = Story, IsScreen = true }, "--out", Target);

        run.ExitCode.ShouldBe(ExitCodes.Done, run.Error);
        run.Out.ShouldContain("scene 1: [red]The fox[/] ]0;owned");
        run.Out.ShouldNotContain("\u001b]0");
        run.Out.ShouldNotContain("\u001b[2J");
    }

    [Fact]
    public async Task Stories_that_cannot_be_read_are_not_sent()
    {
        (byte[] Bytes, string Message)[] stories =
        [
            (Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Story)).ToArray(), "UTF-16"),
            (Encoding.Latin1.GetBytes("Es war einmal ein süßer Fuchs."), "not UTF-8"),
            (new byte[1024 * 1024 + 1], "larger than 1024 KiB"),
        ];
        foreach (var (bytes, message) in stories)
        {
            var run = await GenerateAsync(
                new CliSurroundings { Server = _server.Url, Input = bytes }, "--out", Target);
            run.ExitCode.ShouldBe(ExitCodes.Usage);
            run.Error.ShouldContain(message);
        }

        _server.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_part_of_the_story()
    {
        await GenerateAsync(new CliSurroundings { Server = _server.Url, InputText = "\ufeff" + Story }, "--detach");

        _server.Seen.Single().Body.ShouldContain($"\"storyText\":\"{Story}\"");
    }

    [Fact]
    public async Task Coming_back_to_a_run_that_is_over_shows_it_and_where_to_get_it()
    {
        _server.On($"GET /v1/{Path1}", Run("completed", lastEvent: 9, final: true));

        var run = await CliRun.OfAsync(_server.Url, "watch", Id);

        run.ExitCode.ShouldBe(ExitCodes.Done);
        run.Out.ShouldContain("The sea");
        run.Out.ShouldContain($"sojourn download {Id}");
    }

    private void HoldAfterTheFirstScene() => _server.OnEvents(Path1, async stream =>
    {
        await stream.EventAsync(2, "scene-made", new { number = 1, title = "The fox" });
        await stream.HoldAsync();
    });

    private Task<CliRun> GenerateAsync(params string[] options) =>
        GenerateAsync(new CliSurroundings { Server = _server.Url, InputText = Story }, options);

    private static Task<CliRun> GenerateAsync(CliSurroundings around, params string[] options) =>
        CliRun.OfAsync(around, ["generate", "-", .. options]);

    private static object Scene(int number, string title, object progress) => new { number, title, progress };

    private static object Progress(int step, string description) =>
        new { currentStep = step, totalSteps = 4, description, percentage = 25.0 * step };

    private static object Run(string status, int lastEvent, bool final = false) => PretendServer.Session(
        Id, "generation", status, final, lastEvent, status is "pending" ? new { status } : new
        {
            status,
            progress = Progress(3, "Scene 2"),
            scenes = new[]
            {
                new { number = 1, title = "The fox", description = "The fox lives in the wood.", picture = new { } },
                new { number = 2, title = "The sea", description = "The sea is wide.", picture = new { } },
            },
        });
}
