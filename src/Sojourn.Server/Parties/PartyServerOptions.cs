using System.Net;
using System.Net.Sockets;
using Sojourn.Parties;
using Sojourn.Relays;

namespace Sojourn.Server.Parties;

/// <summary>What a server offers to parties.</summary>
public sealed class PartyServerOptions
{
    /// <summary>How many UDP ports in a row are taken: two for STUN, and the relay's.</summary>
    public const int Ports = 2 + RelayFormat.Ports;

    /// <summary>
    /// What is given to members is made by it: at least 32 bytes that nobody can guess, the same after a restart. Null
    /// (the default) for new ones at each start: members then get new keys for their probes.
    /// </summary>
    public ReadOnlyMemory<byte>? Secret { get; set; }

    /// <summary>
    /// Where UDP is taken, so that members find out how they are seen from outside, and have a relay. One address of
    /// IPv4, or two of this machine's: then members also find out whom their NATs let in. <c>0.0.0.0</c> for all.
    /// Default none: members are relayed over WebSockets then.
    /// </summary>
    public IReadOnlyList<IPAddress> UdpAddresses { get; set; } = [];

    /// <summary>The first of <see cref="Ports"/> UDP ports in a row. 1 to 65,470; default 7800.</summary>
    public int UdpPort { get; set; } = 7800;

    /// <summary>How much an owner's parties may send through the relay, in bytes a second. 1,000 to 10,000,000,000;
    /// default 12,500,000, which is 100 Mbit/s.</summary>
    public double RelayBytesPerSecond { get; set; } = 12_500_000;

    /// <summary>How much an owner's parties may send through the relay within a day of UTC, in bytes; counted anew when
    /// the server starts. At least 1,000,000; null, the default, for any amount.</summary>
    public double? RelayBytesPerDay { get; set; }

    /// <summary>How many members may be bound at the relay at once, two a pair. 2 to 1,000,000; default 20,000.
    /// </summary>
    public int RelayBindings { get; set; } = 20_000;

    /// <summary>Whether those are answered who look for a party of this server in the local network, by UDP; for a
    /// machine that serves friends beside it, and not the Internet. Default false.</summary>
    public bool AnswersLan { get; set; }

    /// <summary>The UDP port for that. 1 to 65,535; default 7706, which is the one that is asked.</summary>
    public int LanPort { get; set; } = LanFormat.Port;

    /// <summary>What is wrong, in sentences.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Secret is { Length: < 32 })
            yield return $"{nameof(Secret)} must have at least 32 bytes.";
        if (UdpAddresses.Count > 2 || UdpAddresses.Distinct().Count() < UdpAddresses.Count
            || UdpAddresses.Any(address => address.AddressFamily != AddressFamily.InterNetwork)
            || (UdpAddresses.Count == 2 && UdpAddresses.Contains(IPAddress.Any)))
        {
            yield return $"{nameof(UdpAddresses)} must be one address of IPv4, or two different ones of this "
                + "machine's.";
        }

        if (UdpPort is < 1 or > 65536 - Ports)
            yield return $"{nameof(UdpPort)} must be 1 to {65536 - Ports:N0}; it is {UdpPort:N0}.";
        if (LanPort is < 1 or > 65535)
            yield return $"{nameof(LanPort)} must be 1 to 65,535; it is {LanPort:N0}.";
        if (!(RelayBytesPerSecond is >= 1000 and <= 10e9))
        {
            yield return $"{nameof(RelayBytesPerSecond)} must be 1,000 to 10,000,000,000; it is "
                + $"{RelayBytesPerSecond:N0}.";
        }

        if (RelayBytesPerDay is { } day && !(day >= 1e6))
            yield return $"{nameof(RelayBytesPerDay)} must be at least 1,000,000; it is {day:N0}.";
        if (RelayBindings is < 2 or > 1_000_000)
            yield return $"{nameof(RelayBindings)} must be 2 to 1,000,000; it is {RelayBindings:N0}.";
    }
}
