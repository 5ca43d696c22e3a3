using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sojourn.Relays;

/// <summary>Lets one member of a party reach another through a relay, for a while.</summary>
/// <param name="ExpiresAt">Until when.</param>
/// <param name="Owner">Whose party: what is passed on is counted by it.</param>
/// <param name="Party">Which party.</param>
/// <param name="From">Who.</param>
/// <param name="To">Whom.</param>
/// <param name="Slot">Whom's slot, and so at which of the relay's ports.</param>
public sealed record RelayTicket(
    DateTimeOffset ExpiresAt, ulong Owner, ulong Party, ulong From, ulong To, int Slot)
{
    /// <summary>The length of a ticket, in bytes.</summary>
    public const int Length = BodyLength + MacLength;

    private const byte Version = 1;
    private const int BodyLength = 44, MacLength = 16;

    /// <summary>Writes it, so that who knows the relay's key knows it for good.</summary>
    public byte[] Write(ReadOnlySpan<byte> relayKey)
    {
        var bytes = new byte[Length];
        (bytes[0], bytes[1]) = (Version, (byte)Slot);
        var rest = bytes.AsSpan(4);
        BinaryPrimitives.WriteInt64BigEndian(rest, ExpiresAt.ToUnixTimeSeconds());
        BinaryPrimitives.WriteUInt64BigEndian(rest[8..], Owner);
        BinaryPrimitives.WriteUInt64BigEndian(rest[16..], Party);
        BinaryPrimitives.WriteUInt64BigEndian(rest[24..], From);
        BinaryPrimitives.WriteUInt64BigEndian(rest[32..], To);
        MacOf(bytes.AsSpan(0, BodyLength), relayKey, bytes.AsSpan(BodyLength));
        return bytes;
    }

    /// <summary>Reads it.</summary>
    /// <returns>Null if it is none that was written with this key.</returns>
    public static RelayTicket? Read(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> relayKey)
    {
        if (bytes.Length != Length || bytes[0] != Version || bytes[1] >= RelayFormat.Ports)
            return null;
        Span<byte> mac = stackalloc byte[MacLength];
        MacOf(bytes[..BodyLength], relayKey, mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes[BodyLength..]))
            return null;
        var rest = bytes[4..];
        return new RelayTicket(
            DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(rest)),
            BinaryPrimitives.ReadUInt64BigEndian(rest[8..]), BinaryPrimitives.ReadUInt64BigEndian(rest[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(rest[24..]), BinaryPrimitives.ReadUInt64BigEndian(rest[32..]),
            bytes[1]);
    }

    /// <summary>What whoever has a ticket is told with it, to prove that it is its own.</summary>
    public static byte[] KeyOf(ReadOnlySpan<byte> ticket, ReadOnlySpan<byte> relayKey) =>
        HMACSHA256.HashData(relayKey, [.. "use"u8, .. ticket]);

    private static void MacOf(ReadOnlySpan<byte> body, ReadOnlySpan<byte> relayKey, Span<byte> mac)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(relayKey, body, whole);
        whole[..MacLength].CopyTo(mac);
    }
}
