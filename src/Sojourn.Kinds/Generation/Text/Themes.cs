namespace Sojourn.Kinds.Generation.Text;

/// <summary>What a story is about: ten themes, each known by some words.</summary>
internal static class Themes
{
    private static readonly (string Theme, string[] Words)[] Known =
    [
        ("adventure", ["adventure", "journey", "quest", "explore", "travel", "voyage", "discover", "sail", "map"]),
        ("love", ["love", "heart", "kiss", "beloved", "marry", "romance", "tender"]),
        ("conflict", ["conflict", "fight", "battle", "war", "enemy", "struggle", "argue", "attack"]),
        ("mystery", ["mystery", "secret", "hidden", "clue", "strange", "unknown", "puzzle", "riddle", "vanish"]),
        ("magic", ["magic", "spell", "wizard", "witch", "enchant", "charm", "potion", "dragon"]),
        ("friendship", ["friend", "together", "companion", "share", "trust", "help"]),
        ("betrayal", ["betray", "traitor", "lie", "deceive", "treachery", "deceit"]),
        ("redemption", ["redeem", "redemption", "forgive", "sorry", "atone", "mend", "second chance"]),
        ("courage", ["courage", "brave", "bold", "dare", "fearless", "hero", "storm"]),
        ("sacrifice", ["sacrifice", "give up", "gave up", "loss", "duty", "devotion"]),
    ];

    /// <summary>
    /// At most five, the strongest first. A whole word counts twice, and once more as part of any word.
    /// </summary>
    public static IReadOnlyList<string> Of(string story)
    {
        var lower = story.ToLowerInvariant();
        var counts = Words.Of(lower).CountBy(word => word.Plain).ToDictionary();
        return [.. Known
            .Select(known => (known.Theme, Score: known.Words.Sum(word => Score(word))))
            .Where(theme => theme.Score > 0)
            .OrderByDescending(theme => theme.Score)
            .Take(5)
            .Select(theme => theme.Theme)];

        int Score(string word)
        {
            // Short words hide in others: "lie" in "believe", "war" in "warm".
            var partly = word.Length < 5 ? 0 : counts.Where(pair => pair.Key.Contains(word)).Sum(pair => pair.Value);
            var phrase = word.Contains(' ') && lower.Contains(word) ? 2 : 0;
            return (2 * counts.GetValueOrDefault(word)) + partly + phrase;
        }
    }
}
