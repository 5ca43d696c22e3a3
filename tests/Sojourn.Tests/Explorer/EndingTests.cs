using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Playing;

namespace Sojourn.Tests.Explorer;

/// <summary>How games end: why, in which order, and at once.</summary>
public sealed class EndingTests
{
    [Fact]
    public void Of_several_reasons_the_first_counts_and_defeat_comes_before_victory()
    {
        // Each is taken away once it was seen to be the first.
        var game = Games.InTheWild with { Health = 0, Hull = 0, Fuel = 0, Wealth = 2000, Turn = 50 };
        Reason(game).ShouldBe(EndReason.Died);
        game = game with { Health = 1 };
        Reason(game).ShouldBe(EndReason.ShipDestroyed);
        game = game with { Pod = new Pod(0) { Flying = true } };
        Reason(game).ShouldBe(EndReason.PodDestroyed);
        game = game with { Pod = new Pod(1) { Flying = true } };
        Reason(game).ShouldBe(EndReason.Stranded);
        game = game with { Fuel = 1 };
        Reason(game).ShouldBe(EndReason.Wealthy);
        game = game with { Wealth = 1999 };
        Reason(game).ShouldBe(EndReason.OutOfTime);
        Reason(game with { Turn = 49 }).ShouldBeNull();
    }

    [Fact]
    public void The_game_is_won_the_moment_that_wealth_reaches_the_threshold()
    {
        var seller = Games.AtYard.Rich(1999).Holding("data_cores");

        var won = Flight.From(seller).Do(new SellItem("data_cores"));

        won.Game.Ending!.ShouldSatisfyAllConditions(
            ending => ending.Victory.ShouldBeTrue(), ending => ending.Reason.ShouldBe(EndReason.Wealthy));
        won.Status.ShouldBe("won");
        (won.Outcome!.Type, won.Outcome.Ending).ShouldBe((OutcomeType.Victory, won.Game.Ending));
        won.Events[^1].ShouldBeOfType<GameEnded>();
        won.Options.Actions.ShouldBeEmpty();
    }

    [Fact]
    public void One_credit_less_wins_nothing()
    {
        var game = Games.AtYard.Holding("data_cores");
        var price = Trading.SellingPrice(new Situation(game), Kinds.Explorer.Catalogue.Item.Of("data_cores"), 1);

        Flight.From(game.Rich(2000 - price - 1)).Do(new SellItem("data_cores")).Status.ShouldBe("playing");
        Flight.From(game.Rich(2000 - price)).Do(new SellItem("data_cores")).Status.ShouldBe("won");
    }

    [Fact]
    public void A_hop_that_takes_the_last_fuel_leaves_one_adrift()
    {
        var flight = Flight.From(Games.InTheWild.KnowingAll() with { Fuel = 4 });
        flight.Options.Actions.First(action => action.Command == "navigate").Warning.ShouldNotBeNull();

        Reason(flight.Do(new Navigate(flight.Game.Next())).Game).ShouldBe(EndReason.Stranded);
        flight.Status.ShouldBe("lost");
    }

    [Fact]
    public void After_the_last_turn_the_game_is_over_and_not_before()
    {
        var last = Games.InTheWild.KnowingAll();

        Reason(Hop(last with { Turn = 48 }).Game).ShouldBeNull();
        Reason(Hop(last with { Turn = 49 }).Game).ShouldBe(EndReason.OutOfTime);
        Hop(last with { Turn = 49 }).Outcome!.Type.ShouldBe(OutcomeType.GameOver);

        static Flight Hop(Game game) =>
            Flight.From(game).Until(new Navigate(game.Next()), each => each.Game is { Fight: null, Hull: > 0 });
    }

    [Fact]
    public void A_ship_without_a_pod_that_is_shot_down_ends_the_game_and_the_fight()
    {
        var lost = Flight.From(Games.InTheWild.Fighting("space_kraken") with { Hull = 1 })
            .Until(new Attack(), each => each.Game.Hull == 0);

        (lost.Game.Ending!.Reason, lost.Game.Fight, lost.Status).ShouldBe((EndReason.ShipDestroyed, null, "lost"));
    }

    [Fact]
    public void A_pilot_whom_radiation_kills_is_dead_at_once() =>
        Reason(Flight.From(Games.InTheWild with { Health = 25 })
            .Until(new Explore(), each => each.Game.Health == 0).Game)
            .ShouldBe(EndReason.Died);

    [Fact]
    public void A_pod_that_gives_way_ends_the_game()
    {
        var pod = Games.InTheWild.KnowingAll().WithPod().InPod();
        Reason(Flight.From(pod with { Pod = pod.Pod! with { Hp = 10 } })
            .Until(new Navigate(pod.Next()), each => each.Game.Pod!.Hp == 0).Game).ShouldBe(EndReason.PodDestroyed);
    }

    [Fact]
    public void Who_dies_on_a_quest_is_not_paid_for_it()
    {
        var game = Games.InTheWild.Rich(1600).Holding("ancient_key") with { Hull = 1 };
        var there = game with
        {
            Quest = new Quest("artifact_hunt", "Artifact Hunt", game.At, 15),
            Encounter = new Encounter("quest-artifact_hunt", "Artifact Hunt", "The door.",
                [new Choice("go", "Go in"), new Choice("later", "Not now")]),
        };

        var dead = Flight.From(there).Until(new Choose("go"), each => each.Game.Hull == 0);

        (Reason(dead.Game), dead.Game.Wealth).ShouldBe((EndReason.ShipDestroyed, 1600));
        dead.Events.OfType<QuestCompleted>().ShouldBeEmpty();
    }

    private static EndReason? Reason(Game game) => Endings.Of(game)?.Reason;
}
