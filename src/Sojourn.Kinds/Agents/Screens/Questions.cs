using System.Globalization;
using System.Text;

namespace Sojourn.Kinds.Agents.Screens;

/// <summary>What programs ask of the terminal, and what it says.</summary>
/// <remarks>
/// Nobody here knows how large a cell is on somebody's screen, so that sizes in pixels take it for 8 by 16. The title
/// is never told: whoever could set it could have it typed into the program.
/// </remarks>
internal static class Questions
{
    /// <summary>DECRQSS and XTGETTCAP: what stands before their text.</summary>
    public const uint StatusString = ((uint)'$' << 8) | 'q';

    /// <inheritdoc cref="StatusString"/>
    public const uint Capabilities = ((uint)'+' << 8) | 'q';

    private const uint Dollar = (uint)'$' << 8;
    private const uint QuestionMark = (uint)'?' << 8;
    private const uint QuestionMarkDollar = ((uint)'?' << 16) | Dollar;

    /// <summary>It is what draws the screen in the browser.</summary>
    private const string Name = "xterm.js(6.0.0)";

    private const string Unknown = "\eP0$r\e\\";
    private const int CellWidth = 8;
    private const int CellHeight = 16;

    /// <summary>
    /// The answer to a control sequence that asks; empty if there is nothing to say, null if the sequence asks nothing.
    /// </summary>
    public static string? AnswerTo(Display display, uint sequence, Params given) => sequence switch
    {
        'c' => given[0] > 0 ? "" : "\e[?1;2c",
        ('>' << 8) | 'c' => given[0] > 0 ? "" : "\e[>0;276;0c",
        ('=' << 8) | 'c' => given[0] > 0 ? "" : "\eP!|00000000\e\\",
        'n' when given[0] == 5 => "\e[0n",
        'n' => given[0] == 6 ? $"\e[{Place(display)}R" : "",
        QuestionMark | 'n' => given[0] == 6 ? $"\e[?{Place(display)}R" : "",
        Dollar | 'p' => Format($"\e[{given[0]};{Switches.ReportAnsi(display.Modes, given[0])}$y"),
        QuestionMarkDollar | 'p' => Format($"\e[?{given[0]};{Switches.ReportPrivate(display, given[0])}$y"),
        ('>' << 8) | 'q' => $"\eP>|{Name}\e\\",
        // Kitty's keyboard is not what all have who type here: nobody learns of it, and it is never switched on.
        QuestionMark | 'u' or ('>' << 8) | 'u' or ('<' << 8) | 'u' or ('=' << 8) | 'u' => "",
        't' => Window(display, given),
        _ => null,
    };

    /// <summary>The answer to DECRQSS.</summary>
    public static string Status(Display display, string asked) => asked switch
    {
        "m" => $"\eP1$r{RenditionWriter.Write(display.Pen)}m\e\\",
        "r" => Format($"\eP1$r{display.Page.Top + 1};{display.Page.Bottom + 1}r\e\\"),
        " q" => Format($"\eP1$r{CursorStyle(display.Modes)} q\e\\"),
        "\"q" => Format($"\eP1$r{((display.Pen.Looks & Looks.Protected) != Looks.None ? 1 : 0)}\"q\e\\"),
        "\"p" => "\eP1$r61;1\"p\e\\",
        _ => Unknown,
    };

    /// <summary>The answer to XTGETTCAP, whose names and values are in hexadecimal: one for each name.</summary>
    public static string Terminfo(string asked)
    {
        var answer = new StringBuilder();
        foreach (var name in asked.Split(';'))
        {
            var value = name.ToUpperInvariant() switch
            {
                "544E" or "6E616D65" => "xterm-256color", // TN, name
                "436F" or "636F6C6F7273" => "256", // Co, colors
                "524742" => "8", // RGB
                _ => null,
            };
            // Nothing that is not hexadecimal goes back: what is answered is typed into the program.
            var known = name.All(char.IsAsciiHexDigit) ? name : "";
            answer.Append(value is null
                ? $"\eP0+r{known}\e\\"
                : $"\eP1+r{known}={Convert.ToHexString(Encoding.ASCII.GetBytes(value))}\e\\");
        }

        return answer.ToString();
    }

    private static int CursorStyle(Modes modes) => modes.CursorStyle switch
    {
        0 => modes.CursorBlinks ? 1 : 2,
        var style => style,
    };

    // Within the scroll region in origin mode; a pending wrap is still the last column.
    private static string Place(Display display)
    {
        var row = display.Page.Y - (display.Modes.Origin ? display.Page.Top : 0);
        return Format($"{row + 1};{Math.Min(display.Page.X, display.Columns - 1) + 1}");
    }

    private static string? Window(Display display, Params given) => given[0] switch
    {
        11 => "\e[1t",
        13 => "\e[3;0;0t",
        14 => Format($"\e[4;{display.Rows * CellHeight};{display.Columns * CellWidth}t"),
        15 => Format($"\e[5;{display.Rows * CellHeight};{display.Columns * CellWidth}t"),
        16 => Format($"\e[6;{CellHeight};{CellWidth}t"),
        18 => Format($"\e[8;{display.Rows};{display.Columns}t"),
        19 => Format($"\e[9;{display.Rows};{display.Columns}t"),
        20 => "\e]L\e\\",
        21 => "\e]l\e\\",
        _ => null,
    };

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
