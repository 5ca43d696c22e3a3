namespace Sojourn.Tests.Agents.Screens;

/// <summary>
/// Where we differ from xterm.js 6.0.0 on purpose, since it is wrong there; each with what xterm.js does. A case that
/// differs no more is mended there, and goes. One more is left out of the random cases only: lines that are broken anew
/// while the scrollback is full may be written over the newest ones.
/// </summary>
internal static class XtermFaults
{
    public static IReadOnlyList<(string Because, XtermCase Case)> All { get; } =
    [
        ("it drops bytes that are no UTF-8 without a trace",
            new XtermCase("invalid bytes", new(20, 6), [new XtermStep([0x61, 0xff, 0x62, 0xc3, 0x63], null)])),
        ("a character that is not ASCII ends an APC, and what follows is printed",
            XtermCase.Of("APC with an umlaut", "a\e_größe\e\\b")),
        ("the Dutch set has a ligature of two letters, of which it takes the first",
            XtermCase.Of("Dutch", "\e(4[")),
        ("a saved cursor forgets the style of its underline",
            XtermCase.Of("saved underline", "\e[4:3m\e7\e[m\e8a")),
        ("the style of the underline is forgotten where the screen is filled with E",
            XtermCase.Of("alignment in style", "\e[4:3m\e#8")),
        ("a link does not end with a restored cursor, but is lost on the way",
            XtermCase.Of("link over a restored cursor", "\e7\e]8;;http://a\a\e8a")),
        ("a hard reset leaves the cursor hidden",
            XtermCase.Of("hidden over a reset", "\e[?25l\ec")),
        ("a hard reset leaves the carriage returning with each line feed",
            XtermCase.Of("new lines over a reset", "\e[20h\ec")),
        ("erasing above up to the last column fails in the last row, and marks a wrong line before it",
            XtermCase.Of("erase above at the edge", "\e[6;20H\e[1J")),
        ("without wrapping, the right half of a wide character is overwritten and the left one stays",
            XtermCase.Of("wide without wrapping", "\e[?7l012345678901234567漢x")),
        ("marks with nothing to join move the cursor out of the screen",
            XtermCase.Of("marks at the edge", "01234567890123456789\e[m\u0301\u0301")),
        ("the alternate screen has a scrollback if the terminal became lower before it was shown",
            new XtermCase("alternate after a resize", new(20, 6),
                [XtermStep.To(20, 3), XtermStep.Of("\e[?1049ha\r\nb\r\nc\r\nd\r\ne")])),
    ];
}
