using Sojourn.Mesh.Settings;

namespace Sojourn.Mesh.Broadcasts;

/// <summary>Decides what is carried. Knows the clock, and no socket. For one thread.</summary>
/// <param name="ports">The ports of games.</param>
/// <param name="mtu">The longest packet through the tunnel, in bytes.</param>
/// <param name="time">The clock.</param>
internal sealed class CarryRules(PortSet ports, int mtu, TimeProvider time)
{
    private readonly CarryLimit _limit = new(time);
    private readonly RecentlySent _recently = new(time);

    /// <summary>Decides about a packet that leaves this machine.</summary>
    /// <param name="packet">With IP's head.</param>
    /// <param name="device">The number of the interface through which it leaves.</param>
    /// <param name="networks">This machine's.</param>
    /// <param name="others">How many it would be carried to.</param>
    /// <param name="datagram">What the packet holds, if it is to be carried.</param>
    public CarryVerdict Judge(
        ReadOnlySpan<byte> packet, int device, OwnNetworks networks, int others, out SentDatagram datagram)
    {
        // The kernel has looked at most of it, but perhaps with the networks of before.
        if (!SentDatagram.TryRead(packet, out datagram) || !ports.Contains(datagram.Port)
            || !networks.IsForMany(datagram.Destination) || !networks.IsOwn(datagram.Source)
            || _recently.IsCopy(datagram, device))
        {
            return CarryVerdict.NotForUs;
        }

        if (datagram.IsFirstPart || datagram.Length > mtu)
            return CarryVerdict.TooLong;
        return others == 0 ? CarryVerdict.NotForUs
            : _limit.TryTake(datagram.Length * others) ? CarryVerdict.Carry : CarryVerdict.OverLimit;
    }
}

/// <summary>What becomes of a datagram.</summary>
internal enum CarryVerdict
{
    /// <summary>It is no broadcast of a game on this machine.</summary>
    NotForUs,

    /// <summary>Each other member gets it.</summary>
    Carry,

    /// <summary>It does not fit into a packet of the tunnel.</summary>
    TooLong,

    /// <summary>There were too many.</summary>
    OverLimit,
}
