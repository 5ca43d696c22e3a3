using System.Collections.Frozen;

namespace Sojourn.Kinds.Agents.Screens;

/// <summary>
/// A set of characters that replaces some of ASCII's: DEC's line drawing, and the national sets of the VT220. ASCII
/// itself is null everywhere.
/// </summary>
internal sealed class Charset
{
    private static readonly FrozenDictionary<char, Charset> Known = new[]
    {
        // The line drawing of DEC, from the diamond at the grave accent on.
        new Charset('0', "`abcdefghijklmnopqrstuvwxyz{|}~", "◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·"),
        new Charset('A', "#", "£"),
        new Charset('4', "#@[\\]{|}~", "£¾ĳ½|¨f¼´"),
        new Charset('5', "[\\]^`{|}~", "ÄÖÅÜéäöåü"),
        new Charset('C', "[\\]^`{|}~", "ÄÖÅÜéäöåü"),
        new Charset('R', "#@[\\]{|}~", "£à°ç§éùè¨"),
        new Charset('Q', "@[\\]^`{|}~", "àâçêîôéùèû"),
        new Charset('K', "@[\\]{|}~", "§ÄÖÜäöüß"),
        new Charset('Y', "#@[\\]`{|}~", "£§°çéùàòèì"),
        new Charset('6', "@[\\]^`{|}~", "ÄÆØÅÜäæøåü"),
        new Charset('E', "@[\\]^`{|}~", "ÄÆØÅÜäæøåü"),
        new Charset('Z', "#@[\\]{|}", "£§¡Ñ¿°ñç"),
        new Charset('7', "@[\\]^`{|}~", "ÉÄÖÅÜéäöåü"),
        new Charset('H', "@[\\]^`{|}~", "ÉÄÖÅÜéäöåü"),
        new Charset('=', "#@[\\]^_`{|}~", "ùàéçêîèôäöüû"),
    }.ToFrozenDictionary(charset => charset.Final);

    private readonly char[] _characters = new char[0x80];

    private Charset(char final, string from, string to)
    {
        Final = final;
        for (var index = 0; index < from.Length; index++)
        {
            _characters[from[index]] = to[index];
        }
    }

    /// <summary>What designates it: the last character of `ESC ( 0`.</summary>
    public char Final { get; }

    public static bool IsKnown(char final) => final == 'B' || Known.ContainsKey(final);

    public static Charset? Of(char final) => Known.GetValueOrDefault(final);

    public int Replaced(int codePoint) =>
        (uint)codePoint < 0x7f && _characters[codePoint] is not '\0' and var other ? other : codePoint;
}
