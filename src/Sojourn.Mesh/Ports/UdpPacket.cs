using System.Buffers.Binary;
using System.Net;

namespace Sojourn.Mesh.Ports;

/// <summary>UDP as it stands on the line (RFC 768), over IPv4 (RFC 791) and IPv6 (RFC 8200). Pure.</summary>
internal static class UdpPacket
{
    /// <summary>The length of UDP's own head, in bytes.</summary>
    public const int HeadLength = 8;

    private const int Udp = 17, LeastIpHead = 20;

    /// <summary>Writes a datagram with its head, and without IP's.</summary>
    /// <returns>How long it is.</returns>
    public static int Write(
        Span<byte> packet, ReadOnlySpan<byte> bytes, IPEndPoint from, IPEndPoint to)
    {
        var length = HeadLength + bytes.Length;
        packet = packet[..length];
        BinaryPrimitives.WriteUInt16BigEndian(packet, (ushort)from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)to.Port);
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)length);
        packet[6..8].Clear();
        bytes.CopyTo(packet[HeadLength..]);

        Span<byte> ends = stackalloc byte[32];
        from.Address.TryWriteBytes(ends, out var half);
        to.Address.TryWriteBytes(ends[half..], out _);
        var sum = (ushort)~Fold(Sum(ends[..(half * 2)]) + Sum(packet) + Udp + (uint)length);
        // Zero would say that there is none.
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], sum == 0 ? (ushort)0xFFFF : sum);
        return length;
    }

    /// <summary>Passes over IPv4's head.</summary>
    /// <param name="packet">The packet; then, the datagram in it.</param>
    /// <returns>False if it has none, or no UDP.</returns>
    public static bool TryPassHead(ref ReadOnlySpan<byte> packet)
    {
        if (packet.Length < LeastIpHead || packet[0] >> 4 != 4 || packet[9] != Udp)
            return false;
        var head = (packet[0] & 15) * 4;
        if (head < LeastIpHead || packet.Length < head)
            return false;
        packet = packet[head..];
        return true;
    }

    /// <summary>Reads a datagram with its head.</summary>
    /// <param name="udp">The datagram.</param>
    /// <param name="port">The port that it is to.</param>
    /// <param name="sourcePort">The port that it is from.</param>
    /// <param name="bytes">What it holds.</param>
    /// <returns>False if it is none, or not a whole one.</returns>
    public static bool TryRead(
        ReadOnlySpan<byte> udp, out int port, out int sourcePort, out ReadOnlySpan<byte> bytes)
    {
        (port, sourcePort) = (0, 0);
        bytes = default;
        if (udp.Length < HeadLength)
            return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]);
        if (length < HeadLength || length > udp.Length)
            return false;
        sourcePort = BinaryPrimitives.ReadUInt16BigEndian(udp);
        port = BinaryPrimitives.ReadUInt16BigEndian(udp[2..]);
        bytes = udp[HeadLength..length];
        return true;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (; bytes.Length >= 2; bytes = bytes[2..])
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return bytes.IsEmpty ? sum : sum + ((uint)bytes[0] << 8);
    }

    private static uint Fold(uint sum)
    {
        while (sum >> 16 != 0)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return sum;
    }
}
