namespace Sojourn.Kinds.Agents.Screens;

/// <summary>What a program has switched on or off.</summary>
internal sealed class Modes
{
    public bool Insert { get; set; }

    public bool ApplicationCursorKeys { get; set; }

    public bool ApplicationKeypad { get; set; }

    public bool BracketedPaste { get; set; }

    /// <summary>Rows count from the top of the scroll region, and the cursor stays in it.</summary>
    public bool Origin { get; set; }

    /// <summary>A backspace at the start of a wrapped line goes to the end of the one before.</summary>
    public bool ReverseWrap { get; set; }

    public bool FocusReports { get; set; }

    /// <summary>What is drawn is to be shown at once when this is switched off again.</summary>
    public bool SynchronizedOutput { get; set; }

    public bool Wrap { get; set; } = true;

    /// <summary>A line feed returns the carriage too.</summary>
    public bool NewLine { get; set; }

    public bool CursorHidden { get; set; }

    public bool CursorBlinks { get; set; }

    /// <summary>As DECSCUSR numbers it; 0 is the terminal's own.</summary>
    public int CursorStyle { get; set; }

    /// <summary>Which mouse events are reported: 0 (none), 9, 1000, 1002 or 1003, the number of the mode.</summary>
    public int Mouse { get; set; }

    /// <summary>How mouse events are written: 0 (in bytes), 1006 or 1016, the number of the mode.</summary>
    public int MouseEncoding { get; set; }

    /// <summary>DECSTR. The mouse, the line feed and the blinking of the cursor stay, as in xterm.js.</summary>
    public Modes AfterSoftReset() => new()
    {
        Mouse = Mouse,
        MouseEncoding = MouseEncoding,
        NewLine = NewLine,
        CursorBlinks = CursorBlinks,
    };
}
