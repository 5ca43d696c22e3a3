namespace Sojourn.Kinds.Generation.Text;

/// <summary>Finds a heading for each scene in its own words, different for each.</summary>
internal sealed class Titles
{
    private const int MaxLength = 50;

    private readonly IReadOnlyList<SceneFacts> _scenes;
    private readonly Dictionary<string, int> _scenesWith;

    public Titles(IReadOnlyList<SceneFacts> scenes)
    {
        _scenes = scenes;
        _scenesWith = scenes
            .SelectMany(scene => Words.Of(scene.Excerpt).Select(word => word.Plain).Distinct())
            .CountBy(word => word).ToDictionary();
    }

    /// <summary>
    /// The title of a scene; another revision gives another one where the scene has several to offer.
    /// </summary>
    public string Of(int number, int revision)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var earlier = 1; earlier < number; earlier++)
        {
            taken.Add(Candidates(earlier).First(title => !taken.Contains(title)));
        }

        string[] free = [.. Candidates(number).Where(title => !taken.Contains(title)).Take(4)];
        return free[(revision - 1) % free.Length];
    }

    private IEnumerable<string> Candidates(int number)
    {
        var scene = _scenes[number - 1];
        var before = number > 1 ? _scenes[number - 2] : null;
        var things = Things(scene).ToList();
        var newcomer = scene.People.FirstOrDefault(person => before?.People.Contains(person) != true);
        var hero = newcomer ?? (scene.People.Count > 0 ? scene.People[0] : null);
        var place = scene.Place is { } somewhere && somewhere != before?.Place ? somewhere : null;

        IEnumerable<string?> ideas =
        [
            number % 3 == 0 ? SaidBriefly(scene) : null,
            number % 3 != 1 || hero is null || things.Count == 0 ? null : $"{hero} and the {things[0]}",
            things.Count > 0 ? $"The {things[0]}" : null,
            hero is not null && place is not null ? $"{hero} at {place}" : null,
            .. things.Skip(1).Take(3).Select(thing => $"The {thing}"),
            hero is not null && things.Count > 1 ? $"{hero} and the {things[1]}" : null,
            place,
            SaidBriefly(scene),
            FirstWords(scene.Excerpt),
        ];
        foreach (var idea in ideas.OfType<string>().Select(Prose.TitleCase)
            .Where(idea => idea.Length is > 3 and <= MaxLength))
        {
            yield return idea;
        }

        // A story that repeats itself word for word leaves nothing else to tell its scenes apart.
        var opening = Prose.Shorten(Prose.TitleCase(FirstWords(scene.Excerpt)), MaxLength - 16);
        yield return $"{opening}, Once More";
        for (var time = 3; ; time++)
        {
            yield return $"{opening}, Time {time}";
        }
    }

    /// <summary>Things of the scene, "great lamp" or "letter", the most telling first.</summary>
    private IEnumerable<string> Things(SceneFacts scene)
    {
        Word[] words = [.. Words.Of(scene.Excerpt)];
        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var i = 0; i + 1 < words.Length; i++)
        {
            if (words[i].Plain is not ("the" or "a" or "an" or "his" or "her" or "their" or "my" or "its"))
            {
                continue;
            }

            if (i + 2 < words.Length && IsNoun(words[i + 2]) && IsContent(words[i + 1])
                && !Lexicon.Shapeless.Contains(words[i + 1].Plain) && EndsHere(scene.Excerpt, words, i + 2)
                && AreJoined(scene.Excerpt, words[i + 1], words[i + 2]))
            {
                Count($"{words[i + 1].Plain} {words[i + 2].Plain}", words[i + 2].Plain, 1.5);
            }
            else if (IsNoun(words[i + 1]) && EndsHere(scene.Excerpt, words, i + 1))
            {
                Count(words[i + 1].Plain, words[i + 1].Plain, 1);
            }
        }

        return weights.OrderByDescending(pair => pair.Value).Select(pair => pair.Key);

        void Count(string thing, string noun, double factor)
        {
            // What few other scenes have is what this one is about.
            var rarity = Math.Log(1.5 + ((double)_scenes.Count / _scenesWith.GetValueOrDefault(noun, 1)));
            weights[thing] = weights.GetValueOrDefault(thing) + (factor * rarity);
        }
    }

    private static bool IsContent(Word word) => word.Text.Length > 2 && !word.IsCapitalised
        && !Lexicon.Common.Contains(word.Plain) && !Lexicon.Verbs.Contains(word.Plain) && char.IsLetter(word.Text[0])
        && word.Text == word.Plain;

    private static bool IsNoun(Word word) => IsContent(word) && !Lexicon.Roles.Contains(word.Plain)
        && !Lexicon.Shapeless.Contains(word.Plain)
        && !Lexicon.Actions.Contains(word.Plain) && !Lexicon.Speech.Contains(word.Plain)
        && !HasEnding(word.Plain, "ed") && !HasEnding(word.Plain, "ing") && !HasEnding(word.Plain, "ly");

    private static bool HasEnding(string word, string ending) =>
        word.Length > ending.Length + 2 && word.EndsWith(ending, StringComparison.Ordinal);

    private static bool AreJoined(string text, Word first, Word second) =>
        text.AsSpan(first.End, second.Start - first.End).SequenceEqual(" ");

    /// <summary>
    /// True where a phrase stops: at a mark, or before a small word or a verb. "The old stairs and", not "the lamp
    /// light".
    /// </summary>
    private static bool EndsHere(string text, Word[] words, int i) => i + 1 >= words.Length
        || !AreJoined(text, words[i], words[i + 1])
        || Lexicon.Common.Contains(words[i + 1].Plain)
        || Lexicon.Verbs.Contains(words[i + 1].Plain)
        || HasEnding(words[i + 1].Plain, "ed");

    /// <summary>A line of two to five words that somebody says: often the best heading there is.</summary>
    private static string? SaidBriefly(SceneFacts scene)
    {
        var text = scene.Excerpt;
        for (var at = text.IndexOfAny(['“', '"']); at >= 0 && at + 1 < text.Length;)
        {
            var close = text.IndexOfAny(['”', '"'], at + 1);
            if (close < 0)
            {
                return null;
            }

            var said = Prose.OneLine(text[(at + 1)..close]).TrimEnd(',', '.', '!', '…', ' ');
            if (said.Length is > 5 and <= 32 && Words.Count(said) is >= 2 and <= 5
                && !said.AsSpan().ContainsAny(",.;:!"))
            {
                return $"“{said}”";
            }

            at = text.IndexOfAny(['“', '"'], close + 1);
        }

        return null;
    }

    private static string FirstWords(string excerpt)
    {
        var words = Words.Of(excerpt).Take(6).Select(word => word.Text);
        return Prose.Shorten(string.Join(' ', words), MaxLength);
    }
}
