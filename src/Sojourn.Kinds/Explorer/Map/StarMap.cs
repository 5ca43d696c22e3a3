using Sojourn.Kinds.Explorer.Catalogue;

namespace Sojourn.Kinds.Explorer.Map;

/// <summary>A region of the map.</summary>
internal sealed record Region(
    string Id, string Name, RegionType Type, int X, int Y, IReadOnlyList<string> Nodes,
    IReadOnlyList<string> Neighbours);

/// <summary>A place on the map. Its position is the region's plus its own.</summary>
internal sealed record Node(
    string Id, string Name, NodeType Type, string Region, int X, int Y, bool HasRepair, MarketType? Market,
    IReadOnlyList<string> Neighbours)
{
    public bool IsInhabited => HasRepair || Market is not null;

    public int DistanceTo(Node other)
    {
        double dx = X - other.X, dy = Y - other.Y;
        return (int)Math.Round(Math.Sqrt((dx * dx) + (dy * dy)));
    }
}

/// <summary>
/// The map of a game: made from a seed, never changed, the same from the same seed on every machine. Safe to share.
/// </summary>
internal sealed class StarMap(int seed, IReadOnlyList<Region> regions, IReadOnlyList<Node> nodes)
{
    // Making one takes some tens of microseconds and it is needed at each step. What is remembered is a pure function's
    // outcome, so rules stay pure. Of a collision only the newer stays: with a thousand games at once one in nine.
    private static readonly StarMap?[] Remembered = new StarMap?[4096];

    // Not frozen: that is slower to make than a map's few look-ups would ever win back.
    private readonly Dictionary<string, Region> _regions =
        regions.ToDictionary(region => region.Id, StringComparer.Ordinal);
    private readonly Dictionary<string, Node> _nodes = nodes.ToDictionary(node => node.Id, StringComparer.Ordinal);

    public int Seed => seed;

    public IReadOnlyList<Region> Regions => regions;

    public IReadOnlyList<Node> Nodes => nodes;

    /// <summary>Where games begin: the first place of the first region that has a yard.</summary>
    public Node Start => this[regions.First(region => region.Nodes.Any(id => this[id].HasRepair)).Nodes[0]];

    public Node this[string id] => _nodes[id];

    public static StarMap Of(int seed)
    {
        var place = (uint)seed % (uint)Remembered.Length;
        var known = Volatile.Read(ref Remembered[place]);
        if (known?.Seed == seed)
        {
            return known;
        }

        var made = StarMapMaker.Make(seed);
        Volatile.Write(ref Remembered[place], made);
        return made;
    }

    public Node? Find(string id) => _nodes.GetValueOrDefault(id);

    public Region? FindRegion(string id) => _regions.GetValueOrDefault(id);

    public Region RegionOf(Node node) => _regions[node.Region];
}
