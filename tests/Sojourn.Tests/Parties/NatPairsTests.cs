using Sojourn.Parties;
using static Sojourn.Parties.NatKind;

namespace Sojourn.Tests.Parties;

public sealed class NatPairsTests
{
    private static readonly NatKind[] Classic = [Open, FullCone, RestrictedCone, PortRestrictedCone, Symmetric];

    public static TheoryData<NatKind, NatKind[]> Cautious => new()
    {
        { Open, Classic },
        { FullCone, [Open, FullCone, RestrictedCone, PortRestrictedCone] },
        { RestrictedCone, [Open, FullCone, RestrictedCone] },
        { PortRestrictedCone, [Open, FullCone] },
        { Symmetric, [Open] },
        { Unknown, [] },
        { Blocked, [] },
    };

    [Theory]
    [MemberData(nameof(Cautious))]
    public void The_table_for_lists_is_the_one_of_old(NatKind kind, NatKind[] with) =>
        Enum.GetValues<NatKind>().Where(other => other != Firewall && NatPairs.AreCompatible(kind, other))
            .ShouldBe(with, ignoreOrder: true);

    [Fact]
    public void Of_the_15_pairs_of_the_classic_kinds_9_are_for_lists_and_13_are_direct()
    {
        var pairs = Classic.SelectMany((one, at) => Classic[at..].Select(other => (one, other))).ToList();
        pairs.Count.ShouldBe(15);
        pairs.Count(pair => NatPairs.AreCompatible(pair.one, pair.other)).ShouldBe(9);
        pairs.Count(pair => NatPairs.Between(pair.one, pair.other) == Forecast.Direct).ShouldBe(13);
        NatPairs.Between(Symmetric, PortRestrictedCone).ShouldBe(Forecast.Predicted);
        NatPairs.Between(Symmetric, Symmetric).ShouldBe(Forecast.Relayed);
    }

    [Fact]
    public void Both_tables_are_the_same_from_either_side_and_none_promises_more_than_the_other_can_keep()
    {
        foreach (var one in Enum.GetValues<NatKind>())
        {
            foreach (var other in Enum.GetValues<NatKind>())
            {
                NatPairs.Between(one, other).ShouldBe(NatPairs.Between(other, one));
                NatPairs.AreCompatible(one, other).ShouldBe(NatPairs.AreCompatible(other, one));
                NatPairs.Explain(one, other).ShouldBe(NatPairs.Explain(other, one));
                if (NatPairs.AreCompatible(one, other))
                    NatPairs.Between(one, other).ShouldBe(Forecast.Direct);
            }
        }
    }

    [Fact]
    public void Who_lets_no_UDP_through_is_reached_over_a_WebSocket_and_the_unknown_is_tried()
    {
        foreach (var kind in Enum.GetValues<NatKind>())
            NatPairs.Between(Blocked, kind).ShouldBe(Forecast.WebSocket);
        NatPairs.Between(Unknown, PortRestrictedCone).ShouldBe(Forecast.Unknown);
        NatPairs.Between(Unknown, Open).ShouldBe(Forecast.Direct);
        NatPairs.Between(Firewall, Firewall).ShouldBe(Forecast.Direct);
        NatPairs.Between(Firewall, Symmetric).ShouldBe(Forecast.Predicted);
    }

    [Fact]
    public void Every_kind_has_words_of_its_own_and_none_of_the_codes()
    {
        var words = Enum.GetValues<NatKind>().Select(NatPairs.Words).ToList();
        words.Distinct().Count().ShouldBe(words.Count);
        NatPairs.Words(NatKind.PortRestrictedCone).ShouldBe("a port-restricted cone");
    }
}
