using Sojourn.Crash;

namespace Sojourn.Tests.Crash;

[Collection(Lane.SecondProcesses)]
public sealed class KillTests
{
    // `./build.sh crash` does a thousand.
    private const int Kills = 20;

    [Fact]
    public async Task Kills_at_any_moment_lose_nothing_that_was_acknowledged_and_double_nothing()
    {
        var directory = Directory.CreateTempSubdirectory("sojourn-kills-").FullName;
        var seed = Environment.TickCount;

        CampaignReport? report = null;
        await Should.NotThrowAsync(
            async () => report = await new Campaign(directory, seed).RunAsync(Kills), $"seed {seed}, in {directory}");

        report!.Kills.ShouldBe(Kills);
        report!.Acknowledged.ShouldBeGreaterThan(400);
        report.AskedAgain.ShouldBeGreaterThan(0);
        Directory.Delete(directory, recursive: true);
    }
}
