using Sojourn.NatLab;
using Sojourn.Parties;
using Xunit.Abstractions;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>
/// Routers that take what nobody asked for themselves, and so give what their own players send there another port.
/// </summary>
[Collection(Lane.Laboratory)]
public sealed class LeakyRouterTests(ITestOutputHelper output)
{
    [LabFact("wireguard-go", "ping")]
    public async Task Players_behind_leaky_routers_are_reached_directly_and_again_after_a_router_has_forgotten()
    {
        await using var party = await PartyLab.BuildAsync();
        var ann = await party.AddAsync("ann", LabNat.Leaky);
        await ann.WaitAsync(_ => true, "it has joined");
        LabMember[] others =
        [
            await party.AddAsync("ben", LabNat.Leaky), await party.AddAsync("cid", LabNat.PortRestricted),
            await party.AddAsync("dan", LabNat.Linux),
        ];
        foreach (var other in others)
            await ReachAsync(ann, other);
        output.WriteLine($"joined: {ann.Tell()}");

        var seen = SeenOf(ann, others[0]);
        await ann.Host.RebootRouterAsync();
        foreach (var other in others)
        {
            await MoveAsync(other, ann, seen);
            await ReachAsync(ann, other);
        }

        output.WriteLine($"ann's router has forgotten: {ann.Tell()}");
        seen = SeenOf(others[1], ann);
        await others[1].Host.RebootRouterAsync();
        await MoveAsync(ann, others[1], seen);
        foreach (var other in others)
            await ReachAsync(ann, other);
        output.WriteLine($"cid's router has forgotten: {ann.Tell()}");
    }

    private static async Task ReachAsync(LabMember one, LabMember other)
    {
        await one.WaitAsync(other, PathVia.Direct);
        await other.WaitAsync(one, PathVia.Direct);
        (await one.PingAsync(other)).ShouldContain(" 0% packet loss");
    }

    /// <summary>Completes once one has gone over to where the other is seen now.</summary>
    private static async Task MoveAsync(LabMember one, LabMember other, string? before)
    {
        await one.WaitAsync(
            _ => SeenOf(other, one) is { } seen && seen != before, $"it knows where {other.Name} is now");
        await one.WaitAsync(
            now => now.Paths.Any(path => path.Via == PathVia.Direct && path.To == other.Now.Member
                && path.Detail == nameof(CandidateSource.Reflexive)),
            $"it reaches {other.Name} there");
    }

    /// <summary>As what another knows a member to be seen.</summary>
    private static string? SeenOf(LabMember member, LabMember by) => by.Now.Party.Members
        .FirstOrDefault(each => each.Name == member.Name)?.Candidates
        .FirstOrDefault(each => each.Source == CandidateSource.Reflexive)?.Address;
}
