using System.Globalization;

namespace Sojourn.Cli.Explorer;

using Sojourn.Client.Explorer;

/// <summary>
/// Draws the map in letters: what a place is shows by its sign, what one knows of it by its brackets.
/// </summary>
internal static class StarChart
{
    public const string Legend =
        "[you] (in reach) O planet # station ? anomaly @ wormhole : asteroids % wreck ! quest";

    private const int Margin = 2, ShortestName = 14, LongestName = 22;

    /// <summary>The region that the ship is in.</summary>
    public static IReadOnlyList<Line> Region(GameMap map, int width, int height)
    {
        var here = map.Nodes.First(node => node.Here).Region;
        var spots = map.Nodes.Where(node => node.Region == here)
            .Select(node => new Spot(node.Id, node.X, node.Y, Sign(node), node.Name ?? "", node.Neighbours)).ToList();
        return Draw(spots, width, height);
    }

    /// <summary>All regions.</summary>
    public static IReadOnlyList<Line> Regions(GameMap map, int width, int height)
    {
        var spots = map.Regions.Select(region => new Spot(
            region.Id, region.X, region.Y,
            Bracket(region.Name is null ? '.' : 'R', region.Here, region.Reachable), region.Name ?? "",
            region.Neighbours));
        return Draw([.. spots], width, height);
    }

    /// <summary>The places of the region in words.</summary>
    public static IEnumerable<Line> Places(GameMap map)
    {
        var here = map.Nodes.First(node => node.Here).Region;
        return map.Nodes.Where(node => node.Region == here && node.Discovered).Select(node => Line.Of(
            $"{PlainText.Line(node.Name)}: " + string.Join(", ", new[]
            {
                node.Here ? "you are here" : null,
                ScreenLines.Words(node.Type ?? "?"),
                node.Danger is { } danger
                    ? string.Create(CultureInfo.InvariantCulture, $"danger {danger * 100:0} %") : null,
                node.HasRepair == true ? "yard" : null,
                node.Market?.ToLowerInvariant(),
                node.Quest ? "your quest leads here" : null,
                node.Visited && !node.Here ? "visited" : null,
                node.HopFuel is { } fuel ? string.Create(CultureInfo.InvariantCulture, $"{fuel} fuel") : null,
            }.OfType<string>())));
    }

    private static string Sign(MapNode node) => Bracket(
        node.Quest ? '!' : node.Type switch
        {
            "planet" => 'O',
            "station" => '#',
            "anomaly" => '?',
            "wormhole" => '@',
            "asteroid_field" => ':',
            "derelict" => '%',
            _ => '.',
        },
        node.Here, node.Reachable);

    private static string Bracket(char sign, bool isHere, bool isReachable) =>
        isHere ? $"[{sign}]" : isReachable ? $"({sign})" : $" {sign} ";

    private static IReadOnlyList<Line> Draw(IReadOnlyList<Spot> spots, int width, int height)
    {
        var longest = Math.Clamp(width / 4, ShortestName, LongestName);
        var grid = new char[height][];
        for (var row = 0; row < height; row++)
            grid[row] = [.. Enumerable.Repeat(' ', width)];
        int left = spots.Min(spot => spot.X), right = spots.Max(spot => spot.X);
        int top = spots.Min(spot => spot.Y), bottom = spots.Max(spot => spot.Y);
        var at = spots.ToDictionary(spot => spot.Id, spot => (
            Column: Margin + Scale(spot.X - left, right - left, width - longest - (2 * Margin) - 1),
            Row: Scale(spot.Y - top, bottom - top, height - 1)));
        foreach (var spot in spots)
        {
            foreach (var next in spot.Neighbours.Where(next => at.ContainsKey(next)
                && (string.CompareOrdinal(spot.Id, next) < 0 || !IsToldBy(spots, next, spot.Id))))
                DrawWay(grid, at[spot.Id], at[next]);
        }

        // Where one is comes last, and is hidden by nothing.
        foreach (var spot in spots.OrderBy(spot => spot.Sign[0] == '['))
        {
            var (column, row) = at[spot.Id];
            var name = PlainText.Line(spot.Name, longest);
            Put(grid, column - 1, row, spot.Sign);
            Put(grid, column + 2, row, name);
        }

        return [.. grid.Select(row => Line.Of(new string(row).TrimEnd()))];
    }

    private static void DrawWay(char[][] grid, (int Column, int Row) from, (int Column, int Row) to)
    {
        var steps = Math.Max(Math.Abs(to.Column - from.Column), Math.Abs(to.Row - from.Row));
        // Every other step: a way is to be told from a name that it crosses.
        for (var step = 0; step < steps; step += 2)
        {
            var column = from.Column + ((to.Column - from.Column) * step / steps);
            grid[from.Row + ((to.Row - from.Row) * step / steps)][column] = '·';
        }
    }

    // Each way once: drawn from both ends it would look like two.
    private static bool IsToldBy(IReadOnlyList<Spot> spots, string from, string to) =>
        spots.Any(spot => spot.Id == from && spot.Neighbours.Contains(to));

    private static void Put(char[][] grid, int column, int row, string text)
    {
        for (var i = 0; i < text.Length && column + i < grid[row].Length; i++)
            grid[row][column + i] = text[i];
    }

    private static int Scale(int value, int range, int cells) => range == 0 ? cells / 2 : value * cells / range;

    private sealed record Spot(string Id, int X, int Y, string Sign, string Name, IReadOnlyList<string> Neighbours);
}
