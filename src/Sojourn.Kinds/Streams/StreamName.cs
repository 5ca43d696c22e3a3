using System.Security.Cryptography;
using System.Text;

namespace Sojourn.Kinds.Streams;

/// <summary>
/// Finds the session of a stream by the stream's name. A name may hold what an id may not: slashes, capitals, any
/// script. One that is a good id is the id; of any other it is a hash of 256 bits behind a prefix that no name keeps.
/// </summary>
public static class StreamName
{
    /// <summary>The longest name, in bytes of UTF-8.</summary>
    public const int MaxBytes = 1024;

    private const string Prefix = "name-";
    private const string Base32 = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>The id of the stream's session; false if the name is empty, too long, or no well-formed text.</summary>
    public static bool TryFind(string name, out SessionId id)
    {
        ArgumentNullException.ThrowIfNull(name);
        id = default;
        if (name.Length is 0 or > MaxBytes || !IsWellFormed(name) || Encoding.UTF8.GetByteCount(name) > MaxBytes)
        {
            return false;
        }

        if (name.StartsWith(Prefix, StringComparison.Ordinal) || !SessionId.TryParse(name, out id))
        {
            id = SessionId.Parse(Prefix + Text(SHA256.HashData(Encoding.UTF8.GetBytes(name))));
        }

        return true;
    }

    // Two halves of different characters could look like one name, and be stored as one.
    private static bool IsWellFormed(string name)
    {
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || Rune.IsControl(rune))
            {
                return false;
            }
        }

        return true;
    }

    private static string Text(byte[] hash)
    {
        // 52 characters of five bits each; the last has one of the hash.
        var text = new StringBuilder(52);
        var (bits, count) = (0, 0);
        foreach (var each in hash)
        {
            (bits, count) = ((bits << 8) | each, count + 8);
            while (count >= 5)
            {
                count -= 5;
                text.Append(Base32[(bits >> count) & 31]);
            }

            bits &= (1 << count) - 1;
        }

        return text.Append(Base32[(bits << (5 - count)) & 31]).ToString();
    }
}
