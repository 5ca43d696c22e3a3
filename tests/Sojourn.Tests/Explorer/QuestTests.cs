using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Catalogue;

namespace Sojourn.Tests.Explorer;

/// <summary>Quests: offered, accepted, done, put off, given up, and too late.</summary>
public sealed class QuestTests
{
    [Fact]
    public void A_quest_that_is_accepted_is_done_at_its_place_and_pays()
    {
        var (flight, target) = Offered("diplomatic_encounter");

        flight.Do(new Choose("accept"));
        flight.Game.Quest.ShouldBe(new Quest("diplomatic_encounter", "Diplomatic Encounter", target, 15));
        flight.Now.Has("star_chart_fragment").ShouldBe(1);
        flight = flight.Until(new Navigate(target), each => each.Game.Encounter?.Id == "quest-diplomatic_encounter");
        flight.Do(new Choose("go"));

        (flight.Game.Quest, flight.Game.Wealth, flight.Now.Has("star_chart_fragment")).ShouldBe((null, 700, 0));
        flight.Game.CompletedQuests.ShouldBe(["diplomatic_encounter"]);
        flight.Events.OfType<QuestCompleted>().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_quest_that_is_declined_is_gone_and_one_that_is_put_off_can_be_done_later()
    {
        Offered("fuel_expedition").Flight.Do(new Choose("decline")).Game.ShouldSatisfyAllConditions(
            game => game.Quest.ShouldBeNull(), game => game.Encounter.ShouldBeNull(),
                game => game.Cargo.ShouldBeEmpty());

        var (flight, target) = Offered("fuel_expedition");
        flight = flight.Do(new Choose("accept")).Until(new Navigate(target), each => each.Status == "choosing");
        flight.Do(new Choose("later")).Game.Quest.ShouldNotBeNull();
        flight = flight.Until(new Navigate(), each => each.Game.Fight is null && each.Status == "playing");
        flight.Until(new Navigate(target), each => each.Game.Encounter?.Id == "quest-fuel_expedition");
    }

    [Theory]
    [InlineData("attack")]
    [InlineData("flee")]
    [InlineData("negotiate")]
    public void Who_is_attacked_where_a_quest_leads_can_do_it_once_the_fight_is_over(string way)
    {
        var arrived = Games.InTheWild.Flying("scout", "laser_cannon").Fighting("pirate_scout", 1);
        var fighting = Flight.From(arrived with { Quest = new Quest("fuel_expedition", "Fuel", arrived.At, 15) });
        object command = way == "attack" ? new Attack() : way == "flee" ? new Flee() : new Negotiate();

        var flight = fighting.Until(command, each => each.Game.Fight is null);

        flight.Game.Encounter!.Id.ShouldBe("quest-fuel_expedition");
        flight.Do(new Choose("go")).Game.CompletedQuests.ShouldBe(["fuel_expedition"]);
    }

    [Fact]
    public void Credits_of_a_wreck_that_win_the_game_end_it_whatever_else_there_is_to_do()
    {
        var rich = Games.InTheWild.Rich(1990).Flying("scout", "laser_cannon").Fighting("space_kraken", 1);
        var flight = Flight.From(rich with { Quest = new Quest("fuel_expedition", "Fuel", rich.At, 15) })
            .Until(new Attack(), each => each.Game.Ending is not null);

        flight.Status.ShouldBe("won");
        flight.Events.OfType<EncounterMet>().ShouldBeEmpty();
    }

    [Fact]
    public void A_fuel_expedition_pays_in_fuel_and_the_tank_holds_no_more_than_it_does()
    {
        AtTask("fuel_expedition", Games.InTheWild with { Fuel = 30 }).Do(new Choose("go")).Game.Fuel.ShouldBe(80);
        AtTask("fuel_expedition", Games.InTheWild with { Fuel = 70 }).Do(new Choose("go")).Game.Fuel.ShouldBe(100);
    }

    [Theory]
    [InlineData("rescue_mission", 300)]
    [InlineData("artifact_hunt", 500)]
    public void A_dangerous_quest_harms_every_other_time_and_pays_all_the_same(string quest, int reward)
    {
        var flight = AtTask(quest, Games.InTheWild);

        flight.Share(new Choose("go"), each => each.Game.Wealth == 500 + reward, tries: 500).ShouldBe(1);
        flight.Share(new Choose("go"), each => each.Game.Hull < 80 || each.Game.Health < 100).ShouldBe(0.5, 0.025);
        var harmed = flight.Until(new Choose("go"), each => each.Game.Hull < 80 || each.Game.Health < 100).Game;
        (80 - harmed.Hull + 100 - harmed.Health).ShouldBeInRange(10, 25);
        (harmed.Health < 100).ShouldBe(quest == "rescue_mission");
    }

    [Fact]
    public void A_quest_whose_time_runs_out_has_failed_and_one_on_its_last_turn_has_not()
    {
        var game = Games.InTheWild.KnowingAll().Holding("ancient_key") with
        {
            Turn = 14,
            Quest = new Quest("artifact_hunt", "Artifact Hunt", "r0-n0", 15),
        };
        var flight = Flight.From(game).Until(new Navigate(game.Next()), each => each.Status is "playing");
        (flight.Game.Turn, flight.Game.Quest is not null).ShouldBe((15, true));

        var late = flight.Until(new Navigate(flight.Game.Next()), each => each.Game.Quest is null);
        (late.Game.Turn, late.Now.Has("ancient_key")).ShouldBe((16, 0));
        late.Events.OfType<QuestFailed>().ShouldHaveSingleItem().Text.ShouldBe("Too late for: Artifact Hunt.");
    }

    [Fact]
    public void A_quest_that_is_abandoned_takes_its_thing_along()
    {
        var game = Games.InTheWild.Holding("ancient_key") with
        {
            Quest = new Quest("artifact_hunt", "Artifact Hunt", "r0-n0", 15),
        };
        var flight = Flight.From(game).Do(new AbandonQuest());

        (flight.Game.Quest, flight.Game.Cargo.Count, flight.Game.CompletedQuests.Count).ShouldBe((null, 0, 0));
        flight.Events.ShouldHaveSingleItem().ShouldBeOfType<QuestFailed>();
    }

    private static (Flight Flight, string Target) Offered(string quest)
    {
        var game = Games.At((map, node) => node.IsInhabited && map.RegionOf(node).Nodes.Count > 3);
        var target = game.Next();
        var encounter = new Encounter($"offer-{quest}", "A task", "Somebody asks.",
            [new Choice("accept", "Accept"), new Choice("decline", "Decline")])
        { Target = target };
        return (Flight.From(game with { Encounter = encounter }), target);
    }

    private static Flight AtTask(string quest, Game game) => Flight.From(
        game.Holding(QuestType.Of(quest).Token) with
        {
            Quest = new Quest(quest, QuestType.Of(quest).Name, game.At, 15),
            Encounter = new Encounter($"quest-{quest}", "The task", "Here.",
                [new Choice("go", "Go in"), new Choice("later", "Not now")]),
        });
}
