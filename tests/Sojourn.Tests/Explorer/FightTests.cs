using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Playing;

namespace Sojourn.Tests.Explorer;

/// <summary>Fights: who hits whom how often and how hard, and the ways out.</summary>
public sealed class FightTests
{
    private const double Bound = 0.025;

    private static Game Armed => Games.InTheWild.Flying("scout", "laser_cannon");

    [Theory]
    [InlineData(Tactic.Attack, 0.9)]
    [InlineData(Tactic.Evasive, 0.45)]
    [InlineData(Tactic.PreciseShot, 1)]
    [InlineData(Tactic.Barrage, 0.63)]
    public void With_a_targeting_computer_one_hits_more_often(Tactic tactic, double chance)
    {
        var game = Games.InTheWild.Flying("scout", "laser_cannon", "laser_cannon", "targeting_computer")
            .Fighting("space_kraken");

        Fighting.HitChance(new Situation(game), tactic).ShouldBe(chance, 1e-9);
        Flight.From(game).Share(new Attack(tactic), each => Dealt(each) > 0).ShouldBe(chance, Bound);
    }

    [Theory]
    [InlineData(Tactic.Attack, 0.7)]
    [InlineData(Tactic.Evasive, 0.35)]
    public void Without_one_seven_shots_of_ten_hit(Tactic tactic, double chance) =>
        Fighting.HitChance(new Situation(Armed.Fighting("pirate_scout")), tactic).ShouldBe(chance, 1e-9);

    [Theory]
    [InlineData("pirate_scout", 1, 0.7)]
    [InlineData("pirate_raider", 1, 0.75)]
    [InlineData("alien_drone", 1, 0.85)]
    [InlineData("space_kraken", 1, 0.6)]
    [InlineData("rogue_ai_ship", 1, 0.9)]
    [InlineData("rogue_ai_ship", 2, 0.45)]
    [InlineData("alien_drone", 0.8, 1)]
    [InlineData("pirate_raider", 1.2, 0.625)]
    public void An_enemy_hits_by_its_accuracy_and_the_defence(string enemy, double defence, double chance) =>
        Fighting.EnemyHitChance(new Situation(Armed.Fighting(enemy)), defence).ShouldBe(chance, 1e-9);

    [Fact]
    public void An_afterburner_makes_a_ship_harder_to_hit()
    {
        var fast = Games.InTheWild.Flying("scout", "afterburner", "speed_rig").Fighting("alien_drone");
        Fighting.EnemyHitChance(new Situation(fast), 1).ShouldBe(0.85 / 1.3, 1e-9);
        Flight.From(fast).Share(new Attack(), each => Taken(each) > 0).ShouldBe(0.85 / 1.3, Bound);
    }

    [Theory]
    [InlineData(Tactic.Attack, "laser_cannon", 8, 12)]
    [InlineData(Tactic.Attack, "missile_launcher", 13, 17)]
    [InlineData(Tactic.Evasive, "laser_cannon", 3, 7)]
    [InlineData(Tactic.PreciseShot, "laser_cannon", 6, 10)]
    [InlineData(Tactic.Attack, "shield_booster", 1, 2)]
    public void A_hit_does_the_damage_of_the_weapons_give_or_take_2_and_1_at_least(
        Tactic tactic, string mod, int least, int most) =>
        Damages(Games.InTheWild.Flying("scout", mod, "targeting_computer").Fighting("space_kraken"),
            new Attack(tactic), Dealt)
            .ShouldBe(Enumerable.Range(least, most - least + 1));

    [Fact]
    public void A_barrage_of_two_lasers_does_half_as_much_again() =>
        Damages(Games.InTheWild.Flying("scout", "laser_cannon", "laser_cannon").Fighting("space_kraken"),
            new Attack(Tactic.Barrage), Dealt).ShouldBe(Enumerable.Range(28, 5));

    [Theory]
    [InlineData("pirate_scout", 2, 8)]
    [InlineData("pirate_raider", 9, 15)]
    [InlineData("space_kraken", 17, 23)]
    public void An_enemy_does_its_damage_give_or_take_3(string enemy, int least, int most) =>
        Damages(Games.InTheWild.Fighting(enemy), new Attack(), Taken)
            .ShouldBe(Enumerable.Range(least, most - least + 1));

    [Theory]
    [InlineData("scout", "pirate_scout", 1.2 / 1.8)]
    [InlineData("trader", "pirate_raider", 0.8 / 1.5)]
    [InlineData("explorer", "rogue_ai_ship", 1.1 / 1.65)]
    [InlineData("scout", "space_kraken", 0.9)]
    [InlineData("scout", "alien_drone", 0.9)]
    public void Fleeing_depends_on_both_speeds_and_takes_10_fuel(string ship, string enemy, double chance)
    {
        var game = Games.InTheWild.Flying(ship).Fighting(enemy);

        Fighting.FleeChance(new Situation(game)).ShouldBe(chance, 1e-9);
        var flight = Flight.From(game);
        flight.Share(new Flee(), each => each.Game.Fight is null).ShouldBe(chance, Bound);
        flight.Share(new Flee(), each => each.Game is { Fuel: 90, Turn: 0 }, tries: 500).ShouldBe(1);
    }

    [Fact]
    public void An_afterburner_helps_to_flee() => Fighting.FleeChance(new Situation(
        Games.InTheWild.Flying("trader", "afterburner").Fighting("pirate_raider"))).ShouldBe(1.1 / 1.5, 1e-9);

    [Fact]
    public void Who_does_not_get_away_is_hit_half_as_hard_again() =>
        Damages(Games.InTheWild.Fighting("pirate_raider"), new Flee(), Taken).ShouldBe(Enumerable.Range(15, 7));

    [Theory]
    [InlineData("pirate_raider", 60, 200, 0.3)]
    [InlineData("pirate_raider", 30, 100, 0.55)]
    [InlineData("space_kraken", 25, 100, 0.675)]
    [InlineData("pirate_scout", 3, 10, 0.75)]
    public void Peace_costs_less_and_is_likelier_the_weaker_the_enemy(string enemy, int hp, int cost, double chance)
    {
        var game = Armed.Fighting(enemy, hp);

        Fighting.PeaceCost(new Situation(game)).ShouldBe(cost);
        var flight = Flight.From(game);
        flight.Share(new Negotiate(), each => each.Game.Fight is null && each.Game.Wealth == 500 - cost)
            .ShouldBe(chance, Bound);
        flight.Share(new Negotiate(), each => each.Game.Fight is not null && each.Game.Wealth == 500)
            .ShouldBe(1 - chance, Bound);
    }

    [Fact]
    public void An_enemy_that_is_almost_beaten_flees_every_other_time_and_counts_as_beaten()
    {
        // 13 of 60: any hit brings it under a fifth, and none destroys it.
        var flight = Flight.From(Armed.Fighting("pirate_raider", 13));
        flight.Share(new Attack(), each => End(each) == FightEnd.EnemyFled).ShouldBe(0.7 * 0.5, Bound);
        flight.Until(new Attack(), each => End(each) == FightEnd.EnemyFled).Game.Statistics.ShipsDestroyed.ShouldBe(1);

        Flight.From(Armed.Fighting("alien_drone", 13))
            .Share(new Attack(), each => End(each) == FightEnd.EnemyFled, 2000)
            .ShouldBe(0);
    }

    [Theory]
    [InlineData("pirate_scout", 50, 100, 0.8)]
    [InlineData("pirate_raider", 100, 200, 0.9)]
    [InlineData("alien_drone", 0, 0, 1)]
    [InlineData("space_kraken", 200, 400, 1)]
    [InlineData("rogue_ai_ship", 150, 300, 1)]
    public void A_wreck_holds_credits_and_perhaps_an_item(string enemy, int least, int most, double loot)
    {
        var flight = Flight.From(Games.InTheWild.Flying("combat", "laser_cannon", "targeting_computer")
            .Fighting(enemy, 1));
        var won = 0;
        var found = 0;
        flight.Share(new Attack(Tactic.PreciseShot), each =>
        {
            End(each).ShouldBe(FightEnd.Won);
            each.Events.OfType<FightEnded>().Single().Credits.ShouldBeInRange(least, most);
            each.Game.Wealth.ShouldBe(500 + each.Events.OfType<FightEnded>().Single().Credits);
            found += each.Events.OfType<Salvaged>().Count();
            won++;
            return true;
        }, tries: 4000);
        ((double)found / won).ShouldBe(loot, 0.03);
    }

    [Fact]
    public void Each_round_is_told_with_the_damage_done_and_taken_and_counted_whatever_was_done_in_it()
    {
        var flight = Flight.From(Armed.Holding("repair_nanobots").Fighting("rogue_ai_ship") with { Hull = 40 });
        var hit = flight.Until(new Attack(), each => Dealt(each) > 0 && Taken(each) > 0);

        hit.Game.Fight!.Round.ShouldBe(1);
        hit.Game.Fight.Hp.ShouldBe(80 - Dealt(hit));
        hit.Game.Hull.ShouldBe(40 - Taken(hit));
        flight.Until(new Flee(), each => each.Game.Fight is not null).Game.Fight!.Round.ShouldBe(1);
        flight.Until(new UseItem("repair_nanobots"), each => Taken(each) > 0).Game.Fight!.Round.ShouldBe(1);
        Flight.From(Armed.Fighting("pirate_raider")).Until(new Negotiate(), each => each.Game.Fight is not null)
            .Game.Fight!.Round.ShouldBe(1);
    }

    [Fact]
    public void A_shot_in_one_fight_leaves_another_fight_as_it_was()
    {
        var one = Flight.From(Armed.Fighting("pirate_raider"), seed: 1);
        var other = Flight.From(Armed.Fighting("space_kraken"), seed: 2);

        one.Until(new Attack(), each => Dealt(each) > 0).Game.Fight!.Enemy.ShouldBe("pirate_raider");
        other.Game.Fight.ShouldBe(new Fight("space_kraken", 100));
    }

    private static int Dealt(Flight flight) => flight.Events.OfType<RoundFought>().Sum(round => round.DamageDealt);

    private static int Taken(Flight flight) => flight.Events.OfType<RoundFought>().Sum(round => round.DamageTaken);

    private static FightEnd? End(Flight flight) => flight.Events.OfType<FightEnded>().SingleOrDefault()?.How;

    /// <summary>All the damages that there are, but for misses.</summary>
    private static int[] Damages(Game game, object command, Func<Flight, int> damage)
    {
        var damages = new SortedSet<int>();
        Flight.From(game).Share(command, each => damages.Add(damage(each)), tries: 2000);
        damages.Remove(0);
        return [.. damages];
    }
}
