using Sojourn.Mesh.Ports;
using Sojourn.Mesh.Settings;

namespace Sojourn.Mesh.Broadcasts;

/// <summary>
/// What of all packets of a machine the kernel hands over: UDP that leaves it, to many, at one of the ports. Pure.
/// </summary>
internal static class CarryFilter
{
    /// <summary>With more ranges than that, all ports from the first to the last pass; the kernel keeps filters short.
    /// </summary>
    public const int MostRanges = 128;

    // Places that are not in the packet: who it is for, what it is of, and what the interface is.
    private const uint Direction = 0xFFFF_F004, Protocol = 0xFFFF_F000, Hardware = 0xFFFF_F01C;
    private const uint Leaves = 4, IPv4 = 0x0800, Loopback = 772, Udp = 17;
    private const ushort LoadWord = 0x20, LoadHalf = 0x28, LoadByte = 0x30, LoadHalfAfterHead = 0x48, TakeHead = 0xB1;
    private const ushort And = 0x54, Go = 0x05, Return = 0x06, IfEqual = 0x15, IfMore = 0x25, IfNotLess = 0x35;
    private const ushort IfAnyBit = 0x45;

    private static readonly FilterStep No = new(Return, 0, 0, 0), Yes = new(Return, 0, 0, 0xFFFF);

    public static FilterStep[] Build(PortSet ports, OwnNetworks networks) =>
    [
        new(LoadHalf, 0, 0, Direction), new(IfEqual, 1, 0, Leaves), No,
        new(LoadHalf, 0, 0, Protocol), new(IfEqual, 1, 0, IPv4), No,
        // What is sent to this machine alone is for nobody else.
        new(LoadHalf, 0, 0, Hardware), new(IfEqual, 0, 1, Loopback), No,
        new(LoadByte, 0, 0, 9), new(IfEqual, 1, 0, Udp), No,
        // Of a datagram in several packets, only the first has a port.
        new(LoadHalf, 0, 0, 6), new(IfAnyBit, 0, 1, 0x1FFF), No,
        .. ToMany(networks), .. AtPorts(ports),
    ];

    private static IEnumerable<FilterStep> ToMany(OwnNetworks networks)
    {
        yield return new(LoadWord, 0, 0, 16);
        uint[] all = [0xFFFF_FFFF, .. networks.Broadcasts];
        for (var i = 0; i < all.Length; i++)
        {
            yield return new(IfEqual, 0, 1, all[i]);
            // Over the others, and over the three steps after them.
            yield return new(Go, 0, 0, (uint)(((all.Length - i - 1) * 2) + 3));
        }

        yield return new(And, 0, 0, 0xF000_0000);
        yield return new(IfEqual, 1, 0, 0xE000_0000);
        yield return No;
    }

    private static IEnumerable<FilterStep> AtPorts(PortSet ports)
    {
        // The length of IP's head goes into X first.
        yield return new(TakeHead, 0, 0, 0);
        yield return new(LoadHalfAfterHead, 0, 0, 2);
        var all = ports.Ranges.Count <= MostRanges
            ? ports.Ranges : [new(ports.Ranges[0].First, ports.Ranges[^1].Last)];
        for (var i = 0; i < all.Count; i++)
        {
            yield return new(IfNotLess, 0, 2, (uint)all[i].First);
            yield return new(IfMore, 1, 0, (uint)all[i].Last);
            yield return new(Go, 0, 0, (uint)(((all.Count - i - 1) * 3) + 1));
        }

        yield return No;
        yield return Yes;
    }
}
