using Sojourn.Kinds.Explorer.Catalogue;

namespace Sojourn.Kinds.Explorer.Playing;

/// <summary>What yards do: repairs, ships, mods, and what pods are given.</summary>
internal static class Shipyard
{
    public static Refusal? CheckRepair(Situation now) =>
        now.CheckYard()
        ?? (now.InPod ? No.InPod()
            : now.Game.Hull >= now.Stats.MaxHull ? No.Because("hull-whole", "The hull is whole.")
            : now.CheckPrice("A repair", now.Rules.RepairCost));

    public static Refusal? Repair(Turn turn)
    {
        var now = turn.Now;
        if (CheckRepair(now) is { } refusal)
        {
            return refusal;
        }

        turn.Spend(now.Rules.RepairCost);
        turn.Game = turn.Game with { Hull = now.Stats.MaxHull };
        turn.Tell(OutcomeType.Success, $"The hull is whole again: {turn.Game.Hull}.",
            told => new Repaired(told, turn.Game.Hull, now.Rules.RepairCost));
        return null;
    }

    public static Refusal? CheckShip(Situation now, string? id) =>
        ShipType.Find(id ?? "") is not { } ship
            ? now.CheckCalm() ?? No.Unknown("ship", "ship", id, ShipType.All.Select(each => each.Id))
            : now.CheckYard()
            ?? (now.Game.Ship == ship.Id && !now.InPod
                ? No.Because("flown-already", $"You fly a {ship.Name.ToLowerInvariant()} already.")
                : now.CheckPrice($"The {ship.Name.ToLowerInvariant()}", ship.Cost));

    public static Refusal? BuyShip(Turn turn, BuyShip command)
    {
        var now = turn.Now;
        if (CheckShip(now, command.Ship) is { } refusal)
        {
            return refusal;
        }

        var ship = ShipType.Of(command.Ship);
        turn.Spend(ship.Cost);
        turn.Game = turn.Game with
        {
            Ship = ship.Id,
            Mods = [],
            // Who comes in the pod leaves it there.
            Pod = now.InPod ? null : turn.Game.Pod,
        };
        turn.Game = turn.Game with { Hull = turn.Now.Stats.MaxHull };
        turn.Tell(OutcomeType.Success, $"The {ship.Name.ToLowerInvariant()} is yours.",
            told => new Bought(told, ship.Id, 1, ship.Cost));
        return null;
    }

    public static Refusal? CheckMod(Situation now, string? id) =>
        Mod.Find(id ?? "") is not { } mod
            ? now.CheckCalm() ?? No.Unknown("mod", "mod", id, Mod.All.Select(each => each.Id))
            : now.CheckYard()
            ?? (now.InPod ? No.InPod()
                : FreeSlots(now.Game, mod.Slot) == 0
                ? No.Because("no-slot", $"No {mod.Slot.ToString().ToLowerInvariant()} slot of the "
                    + $"{ShipType.Of(now.Game.Ship).Name.ToLowerInvariant()} is free. "
                    + (mod.IsPermanent ? "Rigs cannot be taken out." : "Take a mod out of one first."))
                : now.CheckPrice(mod.Name, mod.Cost));

    public static Refusal? BuyMod(Turn turn, BuyMod command)
    {
        if (CheckMod(turn.Now, command.Mod) is { } refusal)
        {
            return refusal;
        }

        var mod = Mod.Find(command.Mod)!;
        turn.Spend(mod.Cost);
        turn.Game = turn.Game with { Mods = [.. turn.Game.Mods, mod.Id] };
        turn.Tell(OutcomeType.Success, $"{mod.Name} fitted.", told => new Bought(told, mod.Id, 1, mod.Cost));
        return null;
    }

    public static Refusal? CheckRemoval(Situation now, string? id) =>
        Mod.Find(id ?? "") is not { } mod
            ? now.CheckCalm() ?? No.Unknown("mod", "mod", id, Mod.All.Select(each => each.Id))
            : now.CheckYard()
            ?? (!now.Game.Mods.Contains(mod.Id)
                ? No.Because("not-fitted", $"The ship has no {mod.Name.ToLowerInvariant()}.")
                : mod.IsPermanent ? No.Because("permanent", $"The {mod.Name.ToLowerInvariant()} is built in for good.")
                : null);

    public static Refusal? RemoveMod(Turn turn, RemoveMod command)
    {
        if (CheckRemoval(turn.Now, command.Mod) is { } refusal)
        {
            return refusal;
        }

        var mod = Mod.Find(command.Mod)!;
        var mods = turn.Game.Mods.ToList();
        mods.Remove(mod.Id);
        turn.Earn(mod.Refund);
        turn.Game = turn.Game with { Mods = mods };
        turn.Game = turn.Game with { Hull = Math.Min(turn.Game.Hull, turn.Now.Stats.MaxHull) };
        turn.Tell(OutcomeType.Info, $"{mod.Name} taken out: {mod.Refund} credits back.",
            told => new Sold(told, mod.Id, 1, mod.Refund));
        return null;
    }

    public static Refusal? CheckPod(Situation now) =>
        now.CheckCalm()
        ?? (now.Game.Pod is not null ? No.Because("pod-owned", "You have a pod.")
            : now.CheckPrice("A pod", now.Rules.PodCost));

    public static Refusal? BuyPod(Turn turn)
    {
        if (CheckPod(turn.Now) is { } refusal)
        {
            return refusal;
        }

        var rules = turn.Game.Rules;
        turn.Spend(rules.PodCost);
        turn.Game = turn.Game with { Pod = new Pod(rules.PodHp) { JustBought = true } };
        turn.Tell(OutcomeType.Success, "An escape pod hangs in its cradle.",
            told => new Bought(told, "pod", 1, rules.PodCost));
        return null;
    }

    public static Refusal? CheckAugmentation(Situation now, string? id) =>
        Augmentation.Find(id ?? "") is not { } augmentation
            ? now.CheckCalm()
                ?? No.Unknown("augmentation", "augmentation", id, Augmentation.All.Select(each => each.Id))
            : now.CheckYard()
            ?? (now.Game.Pod is not { } pod ? No.Because("no-pod", "You have no pod. Buy one first.")
                : pod.Flying ? No.InPod()
                : pod.JustBought ? No.Because("pod-new", "The pod must settle in first: fly once.")
                : pod.Augmentations.Count >= Augmentation.Most
                ? No.Because("pod-full", $"A pod takes {Augmentation.Most} augmentations.")
                : pod.Augmentations.Any(each => Augmentation.Find(each)?.Class == augmentation.Class)
                ? No.Because("class-taken",
                    $"The pod has an augmentation of the class {augmentation.Class.ToString().ToLowerInvariant()}.")
                : now.CheckPrice(augmentation.Name, augmentation.Cost));

    public static Refusal? BuyAugmentation(Turn turn, BuyAugmentation command)
    {
        if (CheckAugmentation(turn.Now, command.Augmentation) is { } refusal)
        {
            return refusal;
        }

        var augmentation = Augmentation.Find(command.Augmentation)!;
        var pod = turn.Game.Pod!;
        turn.Spend(augmentation.Cost);
        turn.Game = turn.Game with { Pod = pod with { Augmentations = [.. pod.Augmentations, augmentation.Id] } };
        turn.Game = turn.Game with { Pod = turn.Game.Pod! with { Hp = PodStats.Of(turn.Game).MaxHp } };
        turn.Tell(OutcomeType.Success, $"The pod now has: {augmentation.Name.ToLowerInvariant()}.",
            told => new Bought(told, augmentation.Id, 1, augmentation.Cost));
        return null;
    }

    public static int FreeSlots(Game game, SlotType slot) =>
        ShipType.Of(game.Ship).Slots(slot) - game.Mods.Count(each => Mod.Find(each)?.Slot == slot);
}
