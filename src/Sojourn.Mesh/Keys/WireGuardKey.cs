using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sojourn.Mesh.Keys;

/// <summary>A private key of WireGuard's (Curve25519), which never leaves this machine.</summary>
internal sealed partial class WireGuardKey
{
    /// <summary>The length of a key, in bytes.</summary>
    public const int Length = 32;

    // EVP_PKEY_X25519
    private const int X25519 = 1034;

    private readonly byte[] _private;

    private WireGuardKey(byte[] key)
    {
        _private = key;
        PublicKey = Convert.ToBase64String(PublicOf(key));
    }

    /// <summary>The public key, in base64.</summary>
    public string PublicKey { get; }

    /// <summary>A new one.</summary>
    /// <exception cref="MeshException">There is no OpenSSL 3 here.</exception>
    public static WireGuardKey New()
    {
        var key = RandomNumberGenerator.GetBytes(Length);
        // As RFC 7748 has it; WireGuard's own tools do the same.
        key[0] &= 248;
        key[31] = (byte)((key[31] & 127) | 64);
        return new WireGuardKey(key);
    }

    /// <summary>Reads one that was written by <see cref="ToString"/>.</summary>
    /// <returns>Null if the text is no key.</returns>
    public static WireGuardKey? Parse(string text)
    {
        var key = new byte[Length];
        return Convert.TryFromBase64String(text.Trim(), key, out var length) && length == Length
            ? new WireGuardKey(key) : null;
    }

    /// <summary>In hexadecimal, as programs of WireGuard's are told it.</summary>
    public string ToHex() => Convert.ToHexStringLower(_private);

    /// <summary>In base64: the secret itself.</summary>
    public string ToSecretText() => Convert.ToBase64String(_private);

    /// <summary>Says nothing of the secret.</summary>
    public override string ToString() => $"the private key of {PublicKey}";

    private static byte[] PublicOf(byte[] key)
    {
        try
        {
            var made = NewPrivateKey(X25519, 0, key, Length);
            if (made == 0)
                throw new MeshException("This machine's OpenSSL knows no X25519, which WireGuard's keys need.");
            try
            {
                var bytes = new byte[Length];
                nuint length = Length;
                return GetPublicKey(made, bytes, ref length) == 1 && length == Length ? bytes
                    : throw new MeshException("This machine's OpenSSL could not make a public key.");
            }
            finally
            {
                Free(made);
            }
        }
        catch (DllNotFoundException missing)
        {
            throw new MeshException(
                "WireGuard's keys need OpenSSL 3 (libcrypto.so.3), which is not installed here.", missing);
        }
    }

    [LibraryImport("libcrypto.so.3", EntryPoint = "EVP_PKEY_new_raw_private_key")]
    private static partial nint NewPrivateKey(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport("libcrypto.so.3", EntryPoint = "EVP_PKEY_get_raw_public_key")]
    private static partial int GetPublicKey(nint key, Span<byte> bytes, ref nuint length);

    [LibraryImport("libcrypto.so.3", EntryPoint = "EVP_PKEY_free")]
    private static partial void Free(nint key);
}
