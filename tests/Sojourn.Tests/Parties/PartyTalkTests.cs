using Sojourn.Kinds.Parties;
using Sojourn.Parties;
using static Sojourn.Tests.Parties.Friends;

namespace Sojourn.Tests.Parties;

public sealed class PartyTalkTests
{
    [Fact]
    public void A_ready_check_is_over_once_all_have_answered()
    {
        var party = Make().With("Ann", "Ben", "Cid").Send(new AskReady(IdOf("Ann")));
        party.State.ReadyCheck!.IsOver.ShouldBeFalse();
        party = party.Send(new AnswerReady(IdOf("Ben"), true));
        party.Send(new AnswerReady(IdOf("Ben"), true)).IsChange.ShouldBeFalse();
        var ready = party.Send(new AnswerReady(IdOf("Cid"), true));
        ready.Events.OfType<ReadyEnded>().Single().AllReady.ShouldBeTrue();
        ready.Send(new AnswerReady(IdOf("Cid"), true)).Refusal!.Code.ShouldBe("no-ready-check");

        var not = party.Send(new AnswerReady(IdOf("Cid"), false)).Events.OfType<ReadyEnded>().Single();
        (not.AllReady, not.Text).ShouldBe((false, "Not ready: Cid."));
    }

    [Fact]
    public void Who_does_not_answer_in_time_is_not_ready()
    {
        var party = Make().With("Ann", "Ben").Send(new AskReady(IdOf("Ann"), 5));
        party.After(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1)).State.ReadyCheck!.IsOver.ShouldBeFalse();
        var over = party.After(TimeSpan.FromSeconds(5));
        over.Events.OfType<ReadyEnded>().Single().Text.ShouldBe("Not ready: Ben.");
        over.Send(new AskReady(IdOf("Ann"))).State.ReadyCheck!.Number.ShouldBe(2);
    }

    [Fact]
    public void Nobody_waits_for_the_answer_of_somebody_who_left()
    {
        var party = Make().With("Ann", "Ben", "Cid").Send(new AskReady(IdOf("Ann")))
            .Send(new AnswerReady(IdOf("Ben"), true)).Send(new Leave(IdOf("Cid")));
        party.Events.OfType<ReadyEnded>().Single().AllReady.ShouldBeTrue();
    }

    [Fact]
    public void One_ready_check_at_a_time_of_5_to_300_seconds()
    {
        var party = Make().With("Ann", "Ben");
        foreach (var bad in (int[])[4, 301])
            party.Send(new AskReady(IdOf("Ann"), bad)).Refusal!.Field.ShouldBe("seconds");
        var asked = party.Send(new AskReady(IdOf("Ann"), 300));
        asked.Send(new AskReady(IdOf("Ann"))).Refusal!.Code.ShouldBe("ready-check-open");
        Make().With("Ann").Send(new AskReady(IdOf("Ann"))).Events.OfType<ReadyEnded>().Single()
            .AllReady.ShouldBeTrue();
    }

    [Fact]
    public void A_line_is_told_to_all_and_nobody_says_too_much_at_once()
    {
        var party = Make().With("Ann", "Ben");
        for (var line = 0; line < PartyLimits.MostLinesAtOnce; line++)
        {
            party = party.Send(new Say(IdOf("Ben"), $"line {line}"));
            party.Events.OfType<Said>().Single().Text.ShouldBe($"Ben: line {line}");
        }

        party.Send(new Say(IdOf("Ben"), "one more")).Refusal!.Code.ShouldBe("too-fast");
        party.Send(new Say(IdOf("Ann"), "I may")).IsAccepted.ShouldBeTrue();
        party.After(PartyLimits.SayEvery).Send(new Say(IdOf("Ben"), "now")).IsAccepted.ShouldBeTrue();
    }

    [Fact]
    public void A_line_has_1_to_500_characters_and_no_breaks()
    {
        var party = Make().With("Ann");
        party.Send(new Say(IdOf("Ann"), new string('x', 500))).IsAccepted.ShouldBeTrue();
        foreach (var bad in (string[])["", " ", "a\nb", new string('x', 501)])
            party.Send(new Say(IdOf("Ann"), bad)).Refusal!.Field.ShouldBe("text");
    }
}
