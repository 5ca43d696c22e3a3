using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Catalogue;
using Sojourn.Kinds.Explorer.Map;
using Sojourn.Tests.Explorer.Bots;

namespace Sojourn.Tests.Explorer;

/// <summary>What cannot be done is refused with a code and a sentence, and nothing is changed by it.</summary>
public sealed class RefusalTests
{
    private static readonly Game Yard = Games.AtYard;
    private static readonly Game Wild = Games.InTheWild;

    /// <summary>What there is that could never be: 422, and the parameter is named.</summary>
    [Fact]
    public void What_there_is_not_is_refused_by_name() => Refused(isInvalid: true,
        (Yard, new Navigate(Node: "r9-n9"), "unknown-node"),
        (Yard, new Navigate(Node: ""), "unknown-node"),
        (Yard, new Navigate(Region: "r9"), "unknown-region"),
        (Yard, new Navigate("r0-n0", "r1"), "two-targets"),
        (Yard, new BuyShip("battlestar"), "unknown-ship"),
        (Yard, new BuyMod("warp_core"), "unknown-mod"),
        (Yard, new BuyMod(null!), "unknown-mod"),
        (Yard, new RemoveMod("warp_core"), "unknown-mod"),
        (Yard.WithPod(), new BuyAugmentation("hot_tub"), "unknown-augmentation"),
        (Yard, new UseItem("gossip"), "unknown-item"),
        (Yard, new BuyItem("gossip"), "unknown-item"),
        (Yard, new SellItem("gossip"), "unknown-item"),
        (Yard, new Jettison("gossip"), "unknown-item"),
        (Yard, new BuyItem("fuel_cells", 0), "out-of-range"),
        (Yard, new BuyItem("fuel_cells", 1001), "out-of-range"),
        (Yard, new BuyItem("fuel_cells", int.MaxValue), "out-of-range"),
        (Yard.Holding("fuel_cells"), new SellItem("fuel_cells", 0), "out-of-range"),
        (Yard.Holding("fuel_cells"), new SellItem("fuel_cells", -1), "out-of-range"),
        (Yard.Holding("fuel_cells"), new Jettison("fuel_cells", int.MinValue), "out-of-range"),
        (Yard with { Health = 1 }, new Eat(0), "out-of-range"),
        (Wild.Meeting("ion_storm"), new Choose("sing"), "unknown-choice"),
        (Wild.Fighting("alien_drone"), new Attack((Tactic)9), "unknown-tactic"));

    [Fact]
    public void What_cannot_be_paid_is_refused() => Refused(isInvalid: false,
        (Yard with { Hull = 1, Wealth = 99 }, new Repair(), "cannot-afford"),
        (Yard.Rich(799), new BuyShip("trader"), "cannot-afford"),
        (Yard.Rich(199), new BuyMod("laser_cannon"), "cannot-afford"),
        (Yard.Rich(499), new BuyPod(), "cannot-afford"),
        (Yard.Rich(249).WithPod(), new BuyAugmentation("emergency_thrusters"), "cannot-afford"),
        (Yard.Rich(10), new BuyItem("fuel_cells"), "cannot-afford"),
        (Wild.Rich(49).Meeting("customs_patrol"), new Choose("pay"), "cannot-afford"),
        (Wild.Rich(99).Fighting("pirate_scout"), new Negotiate(), "cannot-afford"),
        (Wild with { Fuel = 3 }, new Navigate(Wild.Next()), "not-enough-fuel"),
        (Wild with { Fuel = 49 }, new Navigate(Region: NextRegion(Wild)), "not-enough-fuel"),
        (Games.AtWormhole with { Fuel = 19 }, new Navigate(Region: NextRegion(Games.AtWormhole)), "not-enough-fuel"),
        (Games.AtAsteroids.Flying("scout", "mining_laser") with { Fuel = 4 }, new Mine(), "not-enough-fuel"),
        (Games.AtDerelict.Flying("scout", "salvager") with { Fuel = 2 }, new Salvage(), "not-enough-fuel"),
        (Wild.Fighting("pirate_scout") with { Fuel = 9 }, new Flee(), "not-enough-fuel"),
        (Wild.Meeting("drifting_freighter") with { Fuel = 10 }, new Choose("help"), "not-enough-fuel"),
        (Wild.Meeting("stowaway") with { Food = 5 }, new Choose("feed"), "not-enough-food"),
        (Wild.Meeting("sick_colony"), new Choose("give_medicine"), "not-held"));

    [Fact]
    public void What_cannot_be_done_here_is_refused() => Refused(isInvalid: false,
        (Wild, new Navigate(FarFrom(Wild)), "not-adjacent"),
        (Wild, new Navigate(Wild.At), "not-adjacent"),
        (Wild, new Navigate(Region: StarMap.Of(Wild.MapSeed)[Wild.At].Region), "not-adjacent"),
        (Wild with { Hull = 1 }, new Repair(), "no-yard"),
        (Wild.Rich(), new BuyShip("trader"), "no-yard"),
        (Wild, new BuyMod("laser_cannon"), "no-yard"),
        (Wild.Flying("scout", "laser_cannon"), new RemoveMod("laser_cannon"), "no-yard"),
        (Wild.WithPod(), new BuyAugmentation("emergency_thrusters"), "no-yard"),
        (Wild, new BuyItem("fuel_cells"), "no-market"),
        (Wild.Holding("data_cores"), new SellItem("data_cores"), "no-market"),
        (Wild.Flying("scout", "mining_laser"), new Mine(), "no-asteroids"),
        (Wild.Flying("scout", "salvager"), new Salvage(), "no-wreck"));

    [Fact]
    public void What_cannot_be_done_as_things_stand_is_refused() => Refused(isInvalid: false,
        (Yard, new Repair(), "hull-whole"),
        (Yard, new BuyShip("scout"), "flown-already"),
        (Yard.Flying("scout", "armor_plates"), new BuyMod("cargo_expander"), "no-slot"),
        (Yard.Flying("scout", "cargo_rig"), new BuyMod("shield_rig"), "no-slot"),
        (Yard, new RemoveMod("laser_cannon"), "not-fitted"),
        (Yard.Flying("scout", "cargo_rig"), new RemoveMod("cargo_rig"), "permanent"),
        (Yard.WithPod(), new BuyPod(), "pod-owned"),
        (Yard, new BuyAugmentation("cargo_module"), "no-pod"),
        (Yard.WithPod("shield_boost"), new BuyAugmentation("armor_plating"), "class-taken"),
        (Yard.WithPod("shield_boost", "scanner_array", "cargo_module", "emergency_thrusters"),
            new BuyAugmentation("distress_beacon"), "pod-full"),
        (Yard with { Pod = new Pod(30) { JustBought = true } }, new BuyAugmentation("cargo_module"), "pod-new"),
        (Games.AtAsteroids, new Mine(), "no-mining-laser"),
        (Games.AtAsteroids.Flying("scout", "mining_laser").Holding("rare_minerals", 10), new Mine(), "hold-full"),
        (Games.AtDerelict, new Salvage(), "no-salvager"),
        (Yard.Holding("rare_minerals", 10), new BuyItem("fuel_cells"), "hold-full"),
        (Yard.Holding("fuel_cells", 5), new BuyItem("fuel_cells"), "hold-full"),
        (Wild.Holding("rare_minerals", 10).Meeting("travelling_trader"), new Choose("buy_fuel"), "hold-full"),
        (NotOffering("exotic_matter"), new BuyItem("exotic_matter"), "not-offered"),
        (Yard.Holding("data_cores"), new SellItem("data_cores", 2), "not-held"),
        (Yard.Holding("ancient_key"), new SellItem("ancient_key"), "unsellable"),
        (Wild.Holding("ancient_key"), new Jettison("ancient_key"), "needed"),
        (Wild, new UseItem("med_pack"), "not-held"),
        (Wild.Holding("data_cores"), new UseItem("data_cores"), "not-usable"),
        (Wild.Holding("repair_nanobots"), new UseItem("repair_nanobots"), "hull-whole"),
        (Wild.Holding("fuel_cells"), new UseItem("fuel_cells"), "tank-full"),
        (Wild.Holding("med_pack"), new UseItem("med_pack"), "healthy"),
        (Wild, new Eat(), "healthy"),
        (Wild with { Health = 50, Food = 0 }, new Eat(), "no-food"),
        (Wild, new SignalDistress(), "not-stranded"),
        (Wild with { ExploredAt = 0 }, new Explore(), "explored-already"),
        (Wild with { ScannedAt = 0 }, new Scan(), "scanned-already"),
        (Wild, new AbandonQuest(), "no-quest"),
        (Wild, new Choose("leave"), "nothing-to-answer"),
        (Wild, new Attack(), "no-fight"),
        (Wild, new Flee(), "no-fight"),
        (Wild, new Negotiate(), "no-fight"),
        (Wild.Fighting("alien_drone"), new Negotiate(), "will-not-talk"),
        (Wild.Fighting("rogue_ai_ship"), new Negotiate(), "will-not-talk"),
        (Wild.Fighting("alien_drone"), new Attack(Tactic.PreciseShot), "no-targeting-computer"),
        (Wild.Flying("scout", "laser_cannon").Fighting("alien_drone"), new Attack(Tactic.Barrage), "too-few-weapons"));

    [Fact]
    public void Who_sits_in_a_pod_has_no_ship_to_work_with() => Refused(isInvalid: false,
        (Yard.InPod(), new Repair(), "in-pod"),
        (Yard.InPod(), new BuyMod("laser_cannon"), "in-pod"),
        (Yard.InPod(), new BuyAugmentation("cargo_module"), "in-pod"),
        (Yard.InPod(), new BuyPod(), "pod-owned"),
        (Games.AtAsteroids.InPod(), new Mine(), "in-pod"),
        (Games.AtDerelict.InPod(), new Salvage(), "in-pod"),
        (Wild.InPod().Holding("repair_nanobots"), new UseItem("repair_nanobots"), "in-pod"),
        (Wild.InPod().Holding("shield_booster_charge"), new UseItem("shield_booster_charge"), "in-pod"));

    public static TheoryData<object> Calm =>
    [
        new Navigate(), new Navigate(Wild.Next()), new Navigate(Region: "r0"), new SignalDistress(), new Explore(),
        new Scan(),
        new Mine(), new Salvage(), new Repair(), new BuyShip("trader"), new BuyMod("laser_cannon"),
        new RemoveMod("laser_cannon"), new BuyPod(), new BuyAugmentation("cargo_module"), new BuyItem("fuel_cells"),
        new SellItem("fuel_cells"), new Jettison("fuel_cells"), new Eat(), new AbandonQuest(),
        // Even what there is not: the more urgent is said first.
        new BuyShip("battlestar"), new SellItem("gossip"), new Navigate("r9-n9"),
    ];

    [Theory]
    [MemberData(nameof(Calm))]
    public void What_waits_for_an_answer_and_a_fight_and_the_end_of_the_game_come_first(object command) => Refused(
        isInvalid: false,
        (Wild.Meeting("ion_storm"), command, "unanswered"),
        (Wild.Fighting("pirate_scout"), command, "in-fight"),
        (Dead(Wild), command, "game-over"));

    [Fact]
    public void Nothing_more_is_done_to_who_is_dead_and_nothing_used_before_an_answer() => Refused(isInvalid: false,
        (Dead(Wild), new Attack(), "game-over"),
        (Dead(Wild), new Flee(), "game-over"),
        (Dead(Wild), new Negotiate(), "game-over"),
        (Dead(Wild), new Choose("leave"), "game-over"),
        (Dead(Wild).Holding("med_pack"), new UseItem("med_pack"), "game-over"),
        (Wild.Holding("med_pack").Meeting("ion_storm") with { Health = 9 }, new UseItem("med_pack"), "unanswered"),
        (Wild.Meeting("ion_storm"), new Attack(), "no-fight"),
        (Wild.Fighting("pirate_scout"), new Choose("leave"), "nothing-to-answer"));

    [Fact]
    public void Whatever_is_offered_anywhere_is_taken_and_whatever_is_not_is_refused_as_it_was_said()
    {
        Game[] games =
        [
            Yard, Yard.Rich(), Yard.WithPod("shield_boost").Rich(), Yard.InPod(), Wild with { Fuel = 1 },
            Games.AtAsteroids.Flying("trader", "mining_laser").Holding("med_pack", 2),
            Games.AtDerelict.Flying("scout", "salvager"),
            Wild.Flying("combat", "laser_cannon", "laser_cannon").Holding("shield_booster_charge")
                .Fighting("space_kraken"),
            Dead(Wild), .. EncounterType.All.Select(type => Wild.Meeting(type.Id)),
        ];
        foreach (var game in games)
        {
            var flight = Flight.From(game);
            foreach (var action in flight.Options.Actions)
            {
                var refusal = flight.Ask(Wire.Command(action)).Refusal;
                (refusal?.Code, refusal?.Message, refusal is null)
                    .ShouldBe((action.Code, action.Why, action.Available));
            }
        }
    }

    private static void Refused(bool isInvalid, params (Game Game, object Command, string Code)[] all)
    {
        foreach (var (game, command, code) in all)
        {
            var flight = Flight.From(game);
            var stored = Flight.Stored(game);
            var status = flight.Status;

            var refusal = flight.Send(command);

            refusal.ShouldNotBeNull($"{command}");
            (refusal.Code, refusal.IsInvalid, refusal.Field is not null)
                .ShouldBe((code, isInvalid, isInvalid), $"{command}");
            refusal.Message.ShouldMatch(@"^['A-Z].{10,}[.]$", $"{command}");
            refusal.Message.ShouldNotContain(": .");
            flight.Game.ShouldBeSameAs(game);
            Flight.Stored(flight.Game).ShouldBe(stored);
            (flight.Status, flight.Version).ShouldBe((status, 1));
        }
    }

    private static Game Dead(Game game) =>
        game with { Health = 0, Ending = new Ending(false, EndReason.Died, "You died, far from home.") };

    private static string NextRegion(Game game)
    {
        var map = StarMap.Of(game.MapSeed);
        return map.RegionOf(map[game.At]).Neighbours[0];
    }

    private static string FarFrom(Game game)
    {
        var map = StarMap.Of(game.MapSeed);
        return map.Nodes.First(node => node.Id != game.At && !map[game.At].Neighbours.Contains(node.Id)).Id;
    }

    private static Game NotOffering(string item) => Games.At((map, node) => node.Market is not null
        && !Kinds.Explorer.Playing.Trading.IsOffered(map, node, Item.Of(item)));
}
