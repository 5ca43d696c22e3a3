using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Sojourn.Mesh.Broadcasts;

/// <summary>This machine's own addresses of IPv4, and those that reach everybody on its networks.</summary>
internal sealed class OwnNetworks
{
    /// <summary>More than a machine of players has; further ones have no broadcasts.</summary>
    public const int Most = 64;

    private const uint ForAll = 0xFFFF_FFFF, Multicast = 0xE000_0000, MulticastMask = 0xF000_0000;
    private const int LongestWithBroadcast = 30;

    private readonly ImmutableArray<uint> _addresses;

    /// <param name="addresses">The addresses, and how many bits of each are its network's.</param>
    public OwnNetworks(IEnumerable<(IPAddress Address, int Bits)> addresses)
    {
        var all = addresses.Select(each => (Number: NumberOf(each.Address), each.Bits)).ToList();
        _addresses = [.. all.Select(each => each.Number).Distinct().Order()];
        Broadcasts =
        [
            .. all.Where(each => each.Bits is > 0 and <= LongestWithBroadcast)
                .Select(each => each.Number | (ForAll >> each.Bits)).Distinct().Order().Take(Most),
        ];
    }

    /// <summary>The addresses that mean everybody on one of the networks, in order.</summary>
    public ImmutableArray<uint> Broadcasts { get; }

    /// <summary>As they are now.</summary>
    public static OwnNetworks Read() => new(
        from device in NetworkInterface.GetAllNetworkInterfaces()
        where device.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown
        from own in device.GetIPProperties().UnicastAddresses
        where own.Address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(own.Address)
        select (own.Address, own.PrefixLength));

    /// <summary>Whether this machine has an address.</summary>
    public bool IsOwn(uint address) => _addresses.BinarySearch(address) >= 0;

    /// <summary>Whether an address means many: everybody, everybody on a network, or a group.</summary>
    public bool IsForMany(uint address) => address == ForAll || (address & MulticastMask) == Multicast
        || Broadcasts.BinarySearch(address) >= 0;

    public bool IsSame(OwnNetworks other) =>
        _addresses.SequenceEqual(other._addresses) && Broadcasts.SequenceEqual(other.Broadcasts);

    private static uint NumberOf(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());
}
