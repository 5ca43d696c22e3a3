using System.Globalization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Sojourn.Kinds.Play.Saves;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Play.Server;

/// <summary>What a player has of slots on a server.</summary>
public sealed class CloudSlotTests
{
    [Fact]
    public async Task What_was_uploaded_is_downloaded_byte_for_byte_with_its_checksum_and_what_it_is_about()
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        var save = CloudUnderTest.Bytes(100_000, 1);

        var put = await cloud.AskAsync(
            "PUT", "/wings/3?callsign=Maverick&pilotRank=Captain&campaign=Vega&mission=4&completion=0.25&type=quick"
            + "&savedAt=2026-11-22T10:00:00Z&realPlaySeconds=90.5&gameVersion=1.2&device=den&description=Before%20it",
            save, ("If-None-Match", "*"), ("Content-Digest", CloudUnderTest.DigestOf(save)));

        put.Status.ShouldBe(200, put.Reply.Text);
        var newest = put.Reply["newest"];
        newest.GetProperty("generation").GetInt64().ShouldBe(1);
        newest.GetProperty("size").GetInt64().ShouldBe(save.Length);
        var details = newest.GetProperty("details");
        details.GetProperty("callsign").GetString().ShouldBe("Maverick");
        details.GetProperty("type").GetString().ShouldBe("quick");
        details.GetProperty("completion").GetDouble().ShouldBe(0.25);
        details.GetProperty("realPlaySeconds").GetDouble().ShouldBe(90.5);
        details.GetProperty("savedAt").GetString().ShouldBe("2026-11-22T10:00:00Z");

        var got = await cloud.AskAsync("GET", "/wings/3");
        got.Status.ShouldBe(200);
        got.Bytes.ShouldBe(save);
        got.Reply.Headers.ETag!.Tag.ShouldBe(newest.GetProperty("eTag").GetString());
        HeaderOf(got, "Content-Digest").ShouldBe(CloudUnderTest.DigestOf(save));
        HeaderOf(got, "Save-Generation").ShouldBe("1");
        HeaderOf(got, "X-Content-Type-Options").ShouldBe("nosniff");
        got.Reply.ContentHeaders.ContentDisposition!.FileName!.Trim('"').ShouldBe("wings-3-1.save");
        (await cloud.AskAsync("GET", "/wings/3", null, ("If-None-Match", got.Reply.Headers.ETag.Tag))).Status
            .ShouldBe(304);

        var head = await cloud.AskAsync("HEAD", "/wings/3");
        head.Status.ShouldBe(200);
        head.Bytes.ShouldBeEmpty();
        head.Reply.ContentHeaders.ContentLength.ShouldBe(save.Length);
        head.Reply.Headers.ETag.ShouldBe(got.Reply.Headers.ETag);
    }

    [Fact]
    public async Task Slots_are_listed_by_game_with_what_was_saved_last_first_and_what_is_used()
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        await cloud.PutAsync("/wings/9", CloudUnderTest.Bytes(10, 1));
        await cloud.PutAsync("/wings/quick", CloudUnderTest.Bytes(20, 2));
        await cloud.PutAsync("/other/auto", CloudUnderTest.Bytes(30, 3));
        await cloud.PutAsync("/wings/9", CloudUnderTest.Bytes(40, 4));

        var list = (await cloud.AskAsync("GET", "/wings")).Reply.Json;

        list.GetProperty("slots").EnumerateArray().Select(slot => slot.GetProperty("slot").GetString())
            .ShouldBe(["9", "quick"]);
        list.GetProperty("usage").GetProperty("bytes").GetInt64().ShouldBe(100);
        list.GetProperty("usage").GetProperty("slots").GetInt32().ShouldBe(3);
        (await cloud.AskAsync("GET", "")).Reply["slots"].GetArrayLength().ShouldBe(3);
        (await cloud.AskAsync("GET", "/nothing")).Reply["slots"].GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Three_older_saves_are_kept_and_each_can_be_downloaded_and_made_the_newest_again()
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        for (var seed = 1; seed <= 5; seed++)
            await cloud.PutAsync("/wings/1", CloudUnderTest.Bytes(1_000, seed), $"&score={Text(seed)}");

        var slot = (await cloud.AskAsync("GET", "/wings/1/metadata")).Reply.Json;
        slot.GetProperty("newest").GetProperty("generation").GetInt64().ShouldBe(5);
        slot.GetProperty("older").EnumerateArray().Select(save => save.GetProperty("generation").GetInt64())
            .ShouldBe([4, 3, 2]);
        slot.GetProperty("bytes").GetInt64().ShouldBe(4_000);
        foreach (var generation in (int[])[5, 4, 3, 2])
            (await cloud.AskAsync("GET", $"/wings/1?generation={Text(generation)}")).Bytes
                .ShouldBe(CloudUnderTest.Bytes(1_000, generation));
        (await cloud.AskAsync("GET", "/wings/1?generation=1")).Reply.ShouldBeProblem(404, "not-found");

        var restored = await cloud.AskAsync("POST", "/wings/1/restore?generation=2");

        restored.Status.ShouldBe(200, restored.Reply.Text);
        restored.Reply["newest"].GetProperty("generation").GetInt64().ShouldBe(6);
        restored.Reply["newest"].GetProperty("restoredFrom").GetInt64().ShouldBe(2);
        restored.Reply["newest"].GetProperty("details").GetProperty("score").GetInt64().ShouldBe(2);
        (await cloud.AskAsync("GET", "/wings/1")).Bytes.ShouldBe(CloudUnderTest.Bytes(1_000, 2));
        (await cloud.AskAsync("GET", "/wings/1?generation=5")).Bytes.ShouldBe(CloudUnderTest.Bytes(1_000, 5));
        (await cloud.AskAsync("GET", "/wings/1?generation=2")).Reply.ShouldBeProblem(404, "not-found");
        (await cloud.AskAsync("POST", "/wings/1/restore?generation=2")).Reply.ShouldBeProblem(404, "not-found");
    }

    [Fact]
    public async Task Restoring_the_oldest_is_done_once_however_often_it_is_sent()
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        for (var seed = 1; seed <= 4; seed++)
            await cloud.PutAsync("/wings/1", CloudUnderTest.Bytes(100, seed));

        foreach (var replayed in (bool[])[false, true])
        {
            var restored = await cloud.AskAsync(
                "POST", "/wings/1/restore?generation=1", null, ("Idempotency-Key", "back"));
            restored.Status.ShouldBe(200, restored.Reply.Text);
            restored.Reply["newest"].GetProperty("generation").GetInt64().ShouldBe(5);
            restored.Reply.Headers.Contains("Idempotent-Replayed").ShouldBe(replayed);
        }
    }

    [Fact]
    public async Task A_picture_is_sent_as_a_picture_and_nothing_else()
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        await cloud.PutAsync("/wings/1", CloudUnderTest.Bytes(100, 1));
        (await cloud.AskAsync("GET", "/wings/1/screenshot")).Reply.ShouldBeProblem(404, "not-found");
        (await cloud.AskAsync("PUT", "/wings/1/screenshot", "<svg onload=alert(1)>"u8.ToArray())).Reply
            .ShouldBeProblem(422, "invalid");

        var put = await cloud.AskAsync("PUT", "/wings/1/screenshot", CloudUnderTest.Png);

        put.Status.ShouldBe(200, put.Reply.Text);
        put.Reply["newest"].GetProperty("screenshot").GetBoolean().ShouldBeTrue();
        put.Reply["newest"].GetProperty("generation").GetInt64().ShouldBe(1);
        var picture = await cloud.AskAsync("GET", "/wings/1/screenshot");
        picture.Bytes.ShouldBe(CloudUnderTest.Png);
        picture.Reply.ContentHeaders.ContentType!.MediaType.ShouldBe("image/png");
        HeaderOf(picture, "X-Content-Type-Options").ShouldBe("nosniff");
        HeaderOf(picture, "Content-Security-Policy").ShouldContain("sandbox");
        (await cloud.AskAsync("PUT", "/wings/1/screenshot", CloudUnderTest.Png)).Reply.ShouldBeProblem(409, "refused");

        // It stays with its save, also when that is restored.
        await cloud.PutAsync("/wings/1", CloudUnderTest.Bytes(100, 2));
        (await cloud.AskAsync("GET", "/wings/1/screenshot")).Reply.ShouldBeProblem(404, "not-found");
        (await cloud.AskAsync("GET", "/wings/1/screenshot?generation=1")).Bytes.ShouldBe(CloudUnderTest.Png);
        await cloud.AskAsync("POST", "/wings/1/restore?generation=1");
        (await cloud.AskAsync("GET", "/wings/1/screenshot")).Bytes.ShouldBe(CloudUnderTest.Png);
    }

    [Fact]
    public async Task A_slot_is_emptied_with_all_its_saves_and_used_again()
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        await cloud.PutAsync("/wings/1", CloudUnderTest.Bytes(100, 1));
        var before = await cloud.ETagAsync("/wings/1");
        await cloud.PutAsync("/wings/1", CloudUnderTest.Bytes(100, 2));

        var refused = (await cloud.AskAsync("DELETE", "/wings/1", null, ("If-Match", before))).Reply
            .ShouldBeProblem(409, "refused");
        refused["code"].GetString().ShouldBe("slot-conflict");
        (await cloud.AskAsync("DELETE", "/wings/1", null, ("If-Match", await cloud.ETagAsync("/wings/1")))).Status
            .ShouldBe(204);

        (await cloud.AskAsync("GET", "/wings/1")).Reply.ShouldBeProblem(404, "not-found");
        (await cloud.AskAsync("DELETE", "/wings/1")).Reply.ShouldBeProblem(404, "not-found");
        (await cloud.AskAsync("GET", "/wings")).Reply["usage"].GetProperty("bytes").GetInt64().ShouldBe(0);
        (await cloud.AskAsync("PUT", "/wings/1", CloudUnderTest.Bytes(100, 3), ("If-None-Match", "*"))).Status
            .ShouldBe(200);
        (await cloud.AskAsync("PUT", "/wings/1", CloudUnderTest.Bytes(100, 4), ("If-Match", before))).Reply
            .ShouldBeProblem(409, "refused");
    }

    [Fact]
    public async Task A_file_that_a_game_exported_tells_what_it_is_about_and_has_its_picture_with_it()
    {
        using var scratch = new ScratchDirectory();
        await using var cloud = await CloudUnderTest.StartAsync();
        using var file = new MemoryStream();
        await using (var saves = await SaveSlots.OpenAsync(scratch.Path))
        {
            await saves.SaveAsync(SlotName.Quick, SaveContent.Of("profile", CloudUnderTest.Bytes(500, 1)), new()
            {
                Type = SaveType.Quick,
                Callsign = "Ikarus",
                Campaign = "Vega",
                Mission = "4",
                CampaignCompletion = 0.5,
                RealPlayTime = TimeSpan.FromMinutes(3),
                Screenshot = CloudUnderTest.Png,
            });
            await saves.ExportAsync(SlotName.Quick, file);
        }

        var exported = file.ToArray();
        var put = await cloud.PutAsync("/wings/quick", exported, "&device=den&mission=5");

        var newest = put.GetProperty("newest");
        newest.GetProperty("screenshot").GetBoolean().ShouldBeTrue();
        var details = newest.GetProperty("details");
        details.GetProperty("type").GetString().ShouldBe("quick");
        details.GetProperty("callsign").GetString().ShouldBe("Ikarus");
        details.GetProperty("realPlaySeconds").GetDouble().ShouldBe(180);
        details.GetProperty("device").GetString().ShouldBe("den");
        details.GetProperty("mission").GetString().ShouldBe("5", "what the address says wins");
        (await cloud.AskAsync("GET", "/wings/quick")).Bytes.ShouldBe(exported);
        (await cloud.AskAsync("GET", "/wings/quick/screenshot")).Bytes.ShouldBe(CloudUnderTest.Png);

        // Cut off, or changed on its way: the good one stays.
        exported[^1] ^= 1;
        foreach (var bad in (byte[][])[exported, exported[..^1], exported[..50]])
        {
            var refused = (await cloud.AskAsync("PUT", "/wings/quick?force=true", bad)).Reply
                .ShouldBeProblem(422, "invalid");
            refused["code"].GetString().ShouldBe("save-damaged");
        }

        (await cloud.AskAsync("GET", "/wings/quick/metadata")).Reply["newest"].GetProperty("generation").GetInt64()
            .ShouldBe(1);
    }

    [Fact]
    public async Task All_that_can_be_asked_is_in_the_description_for_programs()
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        var document = (await cloud.Server.SendAsync("GET", "/openapi/v1.json")).Json;
        var paths = document.GetProperty("paths").EnumerateObject()
            .Where(path => path.Name.StartsWith("/v1/play-slots", StringComparison.Ordinal)).ToList();
        var served = cloud.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>()
            .Select(endpoint => endpoint.RoutePattern.RawText!)
            .Where(path => path.StartsWith("/v1/play-slots", StringComparison.Ordinal));
        paths.Select(path => path.Name).Order().ShouldBe(served.Order());
        foreach (var path in paths)
        {
            var asked = await cloud.Server.SendAsync(
                "PATCH", path.Name.Replace("{game}", "wings").Replace("{saveSlot}", "1"));
            asked.ShouldBeProblem(405, "method-not-allowed");
            asked.ContentHeaders.Allow.Select(method => method.ToLowerInvariant()).Except(["head"]).Order()
                .ShouldBe(path.Value.EnumerateObject().Select(method => method.Name).Order(), path.Name);
        }

        var upload = document.GetProperty("paths").GetProperty("/v1/play-slots/{game}/{saveSlot}").GetProperty("put");
        upload.GetProperty("responses").TryGetProperty("428", out _).ShouldBeTrue();
        OpenApiDocument.Parse(document.GetRawText(), "json").Diagnostic!.Errors.ShouldBeEmpty();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string HeaderOf(CloudReply reply, string name) =>
        reply.Reply.Headers.TryGetValues(name, out var values) ? values.Single()
            : reply.Reply.ContentHeaders.GetValues(name).Single();
}
