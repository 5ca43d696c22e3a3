using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Catalogue;
using Sojourn.Kinds.Explorer.Playing;
using Sojourn.Kinds.Explorer.Showing;

namespace Sojourn.Tests.Explorer.Bots;

/// <summary>What holds of a game at each moment, and from one moment to the next.</summary>
internal static class Invariants
{
    private const int LongestEffect = 5;

    public static void Check(Flight flight, GameOptions options, Game? before, object? command)
    {
        var now = flight.Now;
        Figures(now);
        Cargo(now);
        Place(now);
        Moment(now, flight.Status, options);
        if (before is not null)
        {
            Change(new Situation(before), now, command!);
        }
    }

    private static void Figures(Situation now)
    {
        var (game, rules) = (now.Game, now.Rules);
        Hold(game.Hull >= 0 && game.Hull <= now.Stats.MaxHull, "0 <= hull <= maximum", game);
        Hold(game.Hull > 0 || now.InPod || game.Ending is not null, "who plays has a ship or sits in the pod", game);
        Hold(!now.InPod || (game.Hull == 0 && game.Mods.Count == 0 && game.Effects.Count == 0),
            "a lost ship is lost", game);
        Hold(game.Fuel >= 0 && game.Fuel <= rules.MaxFuel, "0 <= fuel <= maximum", game);
        Hold(game.Health >= 0 && game.Health <= rules.MaxHealth, "0 <= health <= maximum", game);
        Hold(game.Food >= 0, "food >= 0", game);
        Hold(game.Turn >= 0 && game.Turn <= rules.MaxTurns, "turns <= their limit", game);
        Hold(game.Wealth >= 0, "wealth >= 0", game);
        Hold(game.Wealth == rules.StartingWealth + game.Statistics.CreditsEarned - game.Statistics.CreditsSpent,
            "money is conserved", game);
        Hold(game.Pod is not { } pod || (pod.Hp >= 0 && pod.Hp <= PodStats.Of(game).MaxHp
            && pod.Augmentations.Select(id => Augmentation.Find(id)!.Class)
                .Distinct().Count() == pod.Augmentations.Count),
            "a pod is whole at most, and has one augmentation a class", game);
        Hold(Enum.GetValues<SlotType>().All(slot => Shipyard.FreeSlots(game, slot) >= 0),
            "slots are not overfilled", game);
        Hold(game.Effects.All(effect => effect is { Turns: >= 1 and <= LongestEffect, Value: > 0 }),
            "effects expire", game);
    }

    private static void Cargo(Situation now)
    {
        var cargo = now.Game.Cargo;
        Hold(cargo.All(stack => stack.Quantity >= 1 && stack.Quantity <= Item.Of(stack.Item).MaxStack),
            "stacks hold from 1 to their most", now.Game);
        Hold(cargo.Select(stack => stack.Item).Distinct().Count() == cargo.Count,
            "there is one stack an item", now.Game);
    }

    private static void Place(Situation now)
    {
        var game = now.Game;
        Hold(now.Map.Find(game.At) is not null && game.Visited.Contains(game.At),
            "the ship is where it has been", game);
        Hold(game.Visited.Concat(game.Charted).Distinct().Count() == game.Visited.Count + game.Charted.Count
            && game.Visited.Concat(game.Charted).All(id => now.Map.Find(id) is not null),
                "each place is known once", game);
        Hold(game.Statistics.SystemsVisited == game.Visited.Count, "systems visited are those visited", game);
        Hold(game.Quest is not { } quest || (now.Map.Find(quest.Target) is not null
            && (game.Ending is not null || quest.DueTurn >= game.Turn)), "a quest can still be done", game);
    }

    private static void Moment(Situation now, string status, GameOptions options)
    {
        var game = now.Game;
        var expected = game.Ending is { } ending ? ending.Victory ? "won" : "lost"
            : game.Fight is not null ? "fighting"
            : game.Encounter is not null ? "choosing"
            : "playing";
        Hold(status == expected, $"the status is {expected}", game);
        Hold((game.Fight is null || game.Encounter is null)
            && (game.Ending is null || (game.Fight ?? (object?)game.Encounter) is null),
            "one thing at a time", game);
        Hold(game.Ending is not null == Endings.Of(game) is not null, "an ending is noticed at once", game);
        Hold(game.Ending is null || options.Actions.Count == 0, "nothing is offered once it is over", game);
        var way = options.Actions.FirstOrDefault(action => action.Available && (status switch
        {
            "choosing" => action.Command == "choose" && action is { Credits: null, Fuel: null, Detail: null },
            "fighting" => action.Command == "attack" && (string)action.Parameters["tactic"] == "attack",
            _ => action.Command is "navigate" or "signal-distress",
        }));
        Hold(game.Ending is not null || way is not null, "there is always a way on", game);
    }

    private static void Change(Situation before, Situation now, object command)
    {
        var (was, game) = (before.Game, now.Game);
        Hold(now.FreeCargo >= 0 || (now.Stats.CargoUsed <= before.Stats.CargoUsed
            && (before.FreeCargo < 0 || command is BuyShip or RemoveMod)),
            "only a smaller ship or hold overflows, and nothing is added to it then", game);
        Hold(game.Turn == was.Turn || game.Turn == was.Turn + 1, "a command takes a turn at most", game);
        Hold(game.Turn == was.Turn || game.Effects.Sum(effect => effect.Turns) <=
            was.Effects.Sum(effect => effect.Turns)
            - was.Effects.Count, "effects run down", game);
        var (past, tally) = (was.Statistics, game.Statistics);
        Hold(tally.CreditsEarned >= past.CreditsEarned && tally.CreditsSpent >= past.CreditsSpent
            && tally.DistanceTravelled >= past.DistanceTravelled && tally.ItemsCollected >= past.ItemsCollected
            && tally.ShipsDestroyed >= past.ShipsDestroyed && tally.PodUses >= past.PodUses, "numbers only grow", game);
        Hold(game.MapSeed == was.MapSeed && game.Rules == was.Rules && game.Pilot == was.Pilot,
            "the game stays its own", game);
    }

    private static void Hold(bool holds, string what, Game game)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"It does not hold that {what}: "
                + System.Text.Encoding.UTF8.GetString(Flight.Stored(game)));
        }
    }
}
