using System.Text;

namespace Sojourn.Kinds.Agents.Screens;

/// <summary>How characters come onto the screen.</summary>
internal sealed partial class Display
{
    /// <summary>Before the first character of a run: it may fall onto the right half of a wide one.</summary>
    public void BeginText()
    {
        if (Page.X > 0 && Page.CursorLine.IsTwoWide(Page.X - 1))
        {
            Page.CursorLine.Set(Page.X - 1, PenBlank);
        }
    }

    /// <summary>After the last character of a run: it may have fallen onto the left half of a wide one.</summary>
    public void EndText()
    {
        var line = Page.CursorLine;
        if (Page.X < Columns && line.Cells[Page.X].IsRightHalf)
        {
            line.Set(Page.X, PenBlank);
        }
    }

    public void PrintAscii(ReadOnlySpan<byte> text)
    {
        if (Modes.Insert || Charsets.Current is not null)
        {
            foreach (var character in text)
            {
                Print(character);
            }

            return;
        }

        var style = Cell.Blank(PenNumber).Bits;
        while (!text.IsEmpty)
        {
            MakeRoom(1);
            var count = Math.Min(text.Length, Columns - Page.X);
            var cells = Page.CursorLine.Cells.AsSpan(Page.X, count);
            for (var index = 0; index < cells.Length; index++)
            {
                cells[index] = new Cell(style | text[index]);
            }

            Page.X += count;
            text = text[count..];
        }

        LastWidth = 1;
    }

    public void Print(int codePoint)
    {
        codePoint = Charsets.Current?.Replaced(codePoint) ?? codePoint;
        var width = Widths.Of(codePoint);
        if (width == 0 && LastWidth > 0 && Page.X > 0)
        {
            Join(codePoint);
            return;
        }

        LastWidth = width;
        // A mark with nothing to stand on has a cell of its own, but does not wrap; a wide character that may not wrap
        // is not shown.
        if (!MakeRoom(width) || Page.X >= Columns)
        {
            return;
        }

        var line = Page.CursorLine;
        if (Modes.Insert)
        {
            line.Insert(Page.X, width, PenBlank);
            if (line.IsTwoWide(Columns - 1))
            {
                line.Set(Columns - 1, PenBlank);
            }
        }

        line.Set(Page.X++, Cell.Of(codePoint, width, PenNumber));
        if (width == 2)
        {
            line.Set(Page.X++, Cell.Of(0, 0, PenNumber));
        }
    }

    /// <summary>REP: the character that was printed last, so many times more.</summary>
    public void Repeat(int times)
    {
        var column = Page.X - LastWidth;
        if (LastWidth == 0 || column < 0 || column >= Columns)
        {
            return;
        }

        // More than the screen holds would only scroll.
        var text = Tables.TextOf(Page.CursorLine.Cells[column]);
        BeginText();
        for (var left = Math.Min(times, Columns * Rows); left > 0; left--)
        {
            foreach (var rune in text.EnumerateRunes())
            {
                Print(rune.Value);
            }
        }

        EndText();
    }

    /// <returns>Whether there is room; a wide character has none at the edge if lines do not wrap.</returns>
    private bool MakeRoom(int width)
    {
        if (Page.X + width <= Columns)
        {
            return true;
        }

        if (Modes.Wrap)
        {
            WrapLine();
            return true;
        }

        Page.X = Columns - 1;
        if (width == 2)
        {
            return false;
        }

        BeginText();
        return true;
    }

    private void WrapLine()
    {
        var (line, column) = (Page.CursorLine, Page.X);
        Page.X = 0;
        Page.Y++;
        if (Page.Y == Page.Bottom + 1)
        {
            Page.Y--;
            Page.Scroll(Erased, isWrapped: true);
        }
        else
        {
            Page.Y = Math.Min(Page.Y, Rows - 1);
            Page.CursorLine.IsWrapped = true;
        }

        // What was left of the line when a wide character did not fit.
        while (column < Columns)
        {
            line.Set(column++, PenBlank);
        }
    }

    private void Join(int mark)
    {
        var line = Page.CursorLine;
        var column = Page.X - 1;
        if (line.Cells[column].Width == 0)
        {
            column--;
        }

        if (column < 0)
        {
            return;
        }

        ref var cell = ref line.Cells[column];
        if (!cell.HasContent)
        {
            cell = Cell.Of(mark, LastWidth, cell.Style);
            return;
        }

        var cluster = Tables.TextOf(cell) + new Rune(mark);
        if (cluster.Length <= Tables.LongestCluster)
        {
            cell = cell.WithCluster(Tables.NumberOf(cluster));
        }
    }
}
