using System.Globalization;
using Spectre.Console;

namespace Sojourn.Cli.Explorer;

/// <summary>The whole screen, drawn anew after each change; keys choose.</summary>
internal sealed class PlayScreen : PlayFront
{
    private const int LeastWidth = 30, LeastHeight = 10, LeastBody = 4, LeastChart = 5, LeastList = 3, RoomyHeight = 20;
    private const string Home = "\u001b[H", ClearLine = "\u001b[K", ClearBelow = "\u001b[J";
    private const string Enter = "\u001b[?1049h\u001b[?25l", Exit = "\u001b[?25h\u001b[?1049l";

    private static readonly Style Chosen = new(decoration: Decoration.Bold | Decoration.Invert);
    private static readonly Style Dim = new(decoration: Decoration.Dim);
    private static readonly Style Strong = new(decoration: Decoration.Bold);

    private static readonly (char Key, PlayPage Page, string Name)[] Pages =
    [
        ('a', PlayPage.Actions, "act"), ('c', PlayPage.Cargo, "cargo"), ('t', PlayPage.Trade, "trade"),
        ('y', PlayPage.Yard, "yard"), ('m', PlayPage.Map, "map"), ('r', PlayPage.Regions, "regions"),
        ('s', PlayPage.Slots, "saves"), ('l', PlayPage.Log, "log"), ('?', PlayPage.Help, "help"),
    ];

    private readonly Terminal _terminal;
    private readonly Call _call;
    private PlayPage _page;
    private int _chosen;
    private int _scrolled;
    private string _number = "";
    private string _drawn = "";
    private volatile bool _isLent;
    private (long Version, string? Place) _seen;

    public PlayScreen(PlayedGame game, Call call)
        : base(game)
    {
        (_call, _terminal) = (call, call.Terminal);
        _terminal.Out.Write(Enter);
    }

    /// <summary>Gives the terminal to the shell, until this program goes on.</summary>
    public void Lend()
    {
        _isLent = true;
        Close();
    }

    /// <summary>Gives the terminal back as it was.</summary>
    public void Close()
    {
        _terminal.Out.Write(Exit);
        _terminal.Out.Flush();
    }

    protected override void Show()
    {
        Settle();
        var (width, height) = _terminal.Size();
        (width, height) = (Math.Max(width, LeastWidth), Math.Max(height, LeastHeight));
        var foot = Foot(width, height).ToList();
        var head = Head(width).ToList();
        var room = Math.Max(LeastBody, height - foot.Count - head.Count);
        head = head[..Math.Min(head.Count, height - foot.Count - room)];
        var lines = head.Concat(Body(width, room)).Concat(foot).ToList();
        Draw(lines, width);
    }

    protected override void TakePlayer(PlayInput input)
    {
        if (input is not PlayInput.Key { Info: var key })
        {
            if (input is PlayInput.Resumed)
                TakeBack();
            // A window of another size, or that others wrote to, shows anything.
            _drawn = "";
            return;
        }

        if (Question is not null)
        {
            Answer(key.KeyChar is 'y' or 'Y');
            return;
        }

        switch (key)
        {
            case { Key: ConsoleKey.UpArrow }:
                Move(-1);
                break;
            case { Key: ConsoleKey.DownArrow }:
                Move(1);
                break;
            case { Key: ConsoleKey.PageUp }:
                Move(-10);
                break;
            case { Key: ConsoleKey.PageDown }:
                Move(10);
                break;
            case { Key: ConsoleKey.Enter }:
                TakeEnter();
                break;
            case { Key: ConsoleKey.Escape }:
                Turn(PlayPage.Actions);
                break;
            case { Key: ConsoleKey.Backspace }:
                _number = _number.Length > 0 ? _number[..^1] : "";
                break;
            default:
                TakeLetter(key.KeyChar);
                break;
        }
    }

    private void TakeBack()
    {
        _isLent = false;
        _terminal.Out.Write(Enter);
    }

    private IReadOnlyList<PlayItem> Items => PlayItems.Of(Game, _page);

    /// <summary>What was chosen on another list is not to be done on this one.</summary>
    private void Settle()
    {
        var isPressing = Game.View.Encounter is not null || Game.View.Fight is not null;
        if (isPressing && _page is PlayPage.Cargo or PlayPage.Trade or PlayPage.Yard)
            Turn(PlayPage.Actions);
        if (_seen != (Game.View.Version, Game.View.Place.Node))
        {
            if (_seen.Place != Game.View.Place.Node)
                (_chosen, _scrolled) = (0, 0);
            _number = "";
        }

        _seen = (Game.View.Version, Game.View.Place.Node);
        _chosen = Math.Clamp(_chosen, 0, Math.Max(0, Items.Count - 1));
    }

    private void Turn(PlayPage page) => (_page, _chosen, _scrolled, _number) = (page, 0, 0, "");

    private void Move(int by)
    {
        _number = "";
        if (Items.Count > 0)
            _chosen = Math.Clamp(_chosen + by, 0, Items.Count - 1);
        else
            _scrolled = Math.Max(0, _scrolled + by);
    }

    private void TakeEnter()
    {
        if (_number.Length > 0)
            TakeNumber();
        else if (Items.Count > 0)
            Choose(Items[_chosen]);
    }

    private void TakeLetter(char letter)
    {
        if (char.IsAsciiDigit(letter))
        {
            _number += letter;
            // At once, unless it may be the beginning of a longer one.
            if (int.Parse(_number, CultureInfo.InvariantCulture) * 10 > Items.Count)
                TakeNumber();
        }
        else if (letter is 'q' or 'Q')
        {
            HasLeft = true;
        }
        else if (letter is 'n' or 'N')
        {
            AskForANewGame();
        }
        else if (Array.Find(Pages, page => page.Key == char.ToLowerInvariant(letter)) is { Name: not null } page)
        {
            Turn(page.Page);
            if (page.Page == PlayPage.Slots)
                Game.Choose(Game.LookAtSlots);
        }
    }

    private void TakeNumber()
    {
        var number = int.Parse(_number, CultureInfo.InvariantCulture);
        _number = "";
        if (number < 1 || number > Items.Count)
        {
            Game.Tell("warning", $"There is no number {number} here.");
            return;
        }

        _chosen = number - 1;
        Choose(Items[_chosen]);
    }

    private IEnumerable<Line> Head(int width)
    {
        foreach (var line in ScreenLines.Header(Game.View, width).Concat(ScreenLines.Gauges(Game.View, width)))
            yield return line;
        yield return Line.Of(new string('-', width - 1), Dim);
        if (_page is PlayPage.Log or PlayPage.Help)
            yield break;
        foreach (var line in ScreenLines.Happened(Game.Happened, width - 1))
            yield return line;
        foreach (var line in ScreenLines.Pressing(Game.View, width - 1))
            yield return line;
    }

    private IEnumerable<Line> Body(int width, int room)
    {
        if (_page is PlayPage.Map or PlayPage.Regions)
        {
            var list = List(width);
            var below = Math.Min(list.Count, Math.Max(room / 3, LeastList));
            var legend = Line.Wrap(StarChart.Legend, width - 1, Dim).ToList();
            // Where there is little room, what the signs mean stands in the help.
            legend = room - below - legend.Count < LeastChart ? [] : legend;
            var chart = Math.Max(1, room - below - legend.Count);
            return
            [
                .. _page == PlayPage.Map
                    ? StarChart.Region(Game.Map, width - 1, chart) : StarChart.Regions(Game.Map, width - 1, chart),
                .. legend,
                .. Window(list, below, ChosenLine(list)),
            ];
        }

        IReadOnlyList<Line> lines = _page switch
        {
            PlayPage.Log => [.. Game.Log.Lines.Reverse().SelectMany(text => Line.Wrap("- " + text, width - 1))],
            PlayPage.Help => [.. PlayHelp.Lines(width - 1)],
            _ => List(width),
        };
        return Window(lines, room, Items.Count > 0 ? ChosenLine(lines) : _scrolled);
    }

    private List<Line> List(int width)
    {
        var lines = new List<Line>();
        var group = "";
        var items = Items;
        if (items.Count == 0)
            lines.Add(Line.Of(_page is PlayPage.Trade or PlayPage.Yard ? "Nothing of that sort here."
                : Game.IsAsking ? "…" : "Nothing."));
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            if (item.Group != group)
                lines.Add(Line.Of(group = item.Group, Strong));
            var style = i == _chosen ? Chosen : item.Available ? Style.Plain : Dim;
            var title = $"{(i == _chosen ? '>' : ' ')}{i + 1,3}  {item.Title}";
            lines.Add(new Line()
                .AddFixed(title, TitleWidth(width), style)
                .Add($" {NoteOf(item)}", item.Available ? Style.Plain : Dim));
        }

        return lines;
    }

    /// <summary>What is chosen, if there is no room for it in the list.</summary>
    private static IEnumerable<Line> WholeNote(PlayItem item, int width)
    {
        const int before = 6, most = 3;
        var isWhole = before + item.Title.Length <= TitleWidth(width)
            && TitleWidth(width) + 1 + NoteOf(item).Length < width;
        return isWhole ? [] : Line.Wrap($"{item.Title}: {NoteOf(item)}", width - 1).Take(most);
    }

    private static int TitleWidth(int width) => Math.Clamp(width * 2 / 5, 24, 40);

    private static string NoteOf(PlayItem item) => item.Available ? item.Note : $"no: {item.Note}";

    private static int ChosenLine(IReadOnlyList<Line> lines)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].ToString().StartsWith('>'))
                return i;
        }

        return 0;
    }

    /// <summary>As many lines as there is room for, with one of them in sight.</summary>
    private static IEnumerable<Line> Window(IReadOnlyList<Line> lines, int room, int inSight)
    {
        var from = Math.Clamp(inSight - (room / 2), 0, Math.Max(0, lines.Count - room));
        for (var i = 0; i < room; i++)
        {
            var at = from + i;
            yield return at >= lines.Count ? Line.Empty
                : i == 0 && from > 0 ? Line.Of($"  … {from + 1} more above", Dim)
                : i == room - 1 && at < lines.Count - 1 ? Line.Of($"  … {lines.Count - at} more below", Dim)
                : lines[at];
        }
    }

    private IEnumerable<Line> Foot(int width, int height)
    {
        var state = Question is { } question ? Line.Of($"{question} [y/N]", Strong)
            : Game.Away is { } reason
            ? Line.Of($"The server is away ({reason}); waiting. The game goes on where it stood.", Strong)
            : Game.IsAsking ? Line.Of("…", Dim)
            : _number.Length > 0 ? Line.Of($"number {_number}_ (Enter does it)")
            : Line.Empty;
        // Where there is little room, a map needs it more.
        var isMap = _page is PlayPage.Map or PlayPage.Regions;
        if (state == Line.Empty && Items.Count > 0 && !(isMap && height < RoomyHeight))
        {
            foreach (var line in WholeNote(Items[_chosen], width))
                yield return line;
        }

        yield return state;
        var tabs = new Line();
        var isWide = width >= 80;
        foreach (var (key, page, name) in Pages)
        {
            tabs.Add(isWide ? $"{key} {name}" : $"{key}", page == _page ? Chosen : Dim).Add(" ");
        }

        yield return tabs.Add(isWide ? "n new q leave" : "n q", Dim);
    }

    private void Draw(List<Line> lines, int width)
    {
        using var picture = new StringWriter();
        var console = _call.DrawingTo(picture);
        // Wide enough that nothing is broken here: lines are cut already.
        console.Profile.Width = width * 2;
        for (var i = 0; i < lines.Count; i++)
        {
            // Not to the last column, where some terminals would clear what was just written.
            console.Write(lines[i].Draw(width - 1));
            picture.Write(i < lines.Count - 1 ? ClearLine + "\r\n" : ClearLine);
        }

        // Much of what comes in changes nothing that is to be seen.
        if (picture.ToString() is var text && (text == _drawn || _isLent))
            return;
        _drawn = text;
        _terminal.Out.Write(Home + text + ClearBelow);
        _terminal.Out.Flush();
    }
}
