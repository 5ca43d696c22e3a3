using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sojourn.Kinds.Play.Models;

namespace Sojourn.Tests.Play;

public sealed class ModelTests
{
    [Theory]
    [InlineData("Maverick", "Maverick")]
    [InlineData("  Red 5  ", "Red 5")]
    [InlineData("A", "A")]
    [InlineData("a-b_c 1", "a-b_c 1")]
    [InlineData("12345678901234567890123456789012", "12345678901234567890123456789012")]
    public void A_callsign_is_taken_without_the_spaces_at_its_ends(string text, string callsign)
    {
        Callsign.TryParse(text, out var parsed).ShouldBeTrue();
        parsed.ToString().ShouldBe(callsign);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("123456789012345678901234567890123")]
    [InlineData("Ünal")]
    [InlineData("a/b")]
    [InlineData("a\tb")]
    [InlineData("a.b")]
    public void What_is_no_callsign_is_refused(string? text) => Callsign.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_short_callsign_is_the_first_eight_characters_and_ends_with_none_that_is_a_space()
    {
        Callsign.Parse("Maverick Senior").ShortForm.ShouldBe("Maverick");
        Callsign.Parse("Ann Bee Cee").ShortForm.ShouldBe("Ann Bee");
        Callsign.Parse("Ann").ShortForm.ShouldBe("Ann");
    }

    [Fact]
    public void A_pilot_that_is_given_a_bad_callsign_keeps_the_old_one()
    {
        var pilot = new PilotProfile { Callsign = "Ann" };
        pilot.WithCallsign("no/good").ShouldBeNull();
        pilot.WithCallsign(" Maverick Senior ")!.Callsign.ShouldBe("Maverick Senior");
        pilot.WithCallsign("Maverick Senior")!.ShortCallsign.ShouldBe("Maverick");
        (pilot with { ShortCallsign = "Mav" }).WithCallsign("Other")!.ShortCallsign.ShouldBe("Mav");
    }

    [Fact]
    public void A_callsign_is_all_that_a_pilot_needs()
    {
        new PilotProfile { Callsign = "Ann" }.Faults().ShouldBeEmpty();
        new PilotProfile
        {
            Callsign = "",
            Version = 0,
            Difficulty = 5,
            Score = -1,
            Hotkeys = ["one"],
        }.Faults().Count().ShouldBe(5);
        new PilotProfile { Callsign = "Ann", Difficulty = 4 }.Faults().ShouldBeEmpty();
        new PilotProfile { Callsign = "Ann", Difficulty = -1 }.Faults().Count().ShouldBe(1);
    }

    [Fact]
    public void What_a_newer_game_wrote_into_a_pilot_or_a_campaign_is_kept()
    {
        var pilot = PilotProfile.FromJson("""{"callsign":"Ann","score":7,"ship":{"name":"Rapier"}}"""u8);
        pilot.Score.ShouldBe(7);
        var again = JsonNode.Parse((pilot with { Score = 8 }).ToJson())!;
        ((string?)again["ship"]!["name"], (long)again["score"]!).ShouldBe(("Rapier", 8));
        PilotProfile.FromJson(pilot.ToJson()).Hotkeys.Length.ShouldBe(PilotProfile.HotkeySlots);

        var campaign = Campaign.FromJson("""{"file":"a.fc2","totalMissions":3,"loops":[1,2]}"""u8);
        JsonNode.Parse(campaign.Complete(0, 5).ToJson())!["loops"]!.AsArray().Count.ShouldBe(2);
        Campaign.FromJson(campaign.Complete(1, 5).ToJson()).BestScores.ShouldBe(campaign.Complete(1, 5).BestScores);
    }

    [Fact]
    public void A_mission_that_is_flown_again_counts_once_with_its_best_score()
    {
        var campaign = new Campaign { File = "a.fc2", TotalMissions = 4 }
            .Complete(0, 100).Complete(1, 50).Complete(0, 80).Complete(1, 70);
        (campaign.Score, campaign.Completion, campaign.MissionIndex).ShouldBe((170, 0.5, 2));
        Should.Throw<ArgumentOutOfRangeException>(() => campaign.Complete(4, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => campaign.Complete(-1, 1));
        campaign.Complete(2, 0).Complete(3, -5).ShouldSatisfyAllConditions(
            done => done.Completion.ShouldBe(1), done => done.Score.ShouldBe(165),
            done => done.MissionIndex.ShouldBe(4));
    }

    [Fact]
    public void A_campaign_says_what_is_wrong_with_it()
    {
        new Campaign { File = "a.fc2", TotalMissions = 1 }.Faults().ShouldBeEmpty();
        new Campaign { File = " ", TotalMissions = 0, PlayTime = TimeSpan.FromSeconds(-1) }
            .Faults().Count().ShouldBe(3);
        new Campaign { File = "a", TotalMissions = 2, MissionIndex = 3 }.Faults().Count().ShouldBe(1);
        new Campaign { File = "a", TotalMissions = 2, MissionIndex = 2 }.Faults().ShouldBeEmpty();
    }

    [Fact]
    public void A_campaign_remembers_its_branches_its_last_ten_marks_and_who_is_alive()
    {
        var campaign = new Campaign { File = "a.fc2", TotalMissions = 4 };
        campaign.Branch.ShouldBe("main");
        campaign.TakeBranch("loyal").TakeBranch("loyal").TakeBranch("traitor").BranchHistory
            .ShouldBe(["main", "loyal"]);
        for (var i = 1; i <= 12; i++)
        {
            campaign = campaign.Mark($"m{i}");
        }

        (campaign.Checkpoints.Length, campaign.Checkpoints[0], campaign.Checkpoints[^1]).ShouldBe((10, "m3", "m12"));
        campaign.Wingman("Angel").ShouldBe("alive");
        (campaign with { Wingmen = campaign.Wingmen.Add("Angel", "lost") }).Wingman("Angel").ShouldBe("lost");
    }

    [Fact]
    public void A_variable_of_the_campaign_goes_before_one_of_the_mission_which_ends_with_it()
    {
        var campaign = new Campaign { File = "a.fc2", TotalMissions = 4 };
        campaign = campaign with
        {
            PersistentVariables = campaign.PersistentVariables.Add("a", Json("1")),
            MissionVariables = campaign.MissionVariables.Add("a", Json("2")).Add("b", Json("3")),
        };
        (campaign.Variable("a")?.GetInt32(), campaign.Variable("b")?.GetInt32(), campaign.Variable("c").HasValue)
            .ShouldBe((1, 3, false));
        var next = campaign.Complete(0, 1);
        (next.Variable("a")?.GetInt32(), next.Variable("b").HasValue).ShouldBe((1, false));
    }

    [Fact]
    public void A_save_of_any_older_version_is_brought_up_and_keeps_what_nobody_knows()
    {
        var schema = new SaveSchema()
            .Upgrade(save => save["rank"] ??= "Ensign")
            .Upgrade(save => save["score"] = (long)save["points"]! * 10);
        schema.Version.ShouldBe(3);

        var first = schema.Read("""{"version":1,"points":4,"mystery":[1]}"""u8);
        ((int)first["version"]!, (string?)first["rank"], (long)first["score"]!, first["mystery"]!.AsArray().Count)
            .ShouldBe((3, "Ensign", 40, 1));
        ((string?)schema.Read("""{"version":2,"rank":"Admiral","points":4}"""u8)["rank"]).ShouldBe("Admiral");
        schema.Read(schema.Write(first)).ToJsonString().ShouldBe(first.ToJsonString());
    }

    [Fact]
    public void A_save_of_a_newer_version_is_refused_and_so_is_one_of_none()
    {
        var newer = Should.Throw<NewerSaveException>(() => new SaveSchema().Read("""{"version":2}"""u8));
        (newer.Found, newer.Known).ShouldBe((2, 1));
        foreach (var bad in new[] { "[]", "{}", """{"version":"1"}""", """{"version":0}""", "{" })
        {
            Should.Throw<JsonException>(() => new SaveSchema().Read(Encoding.UTF8.GetBytes(bad)), bad);
        }
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();
}
