namespace Sojourn.Kinds.Agents.Screens;

/// <summary>The modes: SM and RM, DECSET and DECRST, and what DECRQM reports of them.</summary>
internal static class Switches
{
    private const int Unknown = 0;
    private const int On = 1;
    private const int Off = 2;
    private const int AlwaysOn = 3;
    private const int AlwaysOff = 4;

    public static void SetAnsi(Display display, Params given, bool isOn)
    {
        for (var index = 0; index < given.Count; index++)
        {
            if (given[index] == 4)
            {
                display.Modes.Insert = isOn;
            }
            else if (given[index] == 20)
            {
                display.Modes.NewLine = isOn;
            }
        }
    }

    public static void SetPrivate(Display display, Params given, bool isOn)
    {
        for (var index = 0; index < given.Count; index++)
        {
            if (!SetFlag(display.Modes, given[index], isOn))
            {
                SetOther(display, given[index], isOn);
            }
        }
    }

    /// <summary>1 on, 2 off, 3 and 4 always so, 0 not known.</summary>
    public static int ReportAnsi(Modes modes, int mode) => mode switch
    {
        2 => AlwaysOff,
        4 => OnOrOff(modes.Insert),
        12 => AlwaysOn,
        20 => OnOrOff(modes.NewLine),
        _ => Unknown,
    };

    /// <inheritdoc cref="ReportAnsi"/>
    public static int ReportPrivate(Display display, int mode)
    {
        var modes = display.Modes;
        return mode switch
        {
            1 => OnOrOff(modes.ApplicationCursorKeys),
            6 => OnOrOff(modes.Origin),
            7 => OnOrOff(modes.Wrap),
            8 => AlwaysOn,
            9 or 1000 or 1002 or 1003 => OnOrOff(modes.Mouse == mode),
            12 => OnOrOff(modes.CursorBlinks),
            25 => OnOrOff(!modes.CursorHidden),
            45 => OnOrOff(modes.ReverseWrap),
            66 => OnOrOff(modes.ApplicationKeypad),
            67 or 1005 or 1015 => AlwaysOff,
            1004 => OnOrOff(modes.FocusReports),
            1006 or 1016 => OnOrOff(modes.MouseEncoding == mode),
            1048 => On,
            47 or 1047 or 1049 => OnOrOff(display.Page.IsAlternate),
            2004 => OnOrOff(modes.BracketedPaste),
            2026 => OnOrOff(modes.SynchronizedOutput),
            _ => Unknown,
        };
    }

    private static int OnOrOff(bool isOn) => isOn ? On : Off;

    private static bool SetFlag(Modes modes, int mode, bool isOn)
    {
        switch (mode)
        {
            case 1:
                modes.ApplicationCursorKeys = isOn;
                return true;
            case 7:
                modes.Wrap = isOn;
                return true;
            case 9 or 1000 or 1002 or 1003:
                modes.Mouse = isOn ? mode : 0;
                return true;
            case 12:
                modes.CursorBlinks = isOn;
                return true;
            case 25:
                modes.CursorHidden = !isOn;
                return true;
            case 45:
                modes.ReverseWrap = isOn;
                return true;
            case 66:
                modes.ApplicationKeypad = isOn;
                return true;
            case 1004:
                modes.FocusReports = isOn;
                return true;
            case 1006 or 1016:
                modes.MouseEncoding = isOn ? mode : 0;
                return true;
            case 2004:
                modes.BracketedPaste = isOn;
                return true;
            case 2026:
                modes.SynchronizedOutput = isOn;
                return true;
            default:
                return false;
        }
    }

    private static void SetOther(Display display, int mode, bool isOn)
    {
        switch (mode)
        {
            case 2 when isOn:
                for (var level = 0; level < 4; level++)
                {
                    display.Charsets.Designate(level, null);
                }

                break;
            case 6:
                display.Modes.Origin = isOn;
                display.MoveTo(0, 0);
                break;
            case 47 or 1047:
                Show(display, isOn);
                break;
            case 1048 when isOn:
                display.SaveCursor();
                break;
            case 1048:
                display.RestoreCursor();
                break;
            case 1049 when isOn:
                display.SaveCursor();
                Show(display, isAlternate: true);
                break;
            case 1049:
                Show(display, isAlternate: false);
                display.RestoreCursor();
                break;
            default:
                break;
        }
    }

    private static void Show(Display display, bool isAlternate)
    {
        if (isAlternate)
        {
            display.ShowAlternate();
        }
        else
        {
            display.ShowNormal();
        }
    }
}
