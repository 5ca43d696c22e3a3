using Sojourn.Cli;
using Sojourn.Tests.Explorer.Server;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Cli;

/// <summary>The real program on a pseudo-terminal, played by somebody who reads its screen.</summary>
[Collection(Lane.FirstProcesses)]
public sealed class PlayTerminalTests : IAsyncLifetime, IDisposable
{
    private const int MostGames = 60;

    private readonly ScratchDirectory _scratch = new();
    private ServeUnderTest _serve = null!;

    private string Data => Path.Combine(_scratch.Path, "data");

    public async Task InitializeAsync() => _serve = await ServeUnderTest.StartAsync(Data);

    public async Task DisposeAsync() => await _serve.DisposeAsync();

    public void Dispose() => _scratch.Dispose();

    [TerminalFact]
    public async Task A_game_is_won_in_the_terminal_with_a_break_in_the_middle()
    {
        var turn = "";
        await using (var first = Play("voyage", "--seed", "11"))
        {
            await first.WaitForAsync(ScreenPilot.IsSettled);
            await new ScreenPilot(first).PlayAsync(picture => !picture.Contains("turn 0/", StringComparison.Ordinal));
            turn = first.Picture.Split("turn ")[1].Split('/')[0];
            await first.PressAsync("q");
            (await first.ExitAsync()).ShouldBe(ExitCodes.Done);
            first.Written.ShouldContain("Come back: sojourn play voyage");
        }

        await using var second = Play();
        (await second.WaitForAsync(ScreenPilot.IsSettled)).ShouldContain($"turn {turn}/50");
        var pilot = new ScreenPilot(second);
        var hasWon = await pilot.PlayAsync();
        for (var game = 1; !hasWon && game < MostGames; game++)
        {
            await pilot.BeginAnewAsync();
            hasWon = await pilot.PlayAsync();
        }

        hasWon.ShouldBeTrue($"of {MostGames} games one is won; the last:\n{second.Picture}");
        second.Picture.ShouldContain("rich enough to stop");
        await second.PressAsync("q");
        (await second.ExitAsync()).ShouldBe(ExitCodes.Done);
    }

    [TerminalFact]
    public async Task A_player_whose_terminal_is_killed_in_a_fight_comes_back_to_the_same_round()
    {
        // Not in the terminal: which way leads to a fight is chance.
        var found = await FoundFight.FightAsync(_serve.Http, await FoundFight.FindAsync(_serve.Http), rounds: 1);
        var game = found.GetProperty("id").GetString()!;
        string fight;
        await using (var first = Play(game))
        {
            fight = FightOf(await first.WaitForAsync(ScreenPilot.IsSettled));
            await first.KillAsync();
        }

        await using var second = Play(game);

        FightOf(await second.WaitForAsync(ScreenPilot.IsSettled)).ShouldBe(fight);
        await second.PressAsync("q");
        (await second.ExitAsync()).ShouldBe(ExitCodes.Done);
    }

    /// <summary>The lines about both sides: who, which round, and how each stands.</summary>
    private static string FightOf(string picture)
    {
        var lines = picture.Split('\n').Select(line => line.Trim()).ToList();
        var at = lines.FindIndex(line => line.StartsWith("FIGHT with", StringComparison.Ordinal));
        at.ShouldBeGreaterThan(0, picture);
        return string.Join('\n', lines[at..(at + 3)]);
    }

    private RealTerminal Play(string game = "voyage", params string[] words) => RealTerminal.Start(
        _scratch.Path, ["play", game, "--url", _serve.Url.OriginalString, "--data", Data, .. words]);
}
