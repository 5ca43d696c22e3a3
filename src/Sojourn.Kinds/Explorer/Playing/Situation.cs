using Sojourn.Kinds.Explorer.Catalogue;
using Sojourn.Kinds.Explorer.Map;

namespace Sojourn.Kinds.Explorer.Playing;

/// <summary>A game with all that follows from it: what the checks of actions look at.</summary>
internal sealed class Situation(Game game)
{
    public Game Game => game;

    public RuleSet Rules => game.Rules;

    public StarMap Map { get; } = StarMap.Of(game.MapSeed);

    public Node Here => field ??= Map[game.At];

    public Region Region => Map.RegionOf(Here);

    public Stats Stats => field ??= Stats.Of(game);

    public bool InPod => game.Pod is { Flying: true };

    /// <summary>Fuel for a hop: whole, rounded down, at least 1.</summary>
    public int HopFuel => Math.Max(1, (int)(Rules.FuelPerHop * Stats.FuelEfficiency));

    /// <summary>Fuel for a jump to another region, which the ship's efficiency does not change.</summary>
    public int JumpFuel => Here.Type.Id == NodeType.Wormhole ? Rules.WormholeFuel : Rules.JumpFuel;

    public int FreeCargo => Stats.CargoCapacity - Stats.CargoUsed;

    /// <summary>What the player knows of: where he was, its neighbours, and what scans have charted.</summary>
    public IReadOnlySet<string> Known => field ??= game.Visited
        .Concat(game.Visited.SelectMany(id => Map[id].Neighbours))
        .Concat(game.Charted)
        .ToHashSet(StringComparer.Ordinal);

    public int Has(string item) => game.Cargo.FirstOrDefault(stack => stack.Item == item)?.Quantity ?? 0;

    /// <summary>How many more of an item the hold takes.</summary>
    public int RoomFor(Item item)
    {
        var byStack = Math.Max(0, item.MaxStack - Has(item.Id));
        return item.Weight == 0 ? byStack : Math.Min(byStack, Math.Max(0, FreeCargo) / item.Weight);
    }

    /// <summary>No, if the game is over, or something must be answered or fought out first.</summary>
    public Refusal? CheckCalm() =>
        CheckOn()
        ?? (game.Fight is { } fight
            ? No.Because("in-fight",
                $"You are in a fight with the {Enemy.Of(fight.Enemy).Name.ToLowerInvariant()}: "
                + "attack, flee or negotiate.")
            : null)
        ?? (game.Encounter is { } encounter
            ? No.Because("unanswered", $"{encounter.Title} comes first. Choose one of: "
                + $"{string.Join(", ", encounter.Choices.Select(choice => choice.Id))}.")
            : null);

    public Refusal? CheckOn() => game.Ending is { } ending
        ? No.Because("game-over", $"This game is over: {ending.Text} Load a save, or start anew.")
        : null;

    public Refusal? CheckYard() => CheckCalm() ?? (Here.HasRepair ? null : No.NoYard());

    public Refusal? CheckPrice(string what, int cost) =>
        game.Wealth < cost ? No.CannotAfford(what, cost, game.Wealth) : null;
}
