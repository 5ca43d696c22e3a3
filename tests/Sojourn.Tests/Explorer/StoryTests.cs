using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Catalogue;
using Sojourn.Kinds.Explorer.Map;
using Sojourn.Kinds.Explorer.Playing;
using Sojourn.Kinds.Explorer.Showing;

namespace Sojourn.Tests.Explorer;

/// <summary>What a player lives through, from the first repair to the pod.</summary>
public sealed class StoryTests
{
    [Fact]
    public void A_ship_that_is_shot_down_ejects_its_pod_and_is_lost_with_all_that_was_fitted()
    {
        var game = Games.InTheWild.Flying("combat", "laser_cannon", "armor_plates")
            .WithPod("life_support_upgrade", "cargo_module").Holding("alien_artifacts", 3).Holding("scrap_metal", 2)
            .Fighting("space_kraken") with
        { Hull = 1, Effects = [new TimedEffect("temp_hp", 50, 3)] };

        var flight = Flight.From(game).Until(new Attack(), each => each.Game.Pod!.Flying);

        flight.Game.Pod.ShouldSatisfyAllConditions(pod => pod!.Hp.ShouldBe(50), pod => pod!.Flying.ShouldBeTrue());
        (flight.Game.Hull, flight.Game.Mods.Count, flight.Game.Effects.Count, flight.Status)
            .ShouldBe((0, 0, 0, "playing"));
        flight.Game.Cargo.ShouldBe([new Stack("alien_artifacts", 3)]);
        flight.Game.Statistics.PodUses.ShouldBe(1);
        flight.Events.OfType<FightEnded>().ShouldHaveSingleItem().How.ShouldBe(FightEnd.Lost);
        flight.Events.OfType<Ejected>().ShouldHaveSingleItem();
    }

    [Fact]
    public void Emergency_supplies_are_food_in_the_pod_and_without_a_module_no_cargo_is_saved()
    {
        var game = Games.InTheWild.WithPod("emergency_supplies").Holding("data_cores", 5).Fighting("space_kraken") with
        {
            Hull = 1,
        };
        var ejected = Flight.From(game).Until(new Attack(), each => each.Game.Pod!.Flying).Game;
        (ejected.Food, ejected.Cargo.Count).ShouldBe((70, 0));
    }

    [Fact]
    public void Who_comes_in_a_pod_and_buys_a_ship_leaves_the_pod_behind_and_can_buy_another()
    {
        var flight = Flight.From(Games.AtYard.Rich(1000).WithPod("shield_boost").InPod());

        flight.Do(new BuyShip("scout"));

        (flight.Game.Ship, flight.Game.Hull, flight.Game.Pod, flight.Game.Wealth).ShouldBe(("scout", 80, null, 600));
        flight.Do(new BuyPod()).Game.Pod
            .ShouldBe(new Pod(30) { JustBought = true, Augmentations = flight.Game.Pod!.Augmentations });
    }

    [Fact]
    public void A_pod_that_was_just_bought_can_be_augmented_after_the_first_flight()
    {
        var game = Games.AtYard.Rich(1900).KnowingAll();
        var flight = Flight.From(game).Do(new BuyPod());
        flight.Send(new BuyAugmentation("life_support_upgrade"))!.Code.ShouldBe("pod-new");

        var there = flight.Game.Next();
        flight = flight.Until(new Navigate(there), each => each.Status == "playing")
            .Until(new Navigate(game.At), each => each.Status == "playing");
        flight.Do(new BuyAugmentation("life_support_upgrade"));

        (flight.Game.Pod!.Hp, flight.Game.Wealth).ShouldBe((50, 800));
    }

    [Fact]
    public void Buying_a_ship_loses_what_was_fitted_and_keeps_the_cargo_even_if_it_does_not_fit()
    {
        var flight = Flight.From(Games.AtYard.Rich(1999).Flying("trader", "cargo_expander", "laser_cannon")
            .Holding("rare_minerals", 40));

        flight.Do(new BuyShip("scout"));

        (flight.Game.Mods.Count, flight.Game.Hull, flight.Game.Wealth).ShouldBe((0, 80, 1599));
        (flight.Now.Stats.CargoUsed, flight.Now.Stats.CargoCapacity).ShouldBe((200, 50));
        flight.Send(new BuyItem("fuel_cells"))!.Code.ShouldBe("hold-full");
        flight.Do(new Jettison("rare_minerals", 35)).Now.FreeCargo.ShouldBe(25);
    }

    [Fact]
    public void A_mod_pays_half_when_it_is_taken_out_and_takes_its_hull_along()
    {
        var flight = Flight.From(Games.AtYard).Do(new BuyMod("armor_plates")).Do(new Repair());
        (flight.Game.Hull, flight.Game.Wealth).ShouldBe((110, 150));

        flight.Do(new RemoveMod("armor_plates"));
        (flight.Game.Hull, flight.Game.Wealth, flight.Game.Mods.Count).ShouldBe((80, 275, 0));
    }

    [Fact]
    public void A_repair_costs_100_and_makes_the_hull_whole_with_all_that_adds_to_it()
    {
        var flight = Flight.From(Games.AtYard.Flying("scout", "armor_plates").WithPod("shield_boost")
            with
        { Hull = 1 });
        flight.Do(new Repair());
        (flight.Game.Hull, flight.Game.Wealth, flight.Game.Turn).ShouldBe((130, 400, 0));
    }

    [Fact]
    public void Drones_repair_a_point_a_turn_and_never_beyond_the_maximum()
    {
        var game = Games.AtDerelict.Flying("trader", "salvager", "repair_drones", "repair_drones");
        Flight.From(game with { Hull = 50 }).Share(new Salvage(),
            each => each.Game.Hull == 52 || each.Events.OfType<Harmed>().Any(), tries: 500).ShouldBe(1);
        Flight.From(game with { Hull = 99 }).Until(new Salvage(), each => !each.Events.OfType<Harmed>().Any())
            .Game.Hull.ShouldBe(100);
    }

    [Fact]
    public void A_shield_charge_holds_for_five_turns_and_then_takes_its_hull_along()
    {
        var flight = Flight.From(Games.AtDerelict.Flying("trader", "salvager").Holding("shield_booster_charge"));
        flight.Do(new UseItem("shield_booster_charge"));
        (flight.Game.Hull, flight.Now.Stats.MaxHull).ShouldBe((150, 150));

        for (var left = 4; left > 0; left--)
        {
            flight = flight.Until(new Salvage(), each => !each.Events.OfType<Harmed>().Any());
            flight.Game.Effects.ShouldBe([new TimedEffect("temp_hp", 50, left)]);
        }

        flight = flight.Until(new Salvage(), each => !each.Events.OfType<Harmed>().Any());
        (flight.Game.Hull, flight.Now.Stats.MaxHull, flight.Game.Effects.Count).ShouldBe((100, 100, 0));
        flight.Events.OfType<TurnPassed>().ShouldHaveSingleItem().Text.ShouldBe("A shield charge has run down.");
    }

    [Fact]
    public void However_many_charges_are_used_the_state_holds_one_effect_a_turn()
    {
        var flight = Flight.From(Games.InTheWild.Holding("shield_booster_charge", 5));
        for (var used = 0; used < 5; used++)
        {
            flight.Do(new UseItem("shield_booster_charge"));
        }

        flight.Game.Effects.ShouldBe([new TimedEffect("temp_hp", 250, 5)]);
        flight.Game.Hull.ShouldBe(330);
    }

    [Theory]
    [InlineData("repair_nanobots", 70, 50, 50)]
    [InlineData("fuel_cells", 50, 80, 50)]
    [InlineData("med_pack", 50, 50, 80)]
    public void An_item_helps_by_its_figure(string item, int hull, int fuel, int health)
    {
        var game = Games.InTheWild.Holding(item) with { Hull = 50, Fuel = 50, Health = 50 };
        var used = Flight.From(game).Do(new UseItem(item)).Game;
        (used.Hull, used.Fuel, used.Health, used.Cargo.Count).ShouldBe((hull, fuel, health, 0));
    }

    [Theory]
    [InlineData("repair_nanobots")]
    [InlineData("fuel_cells")]
    [InlineData("med_pack")]
    public void And_never_beyond_the_maximum(string item)
    {
        var game = Games.InTheWild.Holding(item) with { Hull = 79, Fuel = 99, Health = 99 };
        var used = Flight.From(game).Do(new UseItem(item)).Game;
        (used.Hull, used.Fuel, used.Health).ShouldBe((
            item == "repair_nanobots" ? 80 : 79, item == "fuel_cells" ? 100 : 99, item == "med_pack" ? 100 : 99));
    }

    [Theory]
    [InlineData(60, 50, 10, 80, 40)]
    [InlineData(95, 50, 10, 100, 47)]
    [InlineData(60, 3, 10, 66, 0)]
    public void One_eats_no_more_than_there_is_and_nothing_that_would_be_wasted(
        int health, int food, int amount, int after, int left)
    {
        var fed = Flight.From(Games.InTheWild with { Health = health, Food = food }).Do(new Eat(amount)).Game;
        (fed.Health, fed.Food, fed.Turn).ShouldBe((after, left, 0));
    }

    [Fact]
    public void What_was_found_once_a_turn_is_found_again_after_a_hop()
    {
        var flight = Flight.From(Games.InTheWild.KnowingAll()).Do(new Explore());
        flight.Send(new Explore())!.Code.ShouldBe("explored-already");
        flight.Until(new Navigate(flight.Game.Next()), each => each.Status == "playing").Do(new Explore());
    }

    [Fact]
    public void A_scan_charts_what_lies_beyond_the_neighbours_and_the_map_shows_it()
    {
        var game = Games.At((map, node) => map.RegionOf(node).Nodes.Count > 4 && node.Neighbours.Count == 1
            && map[node.Neighbours[0]].Neighbours.Count > 1);
        var before = MapShown.Of(game).Nodes.Count(node => node.Discovered);

        var flight = Flight.From(game).Do(new Scan());

        flight.Game.Charted.Count.ShouldBeGreaterThan(0);
        MapShown.Of(flight.Game).Nodes.Count(node => node.Discovered).ShouldBe(before + flight.Game.Charted.Count);
        var hidden = MapShown.Of(flight.Game).Nodes.First(node => !node.Discovered);
        (hidden.Name, hidden.Type, hidden.HasRepair, hidden.Market).ShouldBe((null, null, null, null));
    }

    [Fact]
    public void A_region_that_was_seen_from_another_stays_on_the_map_after_one_has_flown_on()
    {
        // From here one jumps to a region that does not lie next to all that this one does.
        var game = Games.At((map, node) => map.RegionOf(node).Neighbours.Count > 1 && NextTo(map, node) is { } next
            && map.RegionOf(node).Neighbours.Any(each => each != next.Id && !next.Neighbours.Contains(each)));
        var there = NextTo(StarMap.Of(game.MapSeed), StarMap.Of(game.MapSeed)[game.At])!.Id;
        var before = Known(game);

        var flown = Flight.From(game).Do(new Navigate(Region: there)).Game;

        before.ShouldBeSubsetOf(Known(flown));

        static Region? NextTo(StarMap map, Node node) => map.FindRegion(map.RegionOf(node).Neighbours[0]);
        static string[] Known(Game game) =>
            [.. MapShown.Of(game).Regions.Where(region => region.Discovered).Select(region => region.Id)];
    }

    [Fact]
    public void A_kill_can_be_salvaged_anywhere_and_once()
    {
        var game = Games.InTheWild.Flying("trader", "salvager") with { Statistics = new Tally { ShipsDestroyed = 1 } };
        var flight = Flight.From(game).Until(new Salvage(), each => each.Game.Hull == 100);
        flight.Send(new Salvage())!.Code.ShouldBe("no-wreck");
    }

    [Fact]
    public void The_ship_that_has_no_fuel_for_a_hop_calls_for_help_and_is_offered_it()
    {
        var flight = Flight.From(Games.InTheWild with { Fuel = 3 });

        flight.Options.Actions.Where(action => action is { Available: true, Group: ActionGroup.Travel })
            .ShouldHaveSingleItem().Command.ShouldBe("signal-distress");
        flight.Until(new SignalDistress(), each => each.Game.Fuel == 23).Do(new Navigate());
    }

    [Fact]
    public void What_is_bought_and_sold_at_one_place_always_loses()
    {
        var markets = Enumerable.Range(0, 40).Select(StarMap.Of).SelectMany(map => map.Nodes
            .Where(node => node.Market is not null)
            .Select(node => Games.AtYard with { MapSeed = map.Seed, At = node.Id }));
        foreach (var game in markets)
        {
            var now = new Situation(game);
            var mild = new Situation(game with { Rules = game.Rules with { TradeSpread = 1 } });
            foreach (var (item, quantity) in
                from item in Item.All
                where item.CanBeSold
                from quantity in (int[])[1, 2, 7, 99]
                select (item, quantity))
            {
                Trading.SellingPrice(now, item, quantity).ShouldBeLessThan(Trading.BuyingPrice(now, item, quantity));
                Trading.SellingPrice(mild, item, quantity)
                    .ShouldBeLessThanOrEqualTo(Trading.BuyingPrice(mild, item, quantity));
            }
        }
    }

    [Fact]
    public void Prices_differ_by_place_within_what_region_market_and_luck_allow()
    {
        var prices = new List<double>();
        foreach (var map in Enumerable.Range(0, 100).Select(StarMap.Of))
        {
            foreach (var node in map.Nodes.Where(node => node.IsInhabited))
            {
                var market = node.Market?.Id is "trading_post" ? 1.2 : 1.0;
                var usual = 150 * market * map.RegionOf(node).Type.TradeDemand;
                var price = Trading.UnitPrice(map, node, Item.Of("luxury_goods"));
                price.ShouldBeInRange(usual * 0.85, usual * 1.15);
                prices.Add(price);
            }
        }

        (prices.Max() / prices.Min()).ShouldBeGreaterThan(1.5);
    }

    [Fact]
    public void Goods_that_are_carried_to_where_they_are_dear_earn_and_the_money_is_conserved()
    {
        var flight = Flight.From(Games.AtYard).Do(new BuyItem("fuel_cells", 2));
        var paid = 500 - flight.Game.Wealth;
        paid.ShouldBe(flight.Game.Statistics.CreditsSpent);
        flight.Do(new SellItem("fuel_cells", 2));

        (500 + flight.Game.Statistics.CreditsEarned - paid).ShouldBe(flight.Game.Wealth);
        flight.Game.Wealth.ShouldBeLessThan(500);
        flight.Game.Statistics.ItemsCollected.ShouldBe(0);
    }

    [Fact]
    public void A_find_that_the_hold_has_no_room_for_is_told_and_left()
    {
        var flight = Flight.From(Games.InTheWild.Holding("rare_minerals", 10));
        var full = flight.Until(new Explore(),
            each => each.Outcome!.Text.Contains("no room", StringComparison.Ordinal));
        full.Game.Cargo.ShouldBe([new Stack("rare_minerals", 10)]);
        full.Outcome!.Type.ShouldBe(OutcomeType.Warning);
    }

    [Fact]
    public void A_choice_is_paid_for_and_brings_one_of_its_outcomes()
    {
        var trader = Flight.From(Games.InTheWild.Meeting("travelling_trader")).Do(new Choose("buy_food"));
        (trader.Game.Food, trader.Game.Wealth, trader.Game.Encounter).ShouldBe((75, 460, null));

        var freighter = Flight.From(Games.InTheWild.Meeting("drifting_freighter"));
        freighter.Share(new Choose("help"), each => each.Game is { Wealth: 650, Fuel: 90 }).ShouldBe(0.7, 0.025);
        freighter.Share(new Choose("help"), each => each.Game.Fight?.Enemy == "pirate_scout").ShouldBe(0.3, 0.025);
    }
}
