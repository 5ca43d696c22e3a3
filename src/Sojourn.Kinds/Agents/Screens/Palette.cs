using System.Globalization;

namespace Sojourn.Kinds.Agents.Screens;

/// <summary>What a program made of the terminal's colours. Untouched, they are those of xterm.js.</summary>
internal sealed class Palette
{
    public const int Size = 256;

    /// <summary>The text, the background and the cursor: OSC 10, 11 and 12.</summary>
    public const int Specials = 3;

    private static readonly int[] Sixteen =
    [
        0x2e3436, 0xcc0000, 0x4e9a06, 0xc4a000, 0x3465a4, 0x75507b, 0x06989a, 0xd3d7cf,
        0x555753, 0xef2929, 0x8ae234, 0xfce94f, 0x729fcf, 0xad7fa8, 0x34e2e2, 0xeeeeec,
    ];

    private static readonly int[] OwnSpecials = [0xffffff, 0x000000, 0xffffff];

    private readonly SortedDictionary<int, int> _colours = [];
    private readonly int?[] _specials = new int?[Specials];

    /// <summary>The numbered colours that were changed.</summary>
    public IReadOnlyDictionary<int, int> Changed => _colours;

    public int this[int number] => _colours.TryGetValue(number, out var colour) ? colour : Own(number);

    public int? ChangedSpecial(int which) => _specials[which];

    public int Special(int which) => _specials[which] ?? OwnSpecials[which];

    public void Set(int number, int colour) => _colours[number] = colour;

    public void SetSpecial(int which, int colour) => _specials[which] = colour;

    public void Restore(int number) => _colours.Remove(number);

    public void RestoreAll() => _colours.Clear();

    public void RestoreSpecial(int which) => _specials[which] = null;

    /// <summary>As X reads colours: `#rgb` to `#rrrrggggbbbb`, and `rgb:r/g/b` to `rgb:rrrr/gggg/bbbb`.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out int colour)
    {
        if (text.StartsWith("rgb:", StringComparison.OrdinalIgnoreCase))
        {
            return TryParseParts(text[4..], out colour);
        }

        colour = 0;
        if (text is not ['#', .. var digits] || digits.Length is not (3 or 6 or 9 or 12))
        {
            return false;
        }

        var size = digits.Length / 3;
        for (var part = 0; part < 3; part++)
        {
            if (!TryParseHex(digits.Slice(part * size, size), out var value))
            {
                return false;
            }

            colour = (colour << 8) | (size switch { 1 => value << 4, 2 => value, 3 => value >> 4, _ => value >> 8 });
        }

        return true;
    }

    /// <summary>As a terminal writes a colour in its answers.</summary>
    public static string Write(int colour) => string.Create(CultureInfo.InvariantCulture,
        $"rgb:{(colour >> 16) * 0x101:x4}/{((colour >> 8) & 0xff) * 0x101:x4}/{(colour & 0xff) * 0x101:x4}");

    private static bool TryParseParts(ReadOnlySpan<char> text, out int colour)
    {
        colour = 0;
        var size = text.IndexOf('/');
        if (size is < 1 or > 4 || text.Length != (3 * size) + 2 || text[(2 * size) + 1] != '/')
        {
            return false;
        }

        var most = (1 << (4 * size)) - 1;
        for (var part = 0; part < 3; part++)
        {
            if (!TryParseHex(text.Slice(part * (size + 1), size), out var value))
            {
                return false;
            }

            colour = (colour << 8) | (((value * 2 * 255) + most) / (2 * most));
        }

        return true;
    }

    private static bool TryParseHex(ReadOnlySpan<char> digits, out int value) =>
        int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    private static int Own(int number)
    {
        if (number < 16)
        {
            return Sixteen[number];
        }

        if (number < 232)
        {
            var cube = number - 16;
            return (Step(cube / 36) << 16) | (Step(cube / 6 % 6) << 8) | Step(cube % 6);
        }

        return (8 + (10 * (number - 232))) * 0x010101;
    }

    private static int Step(int level) => level == 0 ? 0 : 55 + (40 * level);
}
