using System.Net.Http.Headers;
using Sojourn.Kinds.Play.Cloud;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Play.Server;

/// <summary>What is not overwritten, and what nobody else sees.</summary>
public sealed class CloudConflictTests
{
    [Fact]
    public async Task Who_does_not_say_what_the_slot_is_to_hold_is_asked_to_and_nothing_is_changed()
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        var refused = (await cloud.AskAsync("PUT", "/wings/1", CloudUnderTest.Bytes(10, 1))).Reply
            .ShouldBeProblem(428, "precondition-required");
        refused.Detail!.ShouldContain("If-None-Match: *");
        (await cloud.AskAsync("GET", "/wings/1")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("If-None-Match", "*")]
    [InlineData("If-Match", "\"7-0123456789abcdef\"")]
    [InlineData("If-Match", "the tag of the first")]
    public async Task Two_machines_that_saved_to_one_slot_are_told_of_both_saves_and_none_is_lost(
        string header, string value)
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        var (first, theirs, mine) = (
            CloudUnderTest.Bytes(100, 1), CloudUnderTest.Bytes(200, 2), CloudUnderTest.Bytes(300, 3));
        await cloud.PutAsync("/wings/1", first);
        value = value.StartsWith("the", StringComparison.Ordinal) ? await cloud.ETagAsync("/wings/1") : value;
        await cloud.PutAsync("/wings/1", theirs, "&device=laptop&mission=5");

        var conflict = (await cloud.AskAsync("PUT", "/wings/1?device=desk&mission=4", mine, (header, value))).Reply
            .ShouldBeProblem(409, "refused");

        conflict["code"].GetString().ShouldBe("slot-conflict");
        conflict["yours"].GetProperty("size").GetInt64().ShouldBe(300);
        conflict["yours"].GetProperty("details").GetProperty("device").GetString().ShouldBe("desk");
        var stored = conflict["stored"].GetProperty("newest");
        stored.GetProperty("size").GetInt64().ShouldBe(200);
        stored.GetProperty("details").GetProperty("mission").GetString().ShouldBe("5");
        (await cloud.AskAsync("GET", "/wings/1")).Bytes.ShouldBe(theirs);

        // The player chose mine: what they saved stays as an older save.
        (await cloud.AskAsync("PUT", "/wings/1", mine, ("If-Match", stored.GetProperty("eTag").GetString()!))).Status
            .ShouldBe(200);
        (await cloud.AskAsync("GET", "/wings/1")).Bytes.ShouldBe(mine);
        (await cloud.AskAsync("GET", "/wings/1?generation=2")).Bytes.ShouldBe(theirs);
    }

    [Fact]
    public async Task The_very_same_save_once_more_is_no_conflict_and_pushes_out_nothing()
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        var save = CloudUnderTest.Bytes(100, 1);
        for (var time = 0; time < 6; time++)
            (await cloud.AskAsync("PUT", "/wings/1", save, ("If-None-Match", "*"))).Status.ShouldBe(200);
        var slot = (await cloud.AskAsync("GET", "/wings/1/metadata")).Reply.Json;
        slot.GetProperty("newest").GetProperty("generation").GetInt64().ShouldBe(1);
        slot.GetProperty("older").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task An_upload_that_is_sent_again_under_its_key_is_stored_once()
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        var save = CloudUnderTest.Bytes(100, 1);
        await cloud.PutAsync("/wings/1", save);
        var etag = await cloud.ETagAsync("/wings/1");
        var mine = CloudUnderTest.Bytes(100, 2);
        (string, string)[] headers = [("If-Match", etag), ("Idempotency-Key", "one")];
        (await cloud.AskAsync("PUT", "/wings/1", mine, headers)).Status.ShouldBe(200);
        await cloud.PutAsync("/wings/1", CloudUnderTest.Bytes(100, 3));

        var again = await cloud.AskAsync("PUT", "/wings/1", mine, headers);

        again.Status.ShouldBe(200, again.Reply.Text);
        again.Reply.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        (await cloud.AskAsync("GET", "/wings/1")).Bytes.ShouldBe(CloudUnderTest.Bytes(100, 3));
        (await cloud.AskAsync("PUT", "/wings/1", save, headers)).Reply.ShouldBeProblem(422, "operation-reused");
    }

    [Fact]
    public async Task Many_who_upload_to_one_empty_slot_at_once_have_one_winner()
    {
        await using var cloud = await CloudUnderTest.StartAsync(new() { MaxUploadsPerOwner = 16 });
        var replies = await Task.WhenAll(Enumerable.Range(1, 16).Select(seed =>
            cloud.AskAsync("PUT", "/wings/1", CloudUnderTest.Bytes(1_000, seed), ("If-None-Match", "*"))));
        replies.Count(reply => reply.Status == 200).ShouldBe(1);
        replies.Count(reply => reply.Status == 409).ShouldBe(15);
        (await cloud.AskAsync("GET", "/wings/1/metadata")).Reply["newest"].GetProperty("generation").GetInt64()
            .ShouldBe(1);
    }

    [Fact]
    public async Task Owners_never_see_each_others_slots()
    {
        await using var cloud = await CloudUnderTest.StartAsync(new() { MaxBytesPerOwner = 1_024 });
        await cloud.PutAsync("/wings/1", CloudUnderTest.Bytes(1_000, 1));
        var made = await cloud.Server.SendAsync("POST", "/v1/keys", """{"owner":"bea"}""");
        using var bea = cloud.Server.Client(made["key"].GetString());

        (await CloudUnderTest.AskAsync(bea, "GET", "/wings/1")).Reply.ShouldBeProblem(404, "not-found");
        (await CloudUnderTest.AskAsync(bea, "GET", "/wings/1/metadata")).Reply.ShouldBeProblem(404, "not-found");
        (await CloudUnderTest.AskAsync(bea, "DELETE", "/wings/1")).Reply.ShouldBeProblem(404, "not-found");
        (await CloudUnderTest.AskAsync(bea, "GET", "/wings/1?owner=local")).Reply.ShouldBeProblem(403, "forbidden");
        (await CloudUnderTest.AskAsync(bea, "GET", "")).Reply["slots"].GetArrayLength().ShouldBe(0);
        // Nor do they share a quota.
        (await CloudUnderTest.AskAsync(
            bea, "PUT", "/wings/1", CloudUnderTest.Bytes(1_000, 2), ("If-None-Match", "*"))).Status.ShouldBe(200);
        (await cloud.AskAsync("GET", "/wings/1")).Bytes.ShouldBe(CloudUnderTest.Bytes(1_000, 1));
        (await cloud.AskAsync("GET", "/wings/1?owner=bea")).Bytes.ShouldBe(CloudUnderTest.Bytes(1_000, 2));
    }

    [Fact]
    public async Task Slots_are_reached_by_their_own_paths_alone()
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        await cloud.PutAsync("/wings/1", CloudUnderTest.Bytes(10, 1));
        (await cloud.Server.SendAsync("GET", "/v1/play-save/wings.1")).ShouldBeProblem(404, "unknown-kind");
        (await cloud.Server.SendAsync("GET", "/v1/sessions")).Text.ShouldNotContain("wings.1");
        using var stranger = cloud.Server.Client(null);
        (await CloudUnderTest.AskAsync(stranger, "GET", "/wings/1")).Reply.ShouldBeProblem(401, "unauthorized");
    }

    [Theory]
    [InlineData("sha-256=:AAAA:", null)]
    [InlineData("sha-256=nothing", null)]
    [InlineData("sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:", "digest-mismatch")]
    public async Task A_body_that_is_not_what_was_sent_is_refused(string digest, string? code)
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        if (digest == "sha-256=nothing")
        {
            // By no rule that is known here, which the standard says to ignore.
            (await cloud.AskAsync("PUT", "/wings/1", [1], ("If-None-Match", "*"), ("Content-Digest", "md5=:AAAA:")))
                .Status.ShouldBe(200);
            return;
        }

        var refused = (await cloud.AskAsync(
            "PUT", "/wings/1", [1, 2, 3], ("If-None-Match", "*"), ("Content-Digest", digest))).Reply
            .ShouldBeProblem(400, "invalid-parameter");
        (refused.Has("code") ? refused["code"].GetString() : null).ShouldBe(code);
        (await cloud.AskAsync("GET", "/wings/1")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("/wings/10", "unknown-slot")]
    [InlineData("/wings/01", "unknown-slot")]
    [InlineData("/wings/-1", "unknown-slot")]
    [InlineData("/wings/..%2f..%2fetc", "unknown-slot")]
    [InlineData("/Wings/1", "bad-game")]
    [InlineData("/%2e%2e%2fwings/1", "bad-game")]
    [InlineData("/aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeefffffffff/1", "bad-game")]
    public async Task Names_that_are_none_are_refused_with_those_that_are(string path, string code)
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        var refused = await cloud.AskAsync("PUT", path + "?force=true", [1]);
        refused.Reply.ShouldBeProblem(422, "invalid");
        refused.Reply["code"].GetString().ShouldBe(code);
    }

    [Theory]
    [InlineData("type=other")]
    [InlineData("completion=1.01")]
    [InlineData("completion=NaN")]
    [InlineData("missionsFlown=-1")]
    [InlineData("realPlaySeconds=-0.5")]
    [InlineData("savedAt=yesterday")]
    [InlineData("callsign=a%0Ab")]
    [InlineData("callsign=a&callsign=b")]
    [InlineData("colour=red")]
    [InlineData("force=perhaps")]
    public async Task What_cannot_be_true_of_a_save_is_refused(string query)
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        (await cloud.AskAsync("PUT", $"/wings/1?{query}", [1], ("If-None-Match", "*"))).Reply
            .ShouldBeProblem(400, "invalid-parameter");
        (await cloud.AskAsync("GET", "/wings/1")).Status.ShouldBe(404);
    }
}
