using Sojourn.Kinds.Explorer.Catalogue;

namespace Sojourn.Tests.Explorer;

/// <summary>The tables of the game, figure by figure.</summary>
public sealed class CatalogueTests
{
    [Fact]
    public void Ships() => Table(ShipType.All, ship =>
        $"{ship.Id} {ship.Cost} {ship.MaxHull} {ship.Cargo} {ship.FuelEfficiency} {ship.Speed} "
        + $"{ship.High}/{ship.Mid}/{ship.Low}/{ship.Rig}").ShouldBe(
        [
            "scout 400 80 50 0.8 1.2 2/3/1/1",
            "trader 800 100 200 1.2 0.8 1/2/4/2",
            "combat 1200 150 100 1 1 4/2/2/1",
            "explorer 2000 120 150 0.9 1.1 3/3/3/2",
        ]);

    [Fact]
    public void A_ship_of_an_unknown_type_counts_as_a_scout() => ShipType.Of("battlestar").Id.ShouldBe("scout");

    [Fact]
    public void Mods() => Table(Mod.All, mod =>
        $"{mod.Slot} {mod.Id} {mod.Cost}"
        + Plus(" power", mod.CombatPower) + Times(" mining", mod.MiningYield) + Plus(" salvage", mod.SalvageChance)
        + Plus(" hull", mod.MaxHull) + Times(" scan", mod.ScanBonus) + Plus(" accuracy", mod.Accuracy)
        + Plus(" speed", mod.Speed) + Plus(" cargo", mod.Cargo) + Times(" fuel", mod.FuelEfficiency)
        + Plus(" repair", mod.HullRepair) + (mod.IsPermanent ? " permanent" : $" refund {mod.Refund}")).ShouldBe(
        [
            "High laser_cannon 200 power+10 refund 100",
            "High missile_launcher 300 power+15 refund 150",
            "High mining_laser 250 mining*1.5 refund 125",
            "High salvager 350 salvage+0.3 refund 175",
            "Mid shield_booster 300 hull+20 refund 150",
            "Mid scanner_upgrade 400 scan*2 refund 200",
            "Mid targeting_computer 250 accuracy+0.2 refund 125",
            "Mid afterburner 350 speed+0.3 refund 175",
            "Low armor_plates 250 hull+30 refund 125",
            "Low cargo_expander 200 cargo+50 refund 100",
            "Low fuel_optimizer 300 fuel*0.8 refund 150",
            "Low repair_drones 500 repair+1 refund 250",
            "Rig cargo_rig 600 cargo+75 permanent",
            "Rig speed_rig 700 speed+0.2 fuel*0.9 permanent",
            "Rig shield_rig 800 hull+40 permanent",
        ]);

    [Fact]
    public void Augmentations()
    {
        Table(Augmentation.All, each =>
            $"{each.Class} {each.Id} {each.Cost}"
            + Plus(" hull", each.MaxHull) + Plus(" pod", each.PodMaxHp) + Plus(" armour", each.DamageReduction)
            + Times(" scan", each.ScanMultiplier) + Plus(" rescue", each.RescueChance) + Plus(" kept", each.KeptWeight)
            + Plus(" food", each.FoodOnEjection) + Times(" fuel", each.FuelEfficiency)).ShouldBe(
            [
                "Defensive shield_boost 300 hull+20",
                "Defensive life_support_upgrade 600 pod+50",
                "Defensive armor_plating 550 armour+0.5",
                "Utility scanner_array 400 scan*2",
                "Utility distress_beacon 450 rescue+0.5",
                "Storage cargo_module 500 kept+10",
                "Storage emergency_supplies 300 food+20",
                "Propulsion emergency_thrusters 250 fuel*0.8",
            ]);
        Augmentation.Most.ShouldBe(4);
    }

    [Fact]
    public void Items() => Table(Item.All, item =>
        $"{item.Category} {item.Id} {item.Weight}/{item.Value}/{item.MaxStack}"
        + Plus(" hull", item.Hull) + Plus(" fuel", item.Fuel) + Plus(" health", item.Health)
        + (item.ShieldHp > 0 ? $" shield {item.ShieldHp} for {item.ShieldTurns}" : "")
        + (item.CanBeSold ? "" : " unsellable")).ShouldBe(
        [
            "Trade rare_minerals 5/50/99",
            "Trade alien_artifacts 2/200/20",
            "Trade data_cores 1/100/50",
            "Trade luxury_goods 3/150/30",
            "Trade scrap_metal 10/20/99",
            "Consumable repair_nanobots 3/100/10 hull+20",
            "Consumable fuel_cells 10/80/5 fuel+30",
            "Consumable shield_booster_charge 5/150/5 shield 50 for 5",
            "Consumable med_pack 2/120/10 health+30",
            "Component quantum_processor 1/300/20",
            "Component exotic_matter 2/500/10",
            "Component fusion_core 5/400/5",
            "Component electronic_components 2/40/50",
            "Quest ancient_key 0/0/1 unsellable",
            "Quest star_chart_fragment 0/0/1 unsellable",
            "Quest distress_beacon 0/0/1 unsellable",
        ]);

    [Fact]
    public void What_can_be_found_by_chance_is_worth_from_10_to_200_and_lies_in_heaps_by_its_worth()
    {
        Dictionary<string, int> most = new()
        {
            ["rare_minerals"] = 5,
            ["alien_artifacts"] = 1,
            ["data_cores"] = 3,
            ["luxury_goods"] = 1,
            ["scrap_metal"] = 5,
            ["repair_nanobots"] = 3,
            ["fuel_cells"] = 3,
            ["shield_booster_charge"] = 1,
            ["med_pack"] = 1,
            ["electronic_components"] = 5,
        };
        Item.Loot.Select(item => item.Id).ShouldBe(most.Keys);
        var dice = new Dice(7);
        foreach (var item in Item.Loot)
        {
            var found = Enumerable.Range(0, 500).Select(_ => item.FoundQuantity(dice)).ToList();
            found.Distinct().Order().ShouldBe(Enumerable.Range(1, most[item.Id]), item.Id);
        }
    }

    [Fact]
    public void Enemies() => Table(Enemy.All, enemy =>
        $"{enemy.Id} {enemy.Hp} {enemy.Power} {enemy.Accuracy} {enemy.Speed} {enemy.FleesBelow} "
        + $"{enemy.LeastCredits}-{enemy.MostCredits} {enemy.LootChance}{(enemy.Talks ? " talks" : "")}").ShouldBe(
        [
            "pirate_scout 30 5 0.7 1.2 0.3 50-100 0.8 talks",
            "pirate_raider 60 12 0.75 1 0.2 100-200 0.9 talks",
            "alien_drone 45 10 0.85 0.8 0 0-0 1",
            "space_kraken 100 20 0.6 0.6 0.1 200-400 1 talks",
            "rogue_ai_ship 80 15 0.9 1.1 0 150-300 1",
        ]);

    [Theory]
    [InlineData(0.1, 0.95, 0.1, 0.1, 0.05, 0.04)]
    [InlineData(0.5, 0.75, 0.5, 0.1, 0.05, 0.2)]
    [InlineData(0.8, 0.6, 0.8, 0.1, 0.05, 0.32)]
    public void Who_attacks_depends_on_the_danger(
        double danger, double scout, double raider, double drone, double kraken, double rogue)
    {
        double[] weights = [scout, raider, drone, kraken, rogue];
        Enemy.All.Select(enemy => Math.Round(enemy.WeightAt(danger), 9)).ShouldBe(weights);

        const int Tries = 40_000;
        var dice = new Dice(11);
        var met = Enumerable.Range(0, Tries).Select(_ => Enemy.Meet(danger, dice).Id).CountBy(id => id).ToDictionary();
        foreach (var (enemy, weight) in Enemy.All.Zip(weights))
        {
            ((double)met[enemy.Id] / Tries).ShouldBe(weight / weights.Sum(), 0.01, enemy.Id);
        }
    }

    [Fact]
    public void Tactics() => Table(TacticFigures.All, each => $"{each.Id} {each.Accuracy}/{each.Damage}/{each.Defence}")
        .ShouldBe(["Attack 1/1/1", "Evasive 0.5/0.5/2", "PreciseShot 1.5/0.8/1.2", "Barrage 0.7/1.5/0.8"]);

    [Fact]
    public void Regions() => Table(RegionType.All,
        each => $"{each.Id} {each.Danger} {each.Wealth} {each.Repair} {each.Mood}")
        .ShouldBe(
        [
            "core_worlds 0.1 1.5 0.9 station",
            "frontier 0.6 1.2 0.4 danger",
            "nebula_fields 0.4 1 0.5 exploration",
            "void_space 0.8 0.8 0.1 danger",
            "ancient_sectors 0.5 1.8 0.2 exploration",
        ]);

    [Fact]
    public void Places() => Table(NodeType.All,
        each => $"{each.Id} {each.RepairChance} {each.TradeChance} {each.Danger}")
        .ShouldBe(
        [
            "planet 0.7 0.8 0.2",
            "station 1 1 0.1",
            "anomaly 0 0 0.8",
            "wormhole 0 0 0.5",
            "asteroid_field 0.2 0.4 0.6",
            "derelict 0.1 0.2 0.7",
        ]);

    [Fact]
    public void Trading_posts_pay_a_fifth_more_and_industrial_yards_a_third_more_for_components() => Table(
        MarketType.All, each => $"{each.Id} {each.PriceOf(ItemCategory.Trade)} {each.PriceOf(ItemCategory.Consumable)} "
            + $"{each.PriceOf(ItemCategory.Component)}")
        .ShouldBe(["market 1 1 1", "trading_post 1.2 1.2 1.2", "industrial 1 1 1.3"]);

    [Fact]
    public void Quests() => Table(QuestType.All,
        each => $"{each.Name}: {each.Reward} {each.Gain}, risk {each.Risk}").ShouldBe(
        [
            "Rescue Mission: 300 Wealth, risk Health",
            "Artifact Hunt: 500 Wealth, risk Hull",
            "Fuel Expedition: 50 Fuel, risk None",
            "Diplomatic Encounter: 200 Wealth, risk None",
        ]);

    [Fact]
    public void Each_encounter_can_be_left_for_free_and_speaks_of_things_that_there_are()
    {
        EncounterType.All.Count.ShouldBe(8);
        foreach (var type in EncounterType.All)
        {
            type.Choices.Select(choice => choice.Id).ShouldBeUnique();
            type.Choices[^1].ShouldSatisfyAllConditions(
                last => last.Credits.ShouldBe(0), last => last.Fuel.ShouldBe(0), last => last.Food.ShouldBe(0),
                last => last.Item.ShouldBeNull());
            foreach (var choice in type.Choices)
            {
                choice.Outcomes.ShouldAllBe(outcome => outcome.Weight > 0 && outcome.Text.EndsWith('.')
                    && outcome.Hull <= 0 && outcome.Health <= 0 && outcome.Wealth >= 0
                    && (outcome.Item == null || Item.Find(outcome.Item) != null)
                    && (outcome.Enemy == null || Enemy.All.Any(enemy => enemy.Id == outcome.Enemy)));
            }
        }
    }

    private static IEnumerable<string> Table<T>(IEnumerable<T> all, Func<T, string> row) => all.Select(row);

    private static string Plus(string what, double value) => value == 0 ? "" : $"{what}+{value}";

    private static string Times(string what, double value) => value == 1 ? "" : $"{what}*{value}";
}
