using Sojourn.Cli;
using Sojourn.Client;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Cli;

/// <summary>The game on a small screen, with saves that are not as they should be, or played elsewhere too.</summary>
public sealed class PlayTroubleTests : PlayedGames
{
    [Fact]
    public async Task On_a_small_screen_all_figures_and_what_is_chosen_can_be_read()
    {
        var run = PlayAsync((40, 15), "small", "--seed", "7");
        await Screen.WaitForAsync("turn 0/50");

        Screen.Picture.ShouldContain("fuel 100/100");
        Screen.Picture.ShouldContain("cargo 0/50");
        Screen.Picture.ShouldContain("food 50");
        // What has no room in the list stands whole below it.
        string.Join(' ', Screen.Picture.Split('\n').Select(line => line.Trim()))
            .ShouldContain("Fly to Galeth Belt: 4 fuel, 1 turn, asteroid field, danger 60 %");
        await Screen.PressAsync("m");
        (await Screen.WaitForAsync("[O]")).ShouldContain(">  1  Fly to");
        await Screen.PressAsync(ConsoleKey.DownArrow);
        await Screen.WaitForAsync(">  2  Fly to");
        await LeaveAsync(run);
    }

    [Fact]
    public async Task The_last_column_is_left_alone_as_some_terminals_would_clear_it()
    {
        var run = PlayAsync((80, 24), "edge", "--seed", "7");
        await Screen.WaitForAsync("Repair the hull");

        Screen.Picture.Split('\n').ShouldAllBe(line => line.Length < 80);
        Screen.Picture.ShouldContain("q leave");
        await LeaveAsync(run);
    }

    [Fact]
    public async Task A_game_whose_name_is_too_long_for_saves_says_so_and_goes_on()
    {
        var run = PlayAsync((80, 24), new string('x', 64), "--seed", "7");
        await Screen.WaitForAsync("turn 0/50");

        await Screen.PressAsync("s");
        await Screen.WaitForAsync("at most 62 characters");
        await Screen.PressAsync("a");
        await Screen.WaitForAsync("Look around");
        await LeaveAsync(run);
    }

    [Fact]
    public async Task A_slot_whose_record_is_damaged_is_not_called_empty_and_can_be_restored()
    {
        using (var client = Client())
        {
            await client.Explorer("ada").GetOrBeginAsync(new("Ada", 7));
            await client.Explorer("ada").SaveAsync(1);
        }

        await RestartAsync();
        using (var client = Client())
        {
            await client.Explorer("ada").BeginAnewAsync(new("Ada the Second", 7));
            await client.Explorer("ada").SaveAsync(1);
        }

        await RestartAsync(() => Flip(Path.Combine(Data, "sojourn.db"), "\\\"pilot\\\":\\\"Ada the Second\\\""));
        var run = PlayAsync((100, 40), "ada");
        await Screen.WaitForAsync("turn 0/50");
        await Screen.PressAsync("s");
        (await Screen.WaitForAsync("Restore slot 1")).ShouldNotContain("Save to slot 1");

        await Screen.PressAsync("2");

        (await Screen.WaitForAsync("Slot 1 is restored.")).ShouldContain("Load slot 1");
        await LeaveAsync(run);
    }

    [Fact]
    public async Task A_yes_to_what_the_game_has_left_behind_does_nothing()
    {
        using var client = Client();
        await client.Explorer("both").GetOrBeginAsync(new("Ada", 5));
        await client.SendAsync("explorer", "both", "scan");
        var run = PlayAsync((80, 30), "both");
        await Screen.WaitForAsync("Welcome back");
        await Screen.PressAsync("n");
        await Screen.WaitForAsync("at turn 0, is gone then. [y/N]");
        await client.SendAsync("explorer", "both", "navigate");
        await Screen.WaitForAsync("turn 1/50");

        await Screen.PressAsync("y");

        await Screen.WaitForAsync("The game went on elsewhere meanwhile");
        (await client.GetAsync("explorer", "both")).Version.ShouldBeGreaterThan(1);
        await LeaveAsync(run);
    }

    private async Task RestartAsync(Action? meanwhile = null)
    {
        await Serve.DisposeAsync();
        meanwhile?.Invoke();
        Serve = await ServeUnderTest.StartAsync(Data);
    }

    private static void Flip(string file, string text)
    {
        var bytes = File.ReadAllBytes(file);
        var place = bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text));
        place.ShouldBeGreaterThan(0);
        bytes[place + text.Length - 4] ^= 4;
        File.WriteAllBytes(file, bytes);
    }
}
