namespace Sojourn.Kinds.Explorer;

/// <summary>
/// The figures of one game. A game keeps those that it began with, whatever is configured later. The catalogues of
/// ships, mods, goods, enemies and places are the same for all.
/// </summary>
public sealed record RuleSet
{
    /// <summary>Its name: 1 to 32 of a-z, 0-9 and '-'. Default <c>standard</c>.</summary>
    public string Name { get; init; } = "standard";

    /// <summary>The pilot's health at the start. Default 100; 1 to <see cref="MaxHealth"/>.</summary>
    public int StartingHealth { get; init; } = 100;

    /// <summary>Credits at the start. Default 500; 0 to 1,000,000.</summary>
    public int StartingWealth { get; init; } = 500;

    /// <summary>Fuel at the start. Default 100; 1 to <see cref="MaxFuel"/>.</summary>
    public int StartingFuel { get; init; } = 100;

    /// <summary>Food at the start. Default 50; 0 to 1,000.</summary>
    public int StartingFood { get; init; } = 50;

    /// <summary>The most health. Default 100; 1 to 1,000.</summary>
    public int MaxHealth { get; init; } = 100;

    /// <summary>What the tank holds. Default 100; 1 to 1,000.</summary>
    public int MaxFuel { get; init; } = 100;

    /// <summary>Credits that win the game. Default 2,000; 1 to 1,000,000,000.</summary>
    public int VictoryWealth { get; init; } = 2000;

    /// <summary>Turns after which the game is over. Default 50; 1 to 10,000.</summary>
    public int MaxTurns { get; init; } = 50;

    /// <summary>Fuel for a hop, before the ship's efficiency. Default 5; 1 to 100.</summary>
    public int FuelPerHop { get; init; } = 5;

    /// <summary>Fuel for a jump to another region. Default 50; 1 to 1,000.</summary>
    public int JumpFuel { get; init; } = 50;

    /// <summary>As <see cref="JumpFuel"/>, from a wormhole. Default 20; 1 to 1,000.</summary>
    public int WormholeFuel { get; init; } = 20;

    /// <summary>Credits for entering a region for the first time. Default 100; 0 to 100,000.</summary>
    public int NewRegionCredits { get; init; } = 100;

    /// <summary>This part of a place's danger is the chance of a fight on arrival. Default 0.25; 0 to 1.</summary>
    public double FightRate { get; init; } = 0.25;

    /// <summary>The chance that an inhabited place, seen first, offers a quest. Default 0.3; 0 to 1.</summary>
    public double QuestOfferChance { get; init; } = 0.3;

    /// <summary>The chance that something else is met at a place seen first. Default 0.6; 0 to 1.</summary>
    public double RandomEventChance { get; init; } = 0.6;

    /// <summary>Turns within which a quest must be done. Default 15; 1 to 10,000.</summary>
    public int QuestTurns { get; init; } = 15;

    /// <summary>The chance that exploring finds goods. Default 0.3; 0 to 1.</summary>
    public double LootChance { get; init; } = 0.3;

    /// <summary>The chance that a scan shows something. Default 0.3; 0 to 1.</summary>
    public double ScanChance { get; init; } = 0.3;

    /// <summary>As <see cref="ScanChance"/>, with a better scanner. Default 0.5; 0 to 1.</summary>
    public double GoodScanChance { get; init; } = 0.5;

    /// <summary>The chance that mining yields. Default 0.7; 0 to 1.</summary>
    public double MiningChance { get; init; } = 0.7;

    /// <summary>The chance that it yields something rarer too. Default 0.1; 0 to 1.</summary>
    public double MiningBonusChance { get; init; } = 0.1;

    /// <summary>Fuel for mining. Default 5; 1 to 100.</summary>
    public int MiningFuel { get; init; } = 5;

    /// <summary>The chance that salvaging works. Default 0.8; 0 to 1.</summary>
    public double SalvageChance { get; init; } = 0.8;

    /// <summary>Multiplies the chance of each thing in a wreck. Default 1.5; 0 to 10.</summary>
    public double SalvageRate { get; init; } = 1.5;

    /// <summary>Fuel for salvaging. Default 3; 1 to 100.</summary>
    public int SalvageFuel { get; init; } = 3;

    /// <summary>Fuel for fleeing. Default 10; 1 to 100.</summary>
    public int FleeFuel { get; init; } = 10;

    /// <summary>The chance that somebody answers a call for help. Default 0.5; 0 to 1.</summary>
    public double HelpChance { get; init; } = 0.5;

    /// <summary>Fuel that who answers gives. Default 20; 1 to 1,000.</summary>
    public int HelpFuel { get; init; } = 20;

    /// <summary>Credits for making the hull whole. Default 100; 0 to 100,000.</summary>
    public int RepairCost { get; init; } = 100;

    /// <summary>Credits for a pod. Default 500; 0 to 100,000.</summary>
    public int PodCost { get; init; } = 500;

    /// <summary>What a pod without augmentations withstands. Default 30; 1 to 1,000.</summary>
    public int PodHp { get; init; } = 30;

    /// <summary>Health that one food gives. Default 2; 1 to 100.</summary>
    public int HealthPerFood { get; init; } = 2;

    /// <summary>What buying costs in terms of what selling pays at the same place. Default 1.2; 1 to 10.</summary>
    public double TradeSpread { get; init; } = 1.2;

    internal IEnumerable<string> Faults()
    {
        (string Name, double Value, double Least, double Most)[] figures =
        [
            (nameof(MaxHealth), MaxHealth, 1, 1000),
            (nameof(MaxFuel), MaxFuel, 1, 1000),
            (nameof(StartingHealth), StartingHealth, 1, MaxHealth),
            (nameof(StartingWealth), StartingWealth, 0, 1_000_000),
            (nameof(StartingFuel), StartingFuel, 1, MaxFuel),
            (nameof(StartingFood), StartingFood, 0, 1000),
            (nameof(VictoryWealth), VictoryWealth, 1, 1_000_000_000),
            (nameof(MaxTurns), MaxTurns, 1, 10_000),
            (nameof(FuelPerHop), FuelPerHop, 1, 100),
            (nameof(JumpFuel), JumpFuel, 1, 1000),
            (nameof(WormholeFuel), WormholeFuel, 1, 1000),
            (nameof(NewRegionCredits), NewRegionCredits, 0, 100_000),
            (nameof(FightRate), FightRate, 0, 1),
            (nameof(QuestOfferChance), QuestOfferChance, 0, 1),
            (nameof(RandomEventChance), RandomEventChance, 0, 1),
            (nameof(QuestTurns), QuestTurns, 1, 10_000),
            (nameof(LootChance), LootChance, 0, 1),
            (nameof(ScanChance), ScanChance, 0, 1),
            (nameof(GoodScanChance), GoodScanChance, 0, 1),
            (nameof(MiningChance), MiningChance, 0, 1),
            (nameof(MiningBonusChance), MiningBonusChance, 0, 1),
            (nameof(MiningFuel), MiningFuel, 1, 100),
            (nameof(SalvageChance), SalvageChance, 0, 1),
            (nameof(SalvageRate), SalvageRate, 0, 10),
            (nameof(SalvageFuel), SalvageFuel, 1, 100),
            (nameof(FleeFuel), FleeFuel, 1, 100),
            (nameof(HelpChance), HelpChance, 0, 1),
            (nameof(HelpFuel), HelpFuel, 1, 1000),
            (nameof(RepairCost), RepairCost, 0, 100_000),
            (nameof(PodCost), PodCost, 0, 100_000),
            (nameof(PodHp), PodHp, 1, 1000),
            (nameof(HealthPerFood), HealthPerFood, 1, 100),
            (nameof(TradeSpread), TradeSpread, 1, 10),
        ];
        if (Name is not { Length: >= 1 and <= 32 }
            || !Name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))
        {
            yield return $"{nameof(Name)} must be 1 to 32 of a-z, 0-9 and '-'.";
        }

        foreach (var (name, value, least, most) in figures)
        {
            if (!(value >= least && value <= most))
            {
                yield return $"{name} must be {least:#,0.##} to {most:#,0.##}; it is {value:#,0.##}.";
            }
        }

        if (StartingWealth >= VictoryWealth)
        {
            yield return $"{nameof(VictoryWealth)} must be more than {nameof(StartingWealth)}.";
        }
    }
}
