using System.Security.Cryptography;
using System.Text;
using Sojourn.Kinds.Explorer.Map;

namespace Sojourn.Tests.Explorer;

/// <summary>Maps of many seeds: what holds of each, and of all together.</summary>
public sealed class StarMapTests
{
    private static readonly StarMap[] Maps = [.. Enumerable.Range(0, 600).Select(StarMapMaker.Make)];

    [Fact]
    public void A_map_has_a_region_of_each_type_on_a_circle_and_3_to_8_places_in_each()
    {
        string[] types = ["ancient_sectors", "core_worlds", "frontier", "nebula_fields", "void_space"];
        foreach (var map in Maps)
        {
            map.Regions.Select(region => region.Type.Id).Order().ShouldBe(types);
            map.Regions.Select(region => region.Id).ShouldBe(["r0", "r1", "r2", "r3", "r4"]);
            foreach (var region in map.Regions)
            {
                Math.Sqrt((region.X * region.X) + (region.Y * region.Y)).ShouldBeInRange(249, 351);
                region.Nodes.Count.ShouldBeInRange(3, 8);
                region.Nodes.ShouldBe(Enumerable.Range(0, region.Nodes.Count).Select(i => $"{region.Id}-n{i}"));
            }
        }

        Maps.SelectMany(map => map.Regions).Select(region => region.Nodes.Count).Distinct().Order()
            .ShouldBe([3, 4, 5, 6, 7, 8]);
        Maps.Select(map => map.Regions[0].Type.Id).Distinct().Count().ShouldBe(5);
    }

    [Fact]
    public void Places_lie_50_to_150_from_the_middle_and_begin_with_the_types_of_their_region()
    {
        foreach (var map in Maps)
        {
            foreach (var node in map.Nodes)
            {
                var region = map.RegionOf(node);
                var (x, y) = (node.X - region.X, node.Y - region.Y);
                Math.Sqrt((x * x) + (y * y)).ShouldBeInRange(49, 151);
            }

            foreach (var region in map.Regions)
            {
                var first = region.Nodes.Take(region.Type.Places.Count).Select(id => map[id].Type.Id);
                first.ShouldBe(region.Type.Places.Take(region.Nodes.Count));
            }
        }
    }

    [Fact]
    public void Every_place_can_be_reached_over_ways_that_lead_both_ways()
    {
        foreach (var map in Maps)
        {
            foreach (var region in map.Regions)
            {
                Reached(region.Nodes[0], id => map[id].Neighbours).Count
                    .ShouldBe(region.Nodes.Count, $"map {map.Seed}");
                region.Neighbours.ShouldAllBe(id => map.FindRegion(id)!.Neighbours.Contains(region.Id));
                region.Neighbours.ShouldNotContain(region.Id);
            }

            Reached("r0", id => map.FindRegion(id)!.Neighbours).Count.ShouldBe(5, $"map {map.Seed}");
            map.Nodes.ShouldAllBe(node => node.Neighbours.All(
                id => map[id].Neighbours.Contains(node.Id) && map[id].Region == node.Region && id != node.Id));
        }
    }

    [Fact]
    public void A_region_has_a_tree_of_ways_and_a_few_more()
    {
        foreach (var map in Maps)
        {
            foreach (var region in map.Regions)
            {
                var (places, ways) = (region.Nodes.Count, region.Nodes.Sum(id => map[id].Neighbours.Count) / 2);
                ways.ShouldBeInRange(places - 1, places - 1 + Math.Max(1, places / 2));
            }
        }
    }

    [Fact]
    public void Yards_and_markets_are_as_common_as_their_places_say()
    {
        (string Type, double Repair, double Trade)[] expected =
        [
            ("planet", 0.7, 0.8), ("station", 1, 1), ("anomaly", 0, 0), ("wormhole", 0, 0),
            ("asteroid_field", 0.2, 0.4),
            ("derelict", 0.1, 0.2),
        ];
        var nodes = Maps.SelectMany(map => map.Nodes).ToLookup(node => node.Type.Id);
        foreach (var (type, repair, trade) in expected)
        {
            nodes[type].Average(node => node.HasRepair ? 1.0 : 0).ShouldBe(repair, 0.03, type);
            nodes[type].Average(node => node.Market is null ? 0 : 1.0).ShouldBe(trade, 0.03, type);
        }

        var markets = Maps.SelectMany(map => map.Nodes).Select(node => node.Market?.Id).OfType<string>().ToList();
        ((double)markets.Count(id => id == "trading_post") / markets.Count).ShouldBe(0.25, 0.03);
        ((double)markets.Count(id => id == "industrial") / markets.Count).ShouldBe(0.15, 0.03);
    }

    [Fact]
    public void A_game_begins_at_the_first_place_of_the_first_region_that_has_a_yard()
    {
        foreach (var map in Maps)
        {
            var region = map.RegionOf(map.Start);
            region.Nodes[0].ShouldBe(map.Start.Id);
            region.Nodes.ShouldContain(id => map[id].HasRepair);
            map.Regions.TakeWhile(each => each.Id != region.Id)
                .ShouldAllBe(each => !each.Nodes.Any(id => map[id].HasRepair));
        }
    }

    /// <summary>Stored games name the places of the map they began on: what a seed gives must never change.</summary>
    [Fact]
    public void The_maps_of_these_seeds_are_what_they_have_always_been() =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Maps.Take(100).Select(Write)))))
            .ShouldBe("7625B74B98E1DAF4BFD8CB7A5575881005D293FFA17B97233566B80B0E9B1C59");

    [Fact]
    public void A_map_that_is_asked_for_again_is_the_same() =>
        Write(StarMap.Of(5)).ShouldBe(Write(StarMapMaker.Make(5)));

    private static string Write(StarMap map) => string.Join('\n', map.Regions.Select(region =>
        $"{region.Id} {region.Type.Id} {region.X} {region.Y} {string.Join(',', region.Neighbours)}")
            .Concat(map.Nodes.Select(
        node => $"{node.Id} {node.Name} {node.Type.Id} {node.X} {node.Y} {node.HasRepair} {node.Market?.Id} "
            + string.Join(',', node.Neighbours))));

    private static HashSet<string> Reached(string from, Func<string, IReadOnlyList<string>> next)
    {
        HashSet<string> reached = [from];
        Queue<string> open = new(reached);
        while (open.TryDequeue(out var at))
        {
            foreach (var id in next(at).Where(reached.Add))
            {
                open.Enqueue(id);
            }
        }

        return reached;
    }
}
