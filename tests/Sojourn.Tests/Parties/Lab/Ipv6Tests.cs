using Sojourn.NatLab;
using Sojourn.Parties;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>Members that have IPv6 beside an IPv4 that leads nowhere directly.</summary>
[Collection(Lane.Laboratory)]
public sealed class Ipv6Tests
{
    [LabFact("wireguard-go", "ping")]
    public async Task Two_behind_routers_that_no_guess_helps_with_reach_each_other_by_IPv6_and_by_the_relay_without_it()
    {
        await using var party = await PartyLab.BuildAsync();
        var ann = await party.AddWithIpv6Async("ann", LabNat.Symmetric);
        var ben = await party.AddWithIpv6Async("ben", LabNat.Symmetric);
        foreach (var (one, other) in new[] { (ann, ben), (ben, ann) })
        {
            await one.WaitAsync(other, PathVia.Direct);
            one.Now.Paths.ShouldHaveSingleItem().Detail.ShouldBe(nameof(CandidateSource.Ipv6));
        }

        await using var pings = new LabPings(ann, ben);
        await pings.WaitForAsync(10);

        await ann.Host.CutIpv6Async();
        await ann.WaitAsync(ben, PathVia.Relay);
        await pings.WaitForAsync(10);
    }

    [LabFact("wireguard-go", "ping")]
    public async Task Whoever_has_no_IPv6_reaches_one_who_has_both_as_before()
    {
        await using var party = await PartyLab.BuildAsync();
        var ann = await party.AddWithIpv6Async("ann", LabNat.PortRestricted);
        var ben = await party.AddAsync("ben", LabNat.PortRestricted);
        await ann.WaitAsync(ben, PathVia.Direct);
        await ben.WaitAsync(ann, PathVia.Direct);
        (await ann.PingAsync(ben)).ShouldContain(" 0% packet loss");
    }
}
