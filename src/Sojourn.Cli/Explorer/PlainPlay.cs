using System.Globalization;
using System.Threading.Channels;

namespace Sojourn.Cli.Explorer;

/// <summary>
/// Line by line, without control codes and pictures made of signs: for pipes, tests, and those who have the screen read
/// to them. What is chosen is typed, with Enter.
/// </summary>
internal sealed class PlainPlay(PlayedGame game, Call call, ChannelReader<string?> typed) : PlayFront(game)
{
    private const string Help =
        "Type a number to do it. Or: look, cargo, trade, yard, map, regions, saves, log, new, help, quit.";

    private static readonly Dictionary<string, PlayPage> Pages = new(StringComparer.OrdinalIgnoreCase)
    {
        ["look"] = PlayPage.Actions,
        ["a"] = PlayPage.Actions,
        [""] = PlayPage.Actions,
        ["cargo"] = PlayPage.Cargo,
        ["c"] = PlayPage.Cargo,
        ["trade"] = PlayPage.Trade,
        ["t"] = PlayPage.Trade,
        ["yard"] = PlayPage.Yard,
        ["y"] = PlayPage.Yard,
        ["map"] = PlayPage.Map,
        ["m"] = PlayPage.Map,
        ["regions"] = PlayPage.Regions,
        ["r"] = PlayPage.Regions,
        ["saves"] = PlayPage.Slots,
        ["s"] = PlayPage.Slots,
        ["log"] = PlayPage.Log,
        ["l"] = PlayPage.Log,
        ["help"] = PlayPage.Help,
        ["?"] = PlayPage.Help,
    };

    private PlayPage _page;
    private int _shown = -1;
    private bool _isAskedFor = true;
    private bool _isAwayTold;
    private string? _asked;

    protected override void Show()
    {
        do
        {
            TellTheServer();
            if (Game.IsAsking)
                return;
            if (Question is not null && _asked != Question)
                Say($"{Question} Type yes or no.");
            _asked = Question;
            if (Question is null && (_isAskedFor || _shown != Game.Changes))
                Tell();
        }
        while (TakeTyped());
        call.Terminal.Out.Flush();
    }

    protected override void TakePlayer(PlayInput input)
    {
        // What was typed is taken when it is time: each line, also one typed ahead as by a script, is for how things
        // stand once the one before it is answered.
    }

    private bool TakeTyped()
    {
        if (HasLeft || !typed.TryRead(out var line))
            return false;

        var word = line?.Trim();
        if (word is null or "q" or "quit" or "leave")
            HasLeft = true;
        else if (Question is not null)
            Answer(word is "y" or "yes");
        else if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            TakeNumber(number);
        else if (word is "n" or "new")
            AskForANewGame();
        else if (Pages.TryGetValue(word, out var page))
            Turn(page);
        else
            Say($"'{PlainText.Line(word, 40)}' is nothing to do. {Help}");
        return !HasLeft;
    }

    private void Turn(PlayPage page)
    {
        (_page, _isAskedFor) = (page, true);
        if (page == PlayPage.Slots)
            Game.LookAtSlots();
    }

    private void TakeNumber(int number)
    {
        var items = PlayItems.Of(Game, _page);
        if (number < 1 || number > items.Count)
            Say($"There is no number {number} here.");
        else
            Choose(items[number - 1]);
    }

    private void TellTheServer()
    {
        if (Game.Away is { } reason && !_isAwayTold)
            Say($"The server is away ({reason}); waiting. The game goes on where it stood.");
        if (Game.Away is null && _isAwayTold)
            Say("The server is back.");
        _isAwayTold = Game.Away is not null;
    }

    private void Tell()
    {
        if (_shown != Game.Changes)
        {
            // What was looked at may be of no use where one is now.
            _page = _page is PlayPage.Cargo or PlayPage.Trade or PlayPage.Yard or PlayPage.Slots
                && PlayItems.HasAny(Game, _page) ? _page : PlayPage.Actions;
            TellState();
        }

        (_shown, _isAskedFor) = (Game.Changes, false);
        foreach (var line in PageLines())
            Say(line);
    }

    private void TellState()
    {
        var (view, told) = (Game.View, Game.Happened);
        if (told.Text.Length > 0)
            Say($"{ScreenLines.Mark(told.Type)} {told.Text}");
        Say($"{view.Place.Name}, {ScreenLines.Words(view.Place.Type)} in {view.Place.RegionName}. "
            + Number($"Turn {view.Goal.Turn} of {view.Goal.MaxTurns}, ")
            + Number($"{view.Goal.Wealth:N0} of {view.Goal.VictoryWealth:N0} credits."));
        var hull = view.Pod is { Flying: true } pod
            ? Number($"Pod {pod.Hp} of {pod.MaxHp}") : Number($"Hull {view.Gauges.Hull} of {view.Stats.MaxHull}");
        Say(hull + Number($", fuel {view.Gauges.Fuel} of {view.MaxFuel}, health {view.Gauges.Health} of ")
            + Number($"{view.MaxHealth}, food {view.Gauges.Food}, ")
            + Number($"cargo {view.Stats.CargoUsed} of {view.Stats.CargoCapacity}."));
        if (view.Quest is { } quest)
            Say(Number($"Quest: {quest.Name} at {quest.TargetName} by turn {quest.DueTurn}."));
        if (view.Encounter is { } encounter)
            Say($"{encounter.Title}. {encounter.Text}");
        if (view.Fight is { } fight)
            Say(Number($"Fight with {fight.Name}, round {fight.Round}: it has {fight.Hp} of {fight.MaxHp}."));
        if (view.Ending is { } ending)
            Say($"{(ending.Victory ? "WON" : "LOST")}: {ending.Text}");
    }

    private IEnumerable<string> PageLines()
    {
        switch (_page)
        {
            case PlayPage.Help:
                return [Help, "Leaving keeps the game; `sojourn play` comes back to it."];
            case PlayPage.Log:
                return Game.Log.Lines.TakeLast(20).Select(line => "- " + line);
            case PlayPage.Map:
                return [.. StarChart.Places(Game.Map).Select(line => line.ToString()), .. ItemLines()];
            default:
                return ItemLines();
        }
    }

    private IEnumerable<string> ItemLines()
    {
        var items = PlayItems.Of(Game, _page);
        if (items.Count == 0)
            yield return "Nothing of that sort here.";
        var group = "";
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Group != group)
                yield return (group = items[i].Group) + ":";
            var note = items[i].Note is { Length: > 0 } text ? $" ({text})" : "";
            yield return Number($"{i + 1}. {(items[i].Available ? "" : "Not now: ")}{items[i].Title}{note}");
        }
    }

    private void Say(string text) => call.Say(text);

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
