using System.Globalization;
using Spectre.Console;

namespace Sojourn.Cli.Explorer;

using Sojourn.Client.Explorer;

/// <summary>What stands above a page's list, line by line.</summary>
internal static class ScreenLines
{
    private const int Wide = 76, Middling = 56, LongBar = 12, ShortBar = 6;

    private static readonly Style Strong = new(decoration: Decoration.Bold);

    /// <summary>Where the ship is, and how far the game.</summary>
    public static IEnumerable<Line> Header(GameView view, int width)
    {
        var (place, goal) = (view.Place, view.Goal);
        var services = string.Join(", ", new[]
        {
            Words(place.Type), place.HasRepair ? "yard" : null, place.Market?.ToLowerInvariant(),
        }.OfType<string>());
        yield return new Line()
            .Add(Clean(place.Name), Strong).Add($"  {services}").Add($"  {Clean(place.RegionName)}", Style.Plain);
        yield return new Line()
            .Add(Text($"turn {goal.Turn}/{goal.MaxTurns}  "))
            .Add(Text($"credits {goal.Wealth:N0}/{goal.VictoryWealth:N0} "), new Style(Color.Yellow))
            .Add(Bar(goal.Wealth, goal.VictoryWealth, BarOf(width)), new Style(Color.Yellow))
            .Add($"  {Clean(view.Pilot)}, {Clean(view.Ship)}");
    }

    /// <summary>Hull or pod, fuel, health, food and cargo.</summary>
    public static IEnumerable<Line> Gauges(GameView view, int width)
    {
        var (gauges, stats) = (view.Gauges, view.Stats);
        var bar = BarOf(width);
        var first = new Line();
        if (view.Pod is { Flying: true } pod)
            Add(first, "pod", pod.Hp, pod.MaxHp, bar);
        else
            Add(first, "hull", gauges.Hull, stats.MaxHull, bar);
        Add(first, "fuel", gauges.Fuel, view.MaxFuel, bar);
        var second = new Line();
        Add(second, "health", gauges.Health, view.MaxHealth, bar);
        Add(second, "cargo", stats.CargoUsed, stats.CargoCapacity, bar, isGoodWhenFull: null);
        second.Add(Text($"food {gauges.Food}"));
        yield return first.Add(view.Pod is { Flying: false } ready ? Text($"pod {ready.Hp}") : "");
        yield return second;
        if (view.Quest is { } quest)
        {
            yield return Line.Of(
                Text($"quest: {Clean(quest.Name)} at {Clean(quest.TargetName)} by turn {quest.DueTurn}"));
        }
    }

    /// <summary>The encounter or the fight, or how the game ended.</summary>
    public static IEnumerable<Line> Pressing(GameView view, int width)
    {
        if (view.Ending is { } ending)
        {
            var style = new Style(ending.Victory ? Color.Green : Color.Red, decoration: Decoration.Bold);
            foreach (var line in Line.Wrap($"{(ending.Victory ? "WON" : "LOST")}: {Clean(ending.Text)}", width, style))
                yield return line;
        }

        if (view.Encounter is { } encounter)
        {
            yield return Line.Of(Clean(encounter.Title), new Style(Color.Aqua, decoration: Decoration.Bold));
            foreach (var line in Line.Wrap(Clean(encounter.Text), width))
                yield return line;
        }

        if (view.Fight is { } fight)
        {
            var bar = width >= Wide ? LongBar * 2 : LongBar;
            yield return Line.Of(Text($"FIGHT with {Clean(fight.Name)}, round {fight.Round}"),
                new Style(Color.Red, decoration: Decoration.Bold));
            yield return Side("you", view.Gauges.Hull, view.Stats.MaxHull, bar, Color.Green)
                .Add(view.Stats.CombatPower > 0 ? Text($"  power {view.Stats.CombatPower}") : "  no weapons");
            yield return Side("enemy", fight.Hp, fight.MaxHp, bar, Color.Red);
        }
    }

    /// <summary>What came of the last action.</summary>
    public static IEnumerable<Line> Happened(Told told, int width) => told.Text.Length == 0 ? [] : Line.Wrap(
        $"{Mark(told.Type)} {told.Text}", width, new Style(told.Type switch
        {
            "success" or "victory" => Color.Green,
            "warning" => Color.Yellow,
            "danger" or "gameOver" => Color.Red,
            _ => Color.Default,
        }));

    /// <summary>As the colour says, for those who do not see it.</summary>
    public static string Mark(string type) => type switch
    {
        "success" or "victory" => "+",
        "warning" => "!",
        "danger" or "gameOver" => "!!",
        _ => "-",
    };

    public static string Words(string name) => name.Replace('_', ' ');

    private static Line Side(string name, int value, int most, int bar, Color color) => new Line()
        .AddFixed(name, 6).Add(Bar(value, most, bar), new Style(color)).Add(Text($" {value}/{most}"));

    private static void Add(Line line, string name, int value, int most, int bar, bool? isGoodWhenFull = true)
    {
        var part = most > 0 ? (double)value / most : 0;
        var color = isGoodWhenFull is null ? Color.Default
            : part <= 0.25 ? Color.Red : part <= 0.5 ? Color.Yellow : Color.Green;
        var figures = Text($" {value}/{most}");
        if (bar == 0)
            line.Add(name).Add(figures, new Style(color)).Add("  ");
        else
            line.AddFixed(name, 7).Add(Bar(value, most, bar), new Style(color)).AddFixed(figures, 11);
    }

    /// <summary>Where there is little room, figures have to do.</summary>
    private static int BarOf(int width) => width >= Wide ? LongBar : width >= Middling ? ShortBar : 0;

    private static string Bar(int value, int most, int width)
    {
        if (width == 0)
            return "";
        var full = most > 0 ? Math.Clamp((int)Math.Ceiling((double)value * width / most), 0, width) : 0;
        return $"[{new string('#', full)}{new string('.', width - full)}]";
    }

    private static string Clean(string text) => PlainText.Line(text);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
