using Sojourn.Client.Play;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Play.Server;

using Sojourn.Client;

/// <summary>A game's own side of its slots on a server.</summary>
public sealed class CloudClientTests
{
    [Fact]
    public async Task Two_machines_of_one_player_settle_a_conflict_and_lose_nothing()
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        using var client = ClientOf(cloud);
        var (desk, laptop) = (client.Play("wings"), client.Play("wings"));
        (await desk.GetSlotAsync("1")).ShouldBeNull();
        (await desk.DownloadSlotAsync("1")).ShouldBeNull();

        var first = (await desk.UploadSlotAsync("1", CloudUnderTest.Bytes(100, 1),
            new() { Callsign = "Ikarus", Device = "desk", Completion = 0.5, SavedAt = DateTimeOffset.UnixEpoch },
            CloudCondition.Empty)).ShouldBeOfType<CloudChange.Done>().Slot!.Newest!;
        var there = (await laptop.DownloadSlotAsync("1"))!;
        there.Content.ToArray().ShouldBe(CloudUnderTest.Bytes(100, 1));
        there.ETag.ShouldBe(first.ETag);
        (await laptop.UploadSlotAsync("1", CloudUnderTest.Bytes(100, 2), new() { Device = "laptop" },
            CloudCondition.Still(there.ETag))).ShouldBeOfType<CloudChange.Done>();

        var conflict = (await desk.UploadSlotAsync("1", CloudUnderTest.Bytes(100, 3), new() { Device = "desk" },
            CloudCondition.Still(first.ETag))).ShouldBeOfType<CloudChange.Conflict>();

        conflict.Stored!.Newest!.Details.Device.ShouldBe("laptop");
        conflict.Detail.ShouldContain("Let the player choose");
        (await desk.UploadSlotAsync("1", CloudUnderTest.Bytes(100, 3), null,
            CloudCondition.Still(conflict.Stored.Newest.ETag))).ShouldBeOfType<CloudChange.Done>();
        var list = await desk.ListSlotsAsync();
        var slot = list.Slots.ShouldHaveSingleItem();
        slot.Newest!.Generation.ShouldBe(3);
        slot.Older.Select(save => save.Details.Device).ShouldBe(["laptop", "desk"]);
        slot.Older[1].Details.SavedAt.ShouldBe(DateTimeOffset.UnixEpoch);
        list.Usage.Bytes.ShouldBe(300);
    }

    [Fact]
    public async Task Older_saves_pictures_and_emptying_are_one_call_each()
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        using var client = ClientOf(cloud);
        var wings = client.Play("wings");
        var first = (await wings.UploadSlotAsync("quick", CloudUnderTest.Bytes(50, 1), null, CloudCondition.Whatever))
            .ShouldBeOfType<CloudChange.Done>().Slot!.Newest!;
        (await wings.ScreenshotAsync("quick")).ShouldBeNull();
        await wings.AttachScreenshotAsync("quick", CloudUnderTest.Png, first.ETag);
        (await wings.ScreenshotAsync("quick"))!.Value.ToArray().ShouldBe(CloudUnderTest.Png);
        await wings.UploadSlotAsync("quick", CloudUnderTest.Bytes(50, 2), null, CloudCondition.Whatever);

        (await wings.DownloadSlotAsync("quick", 1))!.Content.ToArray().ShouldBe(CloudUnderTest.Bytes(50, 1));
        (await wings.RestoreSlotAsync("quick", 1)).ShouldBeOfType<CloudChange.Done>().Slot!.Newest!.RestoredFrom
            .ShouldBe(1);
        (await wings.DeleteSlotAsync("quick", CloudCondition.Still(first.ETag)))
            .ShouldBeOfType<CloudChange.Conflict>().Stored!.Newest!.Generation.ShouldBe(3);
        (await wings.RepairSlotAsync("quick")).ShouldBeOfType<CloudChange.Done>();
        (await wings.DeleteSlotAsync("quick")).ShouldBeOfType<CloudChange.Done>();
        (await wings.DeleteSlotAsync("quick")).ShouldBeOfType<CloudChange.Done>("it is empty, as was asked");
        (await wings.DownloadSlotAsync("quick")).ShouldBeNull();
    }

    [Fact]
    public async Task Names_that_could_climb_out_of_their_place_are_refused_before_they_are_sent()
    {
        using var client = new SojournClient(new() { Url = new Uri("http://127.0.0.1:1") });
        Should.Throw<ArgumentException>(() => client.Play("../keys"));
        await Should.ThrowAsync<ArgumentException>(() => client.Play("wings").DownloadSlotAsync("../x"));
        Should.Throw<ArgumentException>(() => CloudCondition.Still("no tag"));
    }

    private static SojournClient ClientOf(CloudUnderTest cloud) =>
        new(new() { Url = cloud.Server.Url, Key = ServerUnderTest.Key });
}
