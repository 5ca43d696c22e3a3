namespace Sojourn.Parties;

/// <summary>
/// What two kinds of NAT mean for a path between them: once by the cautious table of old, for lists, and once as it
/// is, for connecting. Neither ever keeps anybody from trying. Pure.
/// </summary>
public static class NatPairs
{
    /// <summary>
    /// The cautious table: 9 of the 15 pairs of the five classic kinds. Cones that are stricter than full count only
    /// with wider ones, a symmetric NAT with an open machine alone. Unknown and blocked ones count with nobody; a
    /// firewall counts as a port-restricted cone.
    /// </summary>
    public static bool AreCompatible(NatKind one, NatKind other) =>
        Strictness(one) is { } a && Strictness(other) is { } b && a + b <= 4;

    /// <summary>
    /// What really comes of a pair whose both sides send at once and answer where they are heard from: 13 of the 15
    /// pairs of the five classic kinds are direct.
    /// </summary>
    public static Forecast Between(NatKind one, NatKind other)
    {
        if (one == NatKind.Blocked || other == NatKind.Blocked)
        {
            return Forecast.WebSocket;
        }

        if (one == NatKind.Unknown || other == NatKind.Unknown)
        {
            return IsWide(one) || IsWide(other) ? Forecast.Direct : Forecast.Unknown;
        }

        if (one != NatKind.Symmetric && other != NatKind.Symmetric)
        {
            return Forecast.Direct;
        }

        // Its outer port is known only once a packet from it has come in.
        return (one == NatKind.Symmetric ? other : one) switch
        {
            NatKind.Symmetric => Forecast.Relayed,
            NatKind.PortRestrictedCone or NatKind.Firewall => Forecast.Predicted,
            _ => Forecast.Direct,
        };
    }

    /// <summary>A sentence for people that says what to expect of a pair, and why.</summary>
    public static string Explain(NatKind one, NatKind other) => Between(one, other) switch
    {
        Forecast.Direct => "direct: both sides open the way from within",
        Forecast.Predicted => "direct if the symmetric side's next port is guessed, else relayed",
        Forecast.Relayed => "relayed: both sides take another port for each destination, so neither can be told where "
            + "to send",
        Forecast.WebSocket => "relayed over a WebSocket: UDP does not pass on one side",
        _ => "tried: one side's NAT is not known",
    };

    /// <summary>A kind in words, as in "behind a full cone".</summary>
    public static string Words(NatKind kind) => kind switch
    {
        NatKind.Open => "no NAT",
        NatKind.FullCone => "a full cone",
        NatKind.RestrictedCone => "a restricted cone",
        NatKind.PortRestrictedCone => "a port-restricted cone",
        NatKind.Symmetric => "a symmetric NAT",
        NatKind.Firewall => "a firewall",
        NatKind.Blocked => "a network without UDP",
        _ => "a NAT of unknown kind",
    };

    private static bool IsWide(NatKind kind) => kind is NatKind.Open or NatKind.FullCone;

    private static int? Strictness(NatKind kind) => kind switch
    {
        NatKind.Open => 0,
        NatKind.FullCone => 1,
        NatKind.RestrictedCone => 2,
        NatKind.PortRestrictedCone or NatKind.Firewall => 3,
        NatKind.Symmetric => 4,
        _ => null,
    };
}
