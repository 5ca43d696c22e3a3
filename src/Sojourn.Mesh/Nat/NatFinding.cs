using System.Globalization;
using System.Net;
using Sojourn.Parties;

namespace Sojourn.Mesh.Nat;

/// <summary>What was seen of a NAT.</summary>
/// <param name="Local">The addresses of this machine.</param>
/// <param name="Seen">
/// As what servers saw one and the same port, in the order in which they were asked; null for one that did not answer.
/// </param>
/// <param name="SeesAddresses">Whether two of those who answered have different addresses.</param>
/// <param name="FromElsewhere">
/// Whether an answer from an address that was not asked came in; null if that could not be tried.
/// </param>
/// <param name="FromOtherPort">
/// Whether one from another port of the address that was asked came in; null if that could not be tried.
/// </param>
internal sealed record NatFinding(
    IReadOnlyCollection<IPAddress> Local,
    IReadOnlyList<IPEndPoint?> Seen,
    bool SeesAddresses,
    bool? FromElsewhere,
    bool? FromOtherPort)
{
    /// <summary>The first that was seen; null if nobody answered.</summary>
    public IPEndPoint? Mapped => Seen.FirstOrDefault(seen => seen is not null);

    /// <summary>What kind that makes it, and why.</summary>
    public NatReport ToReport()
    {
        if (Mapped is not { } mapped)
            return new(NatKind.Blocked, "no STUN server answered over UDP");

        var seen = Seen.OfType<IPEndPoint>().ToList();
        if (seen.Any(each => !each.Equals(mapped)))
        {
            return new(NatKind.Symmetric, $"seen as another at each server: {Spell(seen)}", StepOf(seen));
        }

        var isPublic = Local.Contains(mapped.Address);
        var way = isPublic ? "a public address of its own" : seen.Count > 1
            ? $"seen as {mapped} by {seen.Count} servers{(SeesAddresses ? "" : " of one address")}"
            : $"seen as {mapped} by the only server that answered";
        return (FromElsewhere, FromOtherPort) switch
        {
            (true, _) => new(
                isPublic ? NatKind.Open : NatKind.FullCone, $"{way}; answers from elsewhere come in"),
            (false, _) when isPublic => new(NatKind.Firewall, $"{way}; answers from elsewhere do not come in"),
            (_, true) when isPublic => new(NatKind.Open, $"{way}; answers from another port come in"),
            (_, true) => new(
                NatKind.RestrictedCone, $"{way}; answers from another port come in, from elsewhere "
                    + (FromElsewhere is null ? "nobody could try" : "they do not")),
            (_, false) => new(
                isPublic ? NatKind.Firewall : NatKind.PortRestrictedCone,
                $"{way}; only who was asked gets in"),
            // What is most common, and promises no more than it keeps.
            _ => new(
                isPublic ? NatKind.Firewall : NatKind.PortRestrictedCone,
                $"{way}; who gets in could not be tried"),
        };
    }

    /// <summary>By how much the port goes up from one to the next, if by about the same each time.</summary>
    private static int? StepOf(List<IPEndPoint> seen)
    {
        if (seen.Count < 3 || seen.Any(each => !each.Address.Equals(seen[0].Address)))
            return null;
        var steps = seen.Zip(seen.Skip(1), (one, next) => next.Port - one.Port).ToList();
        // Others behind the same NAT take some in between.
        return steps.All(step => step is > 0 and <= 16) ? steps.Min() : null;
    }

    private static string Spell(List<IPEndPoint> seen) => string.Join(", ", seen.Select(each =>
        each.Address.Equals(seen[0].Address) && !each.Equals(seen[0])
            ? each.Port.ToString(CultureInfo.InvariantCulture) : each.ToString()));
}
