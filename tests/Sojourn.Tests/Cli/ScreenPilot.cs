using System.Globalization;
using System.Text.RegularExpressions;

namespace Sojourn.Tests.Cli;

/// <summary>
/// A player who knows nothing but what the screen shows: mines, sells where somebody buys, fights if armed, and flies
/// to where it is said to be quiet.
/// </summary>
internal sealed partial class ScreenPilot(RealTerminal terminal)
{
    private const RegexOptions How = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    private string Picture => terminal.Picture;

    private bool IsOver => Picture.Contains("WON:", StringComparison.Ordinal)
        || Picture.Contains("LOST:", StringComparison.Ordinal);

    /// <summary>True while an enemy is on the screen.</summary>
    public static bool IsFight(string picture) => picture.Contains("FIGHT with", StringComparison.Ordinal);

    /// <summary>True once what was asked of the server is there.</summary>
    public static bool IsSettled(string picture) =>
        picture.Contains("q leave", StringComparison.Ordinal)
        && picture.TrimEnd().Split('\n') is { Length: > 2 } lines && lines[^2].Trim() is "";

    /// <summary>Plays until the game is over, or something is on the screen.</summary>
    /// <returns>True if the game was won.</returns>
    public async Task<bool> PlayAsync(Func<string, bool>? until = null)
    {
        // As many as no game takes.
        for (var step = 0; step < 2000 && !IsOver; step++)
        {
            if (until?.Invoke(Picture) == true)
                return false;
            await StepAsync();
        }

        return Picture.Contains("WON:", StringComparison.Ordinal);
    }

    /// <summary>Begins another game once one is over.</summary>
    public Task BeginAnewAsync() => DoAsync("n", picture => picture.Contains("A new game.", StringComparison.Ordinal));

    private async Task StepAsync()
    {
        if (IsFight(Picture))
        {
            await ChooseAsync(Find("Use repair") ?? (Picture.Contains("no weapons", StringComparison.Ordinal)
                ? Find("Flee") ?? Find("Attack") : Find("Attack")));
            return;
        }

        if (Find("Look around") is null && !Picture.Contains("\nHERE", StringComparison.Ordinal))
        {
            await ChooseAsync(Choices().FirstOrDefault(choice => choice.IsFree));
            return;
        }

        if (await TradeAsync())
            return;
        var isStrong = Gauge("hull") > 35 && Gauge("health") > 40;
        await ChooseAsync(
            (Gauge("hull") < 55 ? Find("Repair the hull") : null)
            ?? (isStrong ? Find("Look around") ?? Find("Scan") : null)
            ?? (Gauge("fuel") > 20 && Gauge("hull") > 35 && Room() >= 10 ? Find("Mine") : null)
            ?? Way());
    }

    /// <summary>Sells, buys fuel and what mines, eats, and comes back to the first page.</summary>
    private async Task<bool> TradeAsync()
    {
        var isInhabited = Header().Contains("yard", StringComparison.Ordinal)
            || Header().Contains("market", StringComparison.Ordinal)
            || Header().Contains("post", StringComparison.Ordinal);
        if (isInhabited)
        {
            await TurnAsync("t");
            var goods = Choices().Where(choice => choice.Title.StartsWith("Sell", StringComparison.Ordinal)
                && choice.IsFree
                && !choice.Title.Contains("fuel cell", StringComparison.Ordinal)).LastOrDefault();
            goods ??= Gauge("fuel") < 60 && Credits() > 150 ? Find("Buy 1 fuel cells") : null;
            if (goods is not null)
            {
                await ChooseAsync(goods);
                await TurnAsync("a");
                return true;
            }

            await TurnAsync("y");
            if (Credits() >= 350 && Find("Mining laser") is { } laser)
            {
                await ChooseAsync(laser);
                await TurnAsync("a");
                return true;
            }
        }

        await TurnAsync("c");
        var need = (Gauge("fuel") < 65 ? Find("Use fuel cells") : null)
            ?? (Gauge("hull") < 60 ? Find("Use repair") : null)
            ?? (Gauge("health") < 60 ? Find("Use med") ?? Find("Eat 10") : null);
        if (need is not null)
            await ChooseAsync(need);
        await TurnAsync("a");
        return need is not null;
    }

    /// <summary>The quietest way that one did not come by.</summary>
    private Choice? Way()
    {
        var ways = Choices().Where(choice => choice.IsFree && choice.Title.StartsWith("Fly", StringComparison.Ordinal));
        return ways.OrderBy(way => Danger(way.Note) - Worth(way.Note)).FirstOrDefault()
            ?? Find("Jump") ?? Find("Call for help");
    }

    private int Worth(string note)
    {
        bool Has(string word) => note.Contains(word, StringComparison.Ordinal);
        var hasLaser = !Picture.Contains("Mining needs", StringComparison.Ordinal);
        var isFull = Room() < 25;
        return (Has("visited") ? -25 : 0)
            + (Has("quest") ? 60 : 0)
            + (Has("asteroid") && hasLaser && !isFull && Gauge("hull") >= 50 ? 80 : 0)
            + ((Has("market") || Has("post") || Has("yard")) && isFull ? 80 : 0)
            + (Has("yard") && (Gauge("hull") < 50 || !hasLaser) ? 80 : 0);
    }

    private async Task ChooseAsync(Choice? choice)
    {
        choice.ShouldNotBeNull($"there must be something to do:\n{Picture}");
        // Enter is needed only where the number may be the beginning of a longer one.
        var enter = choice.Number * 10 <= Choices().Count ? "\r" : "";
        await DoAsync(string.Create(CultureInfo.InvariantCulture, $"{choice.Number}{enter}"), _ => true);
        if (Picture.Contains("[y/N]", StringComparison.Ordinal))
            await DoAsync("y", _ => true);
    }

    private Task TurnAsync(string page) => DoAsync(page, picture => (page switch
    {
        "t" => (string[])["SELL", "BUY", "Nothing of that sort"],
        "y" => ["MODS", "SHIPS", "POD", "Nothing of that sort"],
        "c" => ["ON BOARD"],
        _ => ["HERE", "OVER", "ANSWER", "FIGHT"],
    }).Any(heading => picture.Contains($"\n{heading}", StringComparison.Ordinal)));

    private async Task DoAsync(string keys, Func<string, bool> isSo)
    {
        await terminal.PressAsync(keys);
        await terminal.WaitForAsync(picture =>
            (IsSettled(picture) || picture.Contains("[y/N]", StringComparison.Ordinal)) && isSo(picture));
    }

    private Choice? Find(string title) => Choices().FirstOrDefault(choice =>
        choice.IsFree && choice.Title.StartsWith(title, StringComparison.Ordinal));

    private List<Choice> Choices() =>
        [.. Rows().Matches(Picture).Select(row => new Choice(
            int.Parse(row.Groups["number"].Value, CultureInfo.InvariantCulture),
            row.Groups["title"].Value.Trim(), row.Groups["note"].Value.Trim()))];

    private string Header() => Picture.Split('\n').First(line => line.Trim().Length > 0);

    private int Gauge(string name) => Number(Picture, name + @"\s+\[[#.]*\] (?<n>\d+)/") ?? 0;

    private int Room() => (Number(Picture, @"cargo\s+\[[#.]*\] \d+/(?<n>\d+)") ?? 0) - Gauge("cargo");

    private int Credits() => Number(Picture, @"credits (?<n>[\d,]+)/") ?? 0;

    private static int Danger(string note) => Number(note, @"danger (?<n>\d+)") ?? 50;

    private static int? Number(string text, string pattern) =>
        Regex.Match(text, pattern, How) is { Success: true } found
            ? int.Parse(found.Groups["n"].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"^[> ] *(?<number>\d+)  (?<title>.{1,35}?)(  +|…) ?(?<note>.*)$",
        RegexOptions.Multiline | How)]
    private static partial Regex Rows();

    private sealed record Choice(int Number, string Title, string Note)
    {
        public bool IsFree => !Note.StartsWith("no:", StringComparison.Ordinal);
    }
}
