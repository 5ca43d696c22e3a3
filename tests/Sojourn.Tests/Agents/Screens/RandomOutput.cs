using System.Text;
using Sojourn.Kinds.Agents;

namespace Sojourn.Tests.Agents.Screens;

/// <summary>
/// Text and sequences as no program would mix them, from a seed. What runs into a fault of xterm.js is left out: see
/// <see cref="XtermFaults"/>.
/// </summary>
internal sealed class RandomOutput(int seed)
{
    private static readonly string[] Words =
    [
        "a", "hello", "the quick brown fox jumps", "漢", "字かな", "😀", "é", "e\u0301", "─│┌", "ß ", "   ", "\t",
        "0123456789012345678901234",
    ];

    private static readonly string[] Sequences =
    [
        "\r\n", "\n", "\r", "\b", "\eD", "\eE", "\eM", "\eH", "\e[g", "\e[3g", "\x0e", "\x0f", "\e(0", "\e(B",
        "\e)0", "\e*A", "\en", "\e[?1h", "\e[?1l", "\e=", "\e>", "\e[?25l", "\e[?25h", "\e[?1000h", "\e[?1003h",
        "\e[?1006h", "\e[?1000l", "\e[?2004h", "\e[?2004l", "\e[?1004h", "\e[?45h", "\e[?45l", "\e[20h", "\e[20l",
        "\e[?2026h", "\e[?2026l", "\e[4 q", "\e[ q", "\e[1\"q", "\e[0\"q", "\e]2;title\a", "\e]0;other\e\\",
        "\e]8;;http://a\a", "\e]8;id=1;http://b\e\\", "\e]8;;\a", "\e_apc\e\\", "\eP1$xno\e\\", "\e[99z", "\e]999;x\a",
        "\e[22;0t", "\e[23;0t", "\e[!p",
    ];

    private static readonly string[] Renditions =
    [
        "", "1", "2", "3", "4", "5", "7", "8", "9", "21", "22", "23", "24", "25", "27", "28", "29", "31", "42", "39",
        "49", "53", "55", "97", "104",
        "38;5;123", "48;5;7", "38;2;1;2;3", "48:2::4:5:6", "4:3", "58;5;4", "0;35", "44;1",
    ];

    /// <summary>Neither underlined nor a link: xterm.js does not save these with the cursor.</summary>
    private const string Plain = "\e[24;59m\e]8;;\a";

    private readonly Random _chance = new(seed);

    public XtermCase Case()
    {
        var (columns, rows) = (_chance.Next(4, 30), _chance.Next(1, 9));
        var steps = Steps(_chance.Next(5, 80), rows, columns);
        return new XtermCase($"seed {seed}", new TerminalSize(columns, rows), steps)
        {
            Scrollback = _chance.Next(0, 12),
            Tail = Steps(_chance.Next(1, 20), rows, columns),
        };
    }

    /// <summary>With new sizes in between, and text that wraps.</summary>
    public XtermCase CaseWithSizes()
    {
        var steps = new List<XtermStep>();
        var (columns, rows) = (_chance.Next(4, 30), _chance.Next(2, 9));
        if (_chance.Next(4) == 0)
        {
            steps.Add(XtermStep.Of("normal\e[?1049h"));
        }

        var size = new TerminalSize(columns, rows);
        for (var left = _chance.Next(1, 8); left > 0; left--)
        {
            var text = string.Concat(Enumerable.Range(0, _chance.Next(1, 8)).Select(_ => Line()));
            steps.Add(XtermStep.Of(text));
            (columns, rows) = (_chance.Next(4, 30), _chance.Next(2, 9));
            steps.Add(XtermStep.To(columns, rows));
        }

        return new XtermCase($"sizes {seed}", size, steps) { Scrollback = 500 };
    }

    private string Line() =>
        string.Concat(Enumerable.Range(0, _chance.Next(0, 6)).Select(_ => Pick(["one ", "two", "three ", "x"])))
        + Pick(["\r\n", "\r\n", "\r\n", "\e[A", "\e[31m"]);

    private List<XtermStep> Steps(int count, int rows, int columns)
    {
        var text = new StringBuilder();
        for (var left = count; left > 0; left--)
        {
            text.Append(Piece(rows, columns));
        }

        return Split(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private string Piece(int rows, int columns) => _chance.Next(12) switch
    {
        < 4 => Pick(Words),
        < 6 => $"\e[{Pick(Renditions)}m",
        < 8 => Pick(Sequences),
        8 => $"\e[{_chance.Next(0, rows + 2)};{_chance.Next(0, columns + 2)}H",
        9 => Edit(columns),
        10 => $"\e[{_chance.Next(0, 6)}{Pick(["A", "B", "C", "D", "E", "F", "G", "I", "Z", "`", "a", "d", "e", "b"])}",
        _ => Rare(rows),
    };

    private string Edit(int columns)
    {
        var how = Pick(
            ["J", "K", "L", "M", "P", "X", "S", "T", " @", " A", "'}", "'~", "@", "?J", "?K", "2J", "1K", "2K"]);
        // See XtermFaults: inserting within a wide character.
        return how is "@" or "'}" ? $"\e[{_chance.Next(1, columns + 1)}G\e[K\e[2{how}"
            : how[0] == '?' ? $"\r\e[?{_chance.Next(3)}{how[1]}"
            : char.IsAsciiDigit(how[0]) ? $"\e[{how}"
            : how is "J" or "K" ? $"\e[{how}"
            : $"\e[{_chance.Next(0, 5)}{how}";
    }

    private string Rare(int rows) => _chance.Next(10) switch
    {
        0 => $"\e[{_chance.Next(1, rows + 1)};{_chance.Next(1, rows + 1)}r",
        1 => $"{Plain}{Pick(["\e[?1049h", "\e[?1048h", "\e#8"])}",
        2 => $"{Plain}\e[?1049l",
        3 => $"{Plain}\e7",
        4 => $"{Plain}\e8",
        5 => "\r\e[2K\e[?7l0123456789012345678901234567890123456789\e[?7h",
        6 => "\e[4hxyz\e[4l",
        7 => "\r\e[1J",
        8 => $"\e[3J{Plain}\e7",
        _ => Pick(["\e[r", "\e[?6h", "\e[?6l", "\e[?47h", "\e[?47l", "\e[H", "\ec\e[?25h\e[20l\e[?12l"]),
    };

    private string Pick(string[] from) => from[_chance.Next(from.Length)];

    private List<XtermStep> Split(byte[] bytes)
    {
        var steps = new List<XtermStep>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(bytes.Length - at, _chance.Next(1, 40));
            steps.Add(new XtermStep(bytes[at..(at + length)], null));
            at += length;
        }

        return steps;
    }
}
