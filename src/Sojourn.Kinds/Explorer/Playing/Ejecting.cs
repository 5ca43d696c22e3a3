using Sojourn.Kinds.Explorer.Catalogue;

namespace Sojourn.Kinds.Explorer.Playing;

/// <summary>Leaving a ship that is lost, in its pod.</summary>
internal static class Ejecting
{
    public static void IfPossible(Turn turn)
    {
        if (turn.Game.Pod is not { Flying: false } pod)
        {
            return;
        }

        if (turn.Game.Fight is { } fight)
        {
            turn.Tell(OutcomeType.Danger, "The fight is lost.",
                told => new FightEnded(told, fight.Enemy, FightEnd.Lost, 0));
        }

        var stats = PodStats.Of(turn.Game);
        var kept = Kept(turn.Game.Cargo, stats.KeptWeight);
        var statistics = turn.Game.Statistics;
        turn.Game = turn.Game with
        {
            Hull = 0,
            Mods = [],
            Effects = [],
            Fight = null,
            Cargo = kept,
            Food = turn.Game.Food + stats.FoodOnEjection,
            Pod = pod with { Flying = true, JustBought = false, Hp = stats.MaxHp },
            Statistics = statistics with { PodUses = statistics.PodUses + 1 },
        };
        turn.Tell(OutcomeType.Danger,
            "The ship is lost with all that was fitted to it. The pod carries you off."
            + (kept.Count == 0 ? "" : " Some of the cargo is saved."),
            told => new Ejected(told, kept));
    }

    /// <summary>
    /// Whole stacks, the most valuable first, as long as they fit. What a quest needs weighs nothing.
    /// </summary>
    internal static IReadOnlyList<Stack> Kept(IReadOnlyList<Stack> cargo, int weight)
    {
        var kept = new List<Stack>();
        foreach (var stack in cargo
            .OrderByDescending(stack => Item.Of(stack.Item).Value * stack.Quantity)
            .ThenBy(stack => stack.Item, StringComparer.Ordinal))
        {
            var heavy = Item.Of(stack.Item).Weight * stack.Quantity;
            if (heavy <= weight)
            {
                kept.Add(stack);
                weight -= heavy;
            }
        }

        return kept;
    }
}
