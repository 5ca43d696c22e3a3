using System.Buffers.Binary;

namespace Sojourn.Mesh.Broadcasts;

/// <summary>A UDP datagram of IPv4 as a program has sent it. Pure.</summary>
internal readonly ref struct SentDatagram
{
    private const int LeastIpHead = 20, UdpHead = 8, Udp = 17, MoreFragments = 0x2000, Offset = 0x1FFF;

    /// <summary>The address that it is from; the first part is the highest byte.</summary>
    public uint Source { get; private init; }

    /// <summary>The address that it is to.</summary>
    public uint Destination { get; private init; }

    public int SourcePort { get; private init; }

    /// <summary>The port that it is to.</summary>
    public int Port { get; private init; }

    /// <summary>How long it is with UDP's head and the shortest of IP, which is what it has on its way to others.
    /// </summary>
    public int Length { get; private init; }

    /// <summary>What it holds; empty if the packet is only a part of it.</summary>
    public ReadOnlySpan<byte> Bytes { get; private init; }

    /// <summary>The packet is the first of several.</summary>
    public bool IsFirstPart { get; private init; }

    /// <summary>Reads a packet with IP's head.</summary>
    /// <returns>False if it is none of UDP, or one of several and not the first.</returns>
    public static bool TryRead(ReadOnlySpan<byte> packet, out SentDatagram datagram)
    {
        datagram = default;
        if (packet.Length < LeastIpHead || packet[0] >> 4 != 4 || packet[9] != Udp)
            return false;
        var head = (packet[0] & 15) * 4;
        var parts = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        if (head < LeastIpHead || packet.Length < head + UdpHead || (parts & Offset) != 0)
            return false;
        var udp = packet[head..];
        int length = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]);
        var isFirstPart = (parts & MoreFragments) != 0 || length > udp.Length;
        if (length < UdpHead)
            return false;
        datagram = new SentDatagram
        {
            Source = BinaryPrimitives.ReadUInt32BigEndian(packet[12..]),
            Destination = BinaryPrimitives.ReadUInt32BigEndian(packet[16..]),
            SourcePort = BinaryPrimitives.ReadUInt16BigEndian(udp),
            Port = BinaryPrimitives.ReadUInt16BigEndian(udp[2..]),
            Length = LeastIpHead + length,
            IsFirstPart = isFirstPart,
            Bytes = isFirstPart ? [] : udp[UdpHead..length],
        };
        return true;
    }
}
