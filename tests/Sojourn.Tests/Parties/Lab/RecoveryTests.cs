using Sojourn.NatLab;
using Sojourn.Parties;
using Xunit.Abstractions;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>What breaks comes back by itself.</summary>
[Collection(Lane.Laboratory)]
public sealed class RecoveryTests(ITestOutputHelper output)
{
    [LabFact("wireguard-go", "ping")]
    public async Task A_router_that_forgets_and_an_address_that_changes_cost_moments()
    {
        await using var party = await PartyLab.BuildAsync();
        var (ann, ben) = await PairAsync(party, LabNat.PortRestricted, LabNat.PortRestricted);
        await using var pings = new LabPings(ann, ben);
        await pings.WaitForAsync(10);

        await ben.Host.RebootRouterAsync();
        output.WriteLine($"a router forgets: {await pings.WaitForAsync(30)}");
        await ben.Host.MoveAsync();
        output.WriteLine($"an address changes: {await pings.WaitForAsync(30)}");
        await Task.WhenAll(ann.Host.RebootRouterAsync(), ben.Host.RebootRouterAsync());
        output.WriteLine($"both routers forget: {await pings.WaitForAsync(30)}");
        await ann.WaitAsync(ben, PathVia.Relay);
        await ann.WaitAsync(ben, PathVia.Direct);
        await ben.WaitAsync(ann, PathVia.Direct);
    }

    [LabFact("wireguard-go", "ping")]
    public async Task A_server_that_is_away_leaves_the_network_as_it_is_and_all_is_told_once_it_is_back()
    {
        await using var party = await PartyLab.BuildAsync();
        var (ann, ben) = await PairAsync(party, LabNat.FullCone, LabNat.PortRestricted);
        await using var pings = new LabPings(ann, ben);
        await pings.WaitForAsync(10);

        await party.Server.KillAsync();
        await ann.WaitAsync(now => now.ServerLost is not null, "the server is missed");
        (await pings.WaitForAsync(20)).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        await party.StartServerAsync();
        await ann.WaitAsync(now => now.ServerLost is null, "the server is back");
        var cid = await party.AddAsync("cid", LabNat.Linux);
        await cid.WaitAsync(ann, PathVia.Direct);
        await cid.WaitAsync(ben, PathVia.Direct);
        (await cid.PingAsync(ben)).ShouldContain(" 0% packet loss");
    }

    [LabFact("wireguard-go", "ping")]
    public async Task A_member_that_was_killed_comes_back_with_its_address_and_leaves_no_interface_meanwhile()
    {
        await using var party = await PartyLab.BuildAsync();
        var (ann, ben) = await PairAsync(party, LabNat.Linux, LabNat.PortRestricted);
        var (address, host) = (ann.Now.Address, ann.Now.Party.Host);
        ann.Now.Member.ShouldBe(host);
        await using var pings = new LabPings(ben, ann);
        await pings.WaitForAsync(10);

        await ann.KillAsync();
        await ann.WaitUntilGoneAsync();
        ann.Begin();
        await ann.WaitAsync(now => now.Party.Members.Length == 2, "it is back");
        output.WriteLine($"killed, and joined again: {await pings.WaitForAsync(20)}");
        (ann.Now.Address, ann.Now.Party.Host).ShouldBe((address, host));

        await ann.StopAsync();
        (await ann.Host.Machine.RunAsync("ip", "-br", "link")).ShouldNotContain("sojourn0");
        (await ann.Host.Machine.RunAsync("ip", "route")).ShouldNotContain("10.66.");
    }

    private static async Task<(LabMember Ann, LabMember Ben)> PairAsync(PartyLab party, LabNat one, LabNat other)
    {
        var ann = await party.AddAsync("ann", one);
        await ann.WaitAsync(_ => true, "it has joined");
        var ben = await party.AddAsync("ben", other);
        await ann.WaitAsync(ben, PathVia.Direct);
        await ben.WaitAsync(ann, PathVia.Direct);
        return (ann, ben);
    }
}
