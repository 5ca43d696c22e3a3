namespace Sojourn.Kinds.Generation.Text;

/// <summary>Who is in a scene, where, when and in what mood; what the excerpt leaves unsaid is carried over.</summary>
internal sealed record SceneFacts
{
    private const int MostPeople = 4;

    public required int Number { get; init; }

    public required string Excerpt { get; init; }

    /// <summary>Who is seen, the most mentioned first.</summary>
    public required IReadOnlyList<string> People { get; init; }

    /// <summary>The place as the story calls it; null if it never says.</summary>
    public required string? Place { get; init; }

    public required Setting Setting { get; init; }

    public required Hour Hour { get; init; }

    public required Weather Weather { get; init; }

    public required string? Mood { get; init; }

    /// <summary>How many speeches, acts, feelings and arrivals the excerpt has.</summary>
    public required int Speech { get; init; }

    public required int Action { get; init; }

    public required int Feeling { get; init; }

    public required int Arrival { get; init; }

    /// <summary>The facts of every scene, in order.</summary>
    public static IReadOnlyList<SceneFacts> Of(StoryReading reading, IReadOnlyList<PlannedScene> plan)
    {
        var all = new List<SceneFacts>(plan.Count);
        var opening = SettingOf(Words.Of(reading.Story).Select(word => word.Plain)) ?? Setting.Plain;
        foreach (var part in plan)
        {
            var excerpt = reading.Story.Substring(part.Start, part.Length);
            all.Add(Read(reading, part.Number, excerpt, all.LastOrDefault(), opening));
        }

        return all;
    }

    private static SceneFacts Read(
        StoryReading reading, int number, string excerpt, SceneFacts? before, Setting opening)
    {
        string[] words = [.. Words.Of(excerpt).Select(word => word.Plain)];
        var places = Mentioned(reading.Places, excerpt);
        var carriesOn = places.Count == 0;
        var hour = Settings.MostFrequent(Settings.Hours, words) ?? before?.Hour ?? Hour.Day;
        return new SceneFacts
        {
            Number = number,
            Excerpt = excerpt,
            People = PeopleIn(reading, excerpt, words, before),
            Place = carriesOn ? before?.Place : places[0],
            Setting = (number == 1 ? OutdoorsIn(words) : null) ?? SettingOf(words) ?? before?.Setting ?? opening,
            Hour = hour,
            // Weather lasts until another hour of the day is told.
            Weather = Settings.MostFrequent(Settings.Weathers, words)
                ?? (hour == before?.Hour ? before.Weather : Weather.Clear),
            Mood = words.Where(Settings.Moods.ContainsKey).GroupBy(word => Settings.Moods[word])
                .OrderByDescending(group => group.Count()).Select(group => group.Key).FirstOrDefault(),
            Speech = excerpt.Count(letter => letter is '“' or '«') + (excerpt.Count(letter => letter == '"') / 2),
            Action = words.Count(Lexicon.Actions.Contains),
            Feeling = words.Count(Lexicon.Feelings.Contains),
            Arrival = words.Count(Lexicon.Arrivals.Contains),
        };
    }

    /// <summary>The first shot shows a place from outside if the story gives it an outside.</summary>
    private static Setting? OutdoorsIn(IEnumerable<string> words) => SettingOf(words.Where(word =>
        Settings.Places.TryGetValue(word, out var setting) && setting is not (Setting.Interior or Setting.Cave)));

    private static Setting? SettingOf(IEnumerable<string> words) => Settings.MostFrequent(Settings.Places, words);

    private static List<string> PeopleIn(StoryReading reading, string excerpt, string[] words, SceneFacts? before)
    {
        var named = Mentioned(reading.People, excerpt).Take(MostPeople).ToList();
        if (named.Count > 0 || before is null)
        {
            return named;
        }

        // Nobody is named: "he" and "they" are those of whom was spoken last.
        var carried = words.Any(Lexicon.PluralPronouns.Contains) ? 2 : words.Any(Lexicon.Pronouns.Contains) ? 1 : 0;
        return [.. before.People.Take(carried)];
    }

    private static List<string> Mentioned(IReadOnlyList<Named> known, string excerpt) => [.. known
        .Select(named => (named.Display, Count: named.Forms.Sum(form => CountOf(excerpt, form))))
        .Where(found => found.Count > 0)
        .OrderByDescending(found => found.Count)
        .Select(found => found.Display)];

    /// <summary>How often a name stands in a text as whole words.</summary>
    public static int CountOf(string text, string name)
    {
        var count = 0;
        for (var at = 0; (at = text.IndexOf(name, at, StringComparison.Ordinal)) >= 0; at += name.Length)
        {
            var end = at + name.Length;
            var isWhole = (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
                && (end == text.Length || !char.IsLetterOrDigit(text[end]));
            count += isWhole ? 1 : 0;
        }

        return count;
    }
}
