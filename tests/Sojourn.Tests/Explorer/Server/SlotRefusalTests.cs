using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Kinds.Explorer;
using Sojourn.Sqlite;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Explorer.Server;

/// <summary>What cannot be done with slots, and that nothing changes by it.</summary>
public sealed class SlotRefusalTests
{
    [Theory]
    [InlineData("5")]
    [InlineData("-1")]
    [InlineData("one")]
    [InlineData("99999999999")]
    public async Task A_slot_that_there_is_not_is_refused_with_those_there_are(string slot)
    {
        await using var games = await GamesUnderTest.StartAsync();
        await games.BeginAsync("ada");
        foreach (var (method, path) in new[]
        {
            ("PUT", $"ada/slots/{slot}"), ("DELETE", $"ada/slots/{slot}"), ("POST", $"ada/slots/{slot}/load"),
            ("GET", $"ada/slots/{slot}/export"), ("POST", $"ada/slots/{slot}/restore"),
        })
        {
            var refused = (await games.AskAsync(method, path)).ShouldBeProblem(422, "invalid");
            refused["code"].GetString().ShouldBe("unknown-slot");
            refused["field"].GetString().ShouldBe("slot");
            refused.Detail.ShouldBe("The slots are numbered 0 to 4.");
        }
    }

    [Fact]
    public async Task An_empty_slot_is_not_found_whatever_is_asked_of_it()
    {
        await using var games = await GamesUnderTest.StartAsync();
        await games.BeginAsync("ada");
        foreach (var (method, path) in new[]
        {
            ("DELETE", "ada/slots/3"), ("POST", "ada/slots/3/load"), ("GET", "ada/slots/3/export"),
            ("POST", "ada/slots/0/load"), ("POST", "ada/slots/3/restore"),
        })
        {
            (await games.AskAsync(method, path)).ShouldBeProblem(404, "not-found").Detail!
                .ShouldContain("is empty: nothing was saved to it yet");
        }

        await games.AskAsync("PUT", "ada/slots/3");
        (await games.AskAsync("POST", "ada/slots/3/load", new { generation = "previous" }))
            .ShouldBeProblem(404, "not-found").Detail!.ShouldContain("no previous one");
    }

    [Fact]
    public async Task The_automatic_slot_is_neither_written_nor_removed_by_hand_while_there_is_the_game()
    {
        await using var games = await GamesUnderTest.StartAsync();
        await games.BeginAsync("ada");
        await games.DoAsync("ada", "navigate");
        var before = (await games.SlotAsync("ada", 0)).GetRawText();

        foreach (var (method, path) in new[] { ("PUT", "ada/slots/0"), ("DELETE", "ada/slots/0") })
        {
            (await games.AskAsync(method, path)).ShouldBeProblem(409, "refused")["code"].GetString()
                .ShouldBe("automatic-slot");
        }

        (await games.SlotAsync("ada", 0)).GetRawText().ShouldBe(before);
        await games.AskAsync("DELETE", "ada");
        (await games.AskAsync("DELETE", "ada/slots/0")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await games.AskAsync("GET", "ada/slots")).ShouldBeProblem(404, "not-found");
    }

    [Fact]
    public async Task A_game_that_never_was_has_no_slots_and_one_that_is_over_is_not_saved()
    {
        await using var games = await GamesUnderTest.StartAsync();
        (await games.AskAsync("GET", "nobody/slots")).ShouldBeProblem(404, "not-found");
        (await games.AskAsync("PUT", "nobody/slots/1")).ShouldBeProblem(404, "not-found");
        (await games.AskAsync("POST", "nobody/slots/1/load")).ShouldBeProblem(404, "not-found");

        await games.BeginAsync("ada");
        await games.SetAsync("ada", game => game with
        {
            Health = 0,
            Ending = new Ending(false, EndReason.Died, "You died."),
        });
        (await games.AskAsync("PUT", "ada/slots/1")).ShouldBeProblem(409, "refused")["code"].GetString()
            .ShouldBe("game-over");
    }

    [Fact]
    public async Task An_id_leaves_room_for_the_slots_name()
    {
        await using var games = await GamesUnderTest.StartAsync();
        var (longest, tooLong) = (new string('a', 62), new string('a', 63));
        await games.BeginAsync(longest);
        await games.BeginAsync(tooLong);

        (await games.AskAsync("PUT", $"{longest}/slots/1")).Status.ShouldBe(HttpStatusCode.OK);
        var refused = (await games.AskAsync("PUT", $"{tooLong}/slots/1")).ShouldBeProblem(422, "invalid");
        refused["code"].GetString().ShouldBe("id-too-long");
        refused.Detail!.ShouldContain("at most 62 characters");
        await games.DoAsync(tooLong, "navigate");
        (await games.AskAsync("GET", $"{tooLong}/slots")).ShouldBeProblem(422, "invalid");
    }

    [Fact]
    public async Task Nobody_puts_a_game_into_a_slot_that_was_never_played()
    {
        await using var games = await GamesUnderTest.StartAsync();
        await games.BeginAsync("ada");
        await games.AskAsync("PUT", "ada/slots/1");
        foreach (var (method, path) in new[]
        {
            ("GET", "/v1/explorer-save"), ("POST", "/v1/explorer-save"), ("GET", "/v1/explorer-save/ada.1"),
            ("PUT", "/v1/explorer-save/ada.2"), ("DELETE", "/v1/explorer-save/ada.1"),
            ("POST", "/v1/explorer-save/ada.1/write-save"),
        })
        {
            (await games.Server.SendAsync(method, path)).ShouldBeProblem(404, "unknown-kind");
        }

        (await games.AskAsync("POST", "ada/take-up-save", new { game = await games.GameAsync("ada") }))
            .ShouldBeProblem(404, "unknown-command")["success"].GetBoolean().ShouldBeFalse();
        (await games.Server.SendAsync("GET", "/v1/sessions"))["sessions"].GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Versions_and_operation_ids_hold_for_slots_as_for_games()
    {
        await using var games = await GamesUnderTest.StartAsync();
        await games.BeginAsync("ada");
        (await games.AskAsync("PUT", "ada/slots/1", null, ("If-Match", "\"1\""))).ShouldBeProblem(404, "not-found");
        var first = await games.AskAsync("PUT", "ada/slots/1", null, ("Idempotency-Key", "one"));
        await games.DoAsync("ada", "buy-pod");

        var again = await games.AskAsync("PUT", "ada/slots/1", null, ("Idempotency-Key", "one"));

        again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        again.Text.ShouldBe(first.Text, "what was saved the first time");
        var etag = first.Headers.ETag!.Tag;
        (await games.AskAsync("PUT", "ada/slots/1", null, ("If-Match", "\"77\"")))
            .ShouldBeProblem(412, "version-mismatch");
        (await games.AskAsync("PUT", "ada/slots/1", null, ("If-Match", etag))).Status.ShouldBe(HttpStatusCode.OK);
        (await games.AskAsync("DELETE", "ada/slots/1", null, ("If-Match", etag)))
            .ShouldBeProblem(412, "version-mismatch");
        (await games.AskAsync("POST", "ada/slots/1/load", null, ("If-Match", "\"77\"")))
            .ShouldBeProblem(412, "version-mismatch");

        var loaded = await games.AskAsync("POST", "ada/slots/1/load", null, ("Idempotency-Key", "two"));
        var version = loaded["version"].GetInt32();
        (await games.AskAsync("POST", "ada/slots/1/load", null, ("Idempotency-Key", "two")))["version"].GetInt32()
            .ShouldBe(version, "loaded once");
        (await games.AskAsync("POST", "ada/slots/1/load", new { generation = "oldest" }))
            .ShouldBeProblem(422, "invalid");
    }

    [Fact]
    public async Task Slots_are_their_owners_alone_and_an_admins_who_names_the_owner()
    {
        await using var games = await GamesUnderTest.StartAsync();
        var key = (await games.Server.SendAsync("POST", "/v1/keys", """{"owner": "bob"}"""))["key"].GetString();
        using var bob = games.Server.Client(key);
        await games.BeginAsync("same");
        await games.AskAsync("PUT", "same/slots/1");
        (await bob.PutAsync("/v1/explorer/same", null)).StatusCode.ShouldBe(HttpStatusCode.Created);

        (await bob.PostAsync("/v1/explorer/same/slots/1/load", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await bob.GetAsync("/v1/explorer/same/slots/1/export")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await bob.DeleteAsync("/v1/explorer/same/slots/1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await bob.GetAsync("/v1/explorer/same/slots?owner=local")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        (await games.AskAsync("PUT", "same/slots/2?owner=bob")).Status.ShouldBe(HttpStatusCode.OK);
        (await games.SlotAsync("same", 2)).GetProperty("status").GetString().ShouldBe("empty");
        (await bob.PostAsync("/v1/explorer/same/slots/2/load", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_slot_whose_record_went_bad_on_disk_is_told_and_its_older_state_restored()
    {
        using var scratch = new ScratchDirectory();
        var file = Path.Combine(scratch.Path, "sojourn.db");
        await using (var first = await StartAsync(scratch))
        {
            await first.BeginAsync("ada");
            await first.AskAsync("PUT", "ada/slots/1");
        }

        await using (var second = await StartAsync(scratch))
        {
            await second.SetAsync("ada", game => game with { Pilot = "Ada the Second" });
            await second.AskAsync("PUT", "ada/slots/1");
        }

        Flip(file, "\\\"pilot\\\":\\\"Ada the Second\\\"");
        await using var games = await StartAsync(scratch);

        var slot = await games.SlotAsync("ada", 1);
        slot.GetProperty("status").GetString().ShouldBe("damaged");
        slot.GetProperty("detail").GetString()!.ShouldContain("Restore the slot");
        foreach (var (method, path) in new[]
        {
            ("POST", "ada/slots/1/load"), ("GET", "ada/slots/1/export"), ("PUT", "ada/slots/1"),
        })
        {
            (await games.AskAsync(method, path)).ShouldBeProblem(500, "damaged")["code"].GetString()
                .ShouldBe("slot-damaged");
        }

        (await games.SlotAsync("ada", 2)).GetProperty("status").GetString().ShouldBe("empty");
        var restored = await games.AskAsync("POST", "ada/slots/1/restore");
        restored.Status.ShouldBe(HttpStatusCode.OK, restored.Text);
        restored["current"].GetProperty("metadata").GetProperty("pilot").GetString().ShouldBe("Ada");
        (await games.AskAsync("POST", "ada/slots/1/load"))["state"].GetProperty("pilot").GetString().ShouldBe("Ada");
    }

    private static Task<GamesUnderTest> StartAsync(ScratchDirectory scratch) => GamesUnderTest.StartAsync(
        store: new JournaledStore(scratch.Path, new JournalOptions(), TimeProvider.System, NullLogger.Instance));

    private static void Flip(string file, string text)
    {
        var bytes = File.ReadAllBytes(file);
        var place = bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text));
        place.ShouldBeGreaterThan(0);
        bytes[place + text.Length - 4] ^= 4;
        File.WriteAllBytes(file, bytes);
    }
}
