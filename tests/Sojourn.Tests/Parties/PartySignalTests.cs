using Sojourn.Kinds.Parties;
using Sojourn.Parties;
using static Sojourn.Tests.Parties.Friends;

namespace Sojourn.Tests.Parties;

public sealed class PartySignalTests
{
    private static readonly (string Ann, string Ben, string Cid) Ids = (IdOf("Ann"), IdOf("Ben"), IdOf("Cid"));

    [Fact]
    public void A_signal_waits_for_its_receiver_alone_until_that_says_it_has_it()
    {
        var party = Make().With("Ann", "Ben", "Cid")
            .Send(new SendSignal(Ids.Ann, Ids.Ben, 1, "hello")).Send(new SendSignal(Ids.Cid, Ids.Ben, 1, "hey"));

        var pulse = party.Send(new Heartbeat(Ids.Ben)).Reply;
        pulse.Signals.Select(signal => (signal.Number, signal.From, signal.Data))
            .ShouldBe([(1, Ids.Ann, "hello"), (2, Ids.Cid, "hey")]);
        party.Send(new Heartbeat(Ids.Cid)).Reply.Signals.ShouldBeEmpty();

        var taken = party.Send(new Heartbeat(Ids.Ben, SignalsUpTo: 1));
        taken.Reply.Signals.Single().Data.ShouldBe("hey");
        taken.Send(new Heartbeat(Ids.Ben, SignalsUpTo: 2)).State.Signals.ShouldBeEmpty();
        // One member's word does not take what waits for another.
        party.Send(new Heartbeat(Ids.Cid, SignalsUpTo: 2)).State.Signals.Length.ShouldBe(2);
    }

    [Fact]
    public void A_signal_that_comes_again_is_refused()
    {
        var party = Make().With("Ann", "Ben").Send(new SendSignal(Ids.Ann, Ids.Ben, 7, "a"));
        party.Send(new SendSignal(Ids.Ann, Ids.Ben, 7, "a")).Refusal!.Code.ShouldBe("replayed");
        party.Send(new SendSignal(Ids.Ann, Ids.Ben, 6, "b")).Refusal!.Code.ShouldBe("replayed");
        party.Send(new SendSignal(Ids.Ann, Ids.Ben, 8, "c")).IsAccepted.ShouldBeTrue();
        // Neither does coming back allow it again.
        party.Send(JoinOf("Ann")).Send(new SendSignal(Ids.Ann, Ids.Ben, 7, "a")).Refusal!.Code.ShouldBe("replayed");
    }

    [Fact]
    public void A_signal_is_forgotten_after_half_a_minute()
    {
        var party = Make().With("Ann", "Ben").Send(new SendSignal(Ids.Ann, Ids.Ben, 1, "a"));
        party.After(PartyLimits.SignalsWait - TimeSpan.FromTicks(1)).Send(new Heartbeat(Ids.Ben))
            .Reply.Signals.Length.ShouldBe(1);
        party.After(PartyLimits.SignalsWait).Send(new Heartbeat(Ids.Ben)).Reply.Signals.ShouldBeEmpty();
        party.After(PartyLimits.SignalsWait).Send(new SendSignal(Ids.Ann, Ids.Ben, 2, "b"))
            .State.Signals.Length.ShouldBe(1);
    }

    [Fact]
    public void As_many_signals_wait_for_a_member_as_may_and_no_more_and_others_are_not_kept_from_theirs()
    {
        var party = Make().With("Ann", "Ben", "Cid");
        for (var number = 1; number <= PartyLimits.MostSignals; number++)
            party = party.Send(new SendSignal(Ids.Ann, Ids.Ben, number, new string('x', PartyLimits.LongestSignal)));
        party.Refusal.ShouldBeNull();
        party.Send(new SendSignal(Ids.Ann, Ids.Ben, 100, "x")).Refusal!.Code.ShouldBe("too-many-signals");
        party.Send(new SendSignal(Ids.Ann, Ids.Cid, 100, "x")).IsAccepted.ShouldBeTrue();
    }

    [Fact]
    public void A_signal_that_is_too_large_empty_or_to_nobody_is_refused()
    {
        var party = Make().With("Ann", "Ben");
        var tooLarge = new string('x', PartyLimits.LongestSignal + 1);
        party.Send(new SendSignal(Ids.Ann, Ids.Ben, 1, tooLarge)).Refusal!.Field.ShouldBe("data");
        party.Send(new SendSignal(Ids.Ann, Ids.Ben, 1, "")).Refusal!.Field.ShouldBe("data");
        party.Send(new SendSignal(Ids.Ann, Ids.Cid, 1, "a")).Refusal!.Code.ShouldBe("no-such-member");
        party.Send(new SendSignal(Ids.Ann, Ids.Ann, 1, "a")).Refusal!.Code.ShouldBe("no-such-member");
        party.Send(new SendSignal(Ids.Cid, Ids.Ann, 1, "a")).Refusal!.Code.ShouldBe("not-a-member");
    }

    [Fact]
    public void What_waits_to_or_from_somebody_goes_with_it()
    {
        var party = Make().With("Ann", "Ben", "Cid").Send(new SendSignal(Ids.Ann, Ids.Ben, 1, "a"))
            .Send(new SendSignal(Ids.Ben, Ids.Cid, 1, "b")).Send(new SendSignal(Ids.Ann, Ids.Cid, 2, "c"));
        party.Send(new Leave(Ids.Ben)).State.Signals.Single().Data.ShouldBe("c");
    }

    [Fact]
    public void A_report_changes_what_it_names_and_tells_only_of_what_is_other_than_before()
    {
        var party = Make().With("Ann", "Ben");
        var nat = new NatReport(NatKind.FullCone, "the same port at two servers");
        var path = new PathReport(Ids.Ben, PathVia.Relay, 31.5, 0.5, "relay-1");
        var told = party.Send(new Report(Ids.Ann, [new("192.0.2.7:40000", CandidateSource.Reflexive)], nat, [path]));
        told.Events.Select(each => each.GetType()).ShouldBe([typeof(NatChanged), typeof(PathChanged)]);
        told.Events.OfType<NatChanged>().Single().Text.ShouldBe($"Ann is behind {NatPairs.Words(nat.Kind)}.");
        told.State.Revision.ShouldBe(party.State.Revision + 1);

        var measured = told.Send(new Report(Ids.Ann, Paths: [path with { LatencyMs = 40 }]));
        measured.Events.ShouldBeEmpty();
        measured.State.Revision.ShouldBe(told.State.Revision + 1);
        measured.Member("Ann").ShouldSatisfyAllConditions(
            ann => ann.Nat.ShouldBe(nat),
            ann => ann.Candidates.Length.ShouldBe(1),
            ann => ann.Paths.Single().LatencyMs.ShouldBe(40));
        measured.Send(new Report(Ids.Ann)).State.Revision.ShouldBe(measured.State.Revision);

        var upgraded = measured.Send(new Report(Ids.Ann, Paths: [path with { Via = PathVia.Direct, Detail = "lan" }]));
        upgraded.Events.OfType<PathChanged>().Single().Text.ShouldContain("Ann to Ben: direct");
        upgraded.Send(new Leave(Ids.Ben)).Member("Ann").Paths.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("192.0.2.7:0")]
    [InlineData("0.0.0.0:5")]
    [InlineData("127.0.0.1:5")]
    [InlineData("[::1]:5")]
    [InlineData("224.0.0.1:5")]
    [InlineData("255.255.255.255:5")]
    [InlineData("[ff02::1]:5")]
    [InlineData("[::ffff:192.0.2.7]:5")]
    [InlineData("192.0.2.07:5")]
    [InlineData("example.org:5")]
    [InlineData("0.1.2.3:5")]
    public void An_address_that_nobody_should_be_sent_to_is_refused(string address) =>
        Make().With("Ann").Send(new Report(Ids.Ann, [new(address, CandidateSource.Lan)]))
            .Refusal!.Field.ShouldBe("candidates");

    [Fact]
    public void Reports_have_their_limits()
    {
        var party = Make().With("Ann", "Ben");
        var most = Enumerable.Range(1, PartyLimits.MostCandidates)
            .Select(port => new Candidate($"192.0.2.7:{port}", CandidateSource.Lan)).ToArray();
        party.Send(new Report(Ids.Ann, [.. most])).IsAccepted.ShouldBeTrue();
        party.Send(new Report(Ids.Ann, [.. most, most[0]])).Refusal!.Field.ShouldBe("candidates");
        party.Send(new Report(Ids.Ann, Nat: new((NatKind)99))).Refusal!.Field.ShouldBe("nat");
        PathReport good = new(Ids.Ben, PathVia.Direct, 60_000, 100);
        party.Send(new Report(Ids.Ann, Paths: [good])).IsAccepted.ShouldBeTrue();
        foreach (var bad in (PathReport[])[
            good with { LatencyMs = 60_001 }, good with { LatencyMs = double.NaN }, good with { LossPercent = -1 },
            good with { LossPercent = double.NaN }, good with { To = Ids.Ann }, good with { Via = (PathVia)9 },
            good with { Detail = new string('x', 65) }])
            party.Send(new Report(Ids.Ann, Paths: [bad])).Refusal!.Field.ShouldBe("paths");
        party.Send(new Report(Ids.Ann, Paths: [good, good])).Refusal!.Field.ShouldBe("paths");
        // Whoever left meanwhile is no reason to refuse the rest.
        party.Send(new Report(Ids.Ann, Paths: [good, good with { To = Ids.Cid }]))
            .State.Find(Ids.Ann)!.Paths.Single().To.ShouldBe(Ids.Ben);
    }
}
