using System.Collections.Frozen;

namespace Sojourn.Kinds.Explorer.Catalogue;

/// <summary>Of each class a pod takes one augmentation.</summary>
internal enum AugmentationClass
{
    Defensive,
    Utility,
    Storage,
    Propulsion,
}

/// <summary>
/// What an escape pod can be given. Those of ship and fuel work while the pod hangs in its ship, the others once it
/// flies by itself. Factors multiply, from 1; chances add up to 1 at most; all else is added.
/// </summary>
internal sealed record Augmentation(string Id, string Name, AugmentationClass Class, int Cost, string What)
{
    /// <summary>What a pod takes, of all classes together.</summary>
    public const int Most = 4;

    public int MaxHull { get; init; }

    public int PodMaxHp { get; init; }

    public double DamageReduction { get; init; }

    public double ScanMultiplier { get; init; } = 1;

    public double RescueChance { get; init; }

    public int KeptWeight { get; init; }

    public int FoodOnEjection { get; init; }

    public double FuelEfficiency { get; init; } = 1;

    public static readonly IReadOnlyList<Augmentation> All =
    [
        new("shield_boost", "Shield boost", AugmentationClass.Defensive, 300, "ship's hull +20") { MaxHull = 20 },
        new("life_support_upgrade", "Life support", AugmentationClass.Defensive, 600, "pod holds 50") { PodMaxHp = 50 },
        new("armor_plating", "Armour plating", AugmentationClass.Defensive, 550, "pod takes half the damage")
        {
            DamageReduction = 0.5,
        },
        new("scanner_array", "Scanner array", AugmentationClass.Utility, 400, "twice the reward of a find")
        {
            ScanMultiplier = 2,
        },
        new("distress_beacon", "Distress beacon", AugmentationClass.Utility, 450, "escorted on every other pod flight")
        {
            RescueChance = 0.5,
        },
        new("cargo_module", "Cargo module", AugmentationClass.Storage, 500, "saves cargo of weight 10 when ejecting")
        {
            KeptWeight = 10,
        },
        new("emergency_supplies", "Emergency supplies", AugmentationClass.Storage, 300, "20 food when ejecting")
        {
            FoodOnEjection = 20,
        },
        new("emergency_thrusters", "Emergency thrusters", AugmentationClass.Propulsion, 250, "burns a fifth less fuel")
        {
            FuelEfficiency = 0.8,
        },
    ];

    private static readonly FrozenDictionary<string, Augmentation> ById = All.ToFrozenDictionary(each => each.Id);

    public static Augmentation? Find(string id) => ById.GetValueOrDefault(id);
}
