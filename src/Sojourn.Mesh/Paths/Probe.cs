using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;

namespace Sojourn.Mesh.Paths;

/// <summary>
/// What two members send each other to find out which ways there are between them: a ping, and a pong to it that tells
/// where the ping was seen to come from. Signed with what these two alone were told. Pure.
/// </summary>
/// <param name="IsPong">Whether it answers.</param>
/// <param name="Nominates">In a ping: whether this way is the one to be taken from now on.</param>
/// <param name="Number">Ties a pong to its ping; nobody can guess it.</param>
/// <param name="From">Who sends it.</param>
/// <param name="To">To whom.</param>
/// <param name="Seen">In a pong: where the ping came from.</param>
internal sealed record Probe(bool IsPong, bool Nominates, ulong Number, ulong From, ulong To, IPEndPoint? Seen = null)
{
    /// <summary>The length of every probe, in bytes: a pong is no longer than a ping.</summary>
    public const int Length = BodyLength + MacLength;

    // The first byte is none that WireGuard or STUN begins with.
    private const uint Magic = 0xF553_4A50;
    private const int BodyLength = 48, MacLength = 16;

    /// <summary>Whether bytes look like one; whose it is tells <see cref="PeekFrom"/>.</summary>
    public static bool IsProbe(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Length && BinaryPrimitives.ReadUInt32BigEndian(bytes) == Magic;

    /// <summary>Who a probe says it is from: decides which key it is to be checked with.</summary>
    public static ulong PeekFrom(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);

    /// <summary>Writes it.</summary>
    public void Write(Span<byte> bytes, ReadOnlySpan<byte> pairKey)
    {
        bytes[..Length].Clear();
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Magic);
        bytes[4] = (byte)((IsPong ? 1 : 0) | (Nominates ? 2 : 0));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Number);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], From);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], To);
        if (Seen is not null && Seen.Address.TryWriteBytes(bytes[32..48], out var length))
        {
            bytes[5] = (byte)length;
            BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)Seen.Port);
        }

        Mac(bytes[..BodyLength], pairKey, bytes[BodyLength..Length]);
    }

    /// <summary>Reads one.</summary>
    /// <returns>Null if it is none that was written with this key.</returns>
    public static Probe? Read(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> pairKey)
    {
        if (!IsProbe(bytes) || bytes[5] is not (0 or 4 or 16))
            return null;
        Span<byte> mac = stackalloc byte[MacLength];
        Mac(bytes[..BodyLength], pairKey, mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes[BodyLength..]))
            return null;
        var seen = bytes[5] == 0 ? null : new IPEndPoint(
            new IPAddress(bytes.Slice(32, bytes[5])), BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]));
        return new Probe(
            (bytes[4] & 1) != 0, (bytes[4] & 2) != 0, BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            PeekFrom(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]), seen);
    }

    private static void Mac(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> key, Span<byte> mac)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, bytes, whole);
        whole[..MacLength].CopyTo(mac);
    }
}
