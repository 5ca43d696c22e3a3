using Sojourn.Kinds.Explorer.Catalogue;

namespace Sojourn.Kinds.Explorer.Playing;

/// <summary>
/// Looking around and scanning: once each in a turn and a place, so that neither is a well of credits.
/// </summary>
internal static class Exploring
{
    /// <summary>What luck brings if it does not bring goods: each as likely as the others.</summary>
    public const int FoundCredits = 100;
    public const int CollisionDamage = 20;
    public const int LeakedFuel = 10;
    public const int FoundFuel = 30;
    public const int Sickness = 25;
    public const int FoundFood = 20;

    private static readonly string[] Nothing =
    [
        "Nothing but dust.",
        "The echoes are your own.",
        "A signal, and then not.",
        "The scan comes back empty.",
    ];

    public static Refusal? CheckExplore(Situation now) =>
        now.CheckCalm() ?? (now.Game.ExploredAt == now.Game.Turn
            ? No.Because("explored-already", "You have looked around here. Fly, mine or salvage first.")
            : null);

    public static Refusal? CheckScan(Situation now) =>
        now.CheckCalm() ?? (now.Game.ScannedAt == now.Game.Turn
            ? No.Because("scanned-already", "You have scanned here. Fly, mine or salvage first.")
            : null);

    public static double ScanChance(Situation now) =>
        // What betters the finds betters the scan: with neither of both things, the bonus is 1.
        now.Stats.ScanBonus > 1 ? now.Rules.GoodScanChance : now.Rules.ScanChance;

    public static Refusal? Explore(Turn turn)
    {
        if (CheckExplore(turn.Now) is { } refusal)
        {
            return refusal;
        }

        turn.Game = turn.Game with { ExploredAt = turn.Game.Turn };
        Luck(turn);
        return null;
    }

    public static Refusal? Scan(Turn turn)
    {
        var now = turn.Now;
        if (CheckScan(now) is { } refusal)
        {
            return refusal;
        }

        string[] charted = [.. now.Here.Neighbours
            .SelectMany(id => now.Map[id].Neighbours)
            .Where(id => !now.Known.Contains(id))
            .Distinct()
            .Order(StringComparer.Ordinal)];
        turn.Game = turn.Game with { ScannedAt = turn.Game.Turn, Charted = [.. turn.Game.Charted, .. charted] };
        var found = turn.Dice.Chance(ScanChance(now));
        var text = charted.Length > 0 ? $"Charted: {string.Join(", ", charted.Select(id => now.Map[id].Name))}."
            : found ? "The scan shows something."
            : Nothing[turn.Dice.Next(Nothing.Length)];
        turn.Tell(OutcomeType.Info, text, told => new Scanned(told, charted));
        if (found)
        {
            Luck(turn);
        }

        return null;
    }

    private static void Luck(Turn turn)
    {
        if (turn.Dice.Chance(turn.Game.Rules.LootChance))
        {
            FindGoods(turn);
            return;
        }

        switch (turn.Dice.Next(6))
        {
            case 0:
                var credits = (int)(FoundCredits * turn.Now.Stats.ScanBonus);
                turn.Earn(credits);
                turn.Tell(OutcomeType.Success, $"A survey buoy pays {credits} credits for your data.",
                    told => new Explored(told));
                break;
            case 1:
                // A pod is as small to what flies about as it is weak.
                var damage = turn.Now.InPod ? CollisionDamage / 2 : CollisionDamage;
                turn.HurtShip(damage, $"Debris: {damage} damage.");
                break;
            case 2:
                turn.AddFuel(-LeakedFuel);
                turn.Tell(OutcomeType.Warning, $"A line leaks: {LeakedFuel} fuel lost.", told => new Explored(told));
                break;
            case 3:
                turn.AddFuel(FoundFuel);
                turn.Tell(OutcomeType.Success, $"A drifting tank: {FoundFuel} fuel.", told => new Explored(told));
                break;
            case 4:
                turn.HurtPilot(Sickness, $"Radiation: {Sickness} health lost.");
                break;
            default:
                turn.AddFood(FoundFood);
                turn.Tell(OutcomeType.Success, $"An old depot: {FoundFood} food.", told => new Explored(told));
                break;
        }
    }

    private static void FindGoods(Turn turn)
    {
        var item = Item.Loot[turn.Dice.Next(Item.Loot.Count)];
        Take(turn, "You find", item, item.FoundQuantity(turn.Dice), (told, _) => new Explored(told));
    }

    /// <summary>Takes what was found on board as far as there is room, and says so.</summary>
    public static void Take(
        Turn turn, string how, Item item, int quantity, Func<string, IReadOnlyList<Stack>, object> happened)
    {
        var taken = turn.Collect(item, quantity);
        var what = $"{how} {quantity} {item.Name.ToLowerInvariant()}";
        turn.Tell(taken > 0 ? OutcomeType.Success : OutcomeType.Warning,
            taken == quantity ? $"{what}."
            : taken == 0 ? $"{what}, but the hold has no room for it."
            : $"{what}; the hold takes {taken} of it.",
            told => happened(told, taken > 0 ? [new Stack(item.Id, taken)] : []));
    }
}
