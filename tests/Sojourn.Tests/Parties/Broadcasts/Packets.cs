using System.Buffers.Binary;
using System.Net;
using Sojourn.Mesh.Broadcasts;
using Sojourn.Mesh.Ports;

namespace Sojourn.Tests.Parties.Broadcasts;

/// <summary>Packets as a program's leave a machine.</summary>
internal static class Packets
{
    /// <summary>A machine in a home, in an office, and in a party.</summary>
    public static OwnNetworks Networks { get; } = new(
    [
        (IPAddress.Parse("192.168.1.2"), 24), (IPAddress.Parse("172.20.3.4"), 14), (IPAddress.Parse("10.66.0.1"), 24),
        (IPAddress.Parse("198.51.100.9"), 31),
    ]);

    /// <param name="from">Its own end.</param>
    /// <param name="to">The other end.</param>
    /// <param name="bytes">How much it holds.</param>
    /// <param name="parts">What IP says of parts: 0x2000 for more of them, and the offset.</param>
    /// <param name="options">How many bytes of options IP's head has.</param>
    public static byte[] Udp(string from, string to, int bytes = 5, int parts = 0, int options = 0)
    {
        var (one, other) = (IPEndPoint.Parse(from), IPEndPoint.Parse(to));
        var head = 20 + options;
        var packet = new byte[head + UdpPacket.HeadLength + bytes];
        packet[0] = (byte)(0x40 + (head / 4));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), (ushort)parts);
        packet[9] = 17;
        one.Address.TryWriteBytes(packet.AsSpan(12), out _);
        other.Address.TryWriteBytes(packet.AsSpan(16), out _);
        byte[] held = [.. Enumerable.Range(1, bytes).Select(each => (byte)each)];
        UdpPacket.Write(packet.AsSpan(head), held, one, other);
        return packet;
    }
}
