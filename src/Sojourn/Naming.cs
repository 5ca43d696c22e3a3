using System.Buffers;

namespace Sojourn;

/// <summary>How names are spelled: what an id and a kind's name may hold.</summary>
internal static class Naming
{
    public static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    private const string Crockford = "0123456789abcdefghjkmnpqrstvwxyz";

    private static readonly SearchValues<char> KindCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool AllOf(string text, SearchValues<char> allowed) =>
        text.AsSpan().IndexOfAnyExcept(allowed) < 0;

    /// <summary>1 to 32 of a-z, 0-9 and '-', beginning with a letter.</summary>
    public static bool IsKindName(string? text) =>
        text is { Length: > 0 and <= 32 } && char.IsAsciiLetterLower(text[0]) && AllOf(text, KindCharacters);

    /// <summary>The kind's name, a dash, and 128 bits as 26 characters of Crockford's base 32.</summary>
    public static SessionId NewId(string kind, ReadOnlySpan<byte> bits)
    {
        Span<char> text = stackalloc char[26];
        var number = new UInt128(
            System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bits),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bits[8..]));
        for (var i = text.Length - 1; i >= 0; i--)
        {
            text[i] = Crockford[(int)(number & 31)];
            number >>= 5;
        }

        return SessionId.Parse(string.Concat(kind, "-", text));
    }
}
