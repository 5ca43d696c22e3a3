using System.Collections.Frozen;

namespace Sojourn.Kinds.Explorer.Catalogue;

/// <summary>What can be fitted to a ship. Factors multiply, from 1; all else is added, from 0.</summary>
internal sealed record Mod(string Id, string Name, SlotType Slot, int Cost)
{
    public int CombatPower { get; init; }

    public double MiningYield { get; init; } = 1;

    public double SalvageChance { get; init; }

    public int MaxHull { get; init; }

    public double ScanBonus { get; init; } = 1;

    public double Accuracy { get; init; }

    public double Speed { get; init; }

    public int Cargo { get; init; }

    public double FuelEfficiency { get; init; } = 1;

    public int HullRepair { get; init; }

    public static readonly IReadOnlyList<Mod> All =
    [
        new("laser_cannon", "Laser cannon", SlotType.High, 200) { CombatPower = 10 },
        new("missile_launcher", "Missile launcher", SlotType.High, 300) { CombatPower = 15 },
        new("mining_laser", "Mining laser", SlotType.High, 250) { MiningYield = 1.5 },
        new("salvager", "Salvager", SlotType.High, 350) { SalvageChance = 0.3 },
        new("shield_booster", "Shield booster", SlotType.Mid, 300) { MaxHull = 20 },
        new("scanner_upgrade", "Scanner upgrade", SlotType.Mid, 400) { ScanBonus = 2 },
        new("targeting_computer", "Targeting computer", SlotType.Mid, 250) { Accuracy = 0.2 },
        new("afterburner", "Afterburner", SlotType.Mid, 350) { Speed = 0.3 },
        new("armor_plates", "Armour plates", SlotType.Low, 250) { MaxHull = 30 },
        new("cargo_expander", "Cargo expander", SlotType.Low, 200) { Cargo = 50 },
        new("fuel_optimizer", "Fuel optimizer", SlotType.Low, 300) { FuelEfficiency = 0.8 },
        new("repair_drones", "Repair drones", SlotType.Low, 500) { HullRepair = 1 },
        new("cargo_rig", "Cargo rig", SlotType.Rig, 600) { Cargo = 75 },
        new("speed_rig", "Speed rig", SlotType.Rig, 700) { Speed = 0.2, FuelEfficiency = 0.9 },
        new("shield_rig", "Shield rig", SlotType.Rig, 800) { MaxHull = 40 },
    ];

    private static readonly FrozenDictionary<string, Mod> ById = All.ToFrozenDictionary(mod => mod.Id);

    /// <summary>Built in for good.</summary>
    public bool IsPermanent => Slot == SlotType.Rig;

    /// <summary>What its removal pays.</summary>
    public int Refund => Cost / 2;

    public bool IsWeapon => CombatPower > 0;

    public static Mod? Find(string id) => ById.GetValueOrDefault(id);
}
