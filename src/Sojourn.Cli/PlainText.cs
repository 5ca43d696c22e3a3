using System.Globalization;
using System.Text;

namespace Sojourn.Cli;

/// <summary>Makes text from elsewhere harmless to a terminal.</summary>
internal static class PlainText
{
    /// <summary>
    /// One line without control characters, which could move the cursor, retitle the window or answer for the user, and
    /// without marks of writing direction, which could show a text as another.
    /// </summary>
    public static string Line(string? text)
    {
        var clean = new StringBuilder(text?.Length ?? 0);
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' or 0x2028 or 0x2029)
                clean.Append(' ');
            else if (!IsDangerous(rune))
                clean.Append(rune.ToString());
        }

        return clean.ToString();
    }

    /// <summary>As <see cref="Line(string?)"/>, but keeps the line breaks.</summary>
    public static string Lines(string? text) => string.Join('\n', (text ?? "").Split('\n').Select(line => Line(line)));

    /// <summary>As <see cref="Line(string?)"/>, cut to a length.</summary>
    public static string Line(string? text, int length)
    {
        var line = Line(text);
        if (line.Length <= length)
            return line;

        // Not between the halves of a pair: half a character is none.
        var cut = char.IsHighSurrogate(line[length - 2]) ? length - 2 : length - 1;
        return line[..cut] + "…";
    }

    private static bool IsDangerous(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control
        || rune.Value is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
