namespace Sojourn.Parties;

/// <summary>
/// How what stands between a machine and the Internet treats UDP, in the classic words. docs/parties.md says how each
/// is told.
/// </summary>
public enum NatKind
{
    /// <summary>Not known, or not yet.</summary>
    Unknown,

    /// <summary>A public address, and everything comes in.</summary>
    Open,

    /// <summary>One outer port for all destinations, and everything comes in at it.</summary>
    FullCone,

    /// <summary>One outer port for all destinations; in comes what is from an address that was sent to.</summary>
    RestrictedCone,

    /// <summary>One outer port for all; in comes what is from an address and port that was sent to.</summary>
    PortRestrictedCone,

    /// <summary>Another outer port for each destination.</summary>
    Symmetric,

    /// <summary>A public address, and in comes only what was asked for.</summary>
    Firewall,

    /// <summary>UDP does not pass.</summary>
    Blocked,
}

/// <summary>What is to be expected of a path between two machines.</summary>
public enum Forecast
{
    /// <summary>Nobody can tell; it is tried.</summary>
    Unknown,

    /// <summary>From one to the other.</summary>
    Direct,

    /// <summary>From one to the other if the outer port can be guessed; else through a relay.</summary>
    Predicted,

    /// <summary>Through a relay.</summary>
    Relayed,

    /// <summary>Through a relay that is reached over a WebSocket.</summary>
    WebSocket,
}
