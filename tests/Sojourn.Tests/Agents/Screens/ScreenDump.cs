using System.Text;
using Sojourn.Kinds.Agents.Screens;

namespace Sojourn.Tests.Agents.Screens;

/// <summary>Writes all that a screen shows and remembers as text, as tests/Xterm/draw.mjs does of xterm.js.</summary>
internal static class ScreenDump
{
    private static readonly (Looks Look, char Name)[] Names =
    [
        (Looks.Bold, 'b'), (Looks.Blink, 'k'), (Looks.Inverse, 'i'), (Looks.Hidden, 'h'), (Looks.Struck, 's'),
        (Looks.Dim, 'd'), (Looks.Italic, 't'), (Looks.Overlined, 'o'), (Looks.Protected, 'p'),
    ];

    public static string Of(Screen screen)
    {
        var display = screen.Display;
        var alternate = display.Page.IsAlternate ? Page(display, display.Alternate) : "";
        return $"{State(display)}\n{Page(display, display.Normal)}\n--\n{alternate}";
    }

    /// <summary>
    /// Whether half of a wide character stands alone, which is drawn as a blank; whether a wrap is pending over a
    /// blank, which is drawn as a space; or whether the oldest line goes on from one that is gone.
    /// </summary>
    public static bool IsTorn(Screen screen)
    {
        var display = screen.Display;
        var page = display.Page;
        var lines = display.Normal.Lines.All().Concat(display.Alternate.Lines.All());
        var last = page.CursorLine.Cells[display.Columns - 1];
        return lines.Any(line => IsTorn(line, display.Columns)) || page.Lines[0].IsWrapped
            || display.Normal.Lines[0].IsWrapped
            || (page.X >= display.Columns && last is { HasContent: false, Width: 1 });
    }

    private static bool IsTorn(Line line, int columns) => Enumerable.Range(0, columns).Any(column =>
        line.Cells[column] switch
        {
            { IsTwoWide: true } => column + 1 == columns || !line.Cells[column + 1].IsRightHalf,
            { IsRightHalf: true } => column == 0 || !line.Cells[column - 1].IsTwoWide,
            _ => false,
        });

    private static string State(Display display)
    {
        var page = display.Page;
        var modes = display.Modes;
        var other = page.IsAlternate ? display.Normal : display.Alternate;
        var stops = Enumerable.Range(1, display.Columns - 1).Where(page.IsStop);
        return string.Join('\n',
            $"{display.Columns}x{display.Rows} {(page.IsAlternate ? "alternate" : "normal")} {page.Base}",
            $"cursor {page.X},{page.Y} region {page.Top},{page.Bottom}",
            $"stops {string.Join(',', stops)} saved {Saved(display, page)}",
            $"other {Saved(display, other)}",
            $"pen {Style(display, display.Pen)}",
            "modes " + Flags(modes),
            $"mouse {Mouse(modes.Mouse)} {Encoding(modes.MouseEncoding)}",
            $"style {modes.CursorStyle}",
            $"title {display.Titles.Current} stack {string.Join(',', display.Titles.Stack)}");
    }

    private static string Flags(Modes modes)
    {
        (bool IsOn, string Name)[] flags =
        [
            (modes.ApplicationCursorKeys, "keys"), (modes.ApplicationKeypad, "keypad"),
            (modes.BracketedPaste, "paste"), (modes.Origin, "origin"), (modes.ReverseWrap, "reverse"),
            (modes.FocusReports, "focus"), (modes.SynchronizedOutput, "synchronized"), (modes.Wrap, "wrap"),
            (modes.Insert, "insert"), (modes.CursorHidden, "hidden"), (modes.NewLine, "newline"),
            (modes.CursorBlinks, "blink"),
        ];
        return string.Concat(flags.Where(flag => flag.IsOn).Select(flag => flag.Name + ' '));
    }

    private static string Mouse(int mode) => mode switch
    {
        9 => "X10",
        1000 => "VT200",
        1002 => "DRAG",
        1003 => "ANY",
        _ => "NONE",
    };

    private static string Encoding(int mode) => mode switch
    {
        1006 => "SGR",
        1016 => "SGR_PIXELS",
        _ => "DEFAULT",
    };

    private static string Saved(Display display, Page page)
    {
        var row = Math.Clamp(page.Saved.Line - page.Base, 0, display.Rows - 1);
        var column = Math.Min(page.Saved.Column, display.Columns - 1);
        return $"{column},{row} {Style(display, page.Saved.Pen with { Link = 0, UnderlineInk = default })}";
    }

    private static string Page(Display display, Page page)
    {
        var lines = page.Lines.All().Take(page.Base + page.Rows).Select(line => Line(display, line)).ToList();
        // Nobody sees whether the oldest line goes on from one that is gone.
        lines[0] = lines[0].StartsWith('W') && page.Lines[0].IsWrapped ? lines[0][1..] : lines[0];
        return string.Join('\n', lines);
    }

    private static string Line(Display display, Line line)
    {
        var text = new StringBuilder(line.IsWrapped ? "W" : "");
        var last = "-,-,,0,-,";
        foreach (var cell in line.Cells.Take(display.Columns))
        {
            var style = Style(display, display.Tables.StyleOf(cell.Style));
            text.Append(style == last ? "" : $"{{{style}}}");
            last = style;
            text.Append(Cell(display, cell));
        }

        return text.ToString().TrimEnd('\u2400');
    }

    private static string Cell(Display display, Cell cell) => cell switch
    {
        { HasContent: true, Width: 0 } => $"<{display.Tables.TextOf(cell)}>",
        { HasContent: true } => display.Tables.TextOf(cell),
        { Width: 1 } => "\u2400",
        { Width: 0 } => "\u00bb",
        _ => "?",
    };

    private static string Style(Display display, Style style)
    {
        var names = string.Concat(
            Names.Where(each => (style.Looks & each.Look) != Looks.None).Select(each => each.Name));
        var link = display.Tables.LinkOf(style.Link);
        var line = style.Underline == Underline.None ? default : style.UnderlineInk;
        // White underlines are none in xterm.js, since it takes SGR 59 for white.
        line = line == Kinds.Agents.Screens.Ink.OfTrue(255, 255, 255) ? default : line;
        return $"{Ink(style.Front)},{Ink(style.Back)},{names},{(int)style.Underline},{Ink(line)},"
            + (link is null ? "" : $"{link.Id}|{link.Address}");
    }

    private static string Ink(Ink ink) => ink switch
    {
        { IsDefault: true } => "-",
        { IsSixteen: true } => $"a{ink.Number}",
        { IsPalette: true } => $"p{ink.Number}",
        _ => $"#{ink.Red:x2}{ink.Green:x2}{ink.Blue:x2}",
    };
}
