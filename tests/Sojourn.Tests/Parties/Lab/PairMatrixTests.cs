using Sojourn.NatLab;
using Sojourn.Parties;
using Xunit.Abstractions;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>Which pairs of routers are reached how: all at once, in one party.</summary>
[Collection(Lane.Laboratory)]
public sealed class PairMatrixTests(ITestOutputHelper output)
{
    private static readonly LabNat[] Classic =
        [LabNat.Open, LabNat.FullCone, LabNat.Restricted, LabNat.PortRestricted, LabNat.Symmetric];

    [LabFact("wireguard-go", "ping")]
    public async Task Every_pair_is_reached_as_the_table_says_and_pings_by_virtual_address()
    {
        await using var party = await PartyLab.BuildAsync();
        LabNat[] all =
        [
            .. Classic, .. Classic, LabNat.Firewall, LabNat.Linux, LabNat.Sequential, LabNat.BlockedUdp,
        ];
        for (var number = 0; number < all.Length; number++)
            await party.AddAsync(PartyLab.Text($"m{number}"), all[number]);
        foreach (var member in party.Members)
            await member.WaitAsync(now => now.Paths.Length == all.Length - 1, "all are there");

        var direct = 0;
        foreach (var one in party.Members)
        {
            foreach (var other in party.Members.Where(each => each != one))
            {
                var via = ViaOf(one.Host.Nat, other.Host.Nat);
                direct += via == PathVia.Direct ? 1 : 0;
                await one.WaitAsync(other, via);
            }
        }

        output.WriteLine(PartyLab.Text(
            $"{direct / 2} of {all.Length * (all.Length - 1) / 2} pairs are direct"));
        var blocked = party.Members.Single(each => each.Host.Nat == LabNat.BlockedUdp);
        await blocked.WaitAsync(now => now.Nat?.Kind == NatKind.Blocked, "it knows that no UDP gets through");
        var pairs = (
            from one in party.Members
            from other in party.Members
            where string.CompareOrdinal(one.Name, other.Name) < 0
            select (one, other)).ToList();
        // One of a few: a machine that has no time for a connection may lose what was on its way through it.
        var answers = await Task.WhenAll(pairs.Select(pair => pair.one.PingAsync(pair.other, 5)));
        pairs.Zip(answers).Where(each => LabMember.AnswersOf(each.Second) == 0)
            .Select(each => $"{Tell(each.First.one)} to {Tell(each.First.other)}: {each.Second}").ShouldBeEmpty();
        answers.Sum(LabMember.AnswersOf).ShouldBeGreaterThan(answers.Length * 5 * 95 / 100);
        output.WriteLine(PartyLab.Text(
            $"{answers.Sum(LabMember.AnswersOf)} of {answers.Length * 5} pings answered"));
        output.WriteLine($"the slowest first one: {answers.Max(LabMember.TimeOf)} ms");
    }

    [Fact]
    public void Of_the_fifteen_pairs_of_the_classic_kinds_thirteen_are_direct_and_one_more_by_guessing()
    {
        var pairs = (from one in Classic from other in Classic where one <= other select (one, other)).ToList();
        pairs.Count.ShouldBe(15);
        pairs.Count(pair => NatPairs.Between(KindOf(pair.one), KindOf(pair.other)) == Forecast.Direct).ShouldBe(13);
        pairs.Count(pair => NatPairs.Between(KindOf(pair.one), KindOf(pair.other)) == Forecast.Predicted).ShouldBe(1);
        pairs.Count(pair => NatPairs.AreCompatible(KindOf(pair.one), KindOf(pair.other))).ShouldBe(9);
    }

    private static string Tell(LabMember member) => $"{member.Name} ({member.Host.Nat})";

    /// <summary>How the first reaches the second.</summary>
    private static PathVia ViaOf(LabNat one, LabNat other) => NatPairs.Between(KindOf(one), KindOf(other)) switch
    {
        Forecast.WebSocket => one == LabNat.BlockedUdp ? PathVia.WebSocket : PathVia.Relay,
        Forecast.Relayed => PathVia.Relay,
        _ => PathVia.Direct,
    };

    private static NatKind KindOf(LabNat nat) => nat switch
    {
        LabNat.Open => NatKind.Open,
        LabNat.FullCone => NatKind.FullCone,
        LabNat.Restricted => NatKind.RestrictedCone,
        LabNat.Symmetric or LabNat.Sequential => NatKind.Symmetric,
        LabNat.Firewall => NatKind.Firewall,
        LabNat.BlockedUdp => NatKind.Blocked,
        _ => NatKind.PortRestrictedCone,
    };
}
