using Sojourn.Crash;

namespace Sojourn.Tests.Crash;

public sealed class KillTests
{
    [Fact]
    public async Task A_hundred_kills_lose_nothing_that_was_acknowledged_and_double_nothing()
    {
        var directory = Directory.CreateTempSubdirectory("sojourn-kills-").FullName;
        var seed = Environment.TickCount;

        CampaignReport? report = null;
        await Should.NotThrowAsync(
            async () => report = await new Campaign(directory, seed).RunAsync(100), $"seed {seed}, in {directory}");

        report!.Kills.ShouldBe(100);
        report!.Acknowledged.ShouldBeGreaterThan(1000);
        report.AskedAgain.ShouldBeGreaterThan(0);
        Directory.Delete(directory, recursive: true);
    }
}
