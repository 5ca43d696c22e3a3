using Sojourn.Cli;
using Sojourn.Client;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Cli;

/// <summary>The game on a screen, against a real server.</summary>
public sealed class PlayTests : IAsyncLifetime, IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly PlayedScreen _screen = new();
    private ServeUnderTest _serve = null!;

    private string Data => Path.Combine(_scratch.Path, "data");

    public async Task InitializeAsync() => _serve = await ServeUnderTest.StartAsync(Data);

    public async Task DisposeAsync() => await _serve.DisposeAsync();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_player_looks_at_all_pages_and_comes_back_to_the_same_game()
    {
        var run = PlayAsync((80, 24), "--pilot", "Ada Lovelace", "--seed", "5");
        await _screen.WaitForAsync("A new game, 'ada-lovelace'");
        _screen.Picture.ShouldContain("Wreck of the Belune");
        _screen.Picture.ShouldContain("credits 500/2,000");
        _screen.Picture.ShouldContain("hull   [############] 80/80");
        _screen.Picture.ShouldContain("no: Mining needs a mining laser");
        foreach (var (key, shows) in new[]
        {
            ("m", "[you] (in reach)"), ("r", "(R)Frontier"), ("l", "sets out from"), ("y", "Escape pod"),
            ("c", "Eat 1"), ("t", "Nothing of that sort here."), ("?", "Get rich before"), ("a", "Look around"),
        })
        {
            await _screen.PressAsync(key);
            await _screen.WaitForAsync(shows);
        }

        await _screen.PressAsync("q");
        var end = await run;

        end.ExitCode.ShouldBe(ExitCodes.Done, end.Error);
        end.Out.ShouldContain("Come back: sojourn play ada-lovelace");
        var again = new PlayedScreen();
        var second = PlayAsync(again, (80, 24), "ada-lovelace", "--seed", "6");
        await again.WaitForAsync("--seed and --rule-set count only with --new");
        again.Picture.ShouldContain("Wreck of the Belune");
        await again.PressAsync("q");
        (await second).ExitCode.ShouldBe(ExitCodes.Done);
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(60, 20)]
    [InlineData(40, 15)]
    public async Task No_line_is_wider_than_the_terminal_and_no_picture_higher(int width, int height)
    {
        var run = PlayAsync((width, height), "narrow", "--seed", "5", "--pilot", "日本語のとても長い名前のパイロット");
        await _screen.WaitForAsync("turn 0/50");
        foreach (var page in "mrlcyt?sa")
        {
            var lines = _screen.Picture.TrimEnd('\n').Split('\n');
            lines.Length.ShouldBeLessThanOrEqualTo(height);
            lines.ShouldAllBe(line => line.EnumerateRunes().Sum(rune => rune.Value >= 0x3000 ? 2 : 1) <= width);
            await _screen.PressAsync($"{page}");
            await _screen.WaitForAsync("turn 0/50");
        }

        await _screen.PressAsync("q");
        (await run).ExitCode.ShouldBe(ExitCodes.Done);
    }

    [Fact]
    public async Task Without_colours_the_screen_has_none()
    {
        var run = PlayAsync((80, 24), "grey", "--no-color");
        await _screen.WaitForAsync("A new game");
        await _screen.PressAsync("q");

        (await run).Out.ShouldNotMatch("\u001b\\[[0-9;]*(3[0-7]|38|9[0-7])[;m]");
    }

    [Fact]
    public async Task A_new_game_in_the_place_of_one_under_way_is_asked_about()
    {
        using var client = Client();
        await client.Explorer("old").GetOrBeginAsync(new(Seed: 5));
        await client.SendAsync("explorer", "old", "scan");
        var run = PlayAsync((80, 24), "old", "--new", "--seed", "6");
        await _screen.WaitForAsync("is gone then. [y/N]");
        await _screen.PressAsync("x");
        await _screen.WaitForAsync("Not done.");
        _screen.Picture.ShouldContain("Wreck of the Belune");

        await _screen.PressAsync("n");
        await _screen.WaitForAsync("is gone then. [y/N]");
        await _screen.PressAsync("y");
        (await _screen.WaitForAsync("A new game.")).ShouldNotContain("Wreck of the Belune");
        await _screen.PressAsync("q");
        (await run).ExitCode.ShouldBe(ExitCodes.Done);
    }

    [Fact]
    public async Task What_is_done_elsewhere_shows_here_at_once()
    {
        var run = PlayAsync((80, 30), "shared", "--seed", "5");
        await _screen.WaitForAsync("A new game");
        using var client = Client();

        await client.SendAsync("explorer", "shared", "navigate");

        await _screen.WaitForAsync("turn 1/50");
        _screen.Picture.ShouldContain("Cassea Anomaly");
        await client.RemoveAsync("explorer", "shared");
        var end = await run;
        end.ExitCode.ShouldBe(ExitCodes.NotFound);
        end.Error.ShouldContain("no session 'shared'");
    }

    [Fact]
    public async Task A_game_waits_for_its_server_and_what_was_chosen_meanwhile_happens_once()
    {
        var run = PlayAsync((80, 30), "patient", "--seed", "5");
        await _screen.WaitForAsync("A new game");
        var url = _serve.Url.OriginalString;
        await _serve.DisposeAsync();
        await _screen.WaitForAsync("The server is away");
        await _screen.PressAsync("1");

        _serve = await ServeUnderTest.StartAsync(Data, urls: url);

        (await _screen.WaitForAsync("turn 1/50")).ShouldNotContain("The server is away");
        using var client = Client();
        var events = await client.EventsAsync("explorer", "patient");
        events.Events.Count(happened => happened.Type == "travelled").ShouldBe(1);
        await _screen.PressAsync("q");
        (await run).ExitCode.ShouldBe(ExitCodes.Done);
    }

    [Fact]
    public async Task Arrows_and_Enter_do_the_same_as_numbers_and_what_cannot_be_done_says_why()
    {
        var run = PlayAsync((80, 30), "arrows", "--seed", "5");
        await _screen.WaitForAsync(">  1  Fly to");
        await _screen.PressAsync(ConsoleKey.DownArrow);
        await _screen.WaitForAsync(">  2  Jump to");
        await _screen.PressAsync("7");
        await _screen.WaitForAsync("! Mine: Mining needs a mining laser");
        await _screen.PressAsync(ConsoleKey.UpArrow);
        await _screen.WaitForAsync(">  6  Scan");
        await _screen.PressAsync("\r");
        await _screen.WaitForAsync("You have scanned here.");
        await _screen.PressAsync("q");
        (await run).ExitCode.ShouldBe(ExitCodes.Done);
    }

    [Fact]
    public async Task A_game_is_saved_and_gone_on_with_from_there_after_one_question()
    {
        var run = PlayAsync((100, 40), "saved", "--seed", "5");
        await _screen.WaitForAsync("A new game");
        await _screen.PressAsync("s");
        await _screen.WaitForAsync("Save to slot 1");
        await _screen.PressAsync("2");
        await _screen.WaitForAsync("Saved to slot 1.");
        await _screen.PressAsync("a1");
        await _screen.WaitForAsync("turn 1/50");

        await _screen.PressAsync("s");
        var saves = await _screen.WaitForAsync("Load slot 1 ");
        await _screen.PressAsync(NumberOf(saves, "Load slot 1 "));
        await _screen.WaitForAsync("What was not saved is lost. Load slot 1? [y/N]");
        await _screen.PressAsync("y");

        (await _screen.WaitForAsync("The game goes on from slot 1.")).ShouldContain("turn 0/50");
        await _screen.PressAsync("q");
        (await run).ExitCode.ShouldBe(ExitCodes.Done);
    }

    [Fact]
    public async Task A_pipe_is_told_to_ask_for_lines_and_a_document_is_none()
    {
        var pipe = await CliRun.OfAsync(new CliSurroundings { Server = _serve.Url }, "play");
        pipe.ExitCode.ShouldBe(ExitCodes.Usage);
        pipe.Error.ShouldContain("--plain");
        (await CliRun.OfAsync(new CliSurroundings { Server = _serve.Url }, "play", "--json")).ExitCode
            .ShouldBe(ExitCodes.Usage);
        var name = await CliRun.OfAsync(new CliSurroundings { Server = _serve.Url }, "play", "No/Name");
        name.ExitCode.ShouldBe(ExitCodes.Usage);
    }

    private static string NumberOf(string picture, string title) => picture.Split('\n')
        .First(line => line.Contains(title, StringComparison.Ordinal)).Trim('>', ' ').Split(' ')[0];

    private Task<CliRun> PlayAsync((int Width, int Height) size, params string[] words) =>
        PlayAsync(_screen, size, words);

    private Task<CliRun> PlayAsync(PlayedScreen screen, (int Width, int Height) size, params string[] words) =>
        CliRun.OfAsync(
            new CliSurroundings
            {
                Server = _serve.Url,
                Environment = [],
                IsScreen = true,
                Out = screen,
                Keys = screen.Connect,
                Size = size,
            },
            ["play", .. words, "--data", Data]);

    private SojournClient Client() => new(new SojournClientOptions
    {
        Url = _serve.Url,
        Key = File.ReadAllText(Path.Combine(Data, "key")).Trim(),
    });
}
