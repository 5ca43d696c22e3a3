namespace Sojourn.Client.Explorer;

/// <summary>The map as its player knows it. Positions are in units of the map, about −500 to 500 both ways.</summary>
/// <param name="Regions">All regions, in order.</param>
/// <param name="Nodes">All places, in order.</param>
public sealed record GameMap(IReadOnlyList<MapRegion> Regions, IReadOnlyList<MapNode> Nodes);

/// <summary>A region.</summary>
/// <param name="Id">Its name on the wire.</param>
/// <param name="X">Its middle.</param>
/// <param name="Y">Its middle.</param>
/// <param name="Neighbours">Where one can jump to from it, as far as known.</param>
public sealed record MapRegion(string Id, int X, int Y, IReadOnlyList<string> Neighbours)
{
    /// <summary>Its name for people; null while it is not discovered.</summary>
    public string? Name { get; init; }

    /// <summary>What sort it is; null while it is not discovered.</summary>
    public string? Type { get; init; }

    /// <summary>Whether the ship is in it.</summary>
    public bool Here { get; init; }

    /// <summary>Whether one could jump there now.</summary>
    public bool Reachable { get; init; }

    /// <summary>Fuel for the jump; null if it is not next to this one.</summary>
    public int? JumpFuel { get; init; }
}

/// <summary>A place.</summary>
/// <param name="Id">Its name on the wire.</param>
/// <param name="Region">The region it lies in.</param>
/// <param name="X">Where.</param>
/// <param name="Y">Where.</param>
/// <param name="Neighbours">The places that it is known to be next to.</param>
public sealed record MapNode(string Id, string Region, int X, int Y, IReadOnlyList<string> Neighbours)
{
    /// <summary>Its name for people; null while it is not discovered, as the next four.</summary>
    public string? Name { get; init; }

    /// <summary>What sort it is.</summary>
    public string? Type { get; init; }

    /// <summary>The chance of damage on arrival, 0 to 1.</summary>
    public double? Danger { get; init; }

    /// <summary>Whether it has a yard.</summary>
    public bool? HasRepair { get; init; }

    /// <summary>Its market; null also if it has none.</summary>
    public string? Market { get; init; }

    /// <summary>Whether the player knows of it.</summary>
    public bool Discovered { get; init; }

    /// <summary>Whether the player has been there.</summary>
    public bool Visited { get; init; }

    /// <summary>Whether the ship is there.</summary>
    public bool Here { get; init; }

    /// <summary>Whether one could fly there now.</summary>
    public bool Reachable { get; init; }

    /// <summary>Fuel for the hop; null if it is not next to here.</summary>
    public int? HopFuel { get; init; }

    /// <summary>Whether the quest leads there.</summary>
    public bool Quest { get; init; }
}
