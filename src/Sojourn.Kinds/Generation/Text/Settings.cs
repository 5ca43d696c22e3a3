using System.Collections.Frozen;

namespace Sojourn.Kinds.Generation.Text;

internal enum Setting
{
    Plain,
    Interior,
    Forest,
    Coast,
    Sea,
    City,
    Village,
    Mountains,
    Desert,
    Space,
    Cave,
}

internal enum Hour
{
    Day,
    Dawn,
    Dusk,
    Night,
}

internal enum Weather
{
    Clear,
    Fog,
    Rain,
    Storm,
    Snow,
}

/// <summary>Which words tell where, when, in what weather and in what mood a scene takes place.</summary>
internal static class Settings
{
    public static readonly FrozenDictionary<string, Setting> Places = Map(
        (Setting.Plain, "hill hills slope valley orchard garden field fields meadow meadows"),
        (Setting.Interior, """
            room kitchen house cottage library hall attic cellar bedroom parlour cabin school shop workshop tavern inn
            office hospital stairs staircase corridor lobby apartment museum theatre theater bakery laboratory table
            floor ceiling bed chair oven hearth counter
            """),
        (Setting.Forest, "forest wood woods jungle grove trees glade clearing thicket woodland"),
        (Setting.Coast,
            "lighthouse harbour harbor beach shore cliff cliffs coast bay pier rocks cove quay jetty island dunes"),
        (Setting.Sea, "sea ocean ship boat waves deck sail submarine raft reef lake river"),
        (Setting.City,
            "city street streets skyscraper rooftop rooftops alley subway market square avenue station bridge"),
        (Setting.Village, "village church farm barn mill windmill well town castle churchyard"),
        (Setting.Mountains, "mountain mountains peak summit ridge pass glacier avalanche"),
        (Setting.Desert, "desert sand oasis canyon camel caravan"),
        (Setting.Space, "space planet spaceship starship orbit moonbase asteroid galaxy airlock rocket nebula"),
        (Setting.Cave, "cave cavern tunnel mine dungeon tunnels caves crypt"));

    /// <summary>Words that tell what a place is like, but that nobody would give as the name of a place.</summary>
    public static readonly FrozenSet<string> Furnishings = Lexicon.Set("""
        room stairs staircase corridor table floor ceiling bed chair oven hearth desk counter bar trees waves deck
        sail sand rocks streets camel well pass slope field office thicket glade fields hall hills boat ship bridge
        tunnels square
        """);

    public static readonly FrozenDictionary<string, Hour> Hours = Map(
        (Hour.Dawn, "dawn sunrise morning daybreak breakfast"),
        (Hour.Day, "noon midday afternoon sunlight sunny daylight"),
        (Hour.Dusk, "dusk sunset evening twilight supper"),
        (Hour.Night, "night midnight moon moonlight stars darkness starlight tonight lantern lanterns"));

    public static readonly FrozenDictionary<string, Weather> Weathers = Map(
        (Weather.Fog, "fog mist foggy misty haze"),
        (Weather.Rain, "rain raining rainy drizzle downpour puddles rained"),
        (Weather.Storm, "storm thunder lightning gale tempest hurricane squall"),
        (Weather.Snow, "snow snowing snowy blizzard snowflakes snowfall"));

    public static readonly FrozenDictionary<string, string> Moods = Map(
        ("tense", "danger afraid fear dark storm trembling scream shadow shadows lost trapped threat dread"),
        ("joyful", "laughed laugh joy happy smiled danced sang bright celebration cheered music"),
        ("sorrowful", "tears wept grief sad mourning grave funeral lonely alone goodbye buried"),
        ("mysterious", "secret strange mystery whisper whispered hidden unknown ancient vanished ghost riddle"),
        ("wondrous", "wonder magic golden glowed glowing shimmering starlight marvel dream"),
        ("urgent", "ran hurry chased rushed quickly escape race raced fled fire alarm"),
        ("peaceful", "quiet calm gentle peace slept still silence warm rest"));

    public static string Name(Hour hour) => hour switch
    {
        Hour.Dawn => "dawn",
        Hour.Dusk => "dusk",
        Hour.Night => "night",
        _ => "day",
    };

    public static string Name(Weather weather) => weather switch
    {
        Weather.Fog => "fog",
        Weather.Rain => "rain",
        Weather.Storm => "storm",
        Weather.Snow => "snow",
        _ => "clear air",
    };

    /// <summary>
    /// The value whose words are found most often; null if none is. A tie goes to what is found first.
    /// </summary>
    public static T? MostFrequent<T>(FrozenDictionary<string, T> known, IEnumerable<string> plainWords)
        where T : struct => plainWords
            .Where(known.ContainsKey)
            .GroupBy(word => known[word])
            .OrderByDescending(group => group.Count())
            .Select(group => (T?)group.Key)
            .FirstOrDefault();

    private static FrozenDictionary<string, T> Map<T>(params (T Value, string Words)[] groups)
    {
        var map = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var (value, words) in groups)
        {
            foreach (var word in words.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
            {
                map.TryAdd(word, value);
            }
        }

        return map.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
