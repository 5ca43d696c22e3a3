using System.Text;
using Spectre.Console;

namespace Sojourn.Cli.Explorer;

/// <summary>One line of the screen, in pieces of different looks.</summary>
internal sealed class Line
{
    private const int FirstWide = 0x1100;

    private readonly List<(string Text, Style Style)> _pieces = [];

    public static readonly Line Empty = new();

    public static Line Of(string text, Style? style = null) => new Line().Add(text, style);

    public Line Add(string text, Style? style = null)
    {
        if (text.Length > 0)
            _pieces.Add((text, style ?? Style.Plain));
        return this;
    }

    /// <summary>Adds text so that it takes a number of columns: filled with spaces, or cut.</summary>
    public Line AddFixed(string text, int columns, Style? style = null) =>
        Add(Cut(text, columns) + new string(' ', Math.Max(0, columns - WidthOf(text))), style);

    /// <summary>For a terminal: no wider than that.</summary>
    public Paragraph Draw(int width)
    {
        var drawn = new Paragraph();
        foreach (var (text, style) in _pieces)
        {
            var cut = Cut(text, width);
            width -= WidthOf(cut);
            drawn.Append(cut, style);
        }

        return drawn;
    }

    public override string ToString() => string.Concat(_pieces.Select(piece => piece.Text));

    /// <summary>A text in lines of at most so many columns, broken between words.</summary>
    public static IEnumerable<Line> Wrap(string text, int width, Style? style = null)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && WidthOf(line.ToString()) + 1 + WidthOf(word) > width)
            {
                yield return Of(line.ToString(), style);
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return Of(line.ToString(), style);
    }

    private static string Cut(string text, int columns)
    {
        if (WidthOf(text) <= columns)
            return text;

        var cut = new StringBuilder();
        var left = columns - 1;
        foreach (var rune in text.EnumerateRunes())
        {
            left -= WidthOf(rune);
            if (left < 0)
                break;
            cut.Append(rune.ToString());
        }

        return columns > 0 ? cut.Append('…').ToString() : "";
    }

    private static int WidthOf(string text) => text.EnumerateRunes().Sum(WidthOf);

    // Near enough: names in scripts whose characters take two columns.
    private static int WidthOf(Rune rune) => rune.Value >= FirstWide && !(rune.Value is >= 0x2000 and < 0x2E80) ? 2 : 1;
}
