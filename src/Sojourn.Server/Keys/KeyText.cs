using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sojourn.Server.Keys;

/// <summary>
/// How a key is written: <c>sj_{id}_{secret}</c>. The id finds the one hash that the key is compared with.
/// </summary>
internal static class KeyText
{
    /// <summary>The longest that is looked at, in characters.</summary>
    public const int Longest = 256;

    private const string Prefix = "sj_";
    private const int IdBytes = 8, SecretBytes = 32;

    public static SessionId NewId() =>
        SessionId.Parse(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)));

    public static string New(SessionId id) =>
        $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";

    /// <summary>
    /// SHA-256, plain and fast: what makes passwords need a slow hash is that they can be guessed, and 256 random bits
    /// cannot.
    /// </summary>
    public static void Hash(ReadOnlySpan<char> key, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[Longest * 3];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(key, bytes)], hash);
    }

    public static byte[] Hash(string key)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        Hash(key, hash);
        return hash;
    }

    /// <summary>Reads the id; false if this is no key of this form.</summary>
    public static bool TryReadId(ReadOnlySpan<char> key, out SessionId id)
    {
        const int length = IdBytes * 2;
        id = default;
        return key.StartsWith(Prefix) && key.Length > Prefix.Length + length && key[Prefix.Length + length] == '_'
            && SessionId.TryParse(key.Slice(Prefix.Length, length).ToString(), out id);
    }
}
