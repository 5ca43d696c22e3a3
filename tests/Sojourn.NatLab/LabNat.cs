namespace Sojourn.NatLab;

/// <summary>What stands between a host and the Internet of a laboratory.</summary>
public enum LabNat
{
    /// <summary>A public address.</summary>
    Open,

    /// <summary>A public address behind a router that lets in only what was asked for.</summary>
    Firewall,

    /// <summary>One outer port for all; everybody comes in at it.</summary>
    FullCone,

    /// <summary>One outer port for all; in comes who was sent to, from any port.</summary>
    Restricted,

    /// <summary>One outer port for all; in comes who was sent to.</summary>
    PortRestricted,

    /// <summary>As <see cref="PortRestricted"/>, but what nobody asked for reaches the router itself.</summary>
    Leaky,

    /// <summary>Linux's masquerading as it comes: the port is kept if that can be.</summary>
    Linux,

    /// <summary>Another outer port for each destination, by chance.</summary>
    Symmetric,

    /// <summary>Another outer port for each destination, one after the other.</summary>
    Sequential,

    /// <summary>UDP does not pass.</summary>
    BlockedUdp,
}
