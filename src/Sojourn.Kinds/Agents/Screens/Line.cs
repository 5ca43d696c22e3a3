namespace Sojourn.Kinds.Agents.Screens;

/// <summary>A line of cells, and the edits that keep both halves of a wide character together.</summary>
internal sealed class Line(int length)
{
    public Cell[] Cells { get; private set; } = new Cell[length];

    /// <summary>The text of the line before goes on here: no line feed stands between them.</summary>
    public bool IsWrapped { get; set; }

    /// <summary>May differ from the screen's width: a resize leaves the lines of the alternate screen long.</summary>
    public int Length => Cells.Length;

    public static Line Filled(int length, Cell cell)
    {
        var line = new Line(length);
        if (cell != default)
        {
            Array.Fill(line.Cells, cell);
        }

        return line;
    }

    public bool IsTwoWide(int column) => (uint)column < (uint)Length && Cells[column].IsTwoWide;

    public void Fill(Cell cell) => Array.Fill(Cells, cell);

    /// <summary>One cell; nothing happens outside the line.</summary>
    public void Set(int column, Cell cell)
    {
        if ((uint)column < (uint)Length)
        {
            Cells[column] = cell;
        }
    }

    public void Insert(int column, int count, Cell cell)
    {
        column %= Length;
        if (column > 0 && IsTwoWide(column - 1))
        {
            Cells[column - 1] = Cell.Blank(cell.Style);
        }

        count = Math.Min(count, Length - column);
        Array.Copy(Cells, column, Cells, column + count, Length - column - count);
        Cells.AsSpan(column, count).Fill(cell);
        if (IsTwoWide(Length - 1))
        {
            Cells[Length - 1] = Cell.Blank(cell.Style);
        }
    }

    public void Delete(int column, int count, Cell cell)
    {
        column %= Length;
        count = Math.Min(count, Length - column);
        Array.Copy(Cells, column + count, Cells, column, Length - column - count);
        Cells.AsSpan(Length - count).Fill(cell);
        if (column > 0 && IsTwoWide(column - 1))
        {
            Cells[column - 1] = Cell.Blank(cell.Style);
        }

        if (Cells[column].IsRightHalf)
        {
            Cells[column] = Cell.Blank(cell.Style);
        }
    }

    public void Erase(int start, int end, Cell cell)
    {
        if (start > 0 && IsTwoWide(start - 1))
        {
            Cells[start - 1] = Cell.Blank(cell.Style);
        }

        if (end < Length && IsTwoWide(end - 1))
        {
            Cells[end] = Cell.Blank(cell.Style);
        }

        start = Math.Min(start, Length);
        Cells.AsSpan(start, Math.Max(0, Math.Min(end, Length) - start)).Fill(cell);
    }

    /// <summary>Erases what is not protected.</summary>
    public void EraseUnprotected(int start, int end, Cell cell, Tables tables)
    {
        bool IsProtected(Cell each) => (tables.StyleOf(each.Style).Looks & Looks.Protected) != Looks.None;

        if (start > 0 && IsTwoWide(start - 1) && !IsProtected(Cells[start - 1]))
        {
            Cells[start - 1] = Cell.Blank(cell.Style);
        }

        if (end < Length && IsTwoWide(end - 1) && !IsProtected(Cells[end]))
        {
            Cells[end] = Cell.Blank(cell.Style);
        }

        for (var column = start; column < Math.Min(end, Length); column++)
        {
            if (!IsProtected(Cells[column]))
            {
                Cells[column] = cell;
            }
        }
    }

    public void Resize(int length)
    {
        var cells = Cells;
        Array.Resize(ref cells, length);
        Cells = cells;
    }

    /// <summary>How long the line is without the blanks at its end.</summary>
    public int TrimmedLength()
    {
        for (var column = Length - 1; column >= 0; column--)
        {
            if (Cells[column].HasContent)
            {
                return Math.Min(column + Cells[column].Width, Length);
            }
        }

        return 0;
    }

    /// <summary>Becomes a blank line again, to be used for another one; its length must be right.</summary>
    public void Renew(Cell cell, bool isWrapped)
    {
        Fill(cell);
        IsWrapped = isWrapped;
    }
}
