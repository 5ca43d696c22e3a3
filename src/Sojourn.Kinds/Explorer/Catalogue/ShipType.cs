using System.Collections.Frozen;

namespace Sojourn.Kinds.Explorer.Catalogue;

/// <summary>Where on a ship something can be fitted.</summary>
public enum SlotType
{
    /// <summary>Weapons and tools.</summary>
    High,

    /// <summary>Shields, sensors, computers.</summary>
    Mid,

    /// <summary>Plates, tanks, holds.</summary>
    Low,

    /// <summary>Built into the hull for good.</summary>
    Rig,
}

/// <summary>A ship that can be flown.</summary>
/// <param name="Id">Its name on the wire.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Cost">Credits.</param>
/// <param name="MaxHull">The hull when whole.</param>
/// <param name="Cargo">How much weight its hold takes.</param>
/// <param name="FuelEfficiency">Multiplies what a hop burns: less is better.</param>
/// <param name="Speed">What fleeing depends on.</param>
/// <param name="High">Slots of this type; as the next three.</param>
/// <param name="Mid">As <paramref name="High"/>.</param>
/// <param name="Low">As <paramref name="High"/>.</param>
/// <param name="Rig">As <paramref name="High"/>.</param>
internal sealed record ShipType(
    string Id, string Name, int Cost, int MaxHull, int Cargo, double FuelEfficiency, double Speed,
    int High, int Mid, int Low, int Rig)
{
    /// <summary>The ship one starts with, and what a ship of an unknown type counts as.</summary>
    public const string First = "scout";

    public static readonly IReadOnlyList<ShipType> All =
    [
        //   id          name        cost  hull cargo fuel speed  h  m  l  r
        new("scout",    "Scout",      400,  80,   50, 0.8, 1.2,   2, 3, 1, 1),
        new("trader",   "Trader",     800, 100,  200, 1.2, 0.8,   1, 2, 4, 2),
        new("combat",   "Corsair",   1200, 150,  100, 1.0, 1.0,   4, 2, 2, 1),
        new("explorer", "Explorer",  2000, 120,  150, 0.9, 1.1,   3, 3, 3, 2),
    ];

    private static readonly FrozenDictionary<string, ShipType> ById = All.ToFrozenDictionary(ship => ship.Id);

    public static ShipType? Find(string id) => ById.GetValueOrDefault(id);

    public static ShipType Of(string id) => Find(id) ?? ById[First];

    public int Slots(SlotType type) => type switch
    {
        SlotType.High => High,
        SlotType.Mid => Mid,
        SlotType.Low => Low,
        _ => Rig,
    };
}
