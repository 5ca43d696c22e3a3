namespace Sojourn.Kinds.Agents.Screens;

/// <summary>How many cells a character takes: 0, 1 or 2.</summary>
internal static class Widths
{
    private const int CharactersAWord = 16;

    // Two bits a character of the basic plane, made once for all screens: 16 kB.
    private static readonly uint[] Basic = MakeBasic();

    public static int Of(int codePoint) => codePoint switch
    {
        < 0x20 => 0,
        < 0x7f => 1,
        < 0x10000 => (int)((Basic[codePoint / CharactersAWord] >> (2 * (codePoint % CharactersAWord))) & 3),
        _ when IsIn(WidthRanges.None, codePoint) => 0,
        _ when IsIn(WidthRanges.Two, codePoint) => 2,
        _ => 1,
    };

    private static bool IsIn(ReadOnlySpan<int> ranges, int codePoint)
    {
        int low = 0, high = ranges.Length / 2;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (codePoint > ranges[(2 * middle) + 1])
            {
                low = middle + 1;
            }
            else if (codePoint < ranges[2 * middle])
            {
                high = middle;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private static uint[] MakeBasic()
    {
        var table = new uint[0x10000 / CharactersAWord];
        Array.Fill(table, 0x5555_5555u);
        Fill(table, [0, 0x1f, 0x7f, 0x9f], 0);
        Fill(table, WidthRanges.None, 0);
        Fill(table, WidthRanges.Two, 2);
        return table;
    }

    private static void Fill(uint[] table, ReadOnlySpan<int> ranges, uint width)
    {
        for (var range = 0; range < ranges.Length && ranges[range] < 0x10000; range += 2)
        {
            for (var each = ranges[range]; each <= ranges[range + 1]; each++)
            {
                var shift = 2 * (each % CharactersAWord);
                ref var word = ref table[each / CharactersAWord];
                word = (word & ~(3u << shift)) | (width << shift);
            }
        }
    }
}
