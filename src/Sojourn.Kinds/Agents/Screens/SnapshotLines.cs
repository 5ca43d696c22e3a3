using System.Globalization;
using System.Text;

namespace Sojourn.Kinds.Agents.Screens;

/// <summary>Writes the lines of a page, from its first to the last that needs to be drawn. For one use.</summary>
internal sealed class SnapshotLines(StringBuilder text, SnapshotPen pen, Tables tables, Page page)
{
    private const char Wide = '\u3000';

    private Line _line = null!;
    private int _columns;

    /// <summary>Where the cursor is; the width of the page while a wrap is pending.</summary>
    private int _x;

    public void Write()
    {
        _columns = page.Columns;
        var count = CountNeeded();
        for (var index = 0; index < count; index++)
        {
            _line = page.Lines[index];
            var next = index + 1 < count ? page.Lines[index + 1] : null;
            WriteLine(isNextWrapped: next is { IsWrapped: true });
            if (next is { IsWrapped: true })
            {
                Wrap(next);
            }
            else if (next is not null)
            {
                pen.ClearBackground();
                text.Append("\r\n");
                _x = 0;
            }
        }
    }

    // Lines below the last that is drawn are blank in a fresh terminal too, unless others must leave at the top.
    private int CountNeeded()
    {
        var count = page.Base + page.Rows;
        while (page.Base == 0 && count > 1 && !page.Lines[count - 1].IsWrapped
            && Array.TrueForAll(page.Lines[count - 1].Cells, cell => cell == default))
        {
            count--;
        }

        return count;
    }

    // The text of a line that wraps fills it. Where it did not, something is printed to wrap, and erased again.
    private void Wrap(Line next)
    {
        var first = next.Cells[0];
        var isNatural = _x == _columns && IsWhole(next, 0) && StyleOf(first).Back.IsDefault;
        if (isNatural)
        {
            _x = 0;
            return;
        }

        if (_x == _columns)
        {
            pen.Change(default);
            text.Append(' ');
        }
        else
        {
            // A wide character that does not fit leaves a blank in its style.
            Advance(_columns - 1);
            pen.Change(StyleOf(_line.Cells[_columns - 1]));
            text.Append(Wide);
        }

        text.Append('\r');
        pen.Change(default);
        Append($"\e[{_columns}X");
        _x = 0;
    }

    private void WriteLine(bool isNextWrapped)
    {
        for (var column = 0; column < _columns;)
        {
            var cell = _line.Cells[column];
            if (IsWhole(_line, column))
            {
                WriteText(column, cell);
                column += cell.Width;
            }
            else if (cell is { HasContent: true, Width: 0 })
            {
                // A mark alone: after a sequence it joins nothing.
                Advance(column);
                pen.Change(StyleOf(cell));
                text.Append("\e\\").Append(tables.TextOf(cell));
                _x = ++column;
            }
            else if (IsStyled(cell) && !(isNextWrapped && column == _columns - 1))
            {
                WriteStyledBlank(column++, StyleOf(cell));
            }
            else
            {
                column = WriteBlanks(column, cell);
            }
        }
    }

    private void WriteText(int column, Cell cell)
    {
        Advance(column);
        pen.Change(StyleOf(cell));
        if (cell.IsCluster)
        {
            text.Append(tables.ClusterOf(cell.Text));
        }
        else if (cell.Text < 0x10000)
        {
            text.Append((char)cell.Text);
        }
        else
        {
            text.Append(new Rune(cell.Text));
        }

        _x += cell.Width;
    }

    /// <returns>The column after the blanks.</returns>
    private int WriteBlanks(int start, Cell blank)
    {
        var end = start + 1;
        while (end < _columns && !IsWhole(_line, end) && !_line.Cells[end].HasContent
            && _line.Cells[end].Style == blank.Style)
        {
            end++;
        }

        if (!StyleOf(blank).Back.IsDefault)
        {
            Advance(start);
            pen.Change(StyleOf(blank).Erased);
            Append($"\e[{end - start}X");
        }

        return end;
    }

    // Nothing erases in a style but its background. Half of a wide character that is written over does.
    private void WriteStyledBlank(int column, in Style style)
    {
        if (column + 1 < _columns)
        {
            Advance(column);
            pen.Change(style);
            text.Append(Wide);
            Go(column + 1);
            text.Append(' ');
            Go(column + 1);
            pen.Change(default);
            text.Append("\e[X");
            return;
        }

        Go(column - 1);
        pen.Change(style);
        text.Append(Wide);
        Go(column - 1);
        text.Append(' ');
        WriteAgain(column - 1);
    }

    // What stood left of a blank that was made in the last column. If that was a blank in a style too, it keeps the
    // background only.
    private void WriteAgain(int column)
    {
        Go(column);
        var cell = _line.Cells[column];
        if (column > 0 && IsWhole(_line, column - 1) && _line.Cells[column - 1].IsTwoWide)
        {
            Go(column - 1);
            WriteText(column - 1, _line.Cells[column - 1]);
        }
        else if (IsWhole(_line, column))
        {
            WriteText(column, cell);
        }
        else
        {
            pen.Change(StyleOf(cell).Erased);
            text.Append("\e[X");
        }
    }

    private void Go(int column)
    {
        Append($"\e[{column + 1}G");
        _x = column;
    }

    private void Advance(int column)
    {
        if (column > _x)
        {
            Append(column == _x + 1 ? $"\e[C" : (FormattableString)$"\e[{column - _x}C");
            _x = column;
        }
    }

    private Style StyleOf(Cell cell) => tables.StyleOf(cell.Style);

    private bool IsStyled(Cell cell)
    {
        var style = StyleOf(cell);
        return style != style.Erased;
    }

    // A character in one cell, or one in two with its right half.
    private bool IsWhole(Line line, int column) => line.Cells[column] switch
    {
        { HasContent: false } or { Width: 0 } => false,
        { IsTwoWide: true } => column + 1 < _columns && line.Cells[column + 1].IsRightHalf,
        _ => true,
    };

    private void Append(FormattableString more) => text.Append(more.ToString(CultureInfo.InvariantCulture));
}
