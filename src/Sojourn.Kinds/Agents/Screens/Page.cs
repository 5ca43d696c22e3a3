namespace Sojourn.Kinds.Agents.Screens;

/// <summary>What DECSC keeps. The row counts from the oldest line of the page, as xterm.js counts it.</summary>
internal readonly record struct SavedCursor(int Column, int Line, Style Pen, Charset? Charset);

/// <summary>
/// The normal screen with its scrollback, or the alternate one: lines, cursor, scroll region and tab stops. Rows count
/// from the top of what is shown; a column equal to the width is a pending wrap.
/// </summary>
internal sealed class Page
{
    private const int TabWidth = 8;

    private readonly int _scrollback;
    private bool[] _stops = [];
    private int _columns;
    private int _rows;

    /// <summary>The scrollback is below 0 for the alternate screen, which has none.</summary>
    public Page(int columns, int rows, int scrollback)
    {
        (_columns, _rows, _scrollback) = (columns, rows, scrollback);
        Lines = new LineRing(Capacity(rows));
        Bottom = rows - 1;
        SetUpStops();
        if (!IsAlternate)
        {
            FillRows(default);
        }
    }

    public LineRing Lines { get; private set; }

    /// <summary>How many lines are above those shown.</summary>
    public int Base { get; set; }

    public int X { get; set; }

    public int Y { get; set; }

    /// <summary>The first row of the scroll region.</summary>
    public int Top { get; set; }

    /// <summary>The last row of the scroll region.</summary>
    public int Bottom { get; set; }

    public SavedCursor Saved { get; set; }

    public bool IsAlternate => _scrollback < 0;

    public int Columns => _columns;

    public int Rows => _rows;

    public Line CursorLine => Lines[Base + Y];

    public Line Row(int row) => Lines[Base + row];

    public bool IsStop(int column) => column < _stops.Length && _stops[column];

    /// <summary>The alternate screen has lines only while it is shown.</summary>
    public void FillRows(Cell cell)
    {
        while (Lines.Count < _rows)
        {
            Lines.Add(Line.Filled(_columns, cell));
        }
    }

    public void Clear()
    {
        (Base, X, Y) = (0, 0, 0);
        Lines = new LineRing(Capacity(_rows));
        (Top, Bottom) = (0, _rows - 1);
        SetUpStops();
    }

    /// <summary>A new line at the bottom of the scroll region; what leaves at the top of the screen is kept.</summary>
    public void Scroll(Cell blank, bool isWrapped)
    {
        if (Top > 0)
        {
            Lines.RemoveAt(Base + Top);
            Lines.Insert(Base + Bottom, NewLine(blank, isWrapped));
            return;
        }

        var isFull = Lines.IsFull;
        var bottom = Base + Bottom;
        if (bottom != Lines.Count - 1)
        {
            Lines.Insert(bottom + 1, NewLine(blank, isWrapped));
        }
        else if (isFull && Lines[0].Length == _columns)
        {
            Lines.Recycle().Renew(blank, isWrapped);
        }
        else
        {
            if (isFull)
            {
                Lines.RemoveFirst(1);
            }

            Lines.Add(NewLine(blank, isWrapped));
        }

        if (!isFull)
        {
            Base++;
        }
    }

    /// <summary>Puts blank lines in at a row, and takes as many away at the end of the scroll region.</summary>
    public void InsertLines(int row, int count, Cell blank)
    {
        for (var left = Math.Min(count, Bottom - row + 1); left > 0; left--)
        {
            Lines.RemoveAt(Base + Bottom);
            Lines.Insert(Base + row, NewLine(blank, isWrapped: false));
        }
    }

    /// <summary>Takes lines away at a row, and puts as many blank ones in at the end of the scroll region.</summary>
    public void DeleteLines(int row, int count, Cell blank)
    {
        for (var left = Math.Min(count, Bottom - row + 1); left > 0; left--)
        {
            Lines.RemoveAt(Base + row);
            Lines.Insert(Base + Bottom, NewLine(blank, isWrapped: false));
        }
    }

    public void ForgetScrollback()
    {
        var above = Lines.Count - _rows;
        if (above > 0)
        {
            Lines.RemoveFirst(above);
            Base = Math.Max(Base - above, 0);
        }
    }

    public int NextStop(int column)
    {
        do
        {
            column++;
        }
        while (column < _columns && !IsStop(column));

        return Math.Min(column, _columns - 1);
    }

    public int PreviousStop(int column)
    {
        do
        {
            column--;
        }
        while (column > 0 && !IsStop(column));

        return Math.Clamp(column, 0, _columns - 1);
    }

    public void SetStop(int column)
    {
        if (column >= _stops.Length)
        {
            Array.Resize(ref _stops, column + 1);
        }

        _stops[column] = true;
    }

    public void ClearStop(int column)
    {
        if (column < _stops.Length)
        {
            _stops[column] = false;
        }
    }

    public void ClearStops() => _stops = [];

    /// <summary>The new columns get tab stops; those that are there stay.</summary>
    public void ExtendStops()
    {
        for (var column = IsStop(_columns) ? _columns : PreviousStop(_columns); column < _columns; column += TabWidth)
        {
            SetStop(column);
        }
    }

    public void Resize(int columns, int rows)
    {
        var capacity = Capacity(rows);
        if (capacity > Lines.Capacity || Lines.Count == 0)
        {
            Lines.SetCapacity(capacity);
        }

        if (Lines.Count > 0)
        {
            Widen(columns);
            var shift = AddRows(columns, rows);
            RemoveRows(rows);
            TrimTo(capacity);
            X = Math.Min(X, columns - 1);
            Y = Math.Min(Y, rows - 1) + shift;
            Saved = Saved with { Column = Math.Min(Saved.Column, columns - 1) };
            Top = 0;
        }

        Bottom = rows - 1;
        if (!IsAlternate && columns != _columns)
        {
            new Reflow(this, _columns, columns, rows).Run();
            Narrow(columns);
        }

        (_columns, _rows) = (columns, rows);
    }

    private int Capacity(int rows) => rows + Math.Max(_scrollback, 0);

    private Line NewLine(Cell blank, bool isWrapped)
    {
        var line = Line.Filled(_columns, blank);
        line.IsWrapped = isWrapped;
        return line;
    }

    private void SetUpStops()
    {
        _stops = new bool[_columns];
        for (var column = 0; column < _columns; column += TabWidth)
        {
            _stops[column] = true;
        }
    }

    private void Widen(int columns)
    {
        if (columns > _columns)
        {
            foreach (var line in Lines.All())
            {
                line.Resize(columns);
            }
        }
    }

    private void Narrow(int columns)
    {
        if (columns < _columns)
        {
            foreach (var line in Lines.All())
            {
                line.Resize(columns);
            }
        }
    }

    // Rows come back from the scrollback while the last line is in use, and else are added below.
    private int AddRows(int columns, int rows)
    {
        var shift = 0;
        for (var row = _rows; row < rows; row++)
        {
            if (Lines.Count >= rows + Base)
            {
                continue;
            }

            if (Base > 0 && Lines.Count <= Base + Y + shift + 1)
            {
                Base--;
                shift++;
            }
            else
            {
                Lines.Add(new Line(columns));
            }
        }

        return shift;
    }

    // Rows below the cursor go first; then the top ones go into the scrollback.
    private void RemoveRows(int rows)
    {
        for (var row = _rows; row > rows; row--)
        {
            if (Lines.Count <= rows + Base)
            {
                continue;
            }

            if (Lines.Count > Base + Y + 1)
            {
                Lines.RemoveLast();
            }
            else
            {
                Base++;
            }
        }
    }

    private void TrimTo(int capacity)
    {
        if (capacity >= Lines.Capacity)
        {
            return;
        }

        var tooMany = Lines.Count - capacity;
        if (tooMany > 0)
        {
            Lines.RemoveFirst(tooMany);
            Base = Math.Max(Base - tooMany, 0);
            Saved = Saved with { Line = Math.Max(Saved.Line - tooMany, 0) };
        }

        Lines.SetCapacity(capacity);
    }
}
