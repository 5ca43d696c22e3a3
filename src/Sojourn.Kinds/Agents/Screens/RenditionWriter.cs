using System.Globalization;
using System.Text;

namespace Sojourn.Kinds.Agents.Screens;

/// <summary>Writes the numbers of SGR that make a style.</summary>
internal static class RenditionWriter
{
    private static readonly (Looks Look, int On)[] Codes =
    [
        (Looks.Bold, 1), (Looks.Dim, 2), (Looks.Italic, 3), (Looks.Blink, 5), (Looks.Inverse, 7), (Looks.Hidden, 8),
        (Looks.Struck, 9), (Looks.Overlined, 53),
    ];

    /// <summary>From the default style on, with the leading 0.</summary>
    public static string Write(in Style style)
    {
        var text = new StringBuilder("0");
        Append(text, default, style);
        return text.ToString();
    }

    /// <summary>The shortest way from one style to another: what is added, or all of it after a reset.</summary>
    public static void AppendChange(StringBuilder text, in Style before, in Style after)
    {
        if (before with { Link = 0 } == after with { Link = 0 })
        {
            return;
        }

        var mustReset = (before.Looks & ~after.Looks) != Looks.None
            || (before.Underline != Underline.None && after.Underline == Underline.None)
            || (!before.UnderlineInk.IsDefault && after.UnderlineInk.IsDefault);
        var codes = new StringBuilder(mustReset ? "0" : "");
        Append(codes, mustReset ? default : before, after);
        if (codes.Length > 0)
        {
            // A lone reset needs no number.
            text.Append("\e[").Append(codes is { Length: 1 } && mustReset ? "" : codes).Append('m');
        }

        var isProtected = (after.Looks & Looks.Protected) != Looks.None;
        if (isProtected && (mustReset || (before.Looks & Looks.Protected) == Looks.None))
        {
            text.Append("\e[1\"q");
        }
    }

    private static void Append(StringBuilder codes, in Style before, in Style after)
    {
        foreach (var (look, on) in Codes)
        {
            if ((after.Looks & look) != Looks.None && (before.Looks & look) == Looks.None)
            {
                Add(codes, $"{on}");
            }
        }

        if (after.Underline != before.Underline)
        {
            Add(codes, $"4{(after.Underline == Underline.Single ? "" : $":{(int)after.Underline}")}");
        }

        AppendInk(codes, before.Front, after.Front, 30);
        AppendInk(codes, before.Back, after.Back, 40);
        if (after.UnderlineInk != before.UnderlineInk)
        {
            AppendLongInk(codes, after.UnderlineInk, 58);
        }
    }

    private static void AppendInk(StringBuilder codes, Ink before, Ink after, int first)
    {
        if (after == before)
        {
            return;
        }

        if (after.IsDefault)
        {
            Add(codes, $"{first + 9}");
        }
        else if (after.IsSixteen)
        {
            Add(codes, $"{(after.Number < 8 ? first + after.Number : first + 60 + after.Number - 8)}");
        }
        else
        {
            AppendLongInk(codes, after, first + 8);
        }
    }

    private static void AppendLongInk(StringBuilder codes, Ink ink, int code)
    {
        if (ink.IsPalette)
        {
            Add(codes, $"{code};5;{ink.Number}");
        }
        else
        {
            Add(codes, $"{code};2;{ink.Red};{ink.Green};{ink.Blue}");
        }
    }

    private static void Add(StringBuilder codes, FormattableString code)
    {
        if (codes.Length > 0)
        {
            codes.Append(';');
        }

        codes.Append(code.ToString(CultureInfo.InvariantCulture));
    }
}
