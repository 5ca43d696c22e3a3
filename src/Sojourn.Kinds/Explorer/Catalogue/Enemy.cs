using System.Collections.Frozen;

namespace Sojourn.Kinds.Explorer.Catalogue;

/// <summary>Who attacks.</summary>
/// <param name="Id">Its name on the wire.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Hp">What it withstands.</param>
/// <param name="Power">The damage of a hit, give or take 3.</param>
/// <param name="Accuracy">The chance of a hit on a ship of speed 1.</param>
/// <param name="Speed">What fleeing from it depends on.</param>
/// <param name="FleesBelow">It thinks of fleeing below this part of its HP; 0 for never.</param>
/// <param name="LeastCredits">What its wreck holds at least.</param>
/// <param name="MostCredits">And at most.</param>
/// <param name="LootChance">The chance that there is an item too.</param>
/// <param name="Talks">Whether it can be bought off.</param>
internal sealed record Enemy(
    string Id, string Name, int Hp, int Power, double Accuracy, double Speed, double FleesBelow,
    int LeastCredits, int MostCredits, double LootChance, bool Talks)
{
    public static readonly IReadOnlyList<Enemy> All =
    [
        //                                       hp power  acc speed flees  credits  loot talks
        new("pirate_scout", "Pirate scout",      30,  5, 0.70, 1.2, 0.30,  50, 100, 0.8, true),
        new("pirate_raider", "Pirate raider",    60, 12, 0.75, 1.0, 0.20, 100, 200, 0.9, true),
        new("alien_drone", "Alien drone",        45, 10, 0.85, 0.8, 0.00,   0,   0, 1.0, false),
        new("space_kraken", "Space kraken",     100, 20, 0.60, 0.6, 0.10, 200, 400, 1.0, true),
        new("rogue_ai_ship", "Rogue AI ship",    80, 15, 0.90, 1.1, 0.00, 150, 300, 1.0, false),
    ];

    private static readonly FrozenDictionary<string, Enemy> ById = All.ToFrozenDictionary(enemy => enemy.Id);

    public static Enemy Of(string id) => ById[id];

    /// <summary>How likely each comes at a place of this danger, compared to the others.</summary>
    public double WeightAt(double danger) => Id switch
    {
        "pirate_scout" => 1 - (danger / 2),
        "pirate_raider" => danger,
        "alien_drone" => 0.1,
        "space_kraken" => 0.05,
        _ => 0.4 * danger,
    };

    public static Enemy Meet(double danger, Dice dice)
    {
        var at = dice.NextFraction() * All.Sum(enemy => enemy.WeightAt(danger));
        foreach (var enemy in All)
        {
            at -= enemy.WeightAt(danger);
            if (at < 0)
            {
                return enemy;
            }
        }

        return All[^1];
    }
}

/// <summary>How a round can be fought.</summary>
/// <param name="Id">Its name on the wire.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Accuracy">Multiplies one's own chance of a hit.</param>
/// <param name="Damage">Multiplies one's own damage.</param>
/// <param name="Defence">Divides the enemy's chance of a hit.</param>
internal sealed record TacticFigures(Tactic Id, string Name, double Accuracy, double Damage, double Defence)
{
    public static readonly IReadOnlyList<TacticFigures> All =
    [
        new(Tactic.Attack, "Attack", 1, 1, 1),
        new(Tactic.Evasive, "Evasive manoeuvres", 0.5, 0.5, 2),
        new(Tactic.PreciseShot, "Precise shot", 1.5, 0.8, 1.2),
        new(Tactic.Barrage, "Barrage", 0.7, 1.5, 0.8),
    ];

    public static TacticFigures Of(Tactic tactic) => All.First(figures => figures.Id == tactic);
}
