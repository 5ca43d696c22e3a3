using Sojourn.Kinds.Parties;
using Sojourn.Parties;
using static Sojourn.Tests.Parties.Friends;

namespace Sojourn.Tests.Parties;

public sealed class PartyHostTests
{
    private const string NewCode = "abcdefgh9876";

    [Fact]
    public void When_the_host_leaves_whoever_was_there_longest_is_host_and_the_party_lives_on()
    {
        var party = Make().With("Ann", "Ben", "Cid").Send(new Leave(IdOf("Ann")));
        (party.Host(), party.Status).ShouldBe(("Ben", "open"));
        party.Events.OfType<HostChanged>().Single().Name.ShouldBe("Ben");
    }

    [Fact]
    public void When_the_host_falls_silent_the_oldest_that_is_there_is_host()
    {
        var party = Make().With("Ann", "Ben", "Cid").After(TimeSpan.FromMinutes(4))
            .Send(new Heartbeat(IdOf("Cid"))).After(TimeSpan.FromMinutes(2));
        party.Names().ShouldBe(["Cid"]);
        party.Host().ShouldBe("Cid");
    }

    [Fact]
    public void A_party_that_is_made_so_ends_when_its_host_leaves()
    {
        var party = Make(new StartParty("Friday", EndsWithHost: true)).With("Ann", "Ben");
        party.Send(new Leave(IdOf("Ben"))).Status.ShouldBe("open");
        var over = party.Send(new Leave(IdOf("Ann")));
        over.Status.ShouldBe("ended");
        over.Events.OfType<PartyEnded>().Single().Why.ShouldBe("host-left");
        over.Send(new Heartbeat(IdOf("Ben"))).Refusal!.Code.ShouldBe("party-over");
    }

    [Fact]
    public void Only_the_host_decides()
    {
        var party = Make().With("Ann", "Ben", "Cid");
        var (ben, cid) = (IdOf("Ben"), IdOf("Cid"));
        ICommand<Nothing>[] hosts =
        [
            new Kick(ben, cid), new Ban(ben, cid), new Unban(ben, cid), new HandOver(ben, cid),
            new Settle(ben, Name: "Mine"), new Invite(ben, NewCode), new AskReady(ben), new EndParty(ben),
        ];
        foreach (var command in hosts)
            party.Send(command).Refusal!.Code.ShouldBe("host-only");
        foreach (var command in (ICommand<Nothing>[])[new Kick("x", cid), new EndParty("x"), new Invite("x", NewCode)])
            party.Send(command).Refusal!.Code.ShouldBe("not-a-member");
    }

    [Fact]
    public void Who_was_kicked_may_join_again_and_who_was_banned_may_not()
    {
        var party = Make().With("Ann", "Ben");
        var (ann, ben) = (IdOf("Ann"), IdOf("Ben"));
        var kicked = party.Send(new Kick(ann, ben));
        kicked.Names().ShouldBe(["Ann"]);
        kicked.Send(JoinOf("Ben")).IsAccepted.ShouldBeTrue();

        var banned = party.Send(new Ban(ann, ben, NewCode));
        banned.Names().ShouldBe(["Ann"]);
        banned.State.Invitation.ShouldBe(NewCode);
        banned.Send(JoinOf("Ben")).Refusal!.Code.ShouldBe("banned");
        banned.Send(new Ban(ann, ben)).IsChange.ShouldBeFalse();
        banned.Send(new Unban(ann, ben)).Send(JoinOf("Ben")).IsAccepted.ShouldBeTrue();
    }

    [Fact]
    public void Nobody_removes_itself()
    {
        var party = Make().With("Ann");
        party.Send(new Kick(IdOf("Ann"), IdOf("Ann"))).Refusal!.Code.ShouldBe("not-yourself");
        party.Send(new Ban(IdOf("Ann"), IdOf("Ann"))).Refusal!.Code.ShouldBe("not-yourself");
    }

    [Fact]
    public void As_many_as_a_party_keeps_are_banned_and_no_more()
    {
        var party = Make().With("Ann");
        for (var number = 0; number < PartyLimits.MostBanned; number++)
            party = party.Send(new Ban(IdOf("Ann"), IdOf($"Pest {number}")));
        party.Send(new Ban(IdOf("Ann"), IdOf("One more"))).Refusal!.Code.ShouldBe("too-many-banned");
        party.Send(new Ban(IdOf("Ann"), "not an id")).Refusal!.Field.ShouldBe("member");
    }

    [Fact]
    public void The_host_hands_over()
    {
        var party = Make().With("Ann", "Ben").Send(new HandOver(IdOf("Ann"), IdOf("Ben")));
        party.Host().ShouldBe("Ben");
        party.Send(new HandOver(IdOf("Ann"), IdOf("Ann"))).Refusal!.Code.ShouldBe("host-only");
        party.Send(new HandOver(IdOf("Ben"), "x")).Refusal!.Code.ShouldBe("no-such-member");
        party.Send(new HandOver(IdOf("Ben"), IdOf("Ben"))).IsChange.ShouldBeFalse();
    }

    [Fact]
    public void A_locked_party_takes_back_its_own_and_nobody_else()
    {
        var party = Make().With("Ann", "Ben").Send(new Settle(IdOf("Ann"), Locked: true));
        party.Send(JoinOf("Cid")).Refusal!.Code.ShouldBe("locked");
        party.Send(JoinOf("Ben")).Reply.IsBack.ShouldBeTrue();
        party.Send(new Settle(IdOf("Ann"), Locked: false)).Send(JoinOf("Cid")).IsAccepted.ShouldBeTrue();
    }

    [Fact]
    public void A_party_is_not_made_smaller_than_it_is_and_what_changes_nothing_takes_no_step()
    {
        var party = Make().With("Ann", "Ben", "Cid");
        var ann = IdOf("Ann");
        party.Send(new Settle(ann, Size: 2)).Refusal!.Code.ShouldBe("too-many-members");
        party.Send(new Settle(ann, Size: 65)).Refusal!.Field.ShouldBe("size");
        party.Send(new Settle(ann, Size: 3, Name: "Trio")).State.ShouldSatisfyAllConditions(
            state => state.Size.ShouldBe(3), state => state.Name.ShouldBe("Trio"));
        party.Send(new Settle(ann, Size: 16, Name: "Friday")).IsChange.ShouldBeFalse();
    }

    [Fact]
    public void A_new_invitation_takes_the_place_of_the_old_one_and_may_keep_its_password()
    {
        var party = Make(new StartParty("Friday", PasswordHash: "hash")).With("Ann");
        var invited = party.Send(new Invite(IdOf("Ann"), NewCode));
        (invited.State.Invitation, invited.State.PasswordHash).ShouldBe((NewCode, "hash"));
        party.Send(new Invite(IdOf("Ann"), NewCode, "")).State.PasswordHash.ShouldBe("");
        foreach (var bad in (string[])["", "short", "UPPERCASE123", "with-a-dash12", new string('a', 33)])
            party.Send(new Invite(IdOf("Ann"), bad)).Refusal!.Field.ShouldBe("invitation");
    }

    [Fact]
    public void A_new_invitation_begins_as_the_old_one_or_nobody_would_find_the_party_by_it()
    {
        var party = Make().With("Ann", "Ben");
        const string another = "zyxwvuts9876";
        party.Send(new Invite(IdOf("Ann"), another)).Refusal!.Message.ShouldContain("begins with abcdefgh");
        party.Send(new Invite("", another)).Refusal!.Field.ShouldBe("invitation");
        party.Send(new Ban(IdOf("Ann"), IdOf("Ben"), another)).Refusal!.Field.ShouldBe("invitation");
    }

    [Fact]
    public void The_owner_locks_invites_to_and_ends_a_party_in_which_nobody_sits()
    {
        var party = Make().Send(new Settle("", Locked: true));
        party.State.IsLocked.ShouldBeTrue();
        party.Send(new Invite("", NewCode)).State.Invitation.ShouldBe(NewCode);
        var over = party.Send(new EndParty(""));
        (over.Status, over.Events.OfType<PartyEnded>().Single().Why).ShouldBe(("ended", "owner"));
        over.Send(new Settle("", Locked: false)).Refusal!.Code.ShouldBe("party-over");
        over.Send(new EndParty("")).IsChange.ShouldBeFalse();
    }

    [Fact]
    public void The_owner_may_do_what_the_host_may_and_not_what_members_do_for_themselves()
    {
        var party = Make().With("Ann", "Ben", "Cid");
        var (ann, ben) = (IdOf("Ann"), IdOf("Ben"));
        party.Send(new Kick("", ann)).Host().ShouldBe("Ben");
        party.Send(new HandOver("", ben)).Host().ShouldBe("Ben");
        var banned = party.Send(new Ban("", ben, NewCode));
        banned.Names().ShouldBe(["Ann", "Cid"]);
        banned.Send(new Unban("", ben)).Send(JoinOf("Ben")).IsAccepted.ShouldBeTrue();
        var asked = party.Send(new AskReady(""));
        (asked.State.ReadyCheck!.Answers.Count, asked.State.ReadyCheck.IsOver).ShouldBe((0, false));
        asked.Events.OfType<ReadyAsked>().Single().Text.ShouldStartWith("The owner asks");
        foreach (var command in (ICommand<Nothing>[])[
            new Say("", "hello"), new SendSignal("", ben, 1, "x"), new AnswerReady("", true)])
            asked.Send(command).Refusal!.Code.ShouldBe("not-a-member");
        party.Send(new Heartbeat("")).Refusal!.Code.ShouldBe("not-a-member");
        party.Send(new Report("")).Refusal!.Code.ShouldBe("not-a-member");
        party.Send(new Leave("")).IsChange.ShouldBeFalse();
    }

    [Fact]
    public void The_host_ends_the_party_for_all()
    {
        var over = Make().With("Ann", "Ben").Send(new EndParty(IdOf("Ann")));
        (over.Status, over.State.Members.Length).ShouldBe(("ended", 0));
        over.Send(new EndParty(IdOf("Ann"))).IsChange.ShouldBeFalse();
    }
}
