using Sojourn.Kinds.Explorer.Playing;

namespace Sojourn.Kinds.Explorer.Showing;

/// <summary>
/// The map as its player knows it. Of what is not discovered only the position is told. Positions are in units of the
/// map, about −500 to 500 both ways.
/// </summary>
/// <param name="Regions">All regions, in order.</param>
/// <param name="Nodes">All places, in order.</param>
public sealed record MapShown(IReadOnlyList<RegionShown> Regions, IReadOnlyList<NodeShown> Nodes)
{
    /// <summary>Of a game as it stands.</summary>
    public static MapShown Of(Game game)
    {
        ArgumentNullException.ThrowIfNull(game);
        var now = new Situation(game);
        // From each region one knows of its neighbours, also after one has flown on.
        var known = game.Visited.Select(id => now.Map.RegionOf(now.Map[id]))
            .SelectMany(region => region.Neighbours.Append(region.Id)).ToHashSet(StringComparer.Ordinal);
        return new MapShown(
            [.. now.Map.Regions.Select(region =>
            {
                var isKnown = known.Contains(region.Id);
                return new RegionShown(region.Id, region.X, region.Y)
                {
                    Name = isKnown ? region.Name : null,
                    Type = isKnown ? region.Type.Id : null,
                    Mood = isKnown ? region.Type.Mood : null,
                    Neighbours = isKnown ? region.Neighbours : [],
                    Discovered = isKnown,
                    Here = region == now.Region,
                    Reachable = isKnown && Travelling.CheckJump(now, region.Id) is null,
                    JumpFuel = now.Region.Neighbours.Contains(region.Id) ? now.JumpFuel : null,
                };
            })],
            [.. now.Map.Nodes.Select(node =>
            {
                var isKnown = now.Known.Contains(node.Id);
                var isNear = now.Here.Neighbours.Contains(node.Id);
                return new NodeShown(node.Id, node.Region, node.X, node.Y)
                {
                    Name = isKnown ? node.Name : null,
                    Type = isKnown ? node.Type.Id : null,
                    Danger = isKnown ? node.Type.Danger : null,
                    HasRepair = isKnown ? node.HasRepair : null,
                    Market = isKnown ? node.Market?.Name : null,
                    // The ways of a place are seen from there, or from a place next to it.
                    Neighbours = game.Visited.Contains(node.Id)
                        ? node.Neighbours
                        : [.. node.Neighbours.Where(game.Visited.Contains)],
                    Discovered = isKnown,
                    Visited = game.Visited.Contains(node.Id),
                    Here = node.Id == game.At,
                    Reachable = isNear && Travelling.CheckHop(now, node.Id) is null,
                    HopFuel = isNear ? now.HopFuel : null,
                    Quest = game.Quest?.Target == node.Id,
                };
            })]);
    }
}

/// <summary>A region.</summary>
/// <param name="Id">Its name on the wire.</param>
/// <param name="X">Its middle.</param>
/// <param name="Y">Its middle.</param>
public sealed record RegionShown(string Id, int X, int Y)
{
    /// <summary>Its name for people; null while it is not discovered, as the next two.</summary>
    public string? Name { get; init; }

    /// <summary>What sort it is.</summary>
    public string? Type { get; init; }

    /// <summary>What a client may play there.</summary>
    public string? Mood { get; init; }

    /// <summary>Where one can jump to from it.</summary>
    public IReadOnlyList<string> Neighbours { get; init; } = [];

    /// <summary>Whether the player knows of it.</summary>
    public bool Discovered { get; init; }

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
public sealed record NodeShown(string Id, string Region, int X, int Y)
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

    /// <summary>The places that it is known to be next to.</summary>
    public IReadOnlyList<string> Neighbours { get; init; } = [];

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
