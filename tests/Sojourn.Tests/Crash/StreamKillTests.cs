using Sojourn.Crash.Streams;

namespace Sojourn.Tests.Crash;

/// <summary>A short campaign against durable streams; `./build.sh crash streams` is the long one.</summary>
[Collection(Lane.SecondProcesses)]
public sealed class StreamKillTests
{
    [Fact]
    public async Task Producers_and_followers_of_a_killed_server_lose_nothing_and_get_nothing_twice()
    {
        var directory = Directory.CreateTempSubdirectory("sojourn-kills-").FullName;
        var seed = Environment.TickCount;

        StreamCampaignReport? report = null;
        await Should.NotThrowAsync(
            async () => report = await new StreamCampaign(directory, seed).RunAsync(5), $"seed {seed}, in {directory}");

        report!.Kills.ShouldBe(5);
        report.Acknowledged.ShouldBeGreaterThanOrEqualTo(StreamCampaign.Producers / 2);
        report.Streams.All.ShouldBeGreaterThanOrEqualTo(29);
        report.Followers.All.ShouldBeGreaterThanOrEqualTo(14);
        report.Followers.Messages.ShouldBeGreaterThan(0);
        Directory.Delete(directory, recursive: true);
    }
}
