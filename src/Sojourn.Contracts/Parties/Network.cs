using System.Collections.Immutable;

namespace Sojourn.Parties;

/// <summary>Where an address at which a member may be reached is known from.</summary>
public enum CandidateSource
{
    /// <summary>One of its own in its network.</summary>
    Lan,

    /// <summary>Its router has opened it when asked to.</summary>
    Mapped,

    /// <summary>Servers have seen it.</summary>
    Reflexive,

    /// <summary>A public one of IPv6.</summary>
    Ipv6,
}

/// <summary>An address at which a member may be reached.</summary>
/// <param name="Address">IP address and UDP port: <c>192.0.2.7:40000</c> or <c>[2001:db8::7]:40000</c>.</param>
/// <param name="Source">Where it is known from.</param>
public sealed record Candidate(string Address, CandidateSource Source);

/// <summary>What a member found out about its NAT.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Evidence">What was seen, in a line for people; at most 256 characters.</param>
/// <param name="PortStep">
/// By how much the outer port goes up from one destination to the next, if that is regular; else null.
/// </param>
public sealed record NatReport(NatKind Kind, string Evidence = "", int? PortStep = null);

/// <summary>How a member reaches another.</summary>
public enum PathVia
{
    /// <summary>Not at all, at present.</summary>
    None,

    /// <summary>A way is being looked for.</summary>
    Connecting,

    /// <summary>From one to the other.</summary>
    Direct,

    /// <summary>Through a relay.</summary>
    Relay,

    /// <summary>Through a relay that is reached over a WebSocket.</summary>
    WebSocket,
}

/// <summary>How a member reaches another, as it measures it.</summary>
/// <param name="To">The other member's id.</param>
/// <param name="Via">The kind of way.</param>
/// <param name="LatencyMs">There and back, in milliseconds; 0 to 60,000. Null if not measured.</param>
/// <param name="LossPercent">What is lost of what is measured with; 0 to 100.</param>
/// <param name="Detail">The relay's name or the candidate's source; at most 64 characters.</param>
public sealed record PathReport(
    string To, PathVia Via, double? LatencyMs = null, double LossPercent = 0, string Detail = "")
{
    /// <summary>
    /// Which of the other's addresses the sender's own NAT now lets in, while a direct way is looked for: the other may
    /// send, and meets no router that knows nothing of it. Null if none is looked for.
    /// </summary>
    public string? Opened { get; init; }
}

/// <summary>Something that a member sent to another through the party.</summary>
/// <param name="Number">Counted over the party, from 1.</param>
/// <param name="From">The sender's id.</param>
/// <param name="To">The receiver's id.</param>
/// <param name="Data">What it is, for the two alone to understand; at most 2,048 characters.</param>
/// <param name="SentAt">When.</param>
public sealed record Signal(long Number, string From, string To, string Data, DateTimeOffset SentAt);

/// <summary>What is told of a beat of the heart.</summary>
/// <param name="Revision">As <see cref="PartyView.Revision"/>; what has changed is to be read again.</param>
/// <param name="Signals">What waits for the member, oldest first.</param>
public sealed record Pulse(long Revision, ImmutableArray<Signal> Signals);
