using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Map;
using Sojourn.Kinds.Explorer.Playing;

namespace Sojourn.Tests.Explorer;

/// <summary>
/// What actions cost and how often they go how, measured over many seeds. The bounds are more than four standard
/// deviations wide, and the seeds are always the same.
/// </summary>
public sealed class ActionOddsTests
{
    private const double Bound = 0.025;

    // Next to an anomaly, all of it known: no encounter mixes in.
    private static readonly Game NextToAnomaly = Games.At((map, node) => map[node.Neighbours[0]].Type.Id == "anomaly")
        .KnowingAll();

    private static Navigate ToAnomaly => new(NextToAnomaly.Next());

    [Fact]
    public void A_hop_takes_a_turn_and_fuel_and_harms_as_often_as_the_place_is_dangerous()
    {
        var flight = Flight.From(NextToAnomaly);

        flight.Share(ToAnomaly, each => each.Game is { Turn: 1, Fuel: 96 }).ShouldBe(1);
        flight.Share(ToAnomaly, each => each.Events.OfType<Harmed>().Any()).ShouldBe(0.8, Bound);
        Damages(flight, ToAnomaly).ShouldBe(Enumerable.Range(5, 11));
    }

    [Fact]
    public void A_quarter_of_the_danger_is_the_chance_of_a_fight() =>
        Flight.From(NextToAnomaly).Share(ToAnomaly, each => each.Status == "fighting").ShouldBe(0.2, Bound);

    [Fact]
    public void Nobody_attacks_a_pod_and_it_is_knocked_about_on_three_flights_of_ten()
    {
        var pod = Flight.From(NextToAnomaly.WithPod().InPod());
        pod.Share(ToAnomaly, each => each.Status == "fighting").ShouldBe(0);
        pod.Share(ToAnomaly, each => each.Game.Pod!.Hp == 20).ShouldBe(0.3, Bound);
        pod.Share(ToAnomaly, each => each.Game.Pod!.Hp == 30).ShouldBe(0.7, Bound);

        Flight.From(NextToAnomaly.WithPod("armor_plating").InPod())
            .Share(ToAnomaly, each => each.Game.Pod!.Hp == 25).ShouldBe(0.3, Bound);
        Flight.From(NextToAnomaly.WithPod("distress_beacon").InPod())
            .Share(ToAnomaly, each => each.Game.Pod!.Hp == 20).ShouldBe(0.15, Bound);
    }

    [Fact]
    public void At_a_place_seen_first_something_is_met_as_often_as_the_rules_say()
    {
        var wild = Games.At((map, node) => map[node.Neighbours[0]].Type.Id == "anomaly");
        Flight.From(wild).Share(new Navigate(wild.Next()), each => each.Status == "choosing")
            .ShouldBe(0.8 * 0.6, Bound);

        // A station: a quest first, or else something else. Another place of the region is new, for the quest to lead
        // to.
        var town = Games.At((map, node) => map[node.Neighbours[0]].Type.Id == "station"
            && map.RegionOf(node).Nodes.Count > 4);
        var hop = new Navigate(town.Next());
        Flight.From(town).Share(hop, each => IsOffer(each.Game)).ShouldBe(0.975 * 0.3, Bound);
        Flight.From(town).Share(hop, each => each.Game.Encounter is not null && !IsOffer(each.Game))
            .ShouldBe(0.975 * 0.7 * 0.6, Bound);
        Flight.From(town.KnowingAll()).Share(hop, each => each.Status == "choosing", tries: 500).ShouldBe(0);
    }

    [Fact]
    public void A_jump_takes_50_fuel_or_20_from_a_wormhole_whatever_the_ship()
    {
        foreach (var ship in (string[])["scout", "trader"])
        {
            Jump(Games.InTheWild.Flying(ship)).Game.Fuel.ShouldBe(50);
            Jump(Games.AtWormhole.Flying(ship)).Game.Fuel.ShouldBe(80);
        }
    }

    [Fact]
    public void A_region_seen_for_the_first_time_pays_100_and_one_comes_back_to_the_place_known_there()
    {
        var game = Games.AtWormhole;
        var map = StarMap.Of(game.MapSeed);
        var region = map.RegionOf(map[game.At]).Neighbours[0];

        var first = Jump(game);
        first.Game.Statistics.CreditsEarned.ShouldBe(100);
        first.Events.OfType<RegionReached>().ShouldHaveSingleItem().Region.ShouldBe(region);

        var known = map.FindRegion(region)!.Nodes[^1];
        Flight.From(game with { Visited = [game.At, known] }).Share(new Navigate(Region: region),
            each => each.Game.At == known && each.Game.Statistics.CreditsEarned == 0, tries: 200).ShouldBe(1);
    }

    [Fact]
    public void Looking_around_brings_goods_or_one_of_six_equal_kinds_of_luck()
    {
        var flight = Flight.From(Games.InTheWild.Flying("trader") with { Fuel = 50 });
        (string What, Func<Game, bool> Holds, double Share)[] expected =
        [
            ("goods", game => game.Cargo.Count == 1, 0.3),
            ("credits", game => game.Wealth == 600, 0.7 / 6),
            ("debris", game => game.Hull == 80, 0.7 / 6),
            ("a leak", game => game.Fuel == 40, 0.7 / 6),
            ("fuel", game => game.Fuel == 80, 0.7 / 6),
            ("radiation", game => game.Health == 75, 0.7 / 6),
            ("food", game => game.Food == 70, 0.7 / 6),
        ];
        foreach (var (what, holds, share) in expected)
        {
            flight.Share(new Explore(), each => holds(each.Game)).ShouldBe(share, Bound, what);
        }

        flight.Share(new Explore(), each => expected.Count(outcome => outcome.Holds(each.Game)) == 1, 2000).ShouldBe(1);
    }

    [Fact]
    public void A_scanner_doubles_the_credits_of_a_find_and_two_make_it_eightfold_with_an_array()
    {
        var game = Games.InTheWild.Flying("scout", "scanner_upgrade", "scanner_upgrade").WithPod("scanner_array");
        Flight.From(game).Until(new Explore(), each => each.Game.Wealth > 500).Game.Wealth.ShouldBe(1300);
    }

    [Theory]
    [InlineData(false, false, 0.3)]
    [InlineData(true, false, 0.5)]
    [InlineData(false, true, 0.5)]
    public void A_scan_shows_something_more_often_with_a_better_scanner(bool upgrade, bool array, double share)
    {
        var game = upgrade ? Games.InTheWild.Flying("scout", "scanner_upgrade") : Games.InTheWild;
        Flight.From(array ? game.WithPod("scanner_array") : game)
            .Share(new Scan(), each => each.Events.Count > 1).ShouldBe(share, Bound);
    }

    [Fact]
    public void The_array_of_a_pod_that_flies_betters_no_scan_as_it_doubles_no_find() =>
        Flight.From(Games.InTheWild.WithPod("scanner_array").InPod())
            .Share(new Scan(), each => each.Events.Count > 1).ShouldBe(0.3, Bound);

    [Fact]
    public void Mining_yields_as_often_and_as_much_as_the_laser_allows()
    {
        var flight = Flight.From(Games.AtAsteroids.Flying("trader", "mining_laser"));
        static int Ore(Flight each) => each.Now.Has("rare_minerals");

        flight.Share(new Mine(), each => each.Game is { Turn: 1, Fuel: 95 }).ShouldBe(1);
        flight.Share(new Mine(), each => Ore(each) > 0).ShouldBe(0.7, Bound);
        // 2 to 5, times 1.5, rounded down.
        foreach (var ore in (int[])[3, 4, 6, 7])
        {
            flight.Share(new Mine(), each => Ore(each) == ore).ShouldBe(0.7 / 4, Bound, $"{ore}");
        }

        foreach (var bonus in (string[])["quantum_processor", "exotic_matter", "data_cores"])
        {
            flight.Share(new Mine(), each => each.Now.Has(bonus) == 1).ShouldBe(0.07 / 3, 0.008, bonus);
        }

        flight.Share(new Mine(), each => each.Events.OfType<Harmed>().Any()).ShouldBe(0.3, Bound);
        Damages(flight, new Mine()).ShouldBe(Enumerable.Range(5, 11));
    }

    [Fact]
    public void A_wreck_holds_each_thing_as_often_as_the_table_says()
    {
        var flight = Flight.From(Games.AtDerelict.Flying("trader", "salvager"));
        (string Item, double Chance, int Least, int Most)[] table =
        [
            ("scrap_metal", 0.4, 3, 8), ("electronic_components", 0.3, 2, 5), ("fuel_cells", 0.2, 1, 3),
            ("data_cores", 0.08, 1, 2), ("fusion_core", 0.02, 1, 1),
        ];

        flight.Share(new Salvage(), each => each.Game is { Turn: 1, Fuel: 97 }).ShouldBe(1);
        foreach (var (item, chance, least, most) in table)
        {
            flight.Share(new Salvage(), each => each.Now.Has(item) > 0).ShouldBe(0.8 * chance * 1.5, Bound, item);
            flight.Share(new Salvage(),
                each => each.Now.Has(item) is var has && (has == 0 || (has >= least && has <= most)))
                .ShouldBe(1, item);
        }

        flight.Share(new Salvage(), each => each.Events.OfType<Harmed>().Any()).ShouldBe(0.1, Bound);
        Damages(flight, new Salvage()).ShouldBe(Enumerable.Range(3, 8));
    }

    [Fact]
    public void A_tanker_answers_every_other_call_with_20_fuel()
    {
        var flight = Flight.From(Games.InTheWild with { Fuel = 3 });

        flight.Share(new SignalDistress(), each => each.Game is { Fuel: 23, Turn: 1 }).ShouldBe(0.5, Bound);
        flight.Share(new SignalDistress(), each => each.Game is { Fuel: 3, Turn: 1 }).ShouldBe(0.5, Bound);
    }

    [Fact]
    public void Without_a_target_any_neighbour_is_as_likely()
    {
        var game = Games.At((_, node) => node.Neighbours.Count == 3).KnowingAll();
        foreach (var neighbour in StarMap.Of(game.MapSeed)[game.At].Neighbours)
        {
            Flight.From(game).Share(new Navigate(), each => each.Game.At == neighbour).ShouldBe(1.0 / 3, Bound);
        }
    }

    private static bool IsOffer(Game game) => game.Encounter?.Id.StartsWith("offer-", StringComparison.Ordinal) == true;

    private static Flight Jump(Game game)
    {
        var region = new Situation(game).Region.Neighbours[0];
        return Flight.From(game).Until(new Navigate(Region: region), each => each.Game.Fight is null);
    }

    private static int[] Damages(Flight flight, object command)
    {
        var damages = new SortedSet<int>();
        flight.Share(command, each =>
        {
            damages.UnionWith(each.Events.OfType<Harmed>().Select(harm => harm.Hull));
            return true;
        }, tries: 3000);
        return [.. damages];
    }
}
