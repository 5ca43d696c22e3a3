using System.Globalization;
using System.Text;

namespace Sojourn.Kinds.Agents.Screens;

/// <summary>Writes what makes a fresh terminal show a display, and behave as it does. For one use.</summary>
internal sealed class SnapshotWriter
{
    private readonly Display _display;
    private readonly StringBuilder _text = new();
    private readonly SnapshotPen _pen;

    public SnapshotWriter(Display display)
    {
        _display = display;
        _pen = new SnapshotPen(_text, display.Tables);
    }

    public string Write()
    {
        WriteColours();
        WriteTitles();
        if (!_display.Page.IsAlternate)
        {
            WriteHiddenAlternate();
        }

        WritePage(_display.Normal);
        if (_display.Page.IsAlternate)
        {
            _pen.Change(default);
            _text.Append("\e[?47h\e[H");
            WritePage(_display.Alternate);
        }

        if (IsCharsetRestored)
        {
            WriteCharsets();
            _text.Append("\e8");
            _pen.Forget();
        }

        WriteModes();
        WriteCursor();
        return _text.ToString();
    }

    private void WriteColours()
    {
        foreach (var (number, colour) in _display.Palette.Changed)
        {
            Append($"\e]4;{number};{Palette.Write(colour)}\a");
        }

        for (var which = 0; which < Palette.Specials; which++)
        {
            if (_display.Palette.ChangedSpecial(which) is { } colour)
            {
                Append($"\e]{10 + which};{Palette.Write(colour)}\a");
            }
        }
    }

    private void WriteTitles()
    {
        foreach (var title in _display.Titles.Stack)
        {
            Append($"\e]2;{title}\a\e[22;2t");
        }

        if (_display.Titles.Current.Length > 0 || _display.Titles.Stack.Count > 0)
        {
            Append($"\e]2;{_display.Titles.Current}\a");
        }
    }

    // The alternate screen remembers a saved cursor while the normal one is shown.
    private void WriteHiddenAlternate()
    {
        if (_display.Alternate.Saved != default)
        {
            _text.Append("\e[?47h");
            WriteSaved(_display.Alternate);
            _pen.Change(default);
            _text.Append("\e[?47l\e[H");
        }
    }

    private void WritePage(Page page)
    {
        new SnapshotLines(_text, _pen, _display.Tables, page).Write();
        WriteStops(page);
        if (page.Top > 0 || page.Bottom < page.Rows - 1)
        {
            Append($"\e[{page.Top + 1};{page.Bottom + 1}r");
        }

        WriteSaved(page);
    }

    private void WriteStops(Page page)
    {
        var stops = Enumerable.Range(1, page.Columns - 1).Where(page.IsStop).ToList();
        if (stops.SequenceEqual(Enumerable.Range(1, page.Columns - 1).Where(column => column % 8 == 0)))
        {
            return;
        }

        _text.Append("\e[3g");
        stops.ForEach(stop => Append($"\e[{stop + 1}G\eH"));
    }

    private void WriteSaved(Page page)
    {
        var saved = page.Saved;
        if (saved == default)
        {
            return;
        }

        // A line that has left at the top since is restored to the first row in any case.
        var row = Math.Clamp(saved.Line - page.Base, 0, page.Rows - 1);
        Append($"\e[{row + 1};{saved.Column + 1}H");
        _pen.Change(saved.Pen);
        Append(saved.Charset is null ? $"\e7" : (FormattableString)$"\e({saved.Charset.Final}\e7\e(B");
    }

    private void WriteCharsets()
    {
        var charsets = _display.Charsets;
        for (var level = 0; level < 4; level++)
        {
            if (charsets[level] is { } charset)
            {
                Append($"\e{"()*+"[level]}{charset.Final}");
            }
        }

        _text.Append(charsets.Level switch { 1 => "\x0e", 2 => "\en", 3 => "\eo", _ => "" });
    }

    // A set that came with a restored cursor is not one of those that are designated: so it comes again.
    private bool IsCharsetRestored => _display.Charsets.Current != _display.Charsets[_display.Charsets.Level]
        && _display.Charsets.Current == _display.Page.Saved.Charset;

    private void WriteModes()
    {
        var modes = _display.Modes;
        AppendIf(modes.ApplicationCursorKeys, "\e[?1h");
        AppendIf(modes.ApplicationKeypad, "\e=");
        AppendIf(modes.CursorBlinks, "\e[?12h");
        AppendIf(modes.CursorHidden, "\e[?25l");
        AppendIf(modes.ReverseWrap, "\e[?45h");
        AppendIf(modes.FocusReports, "\e[?1004h");
        AppendIf(modes.BracketedPaste, "\e[?2004h");
        AppendIf(modes.SynchronizedOutput, "\e[?2026h");
        AppendIf(modes.Mouse != 0, $"\e[?{modes.Mouse}h");
        AppendIf(modes.MouseEncoding != 0, $"\e[?{modes.MouseEncoding}h");
        AppendIf(modes.CursorStyle != 0, $"\e[{modes.CursorStyle} q");
        AppendIf(modes.Origin, "\e[?6h");
    }

    // Last: all else moves the cursor, or ends a pending wrap, or takes from marks what they would join.
    private void WriteCursor()
    {
        var page = _display.Page;
        var last = CellBefore(page);
        var isPending = page.X >= _display.Columns;
        var isJoined = _display.LastWidth > 0 && last is not null;
        if (isPending && !isJoined)
        {
            // A blank cannot be printed; a space looks the same.
            var width = last?.Width ?? 1;
            Place(page, _display.Columns - width);
            _pen.Change(_display.Tables.StyleOf((last ?? page.CursorLine.Cells[_display.Columns - 1]).Style));
            // A sequence after it, so that no mark joins it and nothing repeats it.
            _text.Append(last is { } cell ? _display.Tables.TextOf(cell) : " ").Append("\e\\");
        }
        else
        {
            Place(page, isJoined ? page.X - last!.Value.Width : page.X);
        }

        // After what may just have been printed again, which was not to be replaced once more.
        if (!IsCharsetRestored)
        {
            WriteCharsets();
        }

        _pen.Change(_display.Pen);
        AppendIf(_display.Modes.NewLine, "\e[20h");
        AppendIf(!_display.Modes.Wrap, "\e[?7l");
        AppendIf(_display.Modes.Insert, "\e[4h");
        if (isJoined)
        {
            AppendIf(_display.Modes.Insert, $"\e[{last!.Value.Width}P");
            _text.Append(_display.Tables.TextOf(last!.Value));
        }
    }

    // What stands left of the cursor, if it is a whole character.
    private static Cell? CellBefore(Page page)
    {
        var cells = page.CursorLine.Cells;
        var column = page.X - 1;
        if (column > 0 && cells[column].IsRightHalf && cells[column - 1].IsTwoWide)
        {
            return cells[column - 1];
        }

        return column >= 0 && cells[column] is { HasContent: true, Width: 1 } cell ? cell : null;
    }

    private void Place(Page page, int column)
    {
        var row = Math.Max(page.Y - (_display.Modes.Origin ? page.Top : 0), 0);
        Append($"\e[{row + 1};{column + 1}H");
    }

    private void AppendIf(bool isSo, FormattableString text)
    {
        if (isSo)
        {
            Append(text);
        }
    }

    private void AppendIf(bool isSo, string text)
    {
        if (isSo)
        {
            _text.Append(text);
        }
    }

    private void Append(FormattableString text) => _text.Append(text.ToString(CultureInfo.InvariantCulture));
}
