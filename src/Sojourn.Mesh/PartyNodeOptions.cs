using Sojourn.Client;
using Sojourn.Mesh.Keys;
using Sojourn.Mesh.Settings;
using Sojourn.Mesh.Tunnels;

namespace Sojourn.Mesh;

/// <summary>How a machine takes part in a party.</summary>
public sealed record PartyNodeOptions
{
    /// <summary>The party's server.</summary>
    public required Uri Url { get; init; }

    /// <summary>The invitation's code.</summary>
    public required string Invitation { get; init; }

    /// <summary>The invitation's password, if it has one.</summary>
    public string? Password { get; init; }

    /// <summary>What the member is called; 1 to 32 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Who the member is; the same key has the same seat and address.</summary>
    internal WireGuardKey Key { get; init; } = WireGuardKey.New();

    /// <summary>What the interface is called; at most 15 letters and digits. Default <c>sojourn0</c>.</summary>
    public string Interface { get; init; } = "sojourn0";

    /// <summary>
    /// The tunnel's UDP port; 0 (the default) for any. Another one for each player of a household: one of the two would
    /// be given another port by the router otherwise, and be harder to reach.
    /// </summary>
    public int Port { get; init; }

    /// <summary>
    /// The longest packet through the tunnel, in bytes. Default 1,380: with WireGuard's 60 it fits through lines of
    /// 1,460 such as DS-Lite's, and through all common ones. 1,280 to 1,420.
    /// </summary>
    public int Mtu { get; init; } = 1380;

    /// <summary>
    /// False for no tunnel: the seat is held and ways are looked for, which needs no rights. Default true.
    /// </summary>
    public bool UsesTunnel { get; init; } = true;

    /// <summary>Who drives the tunnel. Default: the kernel if it can, else <c>wireguard-go</c>.</summary>
    internal TunnelDriver Driver { get; init; }

    /// <summary>
    /// Whether the router is asked to open the tunnel's port, by PCP, NAT-PMP or UPnP. Default true.
    /// </summary>
    public bool PortMapping { get; init; } = true;

    /// <summary>
    /// True for ways through relays alone: the others learn no address of this machine's, and it sends to none of
    /// theirs. Default false.
    /// </summary>
    public bool RelayOnly { get; init; }

    /// <summary>
    /// The UDP ports of games whose broadcasts and multicasts are carried to the other members; null (the default) for
    /// none. Without a tunnel nothing is carried.
    /// </summary>
    internal PortSet? BroadcastPorts { get; init; }

    /// <summary>STUN servers beside the party's own: <c>host:port</c>. Default none.</summary>
    public IReadOnlyList<string> StunServers { get; init; } = [];

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Last word on how the server is reached.</summary>
    internal Action<SojournClientOptions> Tune { get; init; } = _ => { };

    internal SojournClientOptions ToClient()
    {
        var options = new SojournClientOptions { Url = SeatUrl.ServerOf(Url), TimeProvider = TimeProvider };
        Tune(options);
        return options;
    }
}
