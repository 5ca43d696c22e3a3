using Sojourn.Crash.Games;

namespace Sojourn.Tests.Crash;

[Collection(Lane.FirstProcesses)]
public sealed class GameKillTests
{
    // `./build.sh crash play` does five hundred.
    private const int Kills = 10;

    [Fact]
    public async Task A_game_that_is_killed_at_any_moment_comes_back_with_all_that_it_had_saved()
    {
        var directory = Directory.CreateTempSubdirectory("sojourn-game-kills-").FullName;
        var seed = Environment.TickCount;

        GameCampaignReport? report = null;
        await Should.NotThrowAsync(
            async () => report = await new GameCampaign(directory, seed).RunAsync(Kills),
            $"seed {seed}, in {directory}");

        report!.Kills.ShouldBe(Kills);
        report.Recoveries.ShouldBeGreaterThan(0);
        // How many there are is up to how fast the machine is; that there are some makes the campaign one.
        report.Acknowledged.ShouldBeGreaterThan(0);
        report.CleanEnds.ShouldBeGreaterThan(0);
        Directory.Delete(directory, recursive: true);
    }
}
