using Sojourn.Kinds.Explorer.Catalogue;
using Sojourn.Kinds.Explorer.Playing;

namespace Sojourn.Kinds.Explorer.Showing;

/// <summary>Writes what can be done now.</summary>
internal static class OptionsWriter
{
    private static readonly int[] Portions = [1, 5, 10, 25];

    public static GameOptions Write(Situation now)
    {
        var game = now.Game;
        var place = now.Here;
        return new GameOptions(
            game.Pilot,
            new PlaceShown(place.Id, place.Name, place.Type.Id, place.Region, now.Region.Name, place.Type.Danger,
                place.HasRepair, place.Market?.Name),
            new GoalShown(game.Wealth, now.Rules.VictoryWealth, game.Turn, now.Rules.MaxTurns),
            new GaugesShown(game.Hull, game.Fuel, game.Health, game.Food),
            now.Stats,
            now.InPod ? "Escape pod" : ShipType.Of(game.Ship).Name,
            [.. Enum.GetValues<SlotType>().Select(slot => Slots(game, slot))],
            now.Rules.MaxFuel,
            now.Rules.MaxHealth,
            [.. game.Cargo.Select(stack => Show(now, stack))],
            Actions(now))
        {
            Encounter = game.Encounter,
            Ending = game.Ending,
            Pod = game.Pod is { } pod
                ? new PodShown(pod.Hp, PodStats.Of(game).MaxHp, pod.Flying, [.. pod.Augmentations
                    .Select(id => new FittedShown(id, Augmentation.Find(id)?.Name ?? id))])
                : null,
            Fight = game.Fight is { } fight
                ? new FightShown(fight.Enemy, Enemy.Of(fight.Enemy).Name, fight.Hp, Enemy.Of(fight.Enemy).Hp,
                    fight.Round)
                : null,
            Quest = game.Quest is { } quest
                ? new QuestShown(quest.Id, quest.Name, quest.Target, now.Map[quest.Target].Name, quest.DueTurn)
                : null,
        };
    }

    private static IReadOnlyList<GameAction> Actions(Situation now) =>
        now.Game.Ending is not null ? []
        : now.Game.Encounter is { } encounter ? [.. encounter.Choices.Select(choice => Answer(now, choice))]
        : now.Game.Fight is not null ? [.. FightActions(now), .. UsesOf(now)]
        :
        [
            .. TravelActions(now), .. HereActions(now), .. BoardActions(now), .. TradeActions(now),
            .. ModActions(now), .. ShipActions(now), .. PodActions(now),
        ];

    private static GameAction Answer(Situation now, Choice choice)
    {
        var type = EncounterType.Find(now.Game.Encounter!.Id)?.Choices.FirstOrDefault(each => each.Id == choice.Id);
        return Of("choose", ActionGroup.Encounter, choice.Text, Meeting.Check(now, choice.Id),
            ("answer", choice.Id)) with
        {
            Credits = type is { Credits: > 0 } ? type.Credits : null,
            Fuel = type is { Fuel: > 0 } ? type.Fuel : null,
            Detail = type is { Food: > 0 } ? $"{type.Food} food"
                : type?.Item is { } item ? $"one {Item.Of(item).Name.ToLowerInvariant()}"
                : null,
        };
    }

    private static IEnumerable<GameAction> FightActions(Situation now)
    {
        foreach (var tactic in TacticFigures.All)
        {
            yield return Of("attack", ActionGroup.Fight, tactic.Name, Fighting.CheckTactic(now, tactic.Id),
                ("tactic", char.ToLowerInvariant(tactic.Id.ToString()[0]) + tactic.Id.ToString()[1..])) with
            {
                Chance = Fighting.HitChance(now, tactic.Id),
                Detail = $"enemy hits {Fighting.EnemyHitChance(now, tactic.Defence):P0}",
            };
        }

        yield return Of("flee", ActionGroup.Fight, "Flee", Fighting.CheckFlee(now)) with
        {
            Fuel = now.Rules.FleeFuel,
            Chance = Fighting.FleeChance(now),
            Warning = Adrift(now, now.Rules.FleeFuel),
        };
        var peace = Fighting.CheckNegotiate(now);
        yield return Of("negotiate", ActionGroup.Fight, "Negotiate", peace) with
        {
            Credits = Fighting.PeaceCost(now),
            Chance = peace?.Code == "will-not-talk" ? null : Fighting.PeaceOdds(now),
        };
    }

    private static IEnumerable<GameAction> TravelActions(Situation now)
    {
        foreach (var id in now.Here.Neighbours)
        {
            var node = now.Map[id];
            var isSeen = now.Game.Visited.Contains(id);
            yield return Of("navigate", ActionGroup.Travel, $"Fly to {node.Name}", Travelling.CheckHop(now, id),
                ("node", id)) with
            {
                Fuel = now.HopFuel,
                Turns = 1,
                Detail = string.Join(", ", new[]
                {
                    node.Type.Name.ToLowerInvariant(), $"danger {node.Type.Danger:P0}", node.HasRepair ? "yard" : null,
                    node.Market?.Name.ToLowerInvariant(), isSeen ? "visited" : null,
                    now.Game.Quest?.Target == id ? "quest" : null,
                }.OfType<string>()),
                Warning = Adrift(now, now.HopFuel),
            };
        }

        foreach (var id in now.Region.Neighbours)
        {
            var region = now.Map.FindRegion(id)!;
            yield return Of("navigate", ActionGroup.Travel, $"Jump to {region.Name}", Travelling.CheckJump(now, id),
                ("region", id)) with
            {
                Fuel = now.JumpFuel,
                Turns = 1,
                Detail = region.Nodes.Any(now.Game.Visited.Contains) ? "visited"
                    : $"not seen yet: pays {now.Rules.NewRegionCredits} credits",
                Warning = Adrift(now, now.JumpFuel),
            };
        }

        if (now.Game.Fuel < now.HopFuel)
        {
            yield return Of("signal-distress", ActionGroup.Travel, "Call for help", Travelling.CheckDistress(now)) with
            {
                Turns = 1,
                Chance = now.Rules.HelpChance,
                Detail = $"{now.Rules.HelpFuel} fuel, if somebody comes",
            };
        }
    }

    private static IEnumerable<GameAction> HereActions(Situation now)
    {
        yield return Of("explore", ActionGroup.Here, "Look around", Exploring.CheckExplore(now)) with
        {
            Detail = "good luck or bad",
        };
        yield return Of("scan", ActionGroup.Here, "Scan", Exploring.CheckScan(now)) with
        {
            Chance = Exploring.ScanChance(now),
            Detail = "charts what lies beyond",
        };
        yield return Of("mine", ActionGroup.Here, "Mine", Harvesting.CheckMine(now)) with
        {
            Fuel = now.Rules.MiningFuel,
            Turns = 1,
            Chance = now.Rules.MiningChance,
            Warning = Adrift(now, now.Rules.MiningFuel),
        };
        yield return Of("salvage", ActionGroup.Here, "Salvage", Harvesting.CheckSalvage(now)) with
        {
            Fuel = now.Rules.SalvageFuel,
            Turns = 1,
            Chance = now.Rules.SalvageChance,
            Warning = Adrift(now, now.Rules.SalvageFuel),
        };
        yield return Of("repair", ActionGroup.Here, "Repair the hull", Shipyard.CheckRepair(now)) with
        {
            Credits = now.Rules.RepairCost,
            Detail = $"{now.Game.Hull} of {now.Stats.MaxHull}",
        };
    }

    private static IEnumerable<GameAction> BoardActions(Situation now)
    {
        foreach (var action in UsesOf(now))
        {
            yield return action;
        }

        foreach (var portion in Portions)
        {
            var eaten = OnBoard.Eaten(now, portion);
            yield return Of("eat", ActionGroup.OnBoard, $"Eat {portion}", OnBoard.CheckEat(now, portion),
                ("amount", portion)) with
            {
                Detail = eaten > 0 ? $"{eaten * now.Rules.HealthPerFood} health" : null,
            };
        }

        foreach (var stack in now.Game.Cargo.Where(stack => Item.Of(stack.Item).CanBeSold))
        {
            var item = Item.Of(stack.Item);
            yield return Of("jettison", ActionGroup.OnBoard, $"Throw away all {item.Name.ToLowerInvariant()}",
                OnBoard.CheckJettison(now, item.Id, stack.Quantity),
                ("item", item.Id), ("quantity", stack.Quantity)) with
            {
                Detail = $"frees {item.Weight * stack.Quantity}",
                Warning = "They are gone then.",
            };
        }

        if (now.Game.Quest is { } quest)
        {
            yield return Of("abandon-quest", ActionGroup.OnBoard, $"Give up: {quest.Name}",
                Questing.CheckAbandon(now)) with
            {
                Warning = "It is not offered again for sure.",
            };
        }
    }

    private static IEnumerable<GameAction> UsesOf(Situation now) =>
        from stack in now.Game.Cargo
        let item = Item.Of(stack.Item)
        where item.CanBeUsed
        select Of("use-item", ActionGroup.OnBoard, $"Use {item.Name.ToLowerInvariant()}",
            OnBoard.CheckUse(now, item.Id), ("item", item.Id)) with
        {
            Detail = OnBoard.What(item),
            Warning = now.Game.Fight is null ? null : "The enemy takes its turn.",
        };

    private static IEnumerable<GameAction> TradeActions(Situation now)
    {
        foreach (var stack in now.Game.Cargo.Where(stack => Item.Of(stack.Item).CanBeSold))
        {
            var item = Item.Of(stack.Item);
            foreach (var quantity in new[] { 1, stack.Quantity }.Distinct())
            {
                yield return Of("sell-item", ActionGroup.Sell, $"Sell {quantity} {item.Name.ToLowerInvariant()}",
                    Trading.CheckSell(now, item.Id, quantity), ("item", item.Id), ("quantity", quantity)) with
                {
                    Credits = now.Here.IsInhabited ? -Trading.SellingPrice(now, item, quantity) : null,
                };
            }
        }

        foreach (var item in Item.All.Where(item => Trading.IsOffered(now.Map, now.Here, item)))
        {
            yield return Of("buy-item", ActionGroup.Buy, $"Buy 1 {item.Name.ToLowerInvariant()}",
                Trading.CheckBuy(now, item.Id, 1), ("item", item.Id), ("quantity", 1)) with
            {
                Credits = Trading.BuyingPrice(now, item, 1),
                Detail = item.CanBeUsed ? OnBoard.What(item) : $"weight {item.Weight}",
            };
        }
    }

    private static IEnumerable<GameAction> ModActions(Situation now)
    {
        if (!now.Here.HasRepair)
        {
            yield break;
        }

        foreach (var mod in now.Game.Mods.Distinct().Select(Mod.Find).OfType<Mod>())
        {
            yield return Of("remove-mod", ActionGroup.Mods, $"Take out the {mod.Name.ToLowerInvariant()}",
                Shipyard.CheckRemoval(now, mod.Id), ("mod", mod.Id)) with
            {
                Credits = -mod.Refund,
            };
        }

        foreach (var mod in Mod.All)
        {
            yield return Of("buy-mod", ActionGroup.Mods, mod.Name, Shipyard.CheckMod(now, mod.Id), ("mod", mod.Id)) with
            {
                Credits = mod.Cost,
                Detail = $"{mod.Slot.ToString().ToLowerInvariant()} slot, {What(mod)}",
                Warning = mod.IsPermanent ? "Rigs cannot be taken out again." : null,
            };
        }
    }

    private static IEnumerable<GameAction> ShipActions(Situation now) =>
        from ship in ShipType.All
        where now.Here.HasRepair
        select Of("buy-ship", ActionGroup.Ships, ship.Name, Shipyard.CheckShip(now, ship.Id), ("ship", ship.Id)) with
        {
            Credits = ship.Cost,
            Detail = $"hull {ship.MaxHull}, cargo {ship.Cargo}, fuel ×{ship.FuelEfficiency}, speed {ship.Speed}, "
                + $"slots {ship.High}/{ship.Mid}/{ship.Low}/{ship.Rig}",
            Warning = now.Game.Mods.Count > 0 ? "What is fitted to your ship is lost." : null,
        };

    private static IEnumerable<GameAction> PodActions(Situation now)
    {
        if (now.Game.Pod is null)
        {
            yield return Of("buy-pod", ActionGroup.Pod, "Escape pod", Shipyard.CheckPod(now)) with
            {
                Credits = now.Rules.PodCost,
                Detail = "saves you when the ship is lost",
            };
            yield break;
        }

        foreach (var augmentation in Augmentation.All.Where(_ => now.Here.HasRepair))
        {
            yield return Of("buy-augmentation", ActionGroup.Pod, augmentation.Name,
                Shipyard.CheckAugmentation(now, augmentation.Id), ("augmentation", augmentation.Id)) with
            {
                Credits = augmentation.Cost,
                Detail = $"{augmentation.Class.ToString().ToLowerInvariant()}, {augmentation.What}",
            };
        }
    }

    private static GameAction Of(
        string command, ActionGroup group, string title, Refusal? refusal,
            params (string Name, object Value)[] parameters) =>
        new(command, parameters.ToDictionary(each => each.Name, each => each.Value), group, title)
        {
            Available = refusal is null,
            Code = refusal?.Code,
            Why = refusal?.Message,
        };

    private static string? Adrift(Situation now, int fuel) =>
        now.Game.Fuel == fuel ? "This empties the tank: you would be lost." : null;

    private static SlotShown Slots(Game game, SlotType slot) =>
        new(slot, ShipType.Of(game.Ship).Slots(slot), [.. game.Mods.Select(Mod.Find).OfType<Mod>()
            .Where(mod => mod.Slot == slot).Select(mod => new FittedShown(mod.Id, mod.Name))]);

    private static CargoShown Show(Situation now, Stack stack)
    {
        var item = Item.Of(stack.Item);
        return new CargoShown(item.Id, item.Name, stack.Quantity, item.Weight * stack.Quantity,
            now.Here.IsInhabited && item.CanBeSold ? Trading.SellingPrice(now, item, 1) : null);
    }

    private static string What(Mod mod) => string.Join(", ", new[]
    {
        mod.CombatPower > 0 ? $"power +{mod.CombatPower}" : null,
        mod.MiningYield > 1 ? $"mines, yield ×{mod.MiningYield}" : null,
        mod.SalvageChance > 0 ? "salvages" : null,
        mod.MaxHull > 0 ? $"hull +{mod.MaxHull}" : null,
        mod.ScanBonus > 1 ? $"finds ×{mod.ScanBonus}" : null,
        mod.Accuracy > 0 ? $"accuracy +{mod.Accuracy}" : null,
        mod.Speed > 0 ? $"speed +{mod.Speed}" : null,
        mod.Cargo > 0 ? $"cargo +{mod.Cargo}" : null,
        mod.FuelEfficiency < 1 ? $"fuel ×{mod.FuelEfficiency}" : null,
        mod.HullRepair > 0 ? $"repairs {mod.HullRepair} a turn" : null,
    }.OfType<string>());
}
