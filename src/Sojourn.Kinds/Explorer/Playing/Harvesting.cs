using Sojourn.Kinds.Explorer.Catalogue;

namespace Sojourn.Kinds.Explorer.Playing;

/// <summary>Mining and salvaging. Each takes a turn and fuel.</summary>
internal static class Harvesting
{
    public const string MiningLaser = "mining_laser";
    public const string Salvager = "salvager";

    /// <summary>Rare minerals before the yield: from, and up to but not including; as the next.</summary>
    public static readonly (int From, int Below) Ore = (2, 6);
    public static readonly (int From, int Below) MiningHarm = (5, 16);
    public static readonly (int From, int Below) SalvageHarm = (3, 11);

    public static readonly IReadOnlyList<string> MiningBonus = ["quantum_processor", "exotic_matter", "data_cores"];

    /// <summary>What a wreck may hold: each by its own chance, before the rate of the rules.</summary>
    public static readonly IReadOnlyList<(string Item, double Chance, int Least, int Most)> Wreck =
    [
        ("scrap_metal", 0.4, 3, 8),
        ("electronic_components", 0.3, 2, 5),
        ("fuel_cells", 0.2, 1, 3),
        ("data_cores", 0.08, 1, 2),
        ("fusion_core", 0.02, 1, 1),
    ];

    public static Refusal? CheckMine(Situation now) =>
        CheckShip(now)
        ?? (!now.Game.Mods.Contains(MiningLaser)
            ? No.Because("no-mining-laser", "Mining needs a mining laser; yards fit one.")
            : now.Here.Type.Id != NodeType.AsteroidField
            ? No.Because("no-asteroids", "There is nothing to mine here. Fly to an asteroid field.")
            : now.Game.Fuel < now.Rules.MiningFuel ? No.NoFuel("Mining", now.Rules.MiningFuel, now.Game.Fuel)
            : now.RoomFor(Item.Of("rare_minerals")) == 0
            ? No.Because("hold-full", "The hold has no room for ore. Sell or jettison something first.")
            : null);

    public static Refusal? Mine(Turn turn)
    {
        if (CheckMine(turn.Now) is { } refusal)
        {
            return refusal;
        }

        var rules = turn.Game.Rules;
        turn.AddFuel(-rules.MiningFuel);
        if (turn.Dice.Chance(rules.MiningChance))
        {
            var ore = (int)(turn.Dice.Next(Ore.From, Ore.Below) * turn.Now.Stats.MiningYield);
            Exploring.Take(turn, "The laser frees", Item.Of("rare_minerals"), ore,
                (told, found) => new Mined(told, found));
            if (turn.Dice.Chance(rules.MiningBonusChance))
            {
                var bonus = Item.Of(MiningBonus[turn.Dice.Next(MiningBonus.Count)]);
                Exploring.Take(turn, "In the rock, there are", bonus, 1, (told, found) => new Mined(told, found));
            }
        }
        else
        {
            var damage = turn.Dice.Next(MiningHarm.From, MiningHarm.Below);
            turn.HurtShip(damage, $"The rock bursts: {damage} damage to the hull.");
        }

        turn.Pass();
        return null;
    }

    public static Refusal? CheckSalvage(Situation now) =>
        CheckShip(now)
        ?? (!now.Game.Mods.Contains(Salvager)
            ? No.Because("no-salvager", "Salvaging needs a salvager; yards fit one.")
            : now.Here.Type.Id != NodeType.Derelict && !HasKill(now.Game)
            ? No.Because("no-wreck", "There is no wreck here. Fly to a derelict, or make one.")
            : now.Game.Fuel < now.Rules.SalvageFuel ? No.NoFuel("Salvaging", now.Rules.SalvageFuel, now.Game.Fuel)
            : null);

    public static Refusal? Salvage(Turn turn)
    {
        if (CheckSalvage(turn.Now) is { } refusal)
        {
            return refusal;
        }

        var rules = turn.Game.Rules;
        turn.AddFuel(-rules.SalvageFuel);
        turn.Game = turn.Game with
        {
            Statistics = turn.Game.Statistics with { Salvaged = turn.Game.Statistics.ShipsDestroyed },
        };
        if (turn.Dice.Chance(rules.SalvageChance))
        {
            var isEmpty = true;
            foreach (var (item, chance, least, most) in Wreck)
            {
                if (turn.Dice.Chance(chance * rules.SalvageRate))
                {
                    var quantity = turn.Dice.Next(least, most + 1);
                    Exploring.Take(turn, "You cut loose", Item.Of(item), quantity,
                        (told, found) => new Salvaged(told, found));
                    isEmpty = false;
                }
            }

            if (isEmpty)
            {
                Nothing(turn);
            }
        }
        else if (turn.Dice.Chance(0.5))
        {
            Nothing(turn);
        }
        else
        {
            var damage = turn.Dice.Next(SalvageHarm.From, SalvageHarm.Below);
            turn.HurtShip(damage, $"Something in the wreck goes off: {damage} damage to the hull.");
        }

        turn.Pass();
        return null;
    }

    private static bool HasKill(Game game) => game.Statistics.ShipsDestroyed > game.Statistics.Salvaged;

    private static Refusal? CheckShip(Situation now) => now.CheckCalm() ?? (now.InPod ? No.InPod() : null);

    private static void Nothing(Turn turn) =>
        turn.Tell(OutcomeType.Info, "The wreck has been picked clean.", told => new Salvaged(told, []));
}
