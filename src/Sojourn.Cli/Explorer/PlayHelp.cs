namespace Sojourn.Cli.Explorer;

/// <summary>What the player may want to know.</summary>
internal static class PlayHelp
{
    private static readonly string[] Texts =
    [
        "Get rich before time, fuel or luck run out. The bar beside your credits says how far you are.",
        "",
        "1 2 3…         do what has that number; Enter too if there are longer numbers",
        "arrows, Enter  choose and do; PageUp and PageDown are faster",
        "a              what can be done here: fly, look around, scan, mine, salvage, repair",
        "c              what is on board: use, eat, throw away",
        "t              trade: sell and buy goods, at markets and yards",
        "y              the yard: mods, ships, the escape pod",
        "m              the map of this region; r the map of all regions",
        "s              save slots: save here, go on from there; slot 0 is written by itself",
        "l              what has happened; the newest is first",
        "n              begin a new game",
        "Esc            back to what can be done",
        "q              leave; the game stays as it is, and `sojourn play` comes back to it",
        "",
        "What cannot be done is listed with why not. What you might regret is asked about once.",
        "If the server goes away the game waits for it. Nothing is done twice.",
        "The same game may be open in a browser or another terminal; all show the same.",
        "",
        StarChart.Legend,
    ];

    public static IEnumerable<Line> Lines(int width) => Texts.SelectMany(text => Line.Wrap(text, width));
}
