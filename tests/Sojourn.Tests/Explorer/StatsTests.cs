using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Playing;

namespace Sojourn.Tests.Explorer;

/// <summary>What a ship is with all that adds to it. The expected figures are reckoned by hand.</summary>
public sealed class StatsTests
{
    private static Game Any => Games.InTheWild;

    [Fact]
    public void A_bare_ship_is_what_the_table_says()
    {
        Stats.Of(Any.Flying("scout")).ShouldBe(new Stats(80, 50, 0, 0.8, 1.2, 0, 0, 1, 0, 1, 0));
        Stats.Of(Any.Flying("trader")).ShouldBe(new Stats(100, 200, 0, 1.2, 0.8, 0, 0, 1, 0, 1, 0));
        Stats.Of(Any.Flying("combat")).ShouldBe(new Stats(150, 100, 0, 1, 1, 0, 0, 1, 0, 1, 0));
        Stats.Of(Any.Flying("explorer")).ShouldBe(new Stats(120, 150, 0, 0.9, 1.1, 0, 0, 1, 0, 1, 0));
    }

    [Fact]
    public void Hull_adds_up_from_ship_mods_pod_and_shield_in_this_order()
    {
        var game = Any.Flying("explorer", "shield_booster", "shield_booster", "armor_plates", "shield_rig");
        Stats.Of(game).MaxHull.ShouldBe(120 + 20 + 20 + 30 + 40);

        game = game.WithPod("shield_boost");
        Stats.Of(game).MaxHull.ShouldBe(250);

        game = game with { Effects = [new TimedEffect("temp_hp", 50, 2), new TimedEffect("other", 9, 2)] };
        Stats.Of(game).MaxHull.ShouldBe(300);
    }

    [Fact]
    public void Fuel_mining_and_scanning_multiply()
    {
        var game = Any.Flying("scout", "fuel_optimizer", "speed_rig").WithPod("emergency_thrusters", "scanner_array");
        Stats.Of(game).FuelEfficiency.ShouldBe(0.8 * 0.8 * 0.9 * 0.8, 1e-9);
        Stats.Of(game).ScanBonus.ShouldBe(2);

        var explorer = Any.Flying("explorer", "mining_laser", "mining_laser", "scanner_upgrade", "scanner_upgrade")
            .WithPod("scanner_array");
        Stats.Of(explorer).MiningYield.ShouldBe(2.25);
        Stats.Of(explorer).ScanBonus.ShouldBe(8);
    }

    [Fact]
    public void All_else_adds_up()
    {
        var corsair = Stats.Of(Any.Flying(
            "combat", "laser_cannon", "missile_launcher", "laser_cannon", "salvager", "targeting_computer",
            "afterburner",
            "repair_drones", "repair_drones", "speed_rig"));
        (corsair.CombatPower, corsair.HullRepair).ShouldBe((35, 2));
        corsair.Accuracy.ShouldBe(0.2, 1e-9);
        corsair.Speed.ShouldBe(1 + 0.3 + 0.2, 1e-9);
        corsair.SalvageChance.ShouldBe(0.3, 1e-9);

        Stats.Of(Any.Flying("trader", "cargo_expander", "cargo_expander", "cargo_rig")).CargoCapacity.ShouldBe(375);
    }

    [Fact]
    public void What_is_unknown_adds_nothing() =>
        Stats.Of(Any.Flying("scout", "warp_core").WithPod("hot_tub").Holding("gossip", 9)).ShouldBe(Stats.Of(Any));

    [Fact]
    public void Cargo_weighs_what_its_items_weigh() =>
        Stats.Of(Any.Holding("rare_minerals", 3).Holding("fuel_cells", 2).Holding("ancient_key"))
            .CargoUsed.ShouldBe(35);

    [Fact]
    public void In_a_pod_that_flies_nothing_of_it_helps_the_ship_that_is_lost()
    {
        var stats = Stats.Of(Any.WithPod("shield_boost", "scanner_array", "cargo_module",
            "emergency_thrusters").InPod());

        (stats.MaxHull, stats.ScanBonus, stats.FuelEfficiency, stats.CargoCapacity).ShouldBe((80, 1, 0.8, 10));
    }

    [Fact]
    public void A_pod_is_what_it_was_given_and_chances_end_at_1()
    {
        PodStats.Of(Any.WithPod()).ShouldBe(new PodStats(30, 0, 0, 0, 0));
        PodStats.Of(Any.WithPod("life_support_upgrade", "distress_beacon", "cargo_module")).ShouldBe(
            new PodStats(50, 0, 0.5, 10, 0));
        PodStats.Of(Any.WithPod("armor_plating", "emergency_supplies")).ShouldBe(new PodStats(30, 0.5, 0, 0, 20));
        PodStats.Of(Any.WithPod("armor_plating", "armor_plating", "armor_plating", "distress_beacon", "distress_beacon",
            "distress_beacon", "cargo_module", "cargo_module", "emergency_supplies", "emergency_supplies")).ShouldBe(
            new PodStats(30, 1, 1, 20, 40));
    }

    [Theory]
    [InlineData("scout", 4)]
    [InlineData("trader", 6)]
    [InlineData("combat", 5)]
    [InlineData("explorer", 4)]
    public void A_hop_takes_five_fuel_times_the_ship_rounded_down(string ship, int fuel) =>
        new Situation(Any.Flying(ship)).HopFuel.ShouldBe(fuel);

    [Fact]
    public void The_thriftiest_ship_burns_2_for_a_hop_and_none_burns_nothing()
    {
        var thrifty = Any.Flying("scout", "fuel_optimizer", "speed_rig").WithPod("emergency_thrusters");
        new Situation(thrifty).HopFuel.ShouldBe(2);
        new Situation(thrifty with { Rules = thrifty.Rules with { FuelPerHop = 1 } }).HopFuel.ShouldBe(1);
    }

    [Fact]
    public void A_cargo_module_saves_whole_stacks_the_most_valuable_first()
    {
        Stack[] cargo =
        [
            new("scrap_metal", 1), new("rare_minerals", 2), new("alien_artifacts", 3), new("data_cores", 4),
            new("ancient_key", 1),
        ];

        // 600 credits of artifacts weigh 6; 400 of cores weigh 4; what a quest needs weighs nothing.
        Ejecting.Kept(cargo, 10).ShouldBe([new("alien_artifacts", 3), new("data_cores", 4), new("ancient_key", 1)]);
        Ejecting.Kept(cargo, 9).ShouldBe([new("alien_artifacts", 3), new("ancient_key", 1)]);
        Ejecting.Kept(cargo, 5).ShouldBe([new("data_cores", 4), new("ancient_key", 1)]);
        Ejecting.Kept(cargo, 0).ShouldBe([new("ancient_key", 1)]);
    }
}
