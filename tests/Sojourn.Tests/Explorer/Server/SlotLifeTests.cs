using System.Net;
using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Saves;

namespace Sojourn.Tests.Explorer.Server;

/// <summary>Slots that are written again, emptied, and outlive their games.</summary>
public sealed class SlotLifeTests
{
    [Fact]
    public async Task Saving_again_keeps_what_was_there_and_either_can_be_loaded()
    {
        await using var games = await GamesUnderTest.StartAsync();
        await games.BeginAsync("ada");
        foreach (var health in (int[])[90, 80, 70])
        {
            await games.SetAsync("ada", game => game with { Health = health });
            (await games.AskAsync("PUT", "ada/slots/1")).Status.ShouldBe(HttpStatusCode.OK);
        }

        var slot = await games.SlotAsync("ada", 1);
        HealthOf(slot, "current").ShouldBe(70);
        HealthOf(slot, "previous").ShouldBe(80);
        (await games.AskAsync("POST", "ada/slots/1/load", new { generation = "previous" }))["state"]
            .GetProperty("health").GetInt32().ShouldBe(80);
        (await games.AskAsync("POST", "ada/slots/1/load"))["state"].GetProperty("health").GetInt32().ShouldBe(70);

        (await games.AskAsync("PUT", "ada/slots/1")).Status.ShouldBe(HttpStatusCode.OK);
        HealthOf(await games.SlotAsync("ada", 1), "previous")
            .ShouldBe(80, "the same game once more pushes out nothing");
    }

    [Fact]
    public async Task A_slot_is_emptied_and_used_again()
    {
        await using var games = await GamesUnderTest.StartAsync();
        await games.BeginAsync("ada");
        await games.AskAsync("PUT", "ada/slots/4");

        (await games.AskAsync("DELETE", "ada/slots/4")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await games.SlotAsync("ada", 4)).GetProperty("status").GetString().ShouldBe("empty");
        (await games.AskAsync("PUT", "ada/slots/4")).Status.ShouldBe(HttpStatusCode.OK);
        (await games.SlotAsync("ada", 4)).TryGetProperty("previous", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Beginning_anew_leaves_the_slots_and_what_was_saved_comes_back()
    {
        await using var games = await GamesUnderTest.StartAsync();
        await games.BeginAsync("ada");
        await games.DoAsync("ada", "buy-pod");
        await games.AskAsync("PUT", "ada/slots/1");
        var saved = await games.StateAsync("ada");

        var anew = await games.AskAsync("PUT", "ada?fresh=true", new { pilot = "Bea", seed = 8 });

        anew.Status.ShouldBe(HttpStatusCode.Created);
        anew["state"].GetProperty("pilot").GetString().ShouldBe("Bea");
        anew["version"].GetInt32().ShouldBe(1);
        (await games.SlotAsync("ada", 1)).GetProperty("status").GetString().ShouldBe("kept");
        (await games.AskAsync("POST", "ada/slots/1/load"))["state"].GetRawText().ShouldBe(saved);
    }

    [Fact]
    public async Task A_game_that_is_gone_begins_again_with_what_was_saved_of_it()
    {
        await using var games = await GamesUnderTest.StartAsync();
        await games.BeginAsync("ada");
        await games.SetAsync("ada", game => game with { Health = 55, Fight = new Fight("pirate_raider", 20, 2) });
        await games.AskAsync("PUT", "ada/slots/1");
        var saved = await games.StateAsync("ada");
        (await games.AskAsync("DELETE", "ada")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await games.AskAsync("GET", "ada")).ShouldBeProblem(404, "not-found");
        (await games.SlotAsync("ada", 1)).GetProperty("status").GetString().ShouldBe("kept");

        var loaded = await games.AskAsync("POST", "ada/slots/1/load");

        loaded.Status.ShouldBe(HttpStatusCode.OK, loaded.Text);
        loaded["state"].GetRawText().ShouldBe(saved);
        (await games.DoAsync("ada", "attack"))["reply"].GetProperty("success").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task An_encounter_that_waits_for_its_answer_waits_for_it_again()
    {
        await using var games = await GamesUnderTest.StartAsync();
        await games.BeginAsync("ada");
        await games.SetAsync("ada", game => game with
        {
            Encounter = new Encounter("ion_storm", "An ion storm", "It rolls towards the ship.",
                [new Choice("push_through", "Push through"), new Choice("wait", "Wait it out")]),
        });
        await games.AskAsync("PUT", "ada/slots/1");
        await games.DoAsync("ada", "choose", new { answer = "wait" });

        (await games.AskAsync("POST", "ada/slots/1/load"))["status"].GetString().ShouldBe("choosing");
        (await games.AskAsync("POST", "ada/explore")).ShouldBeProblem(409, "refused");
        await games.DoAsync("ada", "choose", new { answer = "wait" });
    }

    [Theory]
    [InlineData("not what its checksum says", "checksum")]
    [InlineData("an impossible game with a good checksum", "credits")]
    public async Task A_save_that_went_bad_is_told_and_the_one_before_it_is_offered(string how, string says)
    {
        await using var games = await GamesUnderTest.StartAsync();
        await games.BeginAsync("ada");
        await games.AskAsync("PUT", "ada/slots/1");
        var good = await games.StateAsync("ada");
        await games.DoAsync("ada", "buy-pod");
        await games.AskAsync("PUT", "ada/slots/1");
        await SpoilAsync(games, how.StartsWith("an", StringComparison.Ordinal));

        var slot = await games.SlotAsync("ada", 1);
        slot.GetProperty("status").GetString().ShouldBe("damaged");
        slot.GetProperty("current").GetProperty("damaged").GetBoolean().ShouldBeTrue();
        slot.GetProperty("previous").GetProperty("damaged").GetBoolean().ShouldBeFalse();
        var refused = (await games.AskAsync("POST", "ada/slots/1/load")).ShouldBeProblem(500, "damaged");
        refused["code"].GetString().ShouldBe("save-damaged");
        refused.Detail!.ShouldContain(says);
        refused.Detail!.ShouldContain("load it with generation=previous");

        var loaded = await games.AskAsync("POST", "ada/slots/1/load", new { generation = "previous" });
        loaded["state"].GetRawText().ShouldBe(good);

        // What is saved next takes the place of the bad one, and the good one stays.
        await games.DoAsync("ada", "buy-pod");
        (await games.AskAsync("PUT", "ada/slots/1"))["status"].GetString().ShouldBe("kept");
        (await games.AskAsync("POST", "ada/slots/1/load", new { generation = "previous" }))["state"].GetRawText()
            .ShouldBe(good);
    }

    [Fact]
    public async Task All_games_of_an_owner_are_saved_with_a_result_for_each()
    {
        await using var games = await GamesUnderTest.StartAsync();
        foreach (var id in (string[])["ada", "bea", "eve"])
        {
            await games.BeginAsync(id);
        }

        await games.SetAsync("bea", game => game with { Health = 0, Ending = new(false, EndReason.Died, "You died.") });

        var all = await games.AskAsync("POST", "save-all");

        all.Status.ShouldBe(HttpStatusCode.OK, all.Text);
        all["saved"].GetInt32().ShouldBe(2);
        all["failed"].GetInt32().ShouldBe(1);
        all.Has("next").ShouldBeFalse();
        var results = all["results"].EnumerateArray().ToDictionary(each => each.GetProperty("id").GetString()!);
        results["bea"].GetProperty("success").GetBoolean().ShouldBeFalse();
        results["bea"].GetProperty("code").GetString().ShouldBe("game-over");
        results["ada"].GetProperty("slot").GetProperty("slot").GetInt32().ShouldBe(0);
        (await games.AskAsync("POST", "ada/slots/0/load")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_game_that_is_called_save_all_is_one_like_any_other()
    {
        await using var games = await GamesUnderTest.StartAsync();
        await games.BeginAsync("save-all");
        (await games.AskAsync("GET", "save-all"))["id"].GetString().ShouldBe("save-all");
        (await games.AskAsync("PUT", "save-all/slots/1")).Status.ShouldBe(HttpStatusCode.OK);
        (await games.AskAsync("POST", "save-all"))["saved"].GetInt32().ShouldBe(1);
        (await games.AskAsync("DELETE", "save-all")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    private static int HealthOf(System.Text.Json.JsonElement slot, string generation) =>
        slot.GetProperty(generation).GetProperty("metadata").GetProperty("health").GetInt32();

    /// <summary>
    /// What a fault in this program, or an older version of it, may leave: a record that is whole, and wrong.
    /// </summary>
    private static async Task SpoilAsync(GamesUnderTest games, bool withChecksum)
    {
        var key = new SessionKey(ExplorerSaveKind.KindName, OwnerId.Local, "ada.1");
        var current = ((SavedSlot)(await games.Sojourn.GetAsync(key)).Reply.State).Current!;
        var spoilt = current.Game.Replace("\"wealth\":0", "\"wealth\":1999", StringComparison.Ordinal);
        spoilt.ShouldNotBe(current.Game);
        await games.SetAsync("ada", game => game with { Health = 99 });
        var save = current with { Game = spoilt, Sha256 = withChecksum ? Save.HashOf(spoilt) : current.Sha256 };
        // The slot holds the good one before it, so that goes in between.
        (await games.AskAsync("POST", "ada/slots/1/load", new { generation = "previous" })).Status
            .ShouldBe(HttpStatusCode.OK);
        (await games.AskAsync("PUT", "ada/slots/1")).Status.ShouldBe(HttpStatusCode.OK);
        (await games.Sojourn.SendAsync(key, new WriteSave(SaveReason.Manual, "x") { Save = save })).Problem
            .ShouldBeNull();
    }
}
