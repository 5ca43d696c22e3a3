using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Play.Server;

/// <summary>Slots on a disk that lets bytes go bad.</summary>
public sealed class CloudDamageTests
{
    [Fact]
    public async Task A_slot_whose_record_went_bad_is_told_restored_and_saved_to_again()
    {
        using var scratch = new ScratchDirectory();
        await using (var first = await StartAsync(scratch))
        {
            await first.PutAsync("/wings/1", CloudUnderTest.Bytes(1_000, 1), "&name=the%20first");
            await first.PutAsync("/wings/2", CloudUnderTest.Bytes(1_000, 9));
        }

        await using (var second = await StartAsync(scratch))
        {
            await second.PutAsync("/wings/1", CloudUnderTest.Bytes(1_000, 2), "&name=the%20second");
            (await second.AskAsync("PUT", "/wings/1/screenshot", CloudUnderTest.Png)).Status.ShouldBe(200);
        }

        Flip(scratch, "\"name\":\"the second\"");
        await using var cloud = await StartAsync(scratch);

        (await cloud.AskAsync("GET", "/wings/1")).Reply.ShouldBeProblem(500, "damaged")["code"].GetString()
            .ShouldBe("slot-damaged");
        (await cloud.AskAsync("PUT", "/wings/1?force=true", [1])).Reply.ShouldBeProblem(500, "damaged");
        var listed = (await cloud.AskAsync("GET", "/wings")).Reply["slots"].EnumerateArray()
            .ToDictionary(slot => slot.GetProperty("slot").GetString()!);
        listed["1"].GetProperty("status").GetString().ShouldBe("damaged");
        listed["2"].GetProperty("status").GetString().ShouldBe("kept");
        (await cloud.AskAsync("GET", "/wings/2")).Bytes.ShouldBe(CloudUnderTest.Bytes(1_000, 9));

        var restored = await cloud.AskAsync("POST", "/wings/1/restore");
        restored.Status.ShouldBe(200, restored.Reply.Text);
        restored.Reply["newest"].GetProperty("details").GetProperty("name").GetString().ShouldBe("the first");
        (await cloud.AskAsync("GET", "/wings/1")).Bytes.ShouldBe(CloudUnderTest.Bytes(1_000, 1));

        // What the record forgot is still in its streams: what comes goes behind that.
        await cloud.PutAsync("/wings/1", CloudUnderTest.Bytes(1_000, 3));
        (await cloud.AskAsync("PUT", "/wings/1/screenshot", CloudUnderTest.Png)).Status.ShouldBe(200);
        (await cloud.AskAsync("GET", "/wings/1")).Bytes.ShouldBe(CloudUnderTest.Bytes(1_000, 3));
        (await cloud.AskAsync("GET", "/wings/1?generation=1")).Bytes.ShouldBe(CloudUnderTest.Bytes(1_000, 1));
        (await cloud.AskAsync("GET", "/wings/1/screenshot")).Bytes.ShouldBe(CloudUnderTest.Png);
    }

    [Fact]
    public async Task A_slot_whose_record_went_bad_can_be_emptied()
    {
        using var scratch = new ScratchDirectory();
        await using (var first = await StartAsync(scratch))
            await first.PutAsync("/wings/1", CloudUnderTest.Bytes(1_000, 1), "&name=the%20only");
        Flip(scratch, "\"name\":\"the only\"");
        await using var cloud = await StartAsync(scratch);

        (await cloud.AskAsync("DELETE", "/wings/1")).Status.ShouldBe(204);

        (await cloud.AskAsync("GET", "/wings/1")).Reply.ShouldBeProblem(404, "not-found");
        await cloud.PutAsync("/wings/1", CloudUnderTest.Bytes(1_000, 2));
        (await cloud.AskAsync("GET", "/wings/1")).Bytes.ShouldBe(CloudUnderTest.Bytes(1_000, 2));
    }

    private static Task<CloudUnderTest> StartAsync(ScratchDirectory scratch) => CloudUnderTest.StartAsync(
        store: new JournaledStore(scratch.Path, new JournalOptions(), TimeProvider.System, NullLogger.Instance));

    private static void Flip(ScratchDirectory scratch, string text)
    {
        var file = Path.Combine(scratch.Path, "sojourn.db");
        var bytes = File.ReadAllBytes(file);
        var place = bytes.AsSpan().LastIndexOf(Encoding.UTF8.GetBytes(text));
        place.ShouldBeGreaterThan(0);
        bytes[place + text.Length - 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }
}
