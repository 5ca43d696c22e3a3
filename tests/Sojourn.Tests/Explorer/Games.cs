using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Catalogue;
using Sojourn.Kinds.Explorer.Map;
using Sojourn.Kinds.Explorer.Playing;

namespace Sojourn.Tests.Explorer;

/// <summary>Games as they may stand, for tests of what can be done then.</summary>
internal static class Games
{
    /// <summary>At a station: a yard and a market.</summary>
    public static Game AtYard { get; } = At(node => node.Type.Id == "station" && node.Market is not null);

    /// <summary>At an anomaly: nobody lives there.</summary>
    public static Game InTheWild { get; } = At(node => node.Type.Id == "anomaly");

    public static Game AtAsteroids { get; } = At(node => node.Type.Id == "asteroid_field" && !node.IsInhabited);

    public static Game AtDerelict { get; } = At(node => node.Type.Id == "derelict" && !node.IsInhabited);

    public static Game AtWormhole { get; } = At(node => node.Type.Id == "wormhole");

    /// <summary>A game at the first place of any map that is as wished, with all figures as at the start.</summary>
    public static Game At(Func<Node, bool> wished)
    {
        for (var seed = 0; ; seed++)
        {
            if (StarMap.Of(seed).Nodes.FirstOrDefault(wished) is { } node)
            {
                return At(seed, node.Id);
            }
        }
    }

    /// <summary>As the other, looking at the map too.</summary>
    public static Game At(Func<StarMap, Node, bool> wished)
    {
        for (var seed = 0; ; seed++)
        {
            var map = StarMap.Of(seed);
            if (map.Nodes.FirstOrDefault(node => wished(map, node)) is { } node)
            {
                return At(seed, node.Id);
            }
        }
    }

    public static Game Rich(this Game game, int wealth = 1999) => game with
    {
        Wealth = wealth,
        Statistics = game.Statistics with { CreditsEarned = wealth - game.Rules.StartingWealth },
    };

    public static Game Flying(this Game game, string ship, params string[] mods)
    {
        var flown = game with { Ship = ship, Mods = mods };
        return flown with { Hull = Stats.Of(flown).MaxHull };
    }

    public static Game Holding(this Game game, string item, int quantity = 1) =>
        game with { Cargo = [.. game.Cargo, new Stack(item, quantity)] };

    public static Game WithPod(this Game game, params string[] augmentations)
    {
        var podded = game with { Pod = new Pod(30) { Augmentations = augmentations } };
        return podded with { Pod = podded.Pod with { Hp = PodStats.Of(podded).MaxHp } };
    }

    public static Game InPod(this Game game) =>
        game with { Hull = 0, Mods = [], Pod = (game.Pod ?? new Pod(30)) with { Flying = true } };

    public static Game Fighting(this Game game, string enemy, int? hp = null) =>
        game with { Fight = new Fight(enemy, hp ?? Enemy.Of(enemy).Hp) };

    public static Game Meeting(this Game game, string encounter)
    {
        var type = EncounterType.Find(encounter)!;
        return game with
        {
            Encounter = new Encounter(type.Id, type.Title, type.Text,
                [.. type.Choices.Select(choice => new Choice(choice.Id, choice.Text))]),
        };
    }

    /// <summary>Makes the neighbours of where the ship is known, so that nothing new waits there.</summary>
    public static Game KnowingAll(this Game game)
    {
        var all = StarMap.Of(game.MapSeed).Nodes.Select(node => node.Id).ToList();
        return game with { Visited = all, Statistics = game.Statistics with { SystemsVisited = all.Count } };
    }

    /// <summary>A neighbour of where the ship is.</summary>
    public static string Next(this Game game) => StarMap.Of(game.MapSeed)[game.At].Neighbours[0];

    private static Game At(int seed, string node) => new()
    {
        Pilot = "Ada",
        Rules = new RuleSet(),
        MapSeed = seed,
        At = node,
        Health = 100,
        Wealth = 500,
        Hull = 80,
        Fuel = 100,
        Food = 50,
        Visited = [node],
        Statistics = new Tally { SystemsVisited = 1 },
    };
}
