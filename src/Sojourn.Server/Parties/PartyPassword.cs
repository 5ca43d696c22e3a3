using System.Globalization;
using System.Security.Cryptography;

namespace Sojourn.Server.Parties;

/// <summary>Passwords of invitations, as they are kept: PBKDF2, with a salt of their own.</summary>
internal static class PartyPassword
{
    /// <summary>The longest, in characters.</summary>
    public const int Longest = 128;

    // As OWASP has it for SHA-256 in 2023.
    private const int Rounds = 600_000;

    /// <summary>The length of a salt.</summary>
    public const int SaltBytes = 16;

    private const int HashBytes = 32;

    public static string Hash(string password) => Hash(password, RandomNumberGenerator.GetBytes(SaltBytes));

    public static string Hash(string password, byte[] salt)
    {
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, Rounds, HashAlgorithmName.SHA256, HashBytes);
        return string.Create(CultureInfo.InvariantCulture,
            $"pbkdf2-sha256${Rounds}${Convert.ToHexStringLower(salt)}${Convert.ToHexStringLower(hash)}");
    }

    public static bool Fits(string password, string hash) =>
        hash.Split('$') is ["pbkdf2-sha256", var rounds, var salt, var kept]
        && int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
        && CryptographicOperations.FixedTimeEquals(
            Rfc2898DeriveBytes.Pbkdf2(
                password, Convert.FromHexString(salt), count, HashAlgorithmName.SHA256, HashBytes),
            Convert.FromHexString(kept));
}
