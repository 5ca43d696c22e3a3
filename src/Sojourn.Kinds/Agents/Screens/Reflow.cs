namespace Sojourn.Kinds.Agents.Screens;

/// <summary>
/// Lays the wrapped lines of the normal screen out anew when its width changes, as xterm.js does: the line in which the
/// cursor stands is left to the program, which is told of the new size and draws it itself.
/// </summary>
internal sealed class Reflow(Page page, int oldColumns, int columns, int rows)
{
    public void Run()
    {
        if (columns > oldColumns)
        {
            Join();
        }
        else
        {
            Break();
        }
    }

    private int CursorIndex => page.Base + page.Y;

    // Wider: text moves up into the room that there is now, and lines that are empty then go.
    private void Join()
    {
        var lines = page.Lines.All().ToList();
        var kept = new List<Line>(lines.Count);
        for (var start = 0; start < lines.Count;)
        {
            var end = EndOfWrapped(lines, start);
            var isCursors = CursorIndex >= start && CursorIndex < end;
            var count = end - start == 1 || isCursors ? end - start : Joined(lines[start..end]);
            kept.AddRange(lines.Skip(start).Take(count));
            start = end;
        }

        var removed = lines.Count - kept.Count;
        if (removed > 0)
        {
            page.Lines.Replace(kept);
            MoveUp(removed);
        }
    }

    private static int EndOfWrapped(List<Line> lines, int start)
    {
        var end = start + 1;
        while (end < lines.Count && lines[end].IsWrapped)
        {
            end++;
        }

        return end;
    }

    /// <returns>How many of the lines are still needed.</returns>
    private int Joined(List<Line> wrapped)
    {
        var target = 0;
        var column = TextLength(wrapped, 0, oldColumns);
        for (var source = 1; source < wrapped.Count; source++)
        {
            var length = TextLength(wrapped, source, oldColumns);
            for (var from = 0; from < length;)
            {
                var count = Math.Min(length - from, columns - column);
                Array.Copy(wrapped[source].Cells, from, wrapped[target].Cells, column, count);
                (from, column) = (from + count, column + count);
                if (column == columns)
                {
                    (target, column) = (target + 1, 0);
                    column = CarryWide(wrapped, target);
                }
            }
        }

        if (target < wrapped.Count)
        {
            wrapped[target].Erase(column, columns, default);
        }

        var needed = wrapped.Count;
        while (needed > 1 && (needed - 1 > target || wrapped[needed - 1].TrimmedLength() == 0))
        {
            needed--;
        }

        return needed;
    }

    // A wide character whose left half came to stand in the last column goes to the next line.
    private int CarryWide(List<Line> wrapped, int target)
    {
        var before = wrapped[target - 1];
        if (!before.IsTwoWide(columns - 1) || target >= wrapped.Count)
        {
            return 0;
        }

        wrapped[target].Set(0, before.Cells[columns - 1]);
        before.Set(columns - 1, default);
        return 1;
    }

    private void MoveUp(int removed)
    {
        for (var left = removed; left > 0; left--)
        {
            if (page.Base > 0)
            {
                page.Base--;
                continue;
            }

            page.Y = Math.Max(page.Y - 1, 0);
            if (page.Lines.Count < rows)
            {
                page.Lines.Add(new Line(columns));
            }
        }

        page.Saved = page.Saved with { Line = Math.Max(page.Saved.Line - removed, 0) };
    }

    // Narrower: what no longer fits goes to new lines, from the end to the start so that the newest stay.
    private void Break()
    {
        var lines = page.Lines.All().ToList();
        var added = new List<Line>?[lines.Count];
        var count = 0;
        for (var end = lines.Count; end > 0;)
        {
            var start = StartOfWrapped(lines, end - 1);
            var isCursors = CursorIndex >= start && CursorIndex < end;
            if (!isCursors && (end - start > 1 || lines[start].IsWrapped || lines[start].TrimmedLength() > columns))
            {
                var more = Broken(lines[start..end]);
                added[end - 1] = more;
                count += more.Count;
                MoveDown(more.Count, count);
            }

            end = start;
        }

        // Lines that went at the end, while the cursor moved down, are in the count no more.
        var kept = lines.SelectMany((line, index) =>
            (index < page.Lines.Count ? [line] : Array.Empty<Line>()).Concat(added[index] ?? []));
        page.Lines.Replace([.. kept.TakeLast(page.Lines.Capacity)]);
    }

    private static int StartOfWrapped(List<Line> lines, int index)
    {
        while (lines[index].IsWrapped && index > 0)
        {
            index--;
        }

        return index;
    }

    /// <returns>The lines that were added.</returns>
    private List<Line> Broken(List<Line> wrapped)
    {
        var lengths = BrokenLengths(wrapped);
        var cells = wrapped.SelectMany((line, index) => line.Cells.Take(TextLength(wrapped, index, oldColumns)))
            .ToArray();
        var added = new List<Line>();
        for (var left = lengths.Count - wrapped.Count; left > 0; left--)
        {
            added.Add(new Line(oldColumns) { IsWrapped = true });
        }

        List<Line> all = [.. wrapped, .. added];
        var from = 0;
        for (var index = 0; index < lengths.Count; index++)
        {
            cells.AsSpan(from, lengths[index]).CopyTo(all[index].Cells);
            from += lengths[index];
            if (lengths[index] < columns)
            {
                all[index].Set(lengths[index], default);
            }
        }

        return added;
    }

    private List<int> BrokenLengths(List<Line> wrapped)
    {
        var lengths = new List<int>();
        var needed = Enumerable.Range(0, wrapped.Count).Sum(index => TextLength(wrapped, index, oldColumns));
        int column = 0, line = 0;
        for (var taken = 0; taken < needed;)
        {
            if (needed - taken < columns)
            {
                lengths.Add(needed - taken);
                break;
            }

            column += columns;
            var length = TextLength(wrapped, line, oldColumns);
            if (column > length && line < wrapped.Count - 1)
            {
                column -= length;
                line++;
            }

            // A wide character is not cut in two.
            var cut = wrapped[line].IsTwoWide(column - 1) ? 1 : 0;
            column -= cut;
            lengths.Add(columns - cut);
            taken += columns - cut;
        }

        return lengths;
    }

    private void MoveDown(int added, int addedInAll)
    {
        var filled = page.Base == 0 && page.Y != page.Lines.Count - 1 ? page.Y : page.Lines.Count;
        var trimmed = Math.Max(0, filled - page.Lines.Capacity + added);
        for (var left = added - trimmed; left > 0; left--)
        {
            if (page.Base > 0)
            {
                var most = Math.Min(page.Lines.Capacity, page.Lines.Count + addedInAll) - rows;
                page.Base = Math.Max(page.Base, Math.Min(page.Base + 1, most));
            }
            else if (page.Y < rows - 1)
            {
                page.Y++;
                page.Lines.RemoveLast();
            }
            else
            {
                page.Base++;
            }
        }

        page.Saved = page.Saved with { Line = Math.Min(page.Saved.Line + added, page.Base + rows - 1) };
    }

    // The blank that a wide character left at the end of a line, because it did not fit, is no part of the text.
    private static int TextLength(List<Line> wrapped, int index, int width)
    {
        if (index == wrapped.Count - 1)
        {
            return wrapped[index].TrimmedLength();
        }

        var last = wrapped[index].Cells[width - 1];
        return last is { HasContent: false, Width: 1 } && wrapped[index + 1].IsTwoWide(0) ? width - 1 : width;
    }
}
