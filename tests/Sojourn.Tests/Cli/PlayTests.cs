using Sojourn.Cli;
using Sojourn.Client;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Cli;

/// <summary>The game on a screen, against a real server.</summary>
public sealed class PlayTests : PlayedGames
{
    [Fact]
    public async Task A_player_looks_at_all_pages_and_comes_back_to_the_same_game()
    {
        var run = PlayAsync((80, 24), "--pilot", "Ada Lovelace", "--seed", "5");
        await Screen.WaitForAsync("A new game, 'ada-lovelace'");
        Screen.Picture.ShouldContain("Wreck of the Belune");
        Screen.Picture.ShouldContain("credits 500/2,000");
        Screen.Picture.ShouldContain("hull   [############] 80/80");
        Screen.Picture.ShouldContain("no: Mining needs a mining laser");
        foreach (var (key, shows) in new[]
        {
            ("m", "[you] (in reach)"), ("r", "(R)Frontier"), ("l", "sets out from"), ("y", "Escape pod"),
            ("c", "Eat 1"), ("t", "Nothing of that sort here."), ("?", "Get rich before"), ("a", "Look around"),
        })
        {
            await Screen.PressAsync(key);
            await Screen.WaitForAsync(shows);
        }

        await Screen.PressAsync("q");
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
        await Screen.WaitForAsync("turn 0/50");
        foreach (var page in "mrlcyt?sa")
        {
            var lines = Screen.Picture.TrimEnd('\n').Split('\n');
            lines.Length.ShouldBeLessThanOrEqualTo(height);
            lines.ShouldAllBe(line => line.EnumerateRunes().Sum(rune => rune.Value >= 0x3000 ? 2 : 1) <= width);
            await Screen.PressAsync($"{page}");
            await Screen.WaitForAsync("turn 0/50");
        }

        await LeaveAsync(run);
    }

    [Fact]
    public async Task Without_colours_theScreen_has_none()
    {
        var run = PlayAsync((80, 24), "grey", "--no-color");
        await Screen.WaitForAsync("A new game");
        await Screen.PressAsync("q");

        (await run).Out.ShouldNotMatch("\u001b\\[[0-9;]*(3[0-7]|38|9[0-7])[;m]");
    }

    [Fact]
    public async Task A_new_game_in_the_place_of_one_under_way_is_asked_about()
    {
        using var client = Client();
        await client.Explorer("old").GetOrBeginAsync(new(Seed: 5));
        await client.SendAsync("explorer", "old", "scan");
        var run = PlayAsync((80, 24), "old", "--new", "--seed", "6");
        await Screen.WaitForAsync("is gone then. [y/N]");
        await Screen.PressAsync("x");
        await Screen.WaitForAsync("Not done.");
        Screen.Picture.ShouldContain("Wreck of the Belune");

        await Screen.PressAsync("n");
        await Screen.WaitForAsync("is gone then. [y/N]");
        await Screen.PressAsync("y");
        (await Screen.WaitForAsync("A new game.")).ShouldNotContain("Wreck of the Belune");
        await LeaveAsync(run);
    }

    [Fact]
    public async Task What_is_done_elsewhere_shows_here_at_once()
    {
        var run = PlayAsync((80, 30), "shared", "--seed", "5");
        await Screen.WaitForAsync("A new game");
        using var client = Client();

        await client.SendAsync("explorer", "shared", "navigate");

        await Screen.WaitForAsync("turn 1/50");
        Screen.Picture.ShouldContain("Cassea Anomaly");
        await client.RemoveAsync("explorer", "shared");
        var end = await run;
        end.ExitCode.ShouldBe(ExitCodes.NotFound);
        end.Error.ShouldContain("no session 'shared'");
    }

    [Fact]
    public async Task A_game_waits_for_itsServer_and_what_was_chosen_meanwhile_happens_once()
    {
        var run = PlayAsync((80, 30), "patient", "--seed", "5");
        await Screen.WaitForAsync("A new game");
        var url = Serve.Url.OriginalString;
        await Serve.DisposeAsync();
        await Screen.WaitForAsync("The server is away");
        await Screen.PressAsync("1");

        Serve = await ServeUnderTest.StartAsync(Data, urls: url);

        (await Screen.WaitForAsync("turn 1/50")).ShouldNotContain("The server is away");
        using var client = Client();
        var events = await client.EventsAsync("explorer", "patient");
        events.Events.Count(happened => happened.Type == "travelled").ShouldBe(1);
        await LeaveAsync(run);
    }

    [Fact]
    public async Task Arrows_and_Enter_do_the_same_as_numbers_and_what_cannot_be_done_says_why()
    {
        var run = PlayAsync((80, 30), "arrows", "--seed", "5");
        await Screen.WaitForAsync(">  1  Fly to");
        await Screen.PressAsync(ConsoleKey.DownArrow);
        await Screen.WaitForAsync(">  2  Jump to");
        await Screen.PressAsync("7");
        await Screen.WaitForAsync("! Mine: Mining needs a mining laser");
        await Screen.PressAsync(ConsoleKey.UpArrow);
        await Screen.WaitForAsync(">  6  Scan");
        await Screen.PressAsync("\r");
        await Screen.WaitForAsync("You have scanned here.");
        await LeaveAsync(run);
    }

    [Fact]
    public async Task A_game_is_saved_and_gone_on_with_from_there_after_one_question()
    {
        var run = PlayAsync((100, 40), "saved", "--seed", "5");
        await Screen.WaitForAsync("A new game");
        await Screen.PressAsync("s");
        await Screen.WaitForAsync("Save to slot 1");
        await Screen.PressAsync("2");
        await Screen.WaitForAsync("Saved to slot 1.");
        await Screen.PressAsync("a1");
        await Screen.WaitForAsync("turn 1/50");

        await Screen.PressAsync("s");
        var saves = await Screen.WaitForAsync("Load slot 1 ");
        await Screen.PressAsync(NumberOf(saves, "Load slot 1 "));
        await Screen.WaitForAsync("What was not saved is lost. Load slot 1? [y/N]");
        await Screen.PressAsync("y");

        (await Screen.WaitForAsync("The game goes on from slot 1.")).ShouldContain("turn 0/50");
        await LeaveAsync(run);
    }

    [Fact]
    public async Task A_pipe_is_told_to_ask_for_lines_and_a_document_is_none()
    {
        var pipe = await CliRun.OfAsync(new CliSurroundings { Server = Serve.Url }, "play");
        pipe.ExitCode.ShouldBe(ExitCodes.Usage);
        pipe.Error.ShouldContain("--plain");
        (await CliRun.OfAsync(new CliSurroundings { Server = Serve.Url }, "play", "--json")).ExitCode
            .ShouldBe(ExitCodes.Usage);
        var name = await CliRun.OfAsync(new CliSurroundings { Server = Serve.Url }, "play", "No/Name");
        name.ExitCode.ShouldBe(ExitCodes.Usage);
    }

    private static string NumberOf(string picture, string title) => picture.Split('\n')
        .First(line => line.Contains(title, StringComparison.Ordinal)).Trim('>', ' ').Split(' ')[0];
}
