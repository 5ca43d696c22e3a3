using System.Globalization;
using System.Text;
using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Kinds.Generation.Panels;

/// <summary>The strip below the picture: the scene's number, title, what happens, and how the camera moves.</summary>
internal static class Caption
{
    private const int LineWidth = 690;
    private const double TitleSize = 21;
    private const double TextSize = 13.5;

    public static void Draw(Svg svg, PanelBrief brief)
    {
        svg.Add(
            $"<circle cx=\"56\" cy=\"481\" r=\"30\" fill=\"#1d2a30\"/><text x=\"56\" y=\"490\" font-size=\"26\" "
            + $"font-weight=\"700\" fill=\"#f7f3ea\" text-anchor=\"middle\">"
            + $"{brief.Number.ToString(CultureInfo.InvariantCulture)}</text>");
        var title = Fit(brief.Title, LineWidth, TitleSize * 1.06);
        svg.Add(
            $"<text x=\"104\" y=\"462\" font-family=\"Georgia, 'DejaVu Serif', serif\" font-size=\"{TitleSize}\" "
            + $"font-weight=\"700\" fill=\"#1d2a30\">{Svg.Escape(title)}</text>");
        var y = 485.0;
        foreach (var line in Wrap(brief.Caption, 3))
        {
            svg.Add($"<text x=\"104\" y=\"{y}\" font-size=\"{TextSize}\" fill=\"#46545a\">{Svg.Escape(line)}</text>");
            y += 17.5;
        }

        DrawCamera(svg, brief.Shot);
    }

    private static void DrawCamera(Svg svg, Shot shot)
    {
        var (arrow, move) = shot switch
        {
            Shot.Establishing => ("M846 474 h52 m-10 -8 l10 8 l-10 8", "PAN"),
            Shot.Tracking => ("M842 474 h60 m-10 -8 l10 8 l-10 8 M842 466 v16", "TRACK"),
            Shot.CloseUp =>
                ("M844 458 l16 10 m0 -8 v8 h-8 M900 458 l-16 10 m0 -8 v8 h8 M844 490 l16 -10 m0 8 v-8 h-8 M900 490 "
                    + "l-16 -10 m0 8 v-8 h8", "PUSH IN"),
            Shot.LowAngle => ("M872 492 v-38 m-8 10 l8 -10 l8 10", "TILT UP"),
            Shot.HighAngle => ("M872 454 v38 m-8 -10 l8 10 l8 -10", "TILT DOWN"),
            Shot.Wide =>
                ("M862 468 l-16 -10 m0 8 v-8 h8 M882 468 l16 -10 m0 8 v-8 h-8 M862 480 l-16 10 m0 -8 v8 h8 M882 480 "
                    + "l16 10 m0 -8 v8 h-8", "PULL OUT"),
            _ => ("M858 464 h28 v20 h-28 Z M886 470 l12 -6 v20 l-12 -6", "HOLD"),
        };
        svg.Add(
            $"<path d=\"M818 442 V522\" stroke=\"#cfc7b6\" stroke-width=\"1.5\"/><path d=\"{arrow}\" fill=\"none\" "
            + $"stroke=\"#c4622d\" stroke-width=\"3.2\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>");
        svg.Add(
            $"<text x=\"872\" y=\"510\" font-size=\"10.5\" font-weight=\"700\" letter-spacing=\"1\" "
            + $"fill=\"#c4622d\" text-anchor=\"middle\">{move}</text>");
        svg.Add(
            $"<text x=\"872\" y=\"524\" font-size=\"9\" fill=\"#7a847f\" text-anchor=\"middle\">"
            + $"{Shots.Label(shot)}</text>");
    }

    private static IEnumerable<string> Wrap(string text, int lines)
    {
        var words = Prose.OneLine(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var line = new StringBuilder();
        var used = 0;
        for (var i = 0; i < words.Length; i++)
        {
            if (line.Length > 0 && WidthOf($"{line} {words[i]}", TextSize) > LineWidth)
            {
                if (++used == lines)
                {
                    yield return Fit($"{line}…", LineWidth, TextSize);
                    yield break;
                }

                yield return Fit(line.ToString(), LineWidth, TextSize);
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(words[i]);
        }

        if (line.Length > 0)
        {
            yield return Fit(line.ToString(), LineWidth, TextSize);
        }
    }

    private static string Fit(string text, double width, double size)
    {
        var fitted = Prose.OneLine(text);
        while (WidthOf(fitted, size) > width)
        {
            fitted = Prose.Shorten(fitted, Math.Max(2, (int)(fitted.Length * 0.93)));
        }

        return fitted;
    }

    /// <summary>About how wide a text is: no two machines have the same fonts, so it errs on the wide side.</summary>
    private static double WidthOf(string text, double size)
    {
        var width = 0.0;
        foreach (var rune in text.EnumerateRunes())
        {
            width += rune.Value switch
            {
                >= 0x1100 => 1.02,
                'm' or 'w' or 'M' or 'W' or '—' or '…' => 0.92,
                'i' or 'l' or 'j' or 't' or 'f' or 'r' or '.' or ',' or '\'' or '’' or ' ' or 'I' or '!' or ':'
                    or ';' => 0.36,
                >= 'A' and <= 'Z' => 0.72,
                _ => 0.58,
            };
        }

        return width * size;
    }
}
