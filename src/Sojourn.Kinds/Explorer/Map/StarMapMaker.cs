using Sojourn.Kinds.Explorer.Catalogue;

namespace Sojourn.Kinds.Explorer.Map;

/// <summary>
/// Makes maps. What it makes from a seed must never change: stored games name the places of the map they began on.
/// </summary>
internal static class StarMapMaker
{
    private const double Circle = 300;
    private const double CircleSpread = 50;
    private const int FewestNodes = 3;
    private const int MostNodes = 8;
    private const double NearestNode = 50;
    private const double FarthestNode = 150;
    private const double AngleSpread = 0.5;

    public static StarMap Make(int seed)
    {
        var dice = new Dice((ulong)(uint)seed ^ 0x5EED_0F_57A2_0000UL);
        var types = Shuffled(RegionType.All, dice);
        var centres = new (int X, int Y)[types.Length];
        for (var i = 0; i < types.Length; i++)
        {
            centres[i] = OnCircle(Math.Tau * i / types.Length, Circle + Between(-CircleSpread, CircleSpread, dice));
        }

        var nodes = new List<Node>();
        for (var i = 0; i < types.Length; i++)
        {
            nodes.AddRange(MakeNodes($"r{i}", types[i], centres[i], dice));
        }

        var edges = RegionEdges(centres, dice);
        var regions = types.Select((type, i) => new Region(
            $"r{i}", $"{type.Name} {(seed % 900) + 100 + i}", type, centres[i].X, centres[i].Y,
            [.. nodes.Where(node => node.Region == $"r{i}").Select(node => node.Id)],
            [.. edges[i].Order().Select(other => $"r{other}")]));
        return new StarMap(seed, [.. regions], nodes);
    }

    private static IEnumerable<Node> MakeNodes(string region, RegionType type, (int X, int Y) centre, Dice dice)
    {
        var count = dice.Next(FewestNodes, MostNodes + 1);
        var places = new (int X, int Y)[count];
        for (var i = 0; i < count; i++)
        {
            var angle = (Math.Tau * i / count) + Between(-AngleSpread, AngleSpread, dice);
            var (x, y) = OnCircle(angle, Between(NearestNode, FarthestNode, dice));
            places[i] = (centre.X + x, centre.Y + y);
        }

        var edges = NodeEdges(places, dice);
        for (var i = 0; i < count; i++)
        {
            var nodeType = NodeType.Of(i < type.Places.Count
                ? type.Places[i]
                : NodeType.All[dice.Next(NodeType.All.Count)].Id);
            var hasRepair = dice.Chance(nodeType.RepairChance);
            var market = dice.Chance(nodeType.TradeChance) ? MarketType.Roll(dice) : null;
            yield return new Node(
                $"{region}-n{i}", StarNames.Of(nodeType.Id, dice), nodeType, region, places[i].X, places[i].Y,
                hasRepair, market, [.. edges[i].Order().Select(other => $"{region}-n{other}")]);
        }
    }

    /// <summary>A tree of the shortest ways, so that each can be reached, and some ways more.</summary>
    private static SortedSet<int>[] NodeEdges((int X, int Y)[] places, Dice dice)
    {
        var edges = Tree(places);
        for (var tries = dice.Next(1, Math.Max(1, places.Length / 2) + 1); tries > 0; tries--)
        {
            Join(edges, dice.Next(places.Length), dice.Next(places.Length));
        }

        return edges;
    }

    /// <summary>
    /// Each to its 1 to 3 nearest, and the tree of the shortest ways, without which some could be cut off.
    /// </summary>
    private static SortedSet<int>[] RegionEdges((int X, int Y)[] centres, Dice dice)
    {
        var edges = Tree(centres);
        for (var i = 0; i < centres.Length; i++)
        {
            var near = Enumerable.Range(0, centres.Length).Where(other => other != i)
                .OrderBy(other => Apart(centres[i], centres[other])).ThenBy(other => other)
                .Take(dice.Next(1, 4));
            foreach (var other in near)
            {
                Join(edges, i, other);
            }
        }

        return edges;
    }

    private static SortedSet<int>[] Tree((int X, int Y)[] places)
    {
        var edges = places.Select(_ => new SortedSet<int>()).ToArray();
        var joined = new HashSet<int> { 0 };
        while (joined.Count < places.Length)
        {
            var (from, to) = joined
                .SelectMany(a => Enumerable.Range(0, places.Length).Where(b => !joined.Contains(b)).Select(b => (a, b)))
                .OrderBy(way => Apart(places[way.a], places[way.b])).ThenBy(way => way.a).ThenBy(way => way.b)
                .First();
            Join(edges, from, to);
            joined.Add(to);
        }

        return edges;
    }

    private static void Join(SortedSet<int>[] edges, int a, int b)
    {
        if (a != b)
        {
            edges[a].Add(b);
            edges[b].Add(a);
        }
    }

    private static long Apart((int X, int Y) a, (int X, int Y) b)
    {
        long dx = a.X - b.X, dy = a.Y - b.Y;
        return (dx * dx) + (dy * dy);
    }

    // Whole numbers, so that the last bits of a sine make no difference between machines.
    private static (int X, int Y) OnCircle(double angle, double radius) =>
        ((int)Math.Round(Math.Cos(angle) * radius), (int)Math.Round(Math.Sin(angle) * radius));

    private static double Between(double from, double to, Dice dice) => from + ((to - from) * dice.NextFraction());

    private static T[] Shuffled<T>(IReadOnlyList<T> all, Dice dice)
    {
        T[] shuffled = [.. all];
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var other = dice.Next(i + 1);
            (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
        }

        return shuffled;
    }
}
