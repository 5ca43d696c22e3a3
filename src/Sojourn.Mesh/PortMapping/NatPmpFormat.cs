using System.Buffers.Binary;
using System.Net;

namespace Sojourn.Mesh.PortMapping;

/// <summary>The messages of NAT-PMP (RFC 6886) that are about one UDP port.</summary>
internal static class NatPmpFormat
{
    private const byte Address = 0, MapUdp = 1, Answer = 0x80;

    /// <summary>Asks for the router's outer address.</summary>
    public static byte[] WriteAddress() => [0, Address];

    /// <summary>Asks for a port; for no time at all, gives it back.</summary>
    public static byte[] WriteMap(PortWish wish)
    {
        var bytes = new byte[12];
        bytes[1] = MapUdp;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), (ushort)wish.Port);
        BinaryPrimitives.WriteUInt16BigEndian(
            bytes.AsSpan(6), wish.For == TimeSpan.Zero ? (ushort)0 : (ushort)wish.Outer);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), (uint)wish.For.TotalSeconds);
        return bytes;
    }

    /// <summary>Reads the address.</summary>
    /// <returns>Null if it is no such answer; no address if the router knows none.</returns>
    public static OuterAddress? ReadAddress(ReadOnlySpan<byte> bytes) =>
        !IsAnswer(bytes, Address) ? null
        : IsGood(bytes) && bytes.Length >= 12 ? new(new IPAddress(bytes.Slice(8, 4))) : new(null);

    /// <summary>Reads what was opened.</summary>
    /// <returns>Null if it is no such answer.</returns>
    public static RouterAnswer? ReadMap(ReadOnlySpan<byte> bytes, PortWish wish, IPAddress outer)
    {
        if (!IsAnswer(bytes, MapUdp))
            return null;
        if (!IsGood(bytes) || bytes.Length < 16)
            return new RouterAnswer(null);
        return BinaryPrimitives.ReadUInt16BigEndian(bytes[8..]) != wish.Port ? null : new RouterAnswer(
            RouterAnswer.Lease(
                new IPEndPoint(outer, BinaryPrimitives.ReadUInt16BigEndian(bytes[10..])),
                BinaryPrimitives.ReadUInt32BigEndian(bytes[12..])));
    }

    private static bool IsAnswer(ReadOnlySpan<byte> bytes, byte to) =>
        bytes.Length >= 4 && bytes[0] == 0 && bytes[1] == (Answer | to);

    private static bool IsGood(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) == 0;
}

/// <summary>What a router says that its outer address is; null for none.</summary>
internal sealed record OuterAddress(IPAddress? Address);
