using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Saves;
using Sojourn.Tests.Explorer.Bots;

namespace Sojourn.Tests.Explorer;

/// <summary>Games by figures at the ends of their ranges: what holds of all games holds of them, and they can be
/// saved.</summary>
public sealed class ExtremeFiguresTests
{
    private const int Steps = 300, Seeds = 60, StateLimit = 10_000;

    public static TheoryData<string, RuleSet> Extremes => new()
    {
        {
            "the least of everything",
            new RuleSet
            {
                Name = "least", MaxHealth = 1, MaxFuel = 1, StartingHealth = 1, StartingWealth = 0, StartingFuel = 1,
                StartingFood = 0, VictoryWealth = 1, MaxTurns = 1, FuelPerHop = 1, JumpFuel = 1, WormholeFuel = 1,
                NewRegionCredits = 0, FightRate = 0, QuestOfferChance = 0, RandomEventChance = 0, QuestTurns = 1,
                LootChance = 0, ScanChance = 0, GoodScanChance = 0, MiningChance = 0, MiningBonusChance = 0,
                MiningFuel = 1, SalvageChance = 0, SalvageRate = 0, SalvageFuel = 1, FleeFuel = 1, HelpChance = 0,
                HelpFuel = 1, RepairCost = 0, PodCost = 0, PodHp = 1, HealthPerFood = 1, TradeSpread = 1,
            }
        },
        {
            "no way to fly and nobody who helps",
            new RuleSet
            {
                Name = "far", MaxFuel = 1, StartingFuel = 1, FuelPerHop = 100, JumpFuel = 1000, WormholeFuel = 1000,
                HelpChance = 0,
            }
        },
        {
            "rich, well fuelled, and always met by somebody",
            new RuleSet
            {
                Name = "rich", MaxHealth = 1000, StartingHealth = 1000, MaxFuel = 1000, StartingFuel = 1000,
                StartingWealth = 1_000_000, VictoryWealth = 1_000_000_000, StartingFood = 1000, MaxTurns = 10_000,
                FuelPerHop = 1, JumpFuel = 1, WormholeFuel = 1, NewRegionCredits = 100_000, FightRate = 1,
                QuestOfferChance = 1, RandomEventChance = 1, QuestTurns = 10_000, LootChance = 1, ScanChance = 1,
                GoodScanChance = 1, MiningChance = 1, MiningBonusChance = 1, MiningFuel = 1, SalvageChance = 1,
                SalvageRate = 10, SalvageFuel = 1, FleeFuel = 1, HelpChance = 1, HelpFuel = 1000, RepairCost = 0,
                PodCost = 0, PodHp = 1000, HealthPerFood = 100, TradeSpread = 1,
            }
        },
        {
            "where all is dear",
            new RuleSet
            {
                Name = "dear", FuelPerHop = 100, JumpFuel = 1000, WormholeFuel = 1000, MiningFuel = 100,
                SalvageFuel = 100, FleeFuel = 100, MaxFuel = 1000, StartingFuel = 1000, RepairCost = 100_000,
                PodCost = 100_000, TradeSpread = 10, HelpFuel = 1, FightRate = 1,
            }
        },
    };

    [Theory]
    [MemberData(nameof(Extremes))]
    public void What_holds_of_all_games_holds_by_these_figures_too(string what, RuleSet rules)
    {
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            var (flight, dice, bot) = (Flight.Begin(seed, rules), new Dice(seed), new RandomBot());
            for (var step = 0; step < Steps && flight.Game.Ending is null; step++)
            {
                var before = flight.Game;
                var command = Wire.Command(bot.Pick(before, flight.Options, dice));

                flight.Send(command).ShouldBeNull($"{what}, seed {seed}, step {step}: {command}");

                Invariants.Check(flight, flight.Options, before, command);
                GameCheck.FaultOf(flight.Game).ShouldBeNull($"{what}, seed {seed}, step {step}: {command}");
                Flight.Stored(flight.Game).Length.ShouldBeLessThan(StateLimit);
            }
        }
    }
}
