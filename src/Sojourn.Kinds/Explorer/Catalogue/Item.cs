using System.Collections.Frozen;

namespace Sojourn.Kinds.Explorer.Catalogue;

internal enum ItemCategory
{
    Trade,
    Consumable,
    Component,
    Quest,
}

/// <summary>What a hold can carry.</summary>
/// <param name="Id">Its name on the wire.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Category">What it is good for, and where it is dear.</param>
/// <param name="Weight">Of one.</param>
/// <param name="Value">Credits, before what the place makes of it.</param>
/// <param name="MaxStack">How many of them a hold takes.</param>
internal sealed record Item(string Id, string Name, ItemCategory Category, int Weight, int Value, int MaxStack)
{
    public int Hull { get; init; }

    public int Fuel { get; init; }

    public int Health { get; init; }

    public int ShieldHp { get; init; }

    public int ShieldTurns { get; init; }

    public static readonly IReadOnlyList<Item> All =
    [
        //                                                                         weight value stack
        new("rare_minerals", "Rare minerals", ItemCategory.Trade,                       5,  50, 99),
        new("alien_artifacts", "Alien artifacts", ItemCategory.Trade,                   2, 200, 20),
        new("data_cores", "Data cores", ItemCategory.Trade,                             1, 100, 50),
        new("luxury_goods", "Luxury goods", ItemCategory.Trade,                         3, 150, 30),
        new("scrap_metal", "Scrap metal", ItemCategory.Trade,                          10,  20, 99),
        new("repair_nanobots", "Repair nanobots", ItemCategory.Consumable,              3, 100, 10) { Hull = 20 },
        new("fuel_cells", "Fuel cells", ItemCategory.Consumable,                       10,  80,  5) { Fuel = 30 },
        new("shield_booster_charge", "Shield booster charge", ItemCategory.Consumable,  5, 150,  5)
        {
            ShieldHp = 50,
            ShieldTurns = 5,
        },
        new("med_pack", "Med pack", ItemCategory.Consumable,                            2, 120, 10) { Health = 30 },
        new("quantum_processor", "Quantum processor", ItemCategory.Component,           1, 300, 20),
        new("exotic_matter", "Exotic matter", ItemCategory.Component,                   2, 500, 10),
        new("fusion_core", "Fusion core", ItemCategory.Component,                       5, 400,  5),
        new("electronic_components", "Electronic components", ItemCategory.Component,   2,  40, 50),
        new("ancient_key", "Ancient key", ItemCategory.Quest,                           0,   0,  1),
        new("star_chart_fragment", "Star chart fragment", ItemCategory.Quest,           0,   0,  1),
        new("distress_beacon", "Distress beacon", ItemCategory.Quest,                   0,   0,  1),
    ];

    /// <summary>What can be found by chance: neither worthless nor a fortune.</summary>
    public static readonly IReadOnlyList<Item> Loot =
        [.. All.Where(item => item.Category != ItemCategory.Quest && item.Value is >= 10 and <= 200)];

    private static readonly FrozenDictionary<string, Item> ById = All.ToFrozenDictionary(item => item.Id);

    public bool CanBeSold => Category != ItemCategory.Quest;

    public bool CanBeUsed => Hull > 0 || Fuel > 0 || Health > 0 || ShieldHp > 0;

    public static Item? Find(string id) => ById.GetValueOrDefault(id);

    public static Item Of(string id) => ById[id];

    /// <summary>How many of it lie together where some are found.</summary>
    public int FoundQuantity(Dice dice) => Value > 100 ? 1 : Value > 50 ? dice.Next(1, 4) : dice.Next(1, 6);
}
