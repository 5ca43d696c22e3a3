using System.Security.Cryptography;
using System.Text;

namespace Sojourn.Server.Guarding;

/// <summary>
/// The keys that are accepted, and whom each acts for. Only their hashes are held, and every comparison takes the same
/// time, whichever key is tried.
/// </summary>
internal sealed class KeyRing
{
    private const int LongestKey = 256;
    private const string Scheme = "Bearer ";

    private readonly Entry[] _entries;

    /// <param name="keys">Each key with its owner.</param>
    public KeyRing(IEnumerable<(string Key, OwnerId Owner)> keys) => _entries =
        [.. keys.Select(pair => new Entry(SHA256.HashData(Encoding.UTF8.GetBytes(pair.Key)), pair.Owner))];

    /// <summary>Finds the owner for whom a request's <c>Authorization</c> header speaks.</summary>
    public bool TryFind(string? authorization, out OwnerId owner)
    {
        owner = default;
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var key = authorization.AsSpan(Scheme.Length).Trim(' ');
        if (key.Length is 0 or > LongestKey)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[LongestKey * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(key, bytes)], hash);
        var found = false;
        foreach (var entry in _entries)
        {
            if (CryptographicOperations.FixedTimeEquals(entry.Hash, hash))
            {
                (owner, found) = (entry.Owner, true);
            }
        }

        return found;
    }

    private sealed record Entry(byte[] Hash, OwnerId Owner);
}
