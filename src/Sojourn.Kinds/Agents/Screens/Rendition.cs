namespace Sojourn.Kinds.Agents.Screens;

/// <summary>SGR: how the next characters look.</summary>
internal static class Rendition
{
    private const int TrueColour = 2;
    private const int PaletteColour = 5;

    public static void Apply(Display display, Params given)
    {
        var pen = display.Pen;
        for (var index = 0; index < given.Count; index++)
        {
            var code = given[index];
            if (code is 38 or 48 or 58)
            {
                index += TakeColour(given, index, ref pen);
            }
            else if (code == 4)
            {
                pen = pen with { Underline = UnderlineOf(given.SubNumbers(index)) };
            }
            else
            {
                pen = With(pen, code);
            }
        }

        display.Pen = pen;
    }

    private static Style With(in Style pen, int code) => code switch
    {
        0 => pen.Plain,
        >= 30 and <= 37 => pen with { Front = Ink.OfSixteen(code - 30) },
        >= 40 and <= 47 => pen with { Back = Ink.OfSixteen(code - 40) },
        >= 90 and <= 97 => pen with { Front = Ink.OfSixteen(code - 90 + 8) },
        >= 100 and <= 107 => pen with { Back = Ink.OfSixteen(code - 100 + 8) },
        1 => pen with { Looks = pen.Looks | Looks.Bold },
        2 => pen with { Looks = pen.Looks | Looks.Dim },
        3 => pen with { Looks = pen.Looks | Looks.Italic },
        5 => pen with { Looks = pen.Looks | Looks.Blink },
        7 => pen with { Looks = pen.Looks | Looks.Inverse },
        8 => pen with { Looks = pen.Looks | Looks.Hidden },
        9 => pen with { Looks = pen.Looks | Looks.Struck },
        21 => pen with { Underline = Underline.Double },
        22 => pen with { Looks = pen.Looks & ~(Looks.Bold | Looks.Dim) },
        23 => pen with { Looks = pen.Looks & ~Looks.Italic },
        24 => pen with { Underline = Underline.None },
        25 => pen with { Looks = pen.Looks & ~Looks.Blink },
        27 => pen with { Looks = pen.Looks & ~Looks.Inverse },
        28 => pen with { Looks = pen.Looks & ~Looks.Hidden },
        29 => pen with { Looks = pen.Looks & ~Looks.Struck },
        39 => pen with { Front = default },
        49 => pen with { Back = default },
        53 => pen with { Looks = pen.Looks | Looks.Overlined },
        55 => pen with { Looks = pen.Looks & ~Looks.Overlined },
        59 => pen with { UnderlineInk = default },
        _ => pen,
    };

    private static Underline UnderlineOf(ReadOnlySpan<int> subNumbers) =>
        subNumbers is [>= 0 and <= 5 and var style, ..] ? (Underline)style : Underline.Single;

    // `38;5;n` and `38;2;r;g;b`; with colons `38:5:n`, `38:2:r:g:b` and `38:2:space:r:g:b`; and the mixed forms, where
    // the sub-numbers of any part end the colour.
    private static int TakeColour(Params given, int start, ref Style pen)
    {
        // Target, kind, colour space, and three values: a kind other than true colour has no space, so that its value
        // stands in the place of red.
        Span<int> parts = [0, 0, -1, 0, 0, 0];
        var space = 0;
        var taken = 0;
        do
        {
            parts[taken + space] = given[start + taken];
            var subNumbers = given.SubNumbers(start + taken);
            if (!subNumbers.IsEmpty)
            {
                TakeSubNumbers(subNumbers, parts, taken, ref space);
                break;
            }

            if ((parts[1] == PaletteColour && taken + space >= 2) || (parts[1] == TrueColour && taken + space >= 5))
            {
                break;
            }

            space = parts[1] != 0 ? 1 : space;
            taken++;
        }
        while (start + taken < given.Count && taken + space < parts.Length);

        SetColour(parts, ref pen);
        return taken;
    }

    private static void TakeSubNumbers(ReadOnlySpan<int> subNumbers, Span<int> parts, int taken, ref int space)
    {
        for (var index = 0; index < subNumbers.Length; index++)
        {
            if (parts[1] == PaletteColour)
            {
                space = 1;
            }

            var place = taken + index + 1 + space;
            if (place >= parts.Length)
            {
                return;
            }

            parts[place] = subNumbers[index];
        }
    }

    private static void SetColour(ReadOnlySpan<int> parts, ref Style pen)
    {
        static int Value(int part) => Math.Max(part, 0);

        Ink? ink = parts[1] switch
        {
            TrueColour => Ink.OfTrue(Value(parts[3]), Value(parts[4]), Value(parts[5])),
            PaletteColour => Ink.OfPalette(Value(parts[3])),
            _ => null,
        };
        if (ink is { } colour)
        {
            pen = parts[0] switch
            {
                38 => pen with { Front = colour },
                48 => pen with { Back = colour },
                _ => pen with { UnderlineInk = colour },
            };
        }
    }
}
