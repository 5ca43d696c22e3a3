using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Showing;

namespace Sojourn.Tests.Explorer.Bots;

/// <summary>
/// Plays to win: looks around at each place, buys a tool, mines and salvages, sells, keeps the hull and the tank, does
/// quests. Now and then it does something else.
/// </summary>
internal sealed class SensibleBot : Bot
{
    private const double Whim = 0.03;

    public override GameAction Pick(Game game, GameOptions options, Dice dice)
    {
        var available = options.Actions.Where(action => action.Available).ToList();
        if (dice.Chance(Whim) && available.Where(IsHarmless).ToList() is { Count: > 0 } harmless)
        {
            return Any(harmless, dice);
        }

        var wise = game.Encounter is not null ? Answer(game, available, dice)
            : game.Fight is not null ? Fight(game, options, available)
            : Care(game, options, available) ?? Earn(game, options, available, dice) ?? Travel(game, available, dice);
        return wise ?? Any(available, dice);
    }

    private static bool IsHarmless(GameAction action) =>
        action.Warning is null && action.Group is not (ActionGroup.Ships or ActionGroup.Mods or ActionGroup.Pod);

    private static GameAction Answer(Game game, List<GameAction> available, Dice dice) =>
        game.Encounter!.Id.Contains('-', StringComparison.Ordinal) || dice.Chance(0.7)
            ? available[0]
            : Any(available, dice);

    private static GameAction? Fight(Game game, GameOptions options, List<GameAction> available)
    {
        var isStrong = options.Stats.CombatPower * 4 >= game.Fight!.Hp && game.Hull > 30;
        return (isStrong ? First(available, "attack") : null)
            ?? available.Find(action => action.Command == "flee" && game.Fuel > 30)
            ?? available.Find(action => action.Command == "negotiate" && action.Credits < game.Wealth / 4)
            ?? available.Find(action => action.Command == "flee" && action.Warning is null)
            ?? First(available, "attack");
    }

    private static GameAction? Care(Game game, GameOptions options, List<GameAction> available) =>
        game.Health < 60 && First(available, "eat", "amount", 25) is { } meal ? meal
        : game.Hull < options.Stats.MaxHull / 2
            && (First(available, "use-item", "item", "repair_nanobots") ?? First(available, "repair"))
                is { } mend ? mend
        : game.Fuel < 60 && First(available, "use-item", "item", "fuel_cells") is { } tank ? tank
        : game.Fuel < 40 && First(available, "buy-item", "item", "fuel_cells") is { } fuel ? fuel
        : null;

    private static GameAction? Earn(Game game, GameOptions options, List<GameAction> available, Dice dice)
    {
        var isFit = game.Hull > 25 && game.Health > 30;
        return available.Find(action => action.Group == ActionGroup.Sell && IsForSale(game, action))
            ?? (isFit && game.Fuel > 12 ? First(available, "explore") ?? First(available, "scan") : null)
            ?? (game.Mods.Count == 0
                ? First(available, "buy-mod", "mod", dice.Chance(0.5) ? "mining_laser" : "salvager") : null)
            ?? (isFit && game.Fuel > 20 && options.Stats.CargoUsed + 20 < options.Stats.CargoCapacity
                ? First(available, "mine") ?? First(available, "salvage")
                : null);
    }

    // What one needs oneself is kept: some fuel, and what mends the hull.
    private static bool IsForSale(Game game, GameAction action)
    {
        var stack = game.Cargo.First(stack => stack.Item == (string)action.Parameters["item"]);
        return stack.Item is not "repair_nanobots" and not "fuel_cells"
            && (int)action.Parameters["quantity"] == stack.Quantity;
    }

    private static GameAction? Travel(Game game, List<GameAction> available, Dice dice)
    {
        var map = MapShown.Of(game).Nodes.ToDictionary(node => node.Id);
        var jumps = available.FindAll(action => action.Parameters.ContainsKey("region") && action.Warning is null
            && action.Fuel <= game.Fuel - 25 && action.Detail != "visited");
        var hops = available.FindAll(action => action.Parameters.ContainsKey("node") && action.Warning is null);
        if (jumps.Count > 0 && dice.Chance(0.4))
        {
            return Any(jumps, dice);
        }

        return hops.Count == 0 ? First(available, "signal-distress") ?? First(available, "navigate")
            : hops.MaxBy(hop => Worth(game, map[(string)hop.Parameters["node"]]) + dice.NextFraction());
    }

    private static double Worth(Game game, NodeShown node) =>
        (node.Quest ? 3 : 0)
        + (node.Visited ? 0 : 1)
        + (node.HasRepair == true ? 0.5 : 0)
        + (node.Market is not null && game.Cargo.Count > 0 ? 1 : 0)
        + (node.Type == "asteroid_field" && game.Mods.Contains("mining_laser") ? 1.5 : 0)
        + (node.Type == "derelict" && game.Mods.Contains("salvager") ? 1.5 : 0)
        - (game.Hull < 40 ? 2 * (node.Danger ?? 1) : 0);

    private static GameAction? First(List<GameAction> available, string command) =>
        available.Find(action => action.Command == command);

    private static GameAction? First(List<GameAction> available, string command, string parameter, object value) =>
        available.Find(action => action.Command == command && action.Parameters.TryGetValue(parameter, out var is_)
            && value.Equals(is_));
}
