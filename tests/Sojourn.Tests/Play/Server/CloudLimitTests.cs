using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Kinds.Play.Cloud;
using Sojourn.Sqlite;
using Sojourn.Testing;
using Sojourn.Tests.Engine;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Play.Server;

/// <summary>How much fits, and what happens beyond it.</summary>
public sealed class CloudLimitTests
{
    [Fact]
    public async Task A_save_of_the_largest_size_is_kept_on_disk_and_one_byte_more_is_refused()
    {
        using var scratch = new ScratchDirectory();
        await using var cloud = await CloudUnderTest.StartAsync(
            store: new JournaledStore(scratch.Path, new JournalOptions(), TimeProvider.System, NullLogger.Instance));
        var largest = CloudUnderTest.Bytes(16 << 20, 1);
        await cloud.PutAsync("/wings/1", largest);
        (await cloud.AskAsync("GET", "/wings/1")).Bytes.AsSpan().SequenceEqual(largest).ShouldBeTrue();

        (await cloud.AskAsync("PUT", "/wings/1?force=true", [.. largest, 1])).Reply.ShouldBeProblem(413, "too-large");

        (await cloud.AskAsync("PUT", "/wings/2?force=true", [])).Reply.ShouldBeProblem(422, "invalid");
        (await cloud.AskAsync("GET", "/wings")).Reply["usage"].GetProperty("bytes").GetInt64().ShouldBe(16 << 20);
    }

    [Fact]
    public async Task A_picture_of_the_largest_size_is_kept_and_one_byte_more_is_refused()
    {
        await using var cloud = await CloudUnderTest.StartAsync(new() { MaxScreenshotBytes = 2_048 });
        await cloud.PutAsync("/wings/1", [1]);
        byte[] largest = [.. CloudUnderTest.Png, .. new byte[2_048 - CloudUnderTest.Png.Length]];
        (await cloud.AskAsync("PUT", "/wings/1/screenshot", [.. largest, 0])).Reply.ShouldBeProblem(413, "too-large");
        (await cloud.AskAsync("PUT", "/wings/1/screenshot", largest)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task An_owner_uses_as_many_bytes_as_it_may_and_is_told_how_many_it_uses()
    {
        await using var cloud = await CloudUnderTest.StartAsync(
            new() { MaxBytesPerOwner = 4_000, OlderGenerations = 1 });
        await cloud.PutAsync("/wings/1", CloudUnderTest.Bytes(1_000, 1));
        await cloud.PutAsync("/wings/1", CloudUnderTest.Bytes(1_000, 2));
        await cloud.PutAsync("/other/2", CloudUnderTest.Bytes(2_000, 3));

        var full = (await cloud.AskAsync("PUT", "/wings/3?force=true", [1])).Reply
            .ShouldBeProblem(429, "quota-exceeded");
        full.Detail!.ShouldContain("4,001");
        full["usage"].GetProperty("bytes").GetInt64().ShouldBe(4_000);
        full["usage"].GetProperty("maxBytes").GetInt64().ShouldBe(4_000);

        // What takes the place of an older save of the same size still fits, and so does what is there already.
        await cloud.PutAsync("/wings/1", CloudUnderTest.Bytes(1_000, 4));
        (await cloud.AskAsync("PUT", "/other/2", CloudUnderTest.Bytes(2_000, 3), ("If-None-Match", "*"))).Status
            .ShouldBe(200);
        (await cloud.AskAsync("PUT", "/wings/1/screenshot", CloudUnderTest.Png)).Reply
            .ShouldBeProblem(429, "quota-exceeded");
        (await cloud.AskAsync("DELETE", "/other/2")).Status.ShouldBe(204);
        (await cloud.AskAsync("PUT", "/wings/3?force=true", [1])).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Uploads_at_once_do_not_get_past_the_quota_together()
    {
        await using var cloud = await CloudUnderTest.StartAsync(
            new() { MaxBytesPerOwner = 3_000, MaxUploadsPerOwner = 10 });
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(slot => cloud.AskAsync(
            "PUT", $"/wings/{(char)('0' + slot)}?force=true", CloudUnderTest.Bytes(1_000, slot))));
        replies.Count(reply => reply.Status == 200).ShouldBe(3);
        replies.Count(reply => reply.Status == 429).ShouldBe(7);
        (await cloud.AskAsync("GET", "")).Reply["usage"].GetProperty("bytes").GetInt64().ShouldBe(3_000);
    }

    [Fact]
    public async Task An_owner_uses_as_many_slots_as_it_may_and_no_more()
    {
        await using var cloud = await CloudUnderTest.StartAsync(new() { MaxSlotsPerOwner = 2 });
        await cloud.PutAsync("/wings/1", [1]);
        await cloud.PutAsync("/other/1", [1]);
        var full = (await cloud.AskAsync("PUT", "/wings/2?force=true", [1])).Reply
            .ShouldBeProblem(429, "quota-exceeded");
        full["usage"].GetProperty("slots").GetInt32().ShouldBe(2);
        await cloud.PutAsync("/wings/1", [2]);
    }

    [Fact]
    public async Task An_upload_that_was_stored_is_answered_again_also_when_the_quota_is_used_up()
    {
        await using var cloud = await CloudUnderTest.StartAsync(new() { MaxBytesPerOwner = 2_000 });
        var save = CloudUnderTest.Bytes(1_000, 1);
        (string, string)[] headers = [("If-None-Match", "*"), ("Idempotency-Key", "one")];
        (await cloud.AskAsync("PUT", "/wings/1", save, headers)).Status.ShouldBe(200);
        await cloud.PutAsync("/wings/1", CloudUnderTest.Bytes(1_000, 2));
        var again = await cloud.AskAsync("PUT", "/wings/1", save, headers);
        again.Status.ShouldBe(200, again.Reply.Text);
        again.Reply.Headers.Contains("Idempotent-Replayed").ShouldBeTrue();
        (await cloud.AskAsync("PUT", "/wings/1", save, [("If-Match", "*"), ("Idempotency-Key", "two")])).Reply
            .ShouldBeProblem(429, "quota-exceeded");
        (await cloud.AskAsync("GET", "/wings/1/metadata")).Reply["newest"].GetProperty("generation").GetInt64()
            .ShouldBe(2);
    }

    [Fact]
    public async Task An_upload_on_top_of_what_is_not_there_leaves_nothing_behind()
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        foreach (var condition in (string[])["\"1-0000000000000000\"", "*"])
        {
            (await cloud.AskAsync("PUT", "/wings/1", [1], ("If-Match", condition))).Reply
                .ShouldBeProblem(409, "refused")["code"].GetString().ShouldBe("slot-conflict");
        }

        var key = new SessionKey(CloudSlotKind.KindName, OwnerId.Local, "wings.1");
        (await cloud.Sojourn.GetAsync(key)).Problem!.Type.ShouldBe(ProblemTypes.NotFound);
    }

    [Fact]
    public async Task Going_back_to_the_newest_save_changes_nothing_also_when_the_quota_is_used_up()
    {
        await using var cloud = await CloudUnderTest.StartAsync(new() { MaxBytesPerOwner = 1_024 });
        await cloud.PutAsync("/wings/1", CloudUnderTest.Bytes(1_024, 1));
        var restored = await cloud.AskAsync("POST", "/wings/1/restore?generation=1");
        restored.Status.ShouldBe(200, restored.Reply.Text);
        restored.Reply["newest"].GetProperty("generation").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Texts_of_the_greatest_length_are_kept_and_longer_ones_are_refused()
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        var (name, description) = (new string('n', 128), new string('d', 1_000));
        await cloud.PutAsync("/wings/1", [1], $"&name={name}&description={description}");
        (await cloud.AskAsync("PUT", $"/wings/1?force=true&name={name}x", [1])).Status.ShouldBe(400);
        (await cloud.AskAsync("PUT", $"/wings/1?force=true&description={description}x", [1])).Status.ShouldBe(400);
    }

    [Fact]
    public async Task More_uploads_at_once_than_are_let_in_are_sent_away_and_may_come_again()
    {
        await using var cloud = await CloudUnderTest.StartAsync(new() { MaxUploadsPerOwner = 1 });
        var slow = new SlowBody();
        using var first = new HttpRequestMessage(HttpMethod.Put, "/v1/play-slots/wings/1?force=true")
        {
            Content = slow,
        };
        // The server says that it goes on once it reads the body, and that is once the upload was let in.
        first.Headers.ExpectContinue = true;
        using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = ServerUnderTest.Patience };
        using var http = new HttpClient(handler) { BaseAddress = cloud.Server.Url };
        http.DefaultRequestHeaders.Authorization = cloud.Server.Http.DefaultRequestHeaders.Authorization;
        var uploading = http.SendAsync(first);
        await slow.Begun.WaitAsync(ServerUnderTest.Patience);

        (await cloud.AskAsync("PUT", "/wings/2?force=true", [1])).Reply.ShouldBeProblem(429, "overloaded");
        slow.End();
        using var done = await uploading;
        done.StatusCode.ShouldBe(HttpStatusCode.OK);
        await cloud.PutAsync("/wings/2", [1]);
    }

    [Fact]
    public async Task More_downloads_at_once_than_are_let_in_are_sent_away()
    {
        await using var cloud = await CloudUnderTest.StartAsync(new() { MaxDownloadsPerOwner = 1 });
        await cloud.PutAsync("/wings/1", CloudUnderTest.Bytes(16 << 20, 1));
        await cloud.PutAsync("/wings/2", [1]);
        // Far more than fits between server and client, so that it is under way as long as nobody reads it.
        using var slow = await cloud.Server.Http.GetAsync(
            "/v1/play-slots/wings/1", HttpCompletionOption.ResponseHeadersRead);
        slow.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var path in (string[])["/wings/2", "/wings/1/screenshot"])
        {
            var refused = (await cloud.AskAsync("GET", path)).Reply.ShouldBeProblem(429, "overloaded");
            refused.Headers.RetryAfter.ShouldNotBeNull();
        }

        // Who only looks, or has it already, is sent nothing, and takes nobody's place.
        var etag = await cloud.ETagAsync("/wings/2");
        (await cloud.AskAsync("GET", "/wings/2", null, ("If-None-Match", etag))).Status.ShouldBe(304);
    }

    [Fact]
    public async Task A_slot_that_was_opened_for_a_save_which_never_came_goes_by_itself()
    {
        var clock = new ManualClock();
        await using var server = await ServerUnderTest.StartAsync(also: kinds => kinds.AddCloudSlots()
            .Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        var engine = server.Services.GetRequiredService<SojournEngine>();
        var (one, two) = (await OpenAsync("1"), await OpenAsync("2"));
        (await CloudUnderTest.AskAsync(server.Http, "PUT", "/wings/2?force=true", [1])).Status.ShouldBe(200);

        clock.Advance(TimeSpan.FromHours(1));

        var patience = Bench.Patience();
        while ((await engine.GetAsync(one)).IsAccepted)
        {
            patience.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        (await engine.GetAsync(two)).Reply.Status.ShouldBe("kept");
        (await CloudUnderTest.AskAsync(server.Http, "GET", "/wings/2")).Bytes.ShouldBe([1]);

        async Task<SessionKey> OpenAsync(string slot) => (await engine.CreateAsync(
            new OpenCloudSlot("wings", slot), new CreateOptions { Id = SessionId.Parse($"wings.{slot}") })).Reply.Key;
    }

    [Fact]
    public void Limits_that_make_no_sense_are_all_told_at_once()
    {
        var faults = new CloudSlotOptions { NumberedSlots = 0, MaxSaveBytes = (16 << 20) + 1, OlderGenerations = 21 };
        Should.Throw<SojournException>(() => faults.ToPolicy()).Message
            .ShouldSatisfyAllConditions(
                text => text.ShouldContain("NumberedSlots"), text => text.ShouldContain("MaxSaveBytes"),
                text => text.ShouldContain("OlderGenerations"));
    }

    [Fact]
    public async Task A_save_whose_bytes_went_bad_is_told_and_the_one_before_it_is_offered()
    {
        await using var cloud = await CloudUnderTest.StartAsync();
        await cloud.PutAsync("/wings/1", CloudUnderTest.Bytes(100, 1));
        var key = new SessionKey(CloudSlotKind.KindName, OwnerId.Local, "wings.1");
        var bad = CloudUnderTest.Bytes(100, 2);
        var told = Convert.ToHexStringLower(SHA256.HashData(bad));
        bad[50] ^= 1;
        (await cloud.Sojourn.SendAsync(key, new PutCloudSave(told, new(), SlotCondition.None) { Content = bad }))
            .Problem.ShouldBeNull();

        var refused = (await cloud.AskAsync("GET", "/wings/1")).Reply.ShouldBeProblem(500, "damaged");
        refused["code"].GetString().ShouldBe("save-damaged");
        refused.Detail!.ShouldContain("go back to generation 1");

        (await cloud.AskAsync("POST", "/wings/1/restore?generation=1")).Status.ShouldBe(200);
        (await cloud.AskAsync("GET", "/wings/1")).Bytes.ShouldBe(CloudUnderTest.Bytes(100, 1));
    }

    /// <summary>A body whose end comes when it is told to.</summary>
    private sealed class SlowBody : HttpContent
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public void End() => _end.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[100]);
            await stream.FlushAsync();
            _begun.TrySetResult();
            await _end.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
