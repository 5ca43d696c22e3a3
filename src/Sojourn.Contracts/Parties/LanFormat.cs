using System.Buffers.Binary;
using System.Text;

namespace Sojourn.Parties;

/// <summary>
/// How a party is found in a local network: somebody calls all there with what an invitation begins with, and the
/// server that has the party answers. Pure; nothing that is read is trusted.
/// </summary>
public static class LanFormat
{
    /// <summary>The UDP port at which it is asked, unless the server says otherwise.</summary>
    public const int Port = 7706;

    /// <summary>How much of an invitation finds the party; it is no secret.</summary>
    public const int HandleLength = 8;

    /// <summary>The longest name that is told, in characters.</summary>
    public const int LongestName = 64;

    /// <summary>The length of a query, in bytes: that of the longest answer, so that nobody is served by asking in
    /// another's name.</summary>
    public const int QueryLength = HeadLength + 1 + LongestNameBytes;

    private const uint Magic = 0xF553_4A4C;
    private const int HeadLength = 16, LongestNameBytes = LongestName * 3;
    private const byte Version = 1, Query = 1, Answer = 2;

    private static readonly UTF8Encoding Utf8 = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Asks for a party.</summary>
    /// <param name="nonce">Any number; the answer to this query has it too.</param>
    /// <param name="handle">The invitation's first <see cref="HandleLength"/> characters, of a-z and 0-9.</param>
    public static byte[] WriteQuery(ulong nonce, string handle)
    {
        if (!IsHandle(handle))
            throw new ArgumentException($"A handle is {HandleLength} of a-z and 0-9.", nameof(handle));
        var bytes = new byte[QueryLength];
        WriteHead(bytes, Query, 0, nonce);
        Encoding.ASCII.GetBytes(handle, bytes.AsSpan(HeadLength));
        return bytes;
    }

    /// <summary>Reads that.</summary>
    /// <returns>Null if it is no query.</returns>
    public static LanQuery? ReadQuery(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != QueryLength || !IsHead(bytes, Query) || PortOf(bytes) != 0
            || bytes[(HeadLength + HandleLength)..].ContainsAnyExcept((byte)0))
        {
            return null;
        }

        var handle = Encoding.ASCII.GetString(bytes.Slice(HeadLength, HandleLength));
        return IsHandle(handle) ? new LanQuery(NonceOf(bytes), handle) : null;
    }

    /// <summary>Answers that the party is here.</summary>
    /// <param name="nonce">The query's.</param>
    /// <param name="port">Where the server takes HTTP, 1 to 65,535.</param>
    /// <param name="name">The party's; beyond <see cref="LongestName"/> characters it is cut.</param>
    public static byte[] WriteAnswer(ulong nonce, int port, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        // What has no meaning in UTF-8, such as half of a character that was cut, becomes a question mark of its own.
        var text = Encoding.UTF8.GetBytes(name.Length > LongestName ? name[..LongestName] : name);
        var bytes = new byte[HeadLength + 1 + text.Length];
        WriteHead(bytes, Answer, port, nonce);
        bytes[HeadLength] = (byte)text.Length;
        text.CopyTo(bytes, HeadLength + 1);
        return bytes;
    }

    /// <summary>Reads that.</summary>
    /// <returns>Null if it is no answer.</returns>
    public static LanReply? ReadAnswer(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is <= HeadLength or > QueryLength || !IsHead(bytes, Answer) || PortOf(bytes) == 0
            || bytes[HeadLength] != bytes.Length - HeadLength - 1)
        {
            return null;
        }

        try
        {
            var name = Utf8.GetString(bytes[(HeadLength + 1)..]);
            return name.Length <= LongestName && !name.Any(char.IsControl)
                ? new LanReply(NonceOf(bytes), PortOf(bytes), name) : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static bool IsHandle(string? text) =>
        text is { Length: HandleLength } && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));

    private static void WriteHead(Span<byte> bytes, byte type, int port, ulong nonce)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Magic);
        (bytes[4], bytes[5]) = (Version, type);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)port);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], nonce);
    }

    private static bool IsHead(ReadOnlySpan<byte> bytes, byte type) =>
        BinaryPrimitives.ReadUInt32BigEndian(bytes) == Magic && bytes[4] == Version && bytes[5] == type;

    private static int PortOf(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);

    private static ulong NonceOf(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
}

/// <summary>Somebody in the local network looks for a party.</summary>
/// <param name="Nonce">What the answer has to have.</param>
/// <param name="Handle">What its invitations begin with.</param>
public sealed record LanQuery(ulong Nonce, string Handle);

/// <summary>The party is where this comes from.</summary>
/// <param name="Nonce">The query's.</param>
/// <param name="Port">Where its server takes HTTP.</param>
/// <param name="Name">What the party is called.</param>
public sealed record LanReply(ulong Nonce, int Port, string Name);
