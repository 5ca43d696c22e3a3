namespace Sojourn.Cli.Explorer;

using Sojourn.Client.Explorer;

/// <summary>What a bot is after.</summary>
internal enum BotStyle
{
    /// <summary>Anything that can be done, in any order.</summary>
    Wanderer,

    /// <summary>A mining laser, asteroids, and markets for what they yield.</summary>
    Miner,

    /// <summary>Weapons, dangerous places, and quests.</summary>
    Fighter,
}

/// <summary>
/// Chooses what to do of what is offered. The same seed chooses the same in the same situations; what comes of it is
/// for the server's dice.
/// </summary>
internal sealed class BotMind(Random chance, BotStyle style)
{
    private const double WorthStaying = 2.5;

    /// <summary>What to do; null if that is nothing, or if it takes the map to say.</summary>
    public GameAction? Choose(GameView view)
    {
        if (style == BotStyle.Wanderer && view.Fight is null)
            return AnyOf([.. Sensible(view).Where(action => action.Group is not "onBoard" || Score(view, action) > 0)]);

        var best = Sensible(view).Where(action => action.Command != "navigate")
            .Select(action => (Action: action, Score: Score(view, action)))
            .Where(each => each.Score > 0)
            .OrderByDescending(each => each.Score + chance.NextDouble() / 2)
            .FirstOrDefault();
        return best.Score > WorthStaying || view.Fight is not null || view.Encounter is not null ? best.Action : null;
    }

    /// <summary>Where to fly; null if that is nowhere.</summary>
    public GameAction? Travel(GameView view, GameMap map)
    {
        var ways = Sensible(view).Where(action => action.Command is "navigate").ToList();
        var goal = BotCourse.NextHop(map, node => Value(view, node) + chance.NextDouble());
        return ways.Find(way => goal is not null && Text(way, "node") == goal)
            ?? AnyOf(ways)
            ?? Sensible(view).FirstOrDefault(action => action.Command == "signal-distress")
            // Better to be lost than to stay for ever.
            ?? AnyOf([.. view.Actions.Where(action => action is { Available: true, Command: "navigate" })]);
    }

    private static IEnumerable<GameAction> Sensible(GameView view) => view.Actions.Where(action =>
        action.Available && (action.Warning is null || view.Fight is not null && action.Command == "use-item"));

    private GameAction? AnyOf(List<GameAction> actions) =>
        actions.Count == 0 ? null : actions[chance.Next(actions.Count)];

    private double Score(GameView view, GameAction action) => action.Command switch
    {
        "choose" => 3,
        "attack" => view.Stats.CombatPower > 0 ? 4 + (action.Chance ?? 0) : 0.5,
        "flee" => IsWeak(view) ? 6 * (action.Chance ?? 0) : 1,
        "negotiate" => action.Credits < view.Goal.Wealth / 3 ? 5 * (action.Chance ?? 0) : 0,
        "use-item" => IsNeeded(view, Text(action, "item")) ? 8 : 0,
        "eat" => view.Gauges.Health <= view.MaxHealth * 0.6 ? 9 : 0,
        "repair" => view.Gauges.Hull <= view.Stats.MaxHull * 0.5 && view.Goal.Wealth >= 200 ? 9 : 0,
        "sell-item" => IsKept(Text(action, "item")) ? 0 : 8 - ((action.Credits ?? 0) / 1000.0),
        "buy-mod" => IsWanted(view, Text(action, "mod")) ? 7 : 0,
        "buy-item" => Text(action, "item") == "fuel_cells" && view.Gauges.Fuel <= 60 && view.Goal.Wealth >= 150
            && view.Cargo.All(stack => stack.Item != "fuel_cells") ? 7 : 0,
        "mine" => view.Stats.CargoUsed + 10 <= view.Stats.CargoCapacity && view.Gauges.Fuel >= 20 && !IsHurt(view)
            ? 6 : 0,
        "salvage" => view.Gauges.Fuel >= 20 && !IsHurt(view) ? 5 : 0,
        "explore" or "scan" => IsHurt(view) ? 0 : 4,
        _ => 0,
    };

    private double Value(GameView view, MapNode node)
    {
        var isInhabited = node.HasRepair == true || node.Market is not null;
        var hasGoods = view.Cargo.Any(stack => !IsKept(stack.Item));
        var value = node.Quest ? 4.0 : node.Visited ? 0 : 1;
        value -= (node.Danger ?? 0.5) * (style == BotStyle.Fighter ? 0 : 1.5);
        if (isInhabited && (hasGoods || view.Gauges.Fuel <= 50))
            value += 3;
        if (node.HasRepair == true && (IsHurt(view) || IsWanted(view, Wish)))
            value += 3;
        if (node.Type == "asteroid_field" && Has(view, "mining_laser") && !hasGoods)
            value += 4;
        return value;
    }

    private string Wish => style == BotStyle.Miner ? "mining_laser" : "laser_cannon";

    private bool IsWanted(GameView view, string? mod) =>
        mod == Wish && !Has(view, mod) && view.Goal.Wealth >= 300;

    private static bool Has(GameView view, string mod) =>
        view.Slots.Any(slot => slot.Fitted.Any(fitted => fitted.Id == mod));

    private static bool IsHurt(GameView view) =>
        view.Pod is not { Flying: true } && view.Gauges.Hull < view.Stats.MaxHull * 0.45 || view.Gauges.Health < 40;

    private static bool IsWeak(GameView view) => view.Stats.CombatPower == 0 || IsHurt(view);

    private static bool IsKept(string? item) => item is "fuel_cells" or "repair_nanobots" or "med_pack";

    private static bool IsNeeded(GameView view, string? item) => item switch
    {
        "fuel_cells" => view.Gauges.Fuel <= view.MaxFuel - 30,
        "repair_nanobots" => view.Gauges.Hull <= view.Stats.MaxHull - 20,
        "med_pack" => view.Gauges.Health <= view.MaxHealth - 30,
        _ => view.Fight is not null,
    };

    private static string? Text(GameAction action, string parameter) =>
        action.Parameters.TryGetValue(parameter, out var value) ? value.GetString() : null;
}

/// <summary>Finds the way on the map as far as it is known.</summary>
internal static class BotCourse
{
    /// <summary>The neighbour through which the most valuable place is reached; what is far is worth less.</summary>
    public static string? NextHop(GameMap map, Func<MapNode, double> value)
    {
        var nodes = map.Nodes.ToDictionary(node => node.Id, StringComparer.Ordinal);
        var here = map.Nodes.First(node => node.Here);
        var first = new Dictionary<string, (string Hop, int Hops)>(StringComparer.Ordinal);
        var next = new Queue<string>(here.Neighbours);
        foreach (var id in here.Neighbours)
            first[id] = (id, 1);
        while (next.TryDequeue(out var id))
        {
            foreach (var beyond in nodes[id].Neighbours.Where(each => each != here.Id && !first.ContainsKey(each)))
            {
                first[beyond] = (first[id].Hop, first[id].Hops + 1);
                next.Enqueue(beyond);
            }
        }

        return first.Count == 0 ? null
            : first.MaxBy(each => value(nodes[each.Key]) - (each.Value.Hops * 0.75)).Value.Hop;
    }
}
