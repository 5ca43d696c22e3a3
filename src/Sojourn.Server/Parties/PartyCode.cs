using System.Security.Cryptography;
using Sojourn.Kinds.Parties;

namespace Sojourn.Server.Parties;

/// <summary>
/// Invitations: a handle of 8 characters that finds the party, and a secret of 12 (60 bits) that opens it. In letters
/// and digits that are not mistaken for each other.
/// </summary>
internal static class PartyCode
{
    /// <summary>The label of a party's session that its handle is kept as.</summary>
    public const string Label = "handle";

    public const int HandleLength = PartyLimits.HandleLength;

    /// <summary>The length of one that is made here.</summary>
    public const int Length = HandleLength + SecretLength;

    private const int SecretLength = 12;

    // Crockford's: without i, l, o and u.
    private const string Letters = "0123456789abcdefghjkmnpqrstvwxyz";

    public static string New(string? handle = null) =>
        (handle ?? RandomNumberGenerator.GetString(Letters, HandleLength))
        + RandomNumberGenerator.GetString(Letters, SecretLength);

    /// <summary>The code that bytes stand for, one a letter.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        Span<char> code = stackalloc char[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
            code[i] = Letters[bytes[i] % Letters.Length];
        return code.ToString();
    }

    public static string HandleOf(string code) => code[..HandleLength];

    /// <summary>
    /// What somebody typed, as it was given: dashes, spaces and capitals do not matter, nor 0 and o, 1, i and l.
    /// </summary>
    public static string Read(string typed) => string.Concat(typed.Where(c => c is not ('-' or ' ')).Select(c =>
        char.ToLowerInvariant(c) switch
        {
            'o' => '0',
            'i' or 'l' => '1',
            var other => other,
        }));
}
