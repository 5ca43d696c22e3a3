using System.Globalization;
using System.Runtime.InteropServices;

namespace Sojourn.Kinds.Generation.Panels;

/// <summary>A colour, written #rrggbb.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    public static Colour White { get; } = new(255, 255, 255);

    public static Colour Black { get; } = new(0, 0, 0);

    /// <summary>A share of another colour, 0 (none) to 1 (all).</summary>
    public Colour Mix(Colour other, double share) => new(
        Blend(Red, other.Red, share), Blend(Green, other.Green, share), Blend(Blue, other.Blue, share));

    public Colour Darker(double share) => Mix(Black, share);

    public Colour Lighter(double share) => Mix(White, share);

    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";

    public static implicit operator Colour(string hex) => new(
        byte.Parse(hex.AsSpan(1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        byte.Parse(hex.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        byte.Parse(hex.AsSpan(5, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private static byte Blend(byte one, byte other, double share) => (byte)Math.Round(one + ((other - one) * share));
}
