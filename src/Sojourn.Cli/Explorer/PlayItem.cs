using System.Globalization;

namespace Sojourn.Cli.Explorer;

using Sojourn.Client.Explorer;

/// <summary>What the player looks at.</summary>
internal enum PlayPage
{
    Actions,
    Cargo,
    Trade,
    Yard,
    Map,
    Regions,
    Slots,
    Log,
    Help,
}

/// <summary>Something that can be chosen from a page's list.</summary>
/// <param name="Group">Its heading.</param>
/// <param name="Title">What it does.</param>
/// <param name="Note">What it costs, how likely it succeeds, or why it cannot be done.</param>
/// <param name="Available">Whether it can be done.</param>
/// <param name="Warning">What to ask before; null for nothing.</param>
/// <param name="Do">Does it.</param>
internal sealed record PlayItem(
    string Group, string Title, string Note, bool Available, string? Warning, Action Do);

/// <summary>The lists of the pages.</summary>
internal static class PlayItems
{
    private static readonly Dictionary<string, string> Headings = new(StringComparer.Ordinal)
    {
        ["encounter"] = "ANSWER",
        ["fight"] = "FIGHT",
        ["travel"] = "FLY",
        ["here"] = "HERE",
        ["onBoard"] = "ON BOARD",
        ["sell"] = "SELL",
        ["buy"] = "BUY",
        ["mods"] = "MODS",
        ["ships"] = "SHIPS",
        ["pod"] = "POD",
    };

    /// <summary>What can be chosen on a page, in order.</summary>
    public static IReadOnlyList<PlayItem> Of(PlayedGame game, PlayPage page)
    {
        if (page == PlayPage.Actions && game.View.Ending is not null)
        {
            return
            [
                new("OVER", "Begin a new game", "the old one is gone then", true, null, game.BeginAnew),
            ];
        }

        if (page == PlayPage.Slots)
            return [.. (game.Slots ?? []).SelectMany(slot => SlotItems.Of(game, slot))];

        // While something must be answered or fought out there is nothing else to do, whatever it belongs to.
        var isPressing = game.View.Encounter is not null || game.View.Fight is not null;
        return
        [
            .. game.View.Actions
                .Where(action => isPressing ? page == PlayPage.Actions : PageOf(action) == page || IsOn(action, page))
                .Select(action => Of(game, action)),
        ];
    }

    /// <summary>Whether there is anything on the page.</summary>
    public static bool HasAny(PlayedGame game, PlayPage page) => Of(game, page).Count > 0;

    private static PlayItem Of(PlayedGame game, GameAction action) => new(
        Headings.GetValueOrDefault(action.Group, "OTHER"),
        PlainText.Line(action.Title),
        action.Available ? NoteOf(action) : PlainText.Line(action.Why),
        action.Available,
        action.Warning is { } warning ? PlainText.Line(warning) : null,
        () => game.Do(action));

    private static PlayPage PageOf(GameAction action) => action.Group switch
    {
        "onBoard" => PlayPage.Cargo,
        "sell" or "buy" => PlayPage.Trade,
        "mods" or "ships" or "pod" => PlayPage.Yard,
        _ => PlayPage.Actions,
    };

    // The maps offer the flights that they show.
    private static bool IsOn(GameAction action, PlayPage page) => page switch
    {
        PlayPage.Map => action.Parameters.ContainsKey("node"),
        PlayPage.Regions => action.Parameters.ContainsKey("region"),
        _ => false,
    };

    private static string NoteOf(GameAction action) => PlainText.Line(string.Join(", ", new[]
    {
        action.Credits switch
        {
            > 0 and var cost => Number($"{cost:N0} credits"),
            < 0 and var gain => Number($"+{-gain:N0} credits"),
            _ => null,
        },
        action.Fuel is { } fuel ? Number($"{fuel} fuel") : null,
        action.Turns is { } turns ? Number($"{turns} turn{(turns == 1 ? "" : "s")}") : null,
        action.Chance is { } chance ? Percent(chance) : null,
        action.Detail,
    }.OfType<string>()));

    private static string Percent(double chance) => Number($"{chance * 100:0} %");

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
