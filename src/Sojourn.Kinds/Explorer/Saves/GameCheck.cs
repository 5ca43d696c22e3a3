using Sojourn.Kinds.Explorer.Catalogue;
using Sojourn.Kinds.Explorer.Map;
using Sojourn.Kinds.Explorer.Playing;

namespace Sojourn.Kinds.Explorer.Saves;

/// <summary>
/// Whether a game could have come of playing, as far as that can be told from the game alone. What passes can be played
/// on; what does not might make rules stumble.
/// </summary>
internal static class GameCheck
{
    private const int LongestPilot = 40, LongestName = 32;

    // Far more than anybody could pay for, and little enough to be added to a ship's.
    private const int MostHull = 1_000_000_000;

    /// <summary>The first thing that is wrong, as a sentence; null if nothing is.</summary>
    public static string? FaultOf(Game game) => Basics(game) ?? Further(game).FirstOrDefault();

    // What all else needs to be right before it can be looked at.
    private static string? Basics(Game game) =>
        game.Rules.Name.Length is 0 or > LongestName || game.Rules.Faults().Any() ? "its figures are out of range."
        : game.MapSeed < 0 ? "its map's seed is negative."
        : HasGaps(game) ? "an entry of one of its lists is missing."
        : ShipType.Find(game.Ship) is null ? "its ship is of no known type."
        : game.Mods.Any(id => Mod.Find(id) is null) ? "something that no yard sells is fitted to its ship."
        : game.Cargo.Any(stack => Item.Find(stack.Item) is null) ? "it carries something that nobody knows."
        : (game.Pod?.Augmentations ?? []).Any(id => Augmentation.Find(id) is null) ? "its pod has an unknown part."
        : game.Cargo.DistinctBy(stack => stack.Item).Count() != game.Cargo.Count
            || game.Cargo.Any(stack => stack.Quantity < 1 || stack.Quantity > Item.Of(stack.Item).MaxStack)
        ? "it carries more of something than a hold takes."
        : game.Effects.Any(effect => !CouldWork(effect)) || game.Effects.Sum(effect => (long)effect.Value) > MostHull
        ? "something works on its ship that nothing brings about."
        : null;

    // Charges that are used in the same turn work as one, that is as much as all of them.
    private static bool CouldWork(TimedEffect effect) => effect is { Type: TimedEffect.TempHp, Turns: > 0, Value: > 0 }
        && Item.All.Any(item => item.ShieldHp > 0 && effect.Turns <= item.ShieldTurns
            && effect.Value % item.ShieldHp == 0);

    private static bool HasGaps(Game game) =>
        game.Mods.Concat(game.Visited).Concat(game.Charted).Concat(game.CompletedQuests)
            .Concat(game.Pod?.Augmentations ?? []).Any(each => each is null)
        || game.Cargo.Any(each => each is null) || game.Effects.Any(each => each is null)
        || game.Encounter?.Choices.Any(each => each is null) == true;

    private static IEnumerable<string> Further(Game game)
    {
        if (game.Pilot.Length is 0 or > LongestPilot || game.Pilot.Any(char.IsControl))
        {
            yield return "its pilot's name is none.";
        }

        foreach (var fault in Figures(game).Concat(Fittings(game)).Concat(Places(game)).Concat(Doings(game)))
        {
            yield return fault;
        }

        var ending = Endings.Of(game);
        if (game.Ending?.Reason != ending?.Reason || game.Ending?.Victory != ending?.Victory)
        {
            yield return "it is over and does not say so, or says so and is not.";
        }
    }

    private static IEnumerable<string> Figures(Game game)
    {
        var (rules, done) = (game.Rules, game.Statistics);
        (string Name, int Value, int Most)[] figures =
        [
            ("turn", game.Turn, rules.MaxTurns),
            ("health", game.Health, rules.MaxHealth),
            ("wealth", game.Wealth, int.MaxValue),
            ("hull", game.Hull, Stats.Of(game).MaxHull),
            ("fuel", game.Fuel, rules.MaxFuel),
            ("food", game.Food, int.MaxValue),
            ("pod", game.Pod?.Hp ?? 0, PodStats.Of(game).MaxHp),
            ("turn of exploring", game.ExploredAt ?? 0, game.Turn),
            ("turn of scanning", game.ScannedAt ?? 0, game.Turn),
            ("distance travelled", done.DistanceTravelled, int.MaxValue),
            ("count of items", done.ItemsCollected, int.MaxValue),
            ("count of credits earned", done.CreditsEarned, int.MaxValue),
            ("count of credits spent", done.CreditsSpent, int.MaxValue),
            ("count of enemies", done.ShipsDestroyed, int.MaxValue),
            ("count of ejections", done.PodUses, int.MaxValue),
            ("count of wrecks", done.Salvaged, done.ShipsDestroyed),
        ];
        foreach (var (name, value, most) in figures.Where(figure => figure.Value < 0 || figure.Value > figure.Most))
        {
            yield return $"its {name} is {value}, and can be 0 to {most}.";
        }

        if (game.Wealth != (long)rules.StartingWealth + done.CreditsEarned - done.CreditsSpent)
        {
            yield return "its credits are not those that it began with, plus what was earned, less what was spent.";
        }
    }

    private static IEnumerable<string> Fittings(Game game)
    {
        var ship = ShipType.Of(game.Ship);
        var fitted = game.Mods.Select(id => Mod.Find(id)!.Slot).GroupBy(slot => slot);
        if (fitted.Any(all => all.Count() > ship.Slots(all.Key)))
        {
            yield return "more is fitted to its ship than that has slots for.";
        }

        var given = (game.Pod?.Augmentations ?? []).Select(id => Augmentation.Find(id)!).ToList();
        if (given.Count > Augmentation.Most || given.GroupBy(each => each.Class).Any(all => all.Count() > 1))
        {
            yield return "its pod has more than it takes.";
        }

        if (game.Pod is { Flying: true } ? game.Hull > 0 || game.Mods.Count > 0 : game.Hull == 0 && game.Ending is null)
        {
            yield return "it has a ship and flies in the pod, or neither.";
        }
    }

    private static IEnumerable<string> Places(Game game)
    {
        var map = StarMap.Of(game.MapSeed);
        if (map.Find(game.At) is null || game.Visited.Concat(game.Charted).Any(id => map.Find(id) is null))
        {
            yield return "it names a place that is not on its map.";
        }

        if (game.Visited.Count == 0 || game.Visited[0] != map.Start.Id || !game.Visited.Contains(game.At)
            || game.Visited.Distinct().Count() != game.Visited.Count
            || game.Charted.Distinct().Count() != game.Charted.Count
            || game.Statistics.SystemsVisited != game.Visited.Count)
        {
            yield return "the places that it has been at are no way through its map.";
        }

        if (game.Quest is { } quest && (map.Find(quest.Target) is null
            || QuestType.All.All(type => type.Id != quest.Id)
            || quest.DueTurn < game.Turn || quest.DueTurn > (long)game.Turn + game.Rules.QuestTurns))
        {
            yield return "its quest is none that anybody gives.";
        }
    }

    private static IEnumerable<string> Doings(Game game)
    {
        if (game.CompletedQuests.Any(id => QuestType.All.All(type => type.Id != id)))
        {
            yield return "it has done a quest that nobody gives.";
        }

        if ((game.Encounter, game.Fight, game.Ending) is not ((null, null, _) or (_, null, null) or (null, _, null)))
        {
            yield return "more than one thing waits in it.";
        }

        if (game.Fight is { } fight && (Enemy.All.FirstOrDefault(enemy => enemy.Id == fight.Enemy) is not { } against
            || fight.Hp < 1 || fight.Hp > against.Hp || fight.Round < 0 || game.Pod is { Flying: true }))
        {
            yield return "its fight is none that can be fought.";
        }

        if (game.Encounter is { } encounter && !IsKnown(encounter, game))
        {
            yield return "what waits for an answer in it is nothing that is met.";
        }
    }

    private static bool IsKnown(Encounter encounter, Game game)
    {
        var answers = encounter.Choices.Select(choice => choice.Id);
        if (EncounterType.Find(encounter.Id) is { } type)
        {
            return answers.SequenceEqual(type.Choices.Select(choice => choice.Id));
        }

        return QuestType.All.Any(quest => encounter.Id == "offer-" + quest.Id
            ? answers.SequenceEqual(["accept", "decline"]) && game.Quest is null
                && encounter.Target is { } target && StarMap.Of(game.MapSeed).Find(target) is not null
            : encounter.Id == "quest-" + quest.Id && answers.SequenceEqual(["go", "later"])
                && game.Quest?.Id == quest.Id);
    }
}
