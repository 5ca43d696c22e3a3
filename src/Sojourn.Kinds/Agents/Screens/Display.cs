namespace Sojourn.Kinds.Agents.Screens;

/// <summary>All that a terminal shows and remembers, and the moves that its sequences are made of.</summary>
internal sealed partial class Display
{
    private readonly int _scrollback;
    private Style _pen;
    private int _penNumber;

    public Display(int columns, int rows, int scrollback)
    {
        (Columns, Rows, _scrollback) = (columns, rows, scrollback);
        (Normal, Alternate) = (NewNormal(), NewAlternate());
        Page = Normal;
    }

    public int Columns { get; private set; }

    public int Rows { get; private set; }

    public Page Normal { get; private set; }

    public Page Alternate { get; private set; }

    /// <summary>The one that is shown.</summary>
    public Page Page { get; private set; }

    public Tables Tables { get; } = new();

    public Modes Modes { get; private set; } = new();

    public Charsets Charsets { get; } = new();

    public Palette Palette { get; } = new();

    public Titles Titles { get; } = new();

    /// <summary>
    /// How wide the character is that was printed last; 0 if something else came since. Marks join it, and REP repeats
    /// it.
    /// </summary>
    public int LastWidth { get; set; }

    /// <summary>How the next character will look.</summary>
    public Style Pen
    {
        get => _pen;
        set => (_pen, _penNumber) = (value, -1);
    }

    /// <summary>What erasing leaves: blanks in the background of the pen.</summary>
    public Cell Erased => Cell.Blank(_pen.Back.IsDefault ? Tables.DefaultStyle : Tables.NumberOf(_pen.Erased));

    private int PenNumber => _penNumber >= 0 ? _penNumber : _penNumber = Tables.NumberOf(_pen);

    private Cell PenBlank => Cell.Blank(PenNumber);

    public void ShowAlternate()
    {
        if (!Page.IsAlternate)
        {
            Alternate.FillRows(Erased);
            (Alternate.X, Alternate.Y) = (Normal.X, Normal.Y);
            Page = Alternate;
        }
    }

    public void ShowNormal()
    {
        if (Page.IsAlternate)
        {
            (Normal.X, Normal.Y) = (Alternate.X, Alternate.Y);
            Alternate.Clear();
            Page = Normal;
        }
    }

    /// <summary>Brings the cursor back onto the screen, or into the scroll region.</summary>
    /// <param name="isWrapKept">Whether a pending wrap stays one.</param>
    public void Confine(bool isWrapKept = false)
    {
        Page.X = Math.Clamp(Page.X, 0, isWrapKept ? Columns : Columns - 1);
        Page.Y = Modes.Origin ? Math.Min(Page.Bottom, Math.Max(Page.Top, Page.Y)) : Math.Clamp(Page.Y, 0, Rows - 1);
    }

    /// <summary>To a place that counts from 0, and from the top of the scroll region in origin mode.</summary>
    public void MoveTo(int column, int row)
    {
        (Page.X, Page.Y) = (column, Modes.Origin ? Page.Top + row : row);
        Confine();
    }

    /// <summary>
    /// By so many columns and rows. In origin mode the rows count from the top of the region once more, as xterm.js has
    /// it.
    /// </summary>
    public void MoveBy(int columns, int rows)
    {
        Confine();
        MoveTo(Add(Page.X, columns), Add(Page.Y, rows));
    }

    public void SaveCursor() =>
        Page.Saved = new SavedCursor(Page.X, Page.Base + Page.Y, Pen with { Link = 0 }, Charsets.Current);

    public void RestoreCursor()
    {
        var saved = Page.Saved;
        (Page.X, Page.Y) = (saved.Column, Math.Max(saved.Line - Page.Base, 0));
        Pen = saved.Pen with { Link = Pen.Link };
        Charsets.Current = saved.Charset;
        Confine();
    }

    /// <summary>DECSTR.</summary>
    public void SoftReset()
    {
        (Page.Top, Page.Bottom) = (0, Rows - 1);
        Pen = default;
        Modes = Modes.AfterSoftReset();
        Charsets.Reset();
        Page.Saved = new SavedCursor(0, Page.Base, default, null);
    }

    /// <summary>RIS. The title and the colours stay, as in xterm.js.</summary>
    public void HardReset()
    {
        (Normal, Alternate) = (NewNormal(), NewAlternate());
        Page = Normal;
        Pen = default;
        Modes = new Modes();
        Charsets.Reset();
        LastWidth = 0;
    }

    public void Resize(int columns, int rows)
    {
        (Columns, Rows) = (columns, rows);
        foreach (var page in (ReadOnlySpan<Page>)[Normal, Alternate])
        {
            page.Resize(columns, rows);
            page.ExtendStops();
        }
    }

    /// <summary>Sweeps the tables when it is worth it. Between sequences only: numbers change.</summary>
    public void Tidy()
    {
        if (Tables.NeedsSweep)
        {
            Tables.Sweep(Normal.Lines.All().Concat(Alternate.Lines.All()), _pen);
            _penNumber = -1;
        }
    }

    private static int Add(int place, int by) => (int)Math.Clamp((long)place + by, -short.MaxValue, short.MaxValue);

    private Page NewNormal() => new(Columns, Rows, _scrollback);

    private Page NewAlternate() => new(Columns, Rows, scrollback: -1);
}
