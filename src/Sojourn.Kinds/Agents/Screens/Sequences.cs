namespace Sojourn.Kinds.Agents.Screens;

/// <summary>The control sequences that draw, move and switch; those that ask are <see cref="Questions"/>.</summary>
internal static class Sequences
{
    private const uint QuestionMark = (uint)'?' << 8;

    public static void Run(Display display, uint sequence, Params given)
    {
        if (Move(display, sequence, given) || Edit(display, sequence, given))
        {
            return;
        }

        var page = display.Page;
        switch (sequence)
        {
            case 'm':
                Rendition.Apply(display, given);
                break;
            case 'g':
                ClearStops(page, given[0]);
                break;
            case 'h' or 'l':
                Switches.SetAnsi(display, given, sequence == 'h');
                break;
            case QuestionMark | 'h' or QuestionMark | 'l':
                Switches.SetPrivate(display, given, (sequence & 0xff) == 'h');
                break;
            case 'r':
                SetRegion(display, given);
                break;
            case 's':
                display.SaveCursor();
                break;
            case 'u':
                display.RestoreCursor();
                break;
            case ('!' << 8) | 'p':
                display.SoftReset();
                break;
            case (' ' << 8) | 'q' when given[0] <= 6:
                display.Modes.CursorStyle = given[0];
                break;
            case ('"' << 8) | 'q':
                Protect(display, given[0]);
                break;
            case 't' when given[0] is 22 or 23 && (given.Count < 2 || given[1] is 0 or 2):
                SwapTitle(display.Titles, isPush: given[0] == 22);
                break;
            default:
                // What we do not know is passed on, and draws nothing here.
                break;
        }
    }

    private static bool Move(Display display, uint sequence, Params given)
    {
        var page = display.Page;
        switch (sequence)
        {
            case 'A' or 'F':
                display.MoveBy(0, -Limit(given.Times, page.Y - page.Top));
                break;
            case 'B' or 'E':
                display.MoveBy(0, Limit(given.Times, page.Bottom - page.Y));
                break;
            case 'C' or 'a':
                display.MoveBy(given.Times, 0);
                break;
            case 'D':
                display.MoveBy(-given.Times, 0);
                break;
            case 'e':
                display.MoveBy(0, given.Times);
                break;
            case 'G' or '`':
                display.MoveTo(given.Times - 1, page.Y);
                break;
            case 'H' or 'f':
                var column = given.Count > 1 ? Math.Max(given[1], 1) - 1 : 0;
                display.MoveTo(column, Math.Min(given.Times, short.MaxValue) - 1);
                break;
            case 'd':
                display.MoveTo(page.X, Math.Min(given.Times, short.MaxValue) - 1);
                break;
            case 'I' or 'Z' when page.X < display.Columns:
                Tab(display, given.Times, isBack: sequence == 'Z');
                break;
            default:
                return false;
        }

        if (sequence is 'E' or 'F')
        {
            page.X = 0;
        }

        return true;
    }

    // Within the scroll region a move stops at its edge; from outside it does not.
    private static int Limit(int times, int toEdge) => toEdge >= 0 ? Math.Min(times, toEdge) : times;

    private static void Tab(Display display, int times, bool isBack)
    {
        var page = display.Page;
        for (var left = Math.Min(times, display.Columns); left > 0; left--)
        {
            page.X = isBack ? page.PreviousStop(page.X) : page.NextStop(page.X);
        }
    }

    private static bool Edit(Display display, uint sequence, Params given)
    {
        switch (sequence)
        {
            case 'J' or QuestionMark | 'J':
                Erasing.InDisplay(display, given[0], isSelective: sequence != 'J');
                return true;
            case 'K' or QuestionMark | 'K':
                Erasing.InLine(display, given[0], isSelective: sequence != 'K');
                return true;
            case 'X':
                display.Confine();
                display.Page.CursorLine.Erase(
                    display.Page.X, (int)Math.Min((long)display.Page.X + given.Times, short.MaxValue), display.Erased);
                return true;
            case '@':
                display.Confine();
                display.Page.CursorLine.Insert(display.Page.X, given.Times, display.Erased);
                return true;
            case 'P':
                display.Confine();
                display.Page.CursorLine.Delete(display.Page.X, given.Times, display.Erased);
                return true;
            case 'b':
                display.Repeat(given.Times);
                return true;
            case 'L' or 'M':
                Erasing.Lines(display, given.Times, isInsert: sequence == 'L');
                return true;
            case 'S':
                display.Page.DeleteLines(display.Page.Top, given.Times, display.Erased);
                return true;
            case 'T':
                display.Page.InsertLines(display.Page.Top, given.Times, default);
                return true;
            default:
                return Erasing.Columns(display, sequence, given.Times);
        }
    }

    private static void ClearStops(Page page, int which)
    {
        if (which == 0)
        {
            page.ClearStop(page.X);
        }
        else if (which == 3)
        {
            page.ClearStops();
        }
    }

    private static void SetRegion(Display display, Params given)
    {
        var top = given.Times;
        var bottom = given.Count < 2 || given[1] == 0 ? display.Rows : Math.Min(given[1], display.Rows);
        if (bottom > top)
        {
            (display.Page.Top, display.Page.Bottom) = (top - 1, bottom - 1);
            display.MoveTo(0, 0);
        }
    }

    private static void Protect(Display display, int how)
    {
        if (how <= 2)
        {
            var looks = display.Pen.Looks & ~Looks.Protected;
            display.Pen = display.Pen with { Looks = how == 1 ? looks | Looks.Protected : looks };
        }
    }

    private static void SwapTitle(Titles titles, bool isPush)
    {
        if (isPush)
        {
            titles.Push();
        }
        else
        {
            titles.Pop();
        }
    }
}
