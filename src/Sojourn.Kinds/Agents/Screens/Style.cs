namespace Sojourn.Kinds.Agents.Screens;

[Flags]
internal enum Looks
{
    None = 0,
    Bold = 1,
    Dim = 2,
    Italic = 4,
    Blink = 8,
    Inverse = 16,
    Hidden = 32,
    Struck = 64,
    Overlined = 128,

    /// <summary>Selective erasure leaves the cell alone.</summary>
    Protected = 256,
}

/// <summary>The numbers are those of SGR 4.</summary>
internal enum Underline
{
    None,
    Single,
    Double,
    Curly,
    Dotted,
    Dashed,
}

/// <summary>
/// How a cell looks, or the next character will. A link is the number of one in the screen's tables; 0 is none.
/// </summary>
internal readonly record struct Style(
    Ink Front, Ink Back, Looks Looks, Underline Underline, Ink UnderlineInk, int Link)
{
    /// <summary>What is erased keeps the background only.</summary>
    public Style Erased => new() { Back = Back };

    /// <summary>SGR 0. The protection goes with it, as in xterm.js; the hyperlink is no matter of SGR.</summary>
    public Style Plain => new() { Link = Link };
}

/// <summary>A colour: the default, one of 16, one of 256, or red, green and blue.</summary>
internal readonly record struct Ink(uint Bits)
{
    private const uint Sixteen = 0x100_0000;
    private const uint Palette = 0x200_0000;
    private const uint True = 0x300_0000;
    private const uint KindMask = 0x300_0000;

    public bool IsDefault => Bits == 0;

    public bool IsSixteen => (Bits & KindMask) == Sixteen;

    public bool IsPalette => (Bits & KindMask) == Palette;

    public int Number => (int)(Bits & 0xff);

    public int Red => (int)(Bits >> 16) & 0xff;

    public int Green => (int)(Bits >> 8) & 0xff;

    public int Blue => (int)Bits & 0xff;

    public static Ink OfSixteen(int number) => new(Sixteen | (uint)number);

    public static Ink OfPalette(int number) => new(Palette | ((uint)number & 0xff));

    public static Ink OfTrue(int red, int green, int blue) =>
        new(True | (((uint)red & 0xff) << 16) | (((uint)green & 0xff) << 8) | ((uint)blue & 0xff));
}
