using System.Text;

namespace Sojourn.Kinds.Agents.Screens;

/// <summary>
/// A terminal without a window: it reads what a program writes, knows what xterm would show, answers what the program
/// asks of its terminal, and can tell a terminal that comes later how to show the same. Not for several threads at
/// once.
/// </summary>
/// <remarks>
/// It behaves as xterm.js does, so that a browser that has seen all output and one that came later show the same. All
/// that a program can make it keep is bounded: lines by the scrollback, the length of sequences, titles, hyperlinks and
/// clusters of marks by constants here and there.
/// </remarks>
internal sealed class Screen
{
    private const int LargestSide = 500;

    /// <summary>No terminal is narrower: a wide character needs two columns.</summary>
    private const int FewestColumns = 2;

    private readonly Display _display;
    private readonly Parser _parser;

    /// <param name="size">How large it is at first.</param>
    /// <param name="scrollback">How many lines are kept that left at the top: 0 to 100,000.</param>
    public Screen(TerminalSize size, int scrollback = 1000)
    {
        Check(size);
        ArgumentOutOfRangeException.ThrowIfNegative(scrollback);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scrollback, 100_000);
        Size = size;
        _display = new Display(Math.Max(size.Columns, FewestColumns), size.Rows, scrollback);
        _parser = new Parser(_display);
    }

    public TerminalSize Size { get; private set; }

    /// <summary>What the program calls its window; empty if it gave no name. At most 4,096 characters.</summary>
    public string Title => _display.Titles.Current;

    /// <summary>Whether the alternate screen is shown, as by editors and pagers.</summary>
    public bool IsAlternate => _display.Page.IsAlternate;

    /// <summary>
    /// Bytes that are neither logged nor known to be a question: the beginning of a sequence or of a character whose
    /// end has not come yet.
    /// </summary>
    public ReadOnlySpan<byte> Held => _parser.Held;

    internal Display Display => _display;

    /// <summary>
    /// Draws what a program wrote; it may be split anywhere. What the program asked is answered in
    /// <paramref name="output"/> and left out of its log, to which all other bytes are added as they are.
    /// </summary>
    public void Write(ReadOnlySpan<byte> bytes, ScreenOutput output) => _parser.Write(bytes, output);

    /// <summary>
    /// Says that the program's output is over. What was held is logged, with a CAN after it if a sequence was not
    /// finished: what the next program writes is no part of it.
    /// </summary>
    public void End(ScreenOutput output) => _parser.End(output);

    /// <summary>
    /// As xterm.js does it: the normal screen's wrapped lines are laid out anew, except for the one with the cursor;
    /// the alternate screen is cut or gets blanks, and its program draws it again.
    /// </summary>
    public void Resize(TerminalSize size)
    {
        Check(size);
        Size = size;
        var columns = Math.Max(size.Columns, FewestColumns);
        if ((columns, size.Rows) != (_display.Columns, _display.Rows))
        {
            _display.Resize(columns, size.Rows);
        }
    }

    /// <summary>
    /// What makes a fresh xterm of the same size and scrollback show what is shown here, and go on as it would here
    /// with what is logged from now on. The terminal must take the widths of characters from Unicode 11.
    /// </summary>
    public byte[] Snapshot() => Encoding.UTF8.GetBytes(new SnapshotWriter(_display).Write() + _parser.Unfinished);

    /// <summary>
    /// The newest lines as plain text: those shown, and above them those that left at the top if more are asked for.
    /// Lines that were wrapped are one; blanks at the end of lines and at the end of the text are left out.
    /// </summary>
    /// <param name="lines">How many, at most; all that are shown if it is left out.</param>
    public string Text(int? lines = null)
    {
        var page = _display.Page;
        var end = page.Base + page.Rows;
        var start = Math.Max(0, end - Math.Max(lines ?? page.Rows, 0));
        var text = new StringBuilder();
        for (var index = start; index < end; index++)
        {
            if (index > start && !page.Lines[index].IsWrapped)
            {
                text.Append('\n');
            }

            var isContinued = index + 1 < end && page.Lines[index + 1].IsWrapped;
            AppendLine(text, page.Lines[index], isContinued);
        }

        return text.ToString().TrimEnd();
    }

    private void AppendLine(StringBuilder text, Line line, bool isContinued)
    {
        var length = Math.Min(line.TrimmedLength(), _display.Columns);
        for (var column = 0; column < length; column++)
        {
            var cell = line.Cells[column];
            if (cell.HasContent)
            {
                text.Append(_display.Tables.TextOf(cell));
            }
            else if (!cell.IsRightHalf)
            {
                text.Append(' ');
            }
        }

        while (!isContinued && text.Length > 0 && text[^1] == ' ')
        {
            text.Length--;
        }
    }

    private static void Check(TerminalSize size)
    {
        if (size.Columns is < 1 or > LargestSide || size.Rows is < 1 or > LargestSide)
        {
            throw new ArgumentOutOfRangeException(
                nameof(size), size, $"A terminal has 1 to {LargestSide} columns and rows.");
        }
    }
}
