namespace Sojourn.Kinds.Agents.Screens;

/// <summary>The control characters, and the sequences of an escape and a character or two.</summary>
internal static class Controls
{
    public static void Execute(Display display, int code)
    {
        switch (code)
        {
            case '\b':
                Backspace(display);
                break;
            case '\t' when display.Page.X < display.Columns:
                display.Page.X = display.Page.NextStop(display.Page.X);
                break;
            case '\n' or '\v' or '\f':
                LineFeed(display);
                break;
            case '\r':
                display.Page.X = 0;
                break;
            case 0x0e:
                display.Charsets.Shift(1);
                break;
            case 0x0f:
                display.Charsets.Shift(0);
                break;
            case 0x84:
                Index(display);
                break;
            case 0x85:
                NextLine(display);
                break;
            case 0x88:
                display.Page.SetStop(display.Page.X);
                break;
            default:
                // The bell, and what a terminal of today does nothing about.
                break;
        }
    }

    public static void Escape(Display display, uint sequence)
    {
        switch (sequence)
        {
            case '7':
                display.SaveCursor();
                break;
            case '8':
                display.RestoreCursor();
                break;
            case 'D':
                Index(display);
                break;
            case 'E':
                NextLine(display);
                break;
            case 'H':
                display.Page.SetStop(display.Page.X);
                break;
            case 'M':
                ReverseIndex(display);
                break;
            case '=':
                display.Modes.ApplicationKeypad = true;
                break;
            case '>':
                display.Modes.ApplicationKeypad = false;
                break;
            case 'c':
                display.HardReset();
                break;
            case ('#' << 8) | '8':
                Align(display);
                break;
            default:
                Designate(display, sequence);
                break;
        }
    }

    private static void Designate(Display display, uint sequence)
    {
        switch (sequence)
        {
            case 'n' or '}':
                display.Charsets.Shift(2);
                return;
            case 'o' or '|':
                display.Charsets.Shift(3);
                return;
            case '~':
                display.Charsets.Shift(1);
                return;
            case ('%' << 8) | '@' or ('%' << 8) | 'G':
                display.Charsets.Shift(0);
                display.Charsets.Designate(0, null);
                return;
            default:
                break;
        }

        var level = (sequence >> 8) switch
        {
            '(' => 0,
            ')' or '-' => 1,
            '*' or '.' => 2,
            '+' => 3,
            _ => -1,
        };
        var final = (char)(sequence & 0xff);
        if (level >= 0 && Charset.IsKnown(final))
        {
            display.Charsets.Designate(level, Charset.Of(final));
        }
    }

    private static void LineFeed(Display display)
    {
        var page = display.Page;
        if (display.Modes.NewLine)
        {
            page.X = 0;
        }

        page.Y++;
        if (page.Y == page.Bottom + 1)
        {
            page.Y--;
            page.Scroll(display.Erased, isWrapped: false);
        }
        else if (page.Y >= display.Rows)
        {
            page.Y = display.Rows - 1;
        }
        else
        {
            page.CursorLine.IsWrapped = false;
        }

        page.X = Math.Min(page.X, display.Columns - 1);
    }

    private static void Index(Display display)
    {
        var page = display.Page;
        display.Confine();
        page.Y++;
        if (page.Y == page.Bottom + 1)
        {
            page.Y--;
            page.Scroll(display.Erased, isWrapped: false);
        }

        page.Y = Math.Min(page.Y, display.Rows - 1);
        display.Confine();
    }

    private static void NextLine(Display display)
    {
        display.Page.X = 0;
        Index(display);
    }

    private static void ReverseIndex(Display display)
    {
        var page = display.Page;
        display.Confine();
        if (page.Y == page.Top)
        {
            page.InsertLines(page.Top, 1, display.Erased);
        }
        else
        {
            page.Y--;
            display.Confine();
        }
    }

    private static void Backspace(Display display)
    {
        var page = display.Page;
        display.Confine(isWrapKept: display.Modes.ReverseWrap);
        if (page.X > 0)
        {
            page.X--;
        }
        else if (display.Modes.ReverseWrap && page.Y > page.Top && page.Y <= page.Bottom && page.CursorLine.IsWrapped)
        {
            page.CursorLine.IsWrapped = false;
            page.Y--;
            page.X = display.Columns - 1;
            // A wide character that did not fit left a blank here.
            if (page.CursorLine.Cells[page.X] is { HasContent: false, Width: > 0 })
            {
                page.X--;
            }
        }

        display.Confine();
    }

    // DECALN: the screen full of E.
    private static void Align(Display display)
    {
        display.MoveTo(0, 0);
        var cell = Cell.Of('E', 1, display.Tables.NumberOf(display.Pen with { Link = 0 }));
        for (var row = display.Page.Y; row < display.Rows; row++)
        {
            display.Page.Row(row).Renew(cell, isWrapped: false);
        }

        display.MoveTo(0, 0);
    }
}
