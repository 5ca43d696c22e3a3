using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Xml;

namespace Sojourn.Kinds.Generation.Panels;

/// <summary>
/// Writes a drawing, element after element. Numbers are written to a tenth, the same on every machine.
/// </summary>
internal sealed class Svg
{
    private readonly StringBuilder _text = new(32 * 1024);

    public void Add(SvgText element) => _text.Append(element.ToString()).Append('\n');

    public override string ToString() => _text.ToString();

    /// <summary>
    /// Text that cannot end an element or an attribute; characters that XML cannot hold are left out.
    /// </summary>
    public static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    safe.Append(text[i]).Append(text[++i]);
                }

                continue;
            }

            _ = text[i] switch
            {
                '&' => safe.Append("&amp;"),
                '<' => safe.Append("&lt;"),
                '>' => safe.Append("&gt;"),
                '"' => safe.Append("&quot;"),
                '\'' => safe.Append("&#39;"),
                var letter => XmlConvert.IsXmlChar(letter) ? safe.Append(letter) : safe,
            };
        }

        return safe.ToString();
    }
}

/// <summary>One element as it is written in an interpolated string.</summary>
[InterpolatedStringHandler]
internal readonly ref struct SvgText
{
    private readonly StringBuilder _text;

    public SvgText(int literalLength, int formattedCount) =>
        _text = new StringBuilder(literalLength + (formattedCount * 6));

    public void AppendLiteral(string text) => _text.Append(text);

    public void AppendFormatted(string? text) => _text.Append(text);

    public void AppendFormatted(Colour colour) => _text.Append(colour.ToString());

    public void AppendFormatted(double number) =>
        // "-0" would be right, and look wrong.
        _text.Append((Math.Round(number, 1) + 0.0).ToString("0.#", CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();
}
