namespace Sojourn.Kinds.Generation.Text;

/// <summary>What the embedded generator has understood of a story.</summary>
internal sealed class StoryReading
{
    private const int MaxCharacters = 10;
    private const int MaxPlaces = 8;

    private StoryReading(string story)
    {
        Story = story;
        Names = NameFinder.Find(story);
        PlainWords = [.. Words.Of(story).Select(word => word.Plain)];
        Frequency = PlainWords.CountBy(word => word).ToDictionary();
        HasNarrator = Words.Of(WithoutSpeech(story)).Count(word => word.Text is "I" or "my" or "me") >= 3;
        People = [.. FindPeople().Take(MaxCharacters)];
        Places = [.. FindPlaces().Take(MaxPlaces)];
    }

    public string Story { get; }

    public IReadOnlyList<Named> Names { get; }

    /// <summary>Everybody, the most important first: named ones, then those who go by what they are.</summary>
    public IReadOnlyList<Named> People { get; }

    /// <summary>Everywhere, named places first.</summary>
    public IReadOnlyList<Named> Places { get; }

    /// <summary>True for a story told by an "I".</summary>
    public bool HasNarrator { get; }

    public IReadOnlyDictionary<string, int> Frequency { get; }

    private List<string> PlainWords { get; }

    public static StoryReading Of(string story) => new(story);

    public StoryAnalysis ToAnalysis()
    {
        var words = PlainWords.Count;
        return new StoryAnalysis(
            words,
            Breaks.Sentences(Story).Count(sentence => Words.Of(sentence.In(Story)).Any()),
            Breaks.Paragraphs(Story).Count(paragraph => Words.Of(paragraph.In(Story)).Any()),
            Themes.Of(Story),
            [.. People.Select(person => person.Display)],
            [.. Places.Select(place => place.Display)],
            EstimateScenes(words),
            Math.Round(Math.Max(0.1, words / 200.0), 1, MidpointRounding.AwayFromZero));
    }

    /// <summary>
    /// About a scene for 80 words, fewer at first: a reader wants a minute's text to be more than one picture.
    /// </summary>
    private static int EstimateScenes(int words) => words switch
    {
        < 50 => 2,
        < 150 => 3,
        < 300 => 4,
        < 500 => 6,
        _ => Math.Min(StoryRules.MaxScenes, words / 80),
    };

    private IEnumerable<Named> FindPeople()
    {
        foreach (var person in Names.Where(name => !name.IsPlace))
        {
            yield return person;
        }

        if (HasNarrator)
        {
            yield return new Named("the narrator", ["I", "me", "my"], 1, IsPlace: false);
        }

        var hasNames = Names.Count(name => !name.IsPlace) > 1;
        foreach (var role in Frequency.Where(pair => pair.Value > 1 && Lexicon.Roles.Contains(pair.Key)
                && !(hasNames && Lexicon.Kin.Contains(pair.Key)) && IsUsedPlainly(pair.Key))
            .OrderByDescending(pair => pair.Value)
                .ThenBy(pair => Story.IndexOf(pair.Key, StringComparison.OrdinalIgnoreCase)))
        {
            yield return new Named("the " + role.Key, [role.Key], role.Value, IsPlace: false);
        }
    }

    private IEnumerable<Named> FindPlaces()
    {
        foreach (var place in Names.Where(name => name.IsPlace))
        {
            yield return place;
        }

        foreach (var place in Frequency.Where(pair => Settings.Places.ContainsKey(pair.Key)
                && !Settings.Furnishings.Contains(pair.Key) && IsUsedPlainly(pair.Key))
            .OrderByDescending(pair => pair.Value)
                .ThenBy(pair => Story.IndexOf(pair.Key, StringComparison.OrdinalIgnoreCase)))
        {
            yield return new Named("the " + place.Key, [place.Key], place.Value, IsPlace: true);
        }
    }

    /// <summary>Said with an article, like a thing one can see: "the mill", not "mill about".</summary>
    private bool IsUsedPlainly(string noun)
    {
        var words = PlainWords;
        for (var i = 1; i < words.Count; i++)
        {
            if (words[i] == noun && (IsArticle(words[i - 1]) || (i > 1 && IsArticle(words[i - 2]))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsArticle(string word) =>
        word is "the" or "a" or "an" or "his" or "her" or "their" or "my" or "our";

    /// <summary>The story without what is said in it: "I" in a speech is no narrator.</summary>
    private static string WithoutSpeech(string story)
    {
        var isSpeech = false;
        return string.Concat(story.Where(letter =>
        {
            isSpeech = letter switch
            {
                '“' => true,
                '”' or '\n' => false,
                '"' => !isSpeech,
                _ => isSpeech,
            };
            return !isSpeech;
        }));
    }
}
