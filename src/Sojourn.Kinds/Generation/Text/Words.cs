using System.Globalization;
using System.Text;

namespace Sojourn.Kinds.Generation.Text;

/// <summary>A word and where it stands in the text it was found in.</summary>
internal readonly record struct Word(string Text, int Start)
{
    public int End => Start + Text.Length;

    public bool IsCapitalised => char.IsUpper(Text[0]);

    /// <summary>In lower case and without a possessive: what lists of words are asked for.</summary>
    public string Plain
    {
        get
        {
            var lower = Text.ToLowerInvariant();
            return lower.EndsWith("'s", StringComparison.Ordinal) || lower.EndsWith("’s", StringComparison.Ordinal)
                ? lower[..^2]
                : lower;
        }
    }
}

/// <summary>
/// Finds words: runs of letters and digits, which an apostrophe or a hyphen may join. Where a script writes
/// without spaces (Chinese, Japanese), each character counts as a word.
/// </summary>
internal static class Words
{
    public static int Count(string text) => Of(text).Count();

    public static IEnumerable<Word> Of(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            var rune = RuneAt(text, at);
            if (!IsWordly(rune))
            {
                at += rune.Utf16SequenceLength;
                continue;
            }

            var start = at;
            at = StandsAlone(rune) ? at + rune.Utf16SequenceLength : EndOfWord(text, at);
            yield return new Word(text[start..at], start);
        }
    }

    /// <summary>As <see cref="Of"/>, but joined words are taken apart: "blood-red" gives "blood" and "red".</summary>
    public static IEnumerable<string> PartsOf(string text) =>
        Of(text).SelectMany(word => word.Text.Split('-', '\'', '’', '‑'));

    private static int EndOfWord(string text, int at)
    {
        while (at < text.Length)
        {
            var rune = RuneAt(text, at);
            if (IsWordly(rune) && !StandsAlone(rune))
            {
                at += rune.Utf16SequenceLength;
            }
            else if (rune.Value is '\'' or '’' or '-' or '‑' && at + 1 < text.Length && IsWordly(RuneAt(text, at + 1)))
            {
                at++;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    private static Rune RuneAt(string text, int at) =>
        Rune.TryGetRuneAt(text, at, out var rune) ? rune : Rune.ReplacementChar;

    private static bool IsWordly(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool StandsAlone(Rune rune) => rune.Value
        is (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
