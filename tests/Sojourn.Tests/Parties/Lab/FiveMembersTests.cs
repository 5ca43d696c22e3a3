using System.Globalization;
using Sojourn.NatLab;
using Sojourn.Parties;
using Xunit.Abstractions;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>
/// Five members behind five kinds of routers, and everything fails in turn. The server is away for two seconds here;
/// <c>./build.sh party-away</c> has it away for minutes.
/// </summary>
[Collection(Lane.Laboratory)]
public sealed class FiveMembersTests(ITestOutputHelper output)
{
    private static readonly LabNat[] Kinds =
        [LabNat.Linux, LabNat.FullCone, LabNat.PortRestricted, LabNat.Symmetric, LabNat.Sequential];

    [LabFact("wireguard-go", "ping")]
    public async Task Five_members_behind_five_kinds_of_routers_stay_together_whatever_fails_in_turn()
    {
        // Beats come every 25 s; who was killed is missed soon after the one that does not.
        await using var party = await PartyLab.BuildAsync(silentAfter: TimeSpan.FromSeconds(40));
        await party.Lab.DelayServerAsync(TimeSpan.FromMilliseconds(5));
        await party.StartRelayAsync(await party.Lab.AddAsync("relay", LabNat.Open));
        for (var number = 0; number < Kinds.Length; number++)
        {
            var member = await party.AddAsync(PartyLab.Text($"m{number}"), Kinds[number]);
            await member.WaitAsync(_ => true, "it has joined");
        }

        var (linux, cone, restricted, symmetric, sequential) = (
            party.Members[0], party.Members[1], party.Members[2], party.Members[3], party.Members[4]);
        await AllReachAllAsync(party.Members);
        await linux.WaitAsync(cone, PathVia.Direct);
        await symmetric.WaitAsync(sequential, PathVia.Relay);
        await using var direct = new LabPings(cone, restricted);
        await using var relayed = new LabPings(symmetric, sequential);
        await direct.WaitForAsync(10);
        await relayed.WaitForAsync(10);

        await restricted.Host.RebootRouterAsync();
        output.WriteLine($"a router forgets, direct: {await direct.WaitForAsync(20)}");
        await sequential.Host.RebootRouterAsync();
        output.WriteLine($"a router forgets, relayed: {await relayed.WaitForAsync(20)}");
        await cone.Host.MoveAsync();
        output.WriteLine($"an address changes, direct: {await direct.WaitForAsync(20)}");
        await symmetric.Host.MoveAsync();
        output.WriteLine($"an address changes, relayed: {await relayed.WaitForAsync(20)}");

        await LoseServerAsync(party, direct, relayed);
        await LoseHostAsync(party, linux, [cone, restricted, symmetric, sequential]);
        await AllReachAllAsync(party.Members);
    }

    private async Task LoseServerAsync(PartyLab party, LabPings direct, LabPings relayed)
    {
        await party.Server.KillAsync();
        await party.Members[0].WaitAsync(now => now.ServerLost is not null, "the server is missed");
        var away = int.Parse(
            Environment.GetEnvironmentVariable("SOJOURN_PARTY_AWAY") ?? "2", CultureInfo.InvariantCulture);
        var pauses = (Direct: TimeSpan.Zero, Relayed: TimeSpan.Zero);
        for (var second = 0; second < away; second++)
        {
            var now = await Task.WhenAll(direct.WaitForAsync(10), relayed.WaitForAsync(10));
            pauses = (Longer(pauses.Direct, now[0]), Longer(pauses.Relayed, now[1]));
        }

        output.WriteLine($"the server is away for {away} s: {pauses.Direct} direct, {pauses.Relayed} relayed");
        await party.StartServerAsync();
        foreach (var member in party.Members)
            await member.WaitAsync(now => now.ServerLost is null, "the server is back");
    }

    private async Task LoseHostAsync(PartyLab party, LabMember host, LabMember[] others)
    {
        host.Now.Party.Host.ShouldBe(host.Now.Member);
        var address = host.Now.Address;
        await host.KillAsync();
        await using var pings = new LabPings(others[0], others[1]);
        await pings.WaitForAsync(10);
        foreach (var other in others)
        {
            await other.WaitAsync(
                now => now.Party.Members.Length == others.Length && now.Party.Host == others[0].Now.Member,
                "the oldest is host");
        }

        output.WriteLine($"the host is killed: {await pings.WaitForAsync(10)}");
        host.Begin();
        await host.WaitAsync(now => now.Party.Members.Length == party.Members.Count, "it is back");
        // Not its seat any more, but its address.
        (host.Now.Address, host.Now.Party.Host).ShouldBe((address, others[0].Now.Member));
    }

    private static async Task AllReachAllAsync(IReadOnlyList<LabMember> members)
    {
        foreach (var one in members)
        {
            await one.WaitAsync(
                now => now.Paths.Length == members.Count - 1
                    && now.Paths.All(path => path.Via is PathVia.Direct or PathVia.Relay),
                "it reaches all");
        }

        var answers = await Task.WhenAll(
            from one in members from other in members where one != other select one.PingAsync(other));
        answers.Length.ShouldBe(members.Count * (members.Count - 1));
        answers.ShouldAllBe(answer => answer.Contains(" 0% packet loss"));
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
