using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Map;
using Sojourn.Testing;

namespace Sojourn.Tests.Explorer;

/// <summary>The figures that games are played by, and what is said of figures that cannot be.</summary>
public sealed class ConfigurationTests
{
    [Fact]
    public void The_standard_figures_are_these() => new RuleSet().ShouldBe(new RuleSet
    {
        Name = "standard",
        StartingHealth = 100,
        StartingWealth = 500,
        StartingFuel = 100,
        StartingFood = 50,
        MaxHealth = 100,
        MaxFuel = 100,
        VictoryWealth = 2000,
        MaxTurns = 50,
        FuelPerHop = 5,
        JumpFuel = 50,
        WormholeFuel = 20,
        NewRegionCredits = 100,
        FightRate = 0.25,
        QuestOfferChance = 0.3,
        RandomEventChance = 0.6,
        QuestTurns = 15,
        LootChance = 0.3,
        ScanChance = 0.3,
        GoodScanChance = 0.5,
        MiningChance = 0.7,
        MiningBonusChance = 0.1,
        MiningFuel = 5,
        SalvageChance = 0.8,
        SalvageRate = 1.5,
        SalvageFuel = 3,
        FleeFuel = 10,
        HelpChance = 0.5,
        HelpFuel = 20,
        RepairCost = 100,
        PodCost = 500,
        PodHp = 30,
        HealthPerFood = 2,
        TradeSpread = 1.2,
    });

    [Fact]
    public void A_game_begins_with_a_whole_scout_and_the_figures_of_its_rules()
    {
        var begun = Rules.Of(new ExplorerKind()).Start(new StartGame("  Ada ", 7)).State;

        (begun.Pilot, begun.MapSeed, begun.Turn).ShouldBe(("Ada", 7, 0));
        (begun.Health, begun.Wealth, begun.Fuel, begun.Food).ShouldBe((100, 500, 100, 50));
        (begun.Ship, begun.Hull, begun.Mods.Count, begun.Cargo.Count, begun.Pod).ShouldBe(("scout", 80, 0, 0, null));
        (begun.Quest, begun.Encounter, begun.Fight, begun.Ending).ShouldBe((null, null, null, null));
        begun.Statistics.ShouldBe(new Tally { SystemsVisited = 1 });
        begun.At.ShouldBe(StarMap.Of(7).Start.Id);
        begun.Visited.ShouldBe([begun.At]);
    }

    [Fact]
    public void Without_a_name_the_pilot_is_one_and_without_a_seed_the_map_is_chance()
    {
        var one = Rules.Of(new ExplorerKind()).Seeded(1).Start(new StartGame()).State;
        var other = Rules.Of(new ExplorerKind()).Seeded(2).Start(new StartGame()).State;

        one.Pilot.ShouldBe("Pilot");
        one.MapSeed.ShouldNotBe(other.MapSeed);
        one.Rules.ShouldBe(new RuleSet());
    }

    [Fact]
    public void A_game_keeps_the_rule_set_that_it_was_begun_with()
    {
        var quick = new RuleSet { Name = "quick", MaxTurns = 5, StartingWealth = 900, StartingFood = 0 };
        var kind = new ExplorerKind(new ExplorerOptions { RuleSets = [quick] });

        var begun = Rules.Of(kind).Start(new StartGame(RuleSet: "quick")).State;

        (begun.Rules, begun.Wealth, begun.Food).ShouldBe((quick, 900, 0));
        Rules.Of(kind).Start(new StartGame()).State.Rules.ShouldBe(new RuleSet());
    }

    [Theory]
    [InlineData("", null, null, "pilot", "out-of-range")]
    [InlineData("   ", null, null, "pilot", "out-of-range")]
    [InlineData("A\u0007da", null, null, "pilot", "out-of-range")]
    [InlineData("12345678901234567890123456789012345678901", null, null, "pilot", "out-of-range")]
    [InlineData("Ada", -1, null, "seed", "out-of-range")]
    [InlineData("Ada", 1, "nonesuch", "ruleSet", "unknown-rule-set")]
    public void A_start_that_could_never_be_is_refused(
        string pilot, int? seed, string? rules, string field, string code)
    {
        var refused = Rules.Of(new ExplorerKind()).Start(new StartGame(pilot, seed, rules)).Refusal!;

        (refused.Field, refused.Code, refused.IsInvalid).ShouldBe((field, code, true));
    }

    [Fact]
    public void A_pilot_of_forty_characters_and_the_greatest_seed_are_taken()
    {
        var begun = Rules.Of(new ExplorerKind()).Start(new StartGame(new string('x', 40), int.MaxValue)).State;

        (begun.Pilot.Length, begun.MapSeed).ShouldBe((40, int.MaxValue));
        Rules.Of(new ExplorerKind()).Start(new StartGame(Seed: 0)).State.MapSeed.ShouldBe(0);
    }

    private static RuleSet Least => new()
    {
        Name = "a",
        MaxHealth = 1,
        MaxFuel = 1,
        StartingHealth = 1,
        StartingWealth = 0,
        StartingFuel = 1,
        StartingFood = 0,
        VictoryWealth = 1,
        MaxTurns = 1,
        FuelPerHop = 1,
        JumpFuel = 1,
        WormholeFuel = 1,
        NewRegionCredits = 0,
        FightRate = 0,
        QuestOfferChance = 0,
        RandomEventChance = 0,
        QuestTurns = 1,
        LootChance = 0,
        ScanChance = 0,
        GoodScanChance = 0,
        MiningChance = 0,
        MiningBonusChance = 0,
        MiningFuel = 1,
        SalvageChance = 0,
        SalvageRate = 0,
        SalvageFuel = 1,
        FleeFuel = 1,
        HelpChance = 0,
        HelpFuel = 1,
        RepairCost = 0,
        PodCost = 0,
        PodHp = 1,
        HealthPerFood = 1,
        TradeSpread = 1,
    };

    private static RuleSet Most => new()
    {
        Name = "a-name-of-thirty-two-characters0",
        MaxHealth = 1000,
        MaxFuel = 1000,
        StartingHealth = 1000,
        StartingWealth = 1_000_000,
        StartingFuel = 1000,
        StartingFood = 1000,
        VictoryWealth = 1_000_000_000,
        MaxTurns = 10_000,
        FuelPerHop = 100,
        JumpFuel = 1000,
        WormholeFuel = 1000,
        NewRegionCredits = 100_000,
        FightRate = 1,
        QuestOfferChance = 1,
        RandomEventChance = 1,
        QuestTurns = 10_000,
        LootChance = 1,
        ScanChance = 1,
        GoodScanChance = 1,
        MiningChance = 1,
        MiningBonusChance = 1,
        MiningFuel = 100,
        SalvageChance = 1,
        SalvageRate = 10,
        SalvageFuel = 100,
        FleeFuel = 100,
        HelpChance = 1,
        HelpFuel = 1000,
        RepairCost = 100_000,
        PodCost = 100_000,
        PodHp = 1000,
        HealthPerFood = 100,
        TradeSpread = 10,
    };

    [Fact]
    public void Figures_at_their_limits_are_taken() =>
        _ = new ExplorerKind(new ExplorerOptions { RuleSets = [Least, Most] });

    public static TheoryData<string, RuleSet> Faulty => new()
    {
        { "Name", new() { Name = "" } },
        { "Name", new() { Name = "a-name-of-thirty-three-characters" } },
        { "Name", new() { Name = "Quick" } },
        { "MaxHealth", new() { MaxHealth = 1001, StartingHealth = 1 } },
        { "MaxFuel", new() { MaxFuel = 0 } },
        { "StartingHealth", new() { StartingHealth = 101 } },
        { "StartingWealth", new() { StartingWealth = -1 } },
        { "StartingFuel", new() { StartingFuel = 0 } },
        { "StartingFood", new() { StartingFood = 1001 } },
        { "VictoryWealth", new() { VictoryWealth = 1_000_000_001 } },
        { "VictoryWealth must be more than StartingWealth", new() { VictoryWealth = 500 } },
        { "MaxTurns", new() { MaxTurns = 10_001 } },
        { "FuelPerHop", new() { FuelPerHop = 101 } },
        { "JumpFuel", new() { JumpFuel = 0 } },
        { "WormholeFuel", new() { WormholeFuel = 1001 } },
        { "NewRegionCredits", new() { NewRegionCredits = -1 } },
        { "FightRate", new() { FightRate = 1.01 } },
        { "QuestOfferChance", new() { QuestOfferChance = -0.01 } },
        { "RandomEventChance", new() { RandomEventChance = double.NaN } },
        { "QuestTurns", new() { QuestTurns = 0 } },
        { "LootChance", new() { LootChance = 2 } },
        { "ScanChance", new() { ScanChance = -1 } },
        { "GoodScanChance", new() { GoodScanChance = 1.5 } },
        { "MiningChance", new() { MiningChance = 1.1 } },
        { "MiningBonusChance", new() { MiningBonusChance = 1.1 } },
        { "MiningFuel", new() { MiningFuel = 0 } },
        { "SalvageChance", new() { SalvageChance = 1.1 } },
        { "SalvageRate", new() { SalvageRate = 10.1 } },
        { "SalvageFuel", new() { SalvageFuel = 101 } },
        { "FleeFuel", new() { FleeFuel = 0 } },
        { "HelpChance", new() { HelpChance = double.PositiveInfinity } },
        { "HelpFuel", new() { HelpFuel = 0 } },
        { "RepairCost", new() { RepairCost = 100_001 } },
        { "PodCost", new() { PodCost = -1 } },
        { "PodHp", new() { PodHp = 0 } },
        { "HealthPerFood", new() { HealthPerFood = 101 } },
        { "TradeSpread", new() { TradeSpread = 0.99 } },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void A_figure_beyond_its_limit_is_named(string fault, RuleSet rules) =>
        Should.Throw<SojournException>(() => new ExplorerKind(new ExplorerOptions { RuleSets = [rules] }))
            .Message.ShouldContain($"Rule set '{rules.Name}': {fault}");

    [Fact]
    public void The_options_at_their_limits_are_taken()
    {
        _ = new ExplorerKind(new ExplorerOptions
        {
            MaxGames = 1,
            PassivateAfter = TimeSpan.FromSeconds(1),
            KeepEndedFor = TimeSpan.FromMinutes(1),
            SaveSlots = 1,
            ExportKey = new byte[16],
        });
        _ = new ExplorerKind(new ExplorerOptions
        {
            MaxGames = 100_000_000,
            PassivateAfter = TimeSpan.FromDays(365),
            KeepEndedFor = TimeSpan.FromDays(3650),
            SaveSlots = 100,
        });
    }

    [Fact]
    public void All_options_beyond_their_limits_are_named_at_once()
    {
        var message = Should.Throw<SojournException>(() => new ExplorerKind(new ExplorerOptions
        {
            MaxGames = 0,
            PassivateAfter = TimeSpan.FromMilliseconds(999),
            KeepEndedFor = TimeSpan.FromDays(3651),
            SaveSlots = 101,
            ExportKey = new byte[15],
            RuleSets = [new RuleSet(), new RuleSet { MaxTurns = 0 }],
        })).Message;

        foreach (var fault in (string[])["MaxGames", "PassivateAfter", "KeepEndedFor", "SaveSlots", "ExportKey",
            "two rule sets named 'standard'", "MaxTurns"])
        {
            message.ShouldContain(fault);
        }
    }

    [Fact]
    public void By_default_there_is_room_for_a_hundred_games_an_hour_of_peace_and_five_slots()
    {
        var options = new ExplorerOptions();

        (options.MaxGames, options.PassivateAfter, options.SaveSlots).ShouldBe((100, TimeSpan.FromHours(1), 5));
        var policy = new ExplorerKind(options).Policy;
        (policy.MaxSessions, policy.PassivateAfter).ShouldBe((100, TimeSpan.FromHours(1)));
    }
}
