namespace Sojourn.Kinds.Agents.Screens;

/// <summary>The sequences that erase, and those that push lines and columns around.</summary>
internal static class Erasing
{
    private const int Below = 0;
    private const int Above = 1;
    private const int All = 2;
    private const int Scrollback = 3;

    public static void InDisplay(Display display, int which, bool isSelective)
    {
        display.Confine(isWrapKept: true);
        var page = display.Page;
        switch (which)
        {
            case Below:
                InRow(display, page.Y, page.X, display.Columns, isSelective);
                page.CursorLine.IsWrapped &= page.X > 0;
                Rows(display, page.Y + 1, display.Rows, isSelective);
                break;
            case Above:
                InRow(display, page.Y, 0, page.X + 1, isSelective);
                page.CursorLine.IsWrapped = false;
                // Nothing of the line is left that the next one could go on with.
                if (page.X + 1 >= display.Columns && page.Y + 1 < display.Rows)
                {
                    page.Row(page.Y + 1).IsWrapped = false;
                }

                Rows(display, 0, page.Y, isSelective);
                break;
            case All:
                Rows(display, 0, display.Rows, isSelective);
                break;
            case Scrollback:
                page.ForgetScrollback();
                break;
            default:
                break;
        }
    }

    public static void InLine(Display display, int which, bool isSelective)
    {
        display.Confine(isWrapKept: true);
        var page = display.Page;
        switch (which)
        {
            case Below:
                InRow(display, page.Y, page.X, display.Columns, isSelective);
                page.CursorLine.IsWrapped &= page.X > 0;
                break;
            case Above:
                InRow(display, page.Y, 0, page.X + 1, isSelective);
                break;
            case All:
                InRow(display, page.Y, 0, display.Columns, isSelective);
                page.CursorLine.IsWrapped = false;
                break;
            default:
                break;
        }
    }

    /// <summary>IL and DL.</summary>
    public static void Lines(Display display, int count, bool isInsert)
    {
        display.Confine();
        var page = display.Page;
        if (page.Y < page.Top || page.Y > page.Bottom)
        {
            return;
        }

        if (isInsert)
        {
            page.InsertLines(page.Y, count, display.Erased);
        }
        else
        {
            page.DeleteLines(page.Y, count, display.Erased);
        }

        page.X = 0;
    }

    /// <summary>SL, SR, DECIC and DECDC: in all lines of the scroll region, if the cursor is in it.</summary>
    public static bool Columns(Display display, uint sequence, int count)
    {
        var (isKnown, isInsert, isAtCursor) = sequence switch
        {
            (' ' << 8) | '@' => (true, false, false),
            (' ' << 8) | 'A' => (true, true, false),
            ('\'' << 8) | '}' => (true, true, true),
            ('\'' << 8) | '~' => (true, false, true),
            _ => default,
        };
        var page = display.Page;
        if (!isKnown || page.Y < page.Top || page.Y > page.Bottom)
        {
            return isKnown;
        }

        var column = isAtCursor ? page.X : 0;
        for (var row = page.Top; row <= page.Bottom; row++)
        {
            var line = page.Row(row);
            line.IsWrapped = false;
            if (isInsert)
            {
                line.Insert(column, count, display.Erased);
            }
            else
            {
                line.Delete(column, count, display.Erased);
            }
        }

        return true;
    }

    private static void InRow(Display display, int row, int start, int end, bool isSelective)
    {
        if (isSelective)
        {
            display.Page.Row(row).EraseUnprotected(start, end, display.Erased, display.Tables);
        }
        else
        {
            display.Page.Row(row).Erase(start, end, display.Erased);
        }
    }

    private static void Rows(Display display, int start, int end, bool isSelective)
    {
        for (var row = start; row < end; row++)
        {
            var line = display.Page.Row(row);
            line.IsWrapped = false;
            if (isSelective)
            {
                line.EraseUnprotected(0, line.Length, display.Erased, display.Tables);
            }
            else
            {
                line.Fill(display.Erased);
            }
        }
    }
}
