using System.Buffers.Binary;
using System.Net;

namespace Sojourn.Mesh.PortMapping;

/// <summary>The messages of PCP (RFC 6887) that are about one UDP port.</summary>
internal static class PcpFormat
{
    public const int NonceLength = 12;

    private const int Length = 60, AddressLength = 16;
    private const byte Version = 2, Map = 1, Answer = 0x80, Udp = 17;

    /// <summary>Asks for a port; for no time at all, gives it back.</summary>
    public static byte[] Write(PortWish wish, ReadOnlySpan<byte> nonce)
    {
        var bytes = new byte[Length];
        (bytes[0], bytes[1]) = (Version, Map);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), (uint)wish.For.TotalSeconds);
        WriteAddress(bytes.AsSpan(8), wish.Gateway.Own);
        nonce.CopyTo(bytes.AsSpan(24));
        bytes[36] = Udp;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(40), (ushort)wish.Port);
        // Who gives a port back must not name one outside.
        BinaryPrimitives.WriteUInt16BigEndian(
            bytes.AsSpan(42), wish.For == TimeSpan.Zero ? (ushort)0 : (ushort)wish.Outer);
        WriteAddress(bytes.AsSpan(44), IPAddress.Any);
        return bytes;
    }

    /// <summary>Reads an answer to that.</summary>
    /// <returns>Null if it is none.</returns>
    public static RouterAnswer? Read(ReadOnlySpan<byte> bytes, PortWish wish, ReadOnlySpan<byte> nonce)
    {
        // A router that knows NAT-PMP alone says so in its own words.
        if (bytes.Length >= 4 && bytes[0] != Version && (bytes[1] & Answer) != 0)
            return new RouterAnswer(null);
        if (bytes.Length < Length || bytes[0] != Version || bytes[1] != (Answer | Map)
            || !bytes.Slice(24, NonceLength).SequenceEqual(nonce) || bytes[36] != Udp
            || BinaryPrimitives.ReadUInt16BigEndian(bytes[40..]) != wish.Port)
        {
            return null;
        }

        var outer = new IPEndPoint(
            ReadAddress(bytes[44..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[42..]));
        return new RouterAnswer(
            bytes[3] == 0 ? RouterAnswer.Lease(outer, BinaryPrimitives.ReadUInt32BigEndian(bytes[4..])) : null);
    }

    private static void WriteAddress(Span<byte> to, IPAddress address) =>
        address.MapToIPv6().TryWriteBytes(to, out _);

    private static IPAddress ReadAddress(ReadOnlySpan<byte> from)
    {
        var address = new IPAddress(from[..AddressLength]);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}

/// <summary>What a router answers.</summary>
/// <param name="Opened">What it has opened; null if it says no.</param>
internal sealed record RouterAnswer(PortLease? Opened)
{
    /// <summary>A lease that is one: of an address and a port, for some time.</summary>
    public static PortLease? Lease(IPEndPoint outer, uint seconds) =>
        outer.Port == 0 || seconds == 0 || outer.Address.Equals(IPAddress.Any)
            || outer.Address.Equals(IPAddress.IPv6Any)
            ? null : new PortLease(outer, TimeSpan.FromSeconds(seconds));
}
