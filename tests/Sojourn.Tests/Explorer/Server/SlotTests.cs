using System.Net;
using Sojourn.Kinds.Explorer;

namespace Sojourn.Tests.Explorer.Server;

/// <summary>Save slots over HTTP: what a player does with them.</summary>
public sealed class SlotTests
{
    private static readonly Fight Kraken = new("space_kraken", 77, 3);

    [Fact]
    public async Task A_game_is_saved_played_on_and_taken_up_again_as_it_stood()
    {
        await using var games = await GamesUnderTest.StartAsync();
        await games.BeginAsync("ada");
        var before = await games.StateAsync("ada");

        var saved = await games.AskAsync("PUT", "ada/slots/1");

        saved.Status.ShouldBe(HttpStatusCode.OK, saved.Text);
        saved["status"].GetString().ShouldBe("kept");
        var current = saved["current"];
        current.GetProperty("reason").GetString().ShouldBe("manual");
        current.GetProperty("metadata").GetProperty("pilot").GetString().ShouldBe("Ada");
        current.GetProperty("metadata").GetProperty("wealth").GetInt32().ShouldBe(500);
        current.GetProperty("metadata").GetProperty("health").GetInt32().ShouldBe(100);
        current.GetProperty("metadata").GetProperty("location").GetString()!.ShouldMatch(@"^.+ \(.+\)$");

        await games.DoAsync("ada", "buy-pod");
        (await games.StateAsync("ada")).ShouldNotBe(before);
        var loaded = await games.AskAsync("POST", "ada/slots/1/load");

        loaded.Status.ShouldBe(HttpStatusCode.OK, loaded.Text);
        loaded["state"].GetRawText().ShouldBe(before);
        loaded["version"].GetInt32().ShouldBe(3);
        (await games.StateAsync("ada")).ShouldBe(before);
    }

    [Fact]
    public async Task Empty_slots_are_listed_and_the_automatic_one_follows_each_flight()
    {
        await using var games = await GamesUnderTest.StartAsync();
        await games.BeginAsync("ada");

        var none = await games.AskAsync("GET", "ada/slots");
        none["maxSlots"].GetInt32().ShouldBe(5);
        none["slots"].EnumerateArray().Select(slot => slot.GetProperty("status").GetString())
            .ShouldBe(["empty", "empty", "empty", "empty", "empty"]);
        none["slots"][0].GetProperty("automatic").GetBoolean().ShouldBeTrue();

        for (var turn = 1; turn <= 5; turn++)
        {
            await games.SetAsync("ada", game => game with { Encounter = null, Fight = null, Hull = 80 });
            await games.DoAsync("ada", "navigate");
            var slot = await games.SlotAsync("ada", 0);
            slot.GetProperty("current").GetProperty("reason").GetString().ShouldBe("automatic");
            slot.GetProperty("current").GetProperty("metadata").GetProperty("turn").GetInt32().ShouldBe(turn);
        }
    }

    [Fact]
    public async Task A_fight_and_an_unanswered_encounter_come_back_as_they_stood()
    {
        await using var games = await GamesUnderTest.StartAsync();
        await games.BeginAsync("ada");
        await games.SetAsync("ada", game => game with { Fight = Kraken });
        (await games.AskAsync("PUT", "ada/slots/2")).Status.ShouldBe(HttpStatusCode.OK);
        await games.DoAsync("ada", "attack", new { tactic = "evasive" });

        var loaded = await games.AskAsync("POST", "ada/slots/2/load", new { generation = "current" });

        loaded["status"].GetString().ShouldBe("fighting");
        loaded["state"].GetProperty("fight").GetProperty("hp").GetInt32().ShouldBe(77);
        loaded["state"].GetProperty("fight").GetProperty("round").GetInt32().ShouldBe(3);
        await games.DoAsync("ada", "attack");
    }
}
