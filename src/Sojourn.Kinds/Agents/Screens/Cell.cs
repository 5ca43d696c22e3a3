namespace Sojourn.Kinds.Agents.Screens;

/// <summary>
/// One cell, in eight bytes: what is in it, how wide that is, and the number of its style in the screen's tables. The
/// default is a blank of one cell in the default style, so that a new array is a blank line.
/// </summary>
/// <remarks>
/// Bits 0 to 20 hold a code point, or the number of a cluster if bit 21 is set; bits 22 and 23 say how the width
/// differs from one; bits 32 to 63 hold the style.
/// </remarks>
internal readonly record struct Cell(ulong Bits)
{
    private const ulong TextMask = 0x1F_FFFF;
    private const ulong ClusterBit = 1 << 21;
    private const ulong ContentMask = 0x3F_FFFF;
    private const ulong NoWidthBit = 1 << 22;
    private const ulong TwoWideBit = 1 << 23;
    private const ulong WidthMask = NoWidthBit | TwoWideBit;
    private const int StyleShift = 32;

    /// <summary>The right half of a character that is two cells wide has no width and no content.</summary>
    public int Width => (Bits & WidthMask) switch { 0 => 1, NoWidthBit => 0, _ => 2 };

    public bool HasContent => (Bits & ContentMask) != 0;

    public bool IsCluster => (Bits & ClusterBit) != 0;

    public bool IsRightHalf => (Bits & (ContentMask | WidthMask)) == NoWidthBit;

    public bool IsTwoWide => (Bits & TwoWideBit) != 0;

    /// <summary>The code point, or the number of the cluster.</summary>
    public int Text => (int)(Bits & TextMask);

    public int Style => (int)(Bits >> StyleShift);

    public static Cell Of(int codePoint, int width, int style) => new(
        (uint)codePoint | WidthBits(width) | ((ulong)(uint)style << StyleShift));

    public static Cell Blank(int style) => new((ulong)(uint)style << StyleShift);

    public Cell WithCluster(int number) => new((Bits & ~ContentMask) | ClusterBit | (uint)number);

    public Cell WithStyle(int style) => new((uint)Bits | ((ulong)(uint)style << StyleShift));

    private static ulong WidthBits(int width) => width switch { 1 => 0, 0 => NoWidthBit, _ => TwoWideBit };
}
