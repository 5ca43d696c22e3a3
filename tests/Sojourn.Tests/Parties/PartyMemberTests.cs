using Sojourn.Kinds.Parties;
using Sojourn.Parties;
using static Sojourn.Tests.Parties.Friends;

namespace Sojourn.Tests.Parties;

public sealed class PartyMemberTests
{
    [Fact]
    public void Whoever_joins_first_is_host_and_has_the_first_address()
    {
        var party = Make().Send(JoinOf("Ann"));

        party.Reply.ShouldBe(new Joined(IdOf("Ann"), "10.66.0.1", IsBack: false));
        (party.Status, party.Host()).ShouldBe(("open", "Ann"));
        party.Events.Select(each => each.GetType()).ShouldBe([typeof(MemberJoined), typeof(HostChanged)]);
        party.Send(JoinOf("Ben")).Reply.Address.ShouldBe("10.66.0.2");
    }

    [Fact]
    public void Who_joins_again_has_the_same_seat_and_the_same_address()
    {
        var party = Make().With("Ann", "Ben", "Cid");
        var again = party.After(TimeSpan.FromMinutes(1)).Send(JoinOf("Ben"));

        again.Reply.ShouldBe(new Joined(IdOf("Ben"), "10.66.0.2", IsBack: true));
        again.Names().ShouldBe(["Ann", "Ben", "Cid"]);
        again.Member("Ben").JoinedAt.ShouldBe(party.Member("Ben").JoinedAt);
        again.Member("Ben").LastSeenAt.ShouldBe(again.Now);
    }

    [Fact]
    public void Nobody_takes_a_seat_with_the_key_of_another()
    {
        var party = Make().With("Ann", "Ben");
        var stolen = party.Send(JoinOf("Ben", secret: "another's"));

        stolen.Refusal!.Code.ShouldBe("key-in-use");
        stolen.IsChange.ShouldBeFalse();
    }

    [Fact]
    public void Who_left_and_comes_back_has_the_address_of_before_and_nobody_else_had_it_meanwhile()
    {
        var party = Make().With("Ann", "Ben", "Cid").Send(new Leave(IdOf("Ben"))).With("Dee");
        party.Member("Dee").Address.ShouldBe("10.66.0.4");
        party.Send(JoinOf("Ben")).Reply.Address.ShouldBe("10.66.0.2");
    }

    [Fact]
    public void A_wanted_address_is_given_if_nobody_has_it_and_the_network_holds_it()
    {
        var party = Make().With("Ann");
        party.Send(JoinOf("Ben", wanted: "10.66.0.77")).Reply.Address.ShouldBe("10.66.0.77");
        party.Send(JoinOf("Ben", wanted: "10.66.0.1")).Reply.Address.ShouldBe("10.66.0.2");
        foreach (var bad in (string[])["10.67.0.7", "10.66.0.0", "10.66.0.255", "nonsense", "10.66.7", "::1", ""])
            party.Send(JoinOf("Ben", wanted: bad)).Reply.Address.ShouldBe("10.66.0.2");
    }

    [Fact]
    public void A_party_takes_as_many_as_its_size_and_not_one_more()
    {
        var party = Make(new StartParty("Duo", Size: 2)).With("Ann", "Ben");
        party.Send(JoinOf("Cid")).Refusal!.Code.ShouldBe("party-full");
        party.Send(JoinOf("Ben")).IsAccepted.ShouldBeTrue();
        party.Send(new Leave(IdOf("Ben"))).Send(JoinOf("Cid")).IsAccepted.ShouldBeTrue();
    }

    [Fact]
    public void A_network_that_is_too_small_for_a_size_is_refused_and_one_that_is_used_up_takes_the_oldest_address()
    {
        Make(new StartParty("Tiny", Size: 3, Subnet: "10.66.0.0/30")).Refusal!.Message.ShouldContain("2 to 2");
        var party = Make(new StartParty("Tiny", Size: 2, Subnet: "10.66.0.0/30")).With("Ann", "Ben")
            .Send(new Leave(IdOf("Ben")));
        // Ben's address is kept for Ben until it is the last there is.
        var cid = party.Send(JoinOf("Cid"));
        cid.Reply.Address.ShouldBe("10.66.0.2");
        cid.Send(new Leave(IdOf("Cid"))).Send(JoinOf("Ben")).Reply.Address.ShouldBe("10.66.0.2");
    }

    [Fact]
    public void A_party_of_the_most_members_gives_each_another_address()
    {
        var party = Make(new StartParty("Crowd", Size: PartyLimits.MostMembers));
        for (var number = 0; number < PartyLimits.MostMembers; number++)
            party = party.Send(JoinOf($"Friend {number}"));
        party.State.Members.Select(member => member.Address).Distinct().Count().ShouldBe(PartyLimits.MostMembers);
        party.Send(JoinOf("One more")).Refusal!.Code.ShouldBe("party-full");
        Make(new StartParty("Crowd", Size: PartyLimits.MostMembers + 1)).Refusal!.Field.ShouldBe("size");
    }

    [Theory]
    [InlineData("name", "")]
    [InlineData("name", " Ann")]
    [InlineData("name", "A\nb")]
    [InlineData("name", "123456789012345678901234567890123")]
    [InlineData("publicKey", "")]
    [InlineData("publicKey", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("publicKey", "not a key, but just as long as one of them is")]
    [InlineData("secretHash", "abc")]
    public void Who_joins_with_nonsense_is_told_which_parameter_is_wrong(string field, string value)
    {
        var good = JoinOf("Ann");
        var refusal = Make().Send(new Join(
            field == "name" ? value : good.Name,
            field == "publicKey" ? value : good.PublicKey,
            field == "secretHash" ? value : good.SecretHash)).Refusal!;
        (refusal.Field, refusal.IsInvalid).ShouldBe((field, true));
    }

    [Fact]
    public void A_key_that_is_written_otherwise_is_no_key()
    {
        // The last two bits of 44 characters mean nothing; whoever sets them would have another name for the same key.
        var key = KeyOf("Ann");
        var last = key[42];
        var twin = $"{key[..42]}{(char)(last == 'z' ? '0' : last + 1)}=";
        PartyLimits.IdOf(twin).ShouldBeNull();
        PartyLimits.IdOf(key)!.Length.ShouldBe(16);
    }

    [Fact]
    public void Who_is_silent_for_five_minutes_loses_its_seat_and_not_a_moment_before()
    {
        var party = Make().With("Ann", "Ben");
        party = party.After(TimeSpan.FromMinutes(4)).Send(new Heartbeat(IdOf("Ann")));
        var ben = party.Member("Ben").LastSeenAt;

        party.After(ben.AddMinutes(5) - party.Now - TimeSpan.FromTicks(1)).Names().ShouldBe(["Ann", "Ben"]);
        var later = party.After(ben.AddMinutes(5) - party.Now);
        later.Names().ShouldBe(["Ann"]);
        later.Events.OfType<MemberGone>().Single().Why.ShouldBe("silent");
        later.Send(new Heartbeat(IdOf("Ben"))).Refusal!.Code.ShouldBe("not-a-member");
    }

    [Fact]
    public void A_server_that_slept_through_the_night_takes_nobodys_seat()
    {
        var party = Make().With("Ann", "Ben");
        var woken = party.At(party.Now.AddHours(8)).Wake();
        woken.Names().ShouldBe(["Ann", "Ben"]);
        woken.After(TimeSpan.FromMinutes(5)).State.Members.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(4.9)]
    [InlineData(5.1)]
    [InlineData(6)]
    [InlineData(7.1)]
    public void A_server_that_was_away_for_minutes_hears_everybody_out_before_it_takes_a_seat(double minutes)
    {
        var party = Make().With("Ann", "Ben");
        var begun = party.Now.AddMinutes(minutes);
        // At once if it is due by then, else when it is.
        var back = party.At(begun).Wake();
        back.Names().ShouldBe(["Ann", "Ben"]);
        var left = begun.AddMinutes(5) - back.Now;
        var beaten = back.After(left - TimeSpan.FromTicks(1)).Send(new Heartbeat(IdOf("Ann")));
        beaten.After(TimeSpan.FromTicks(1)).Names().ShouldBe(["Ann"]);
    }

    [Fact]
    public void A_party_in_which_nobody_is_ends_and_then_goes()
    {
        var made = Make();
        made.After(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1)).Status.ShouldBe("open");
        made.After(TimeSpan.FromMinutes(5)).Status.ShouldBe("ended");

        var left = Make().With("Ann").Send(new Leave(IdOf("Ann")));
        left.After(TimeSpan.FromMinutes(4)).Send(JoinOf("Ben")).State.Host.ShouldBe(IdOf("Ben"));
        var over = left.After(TimeSpan.FromMinutes(5));
        (over.Status, over.IsFinal).ShouldBe(("ended", true));
        over.Send(JoinOf("Ann")).Refusal!.Code.ShouldBe("party-over");
        over.After(TimeSpan.FromMinutes(10)).IsExpired.ShouldBeTrue();
    }

    [Fact]
    public void Beats_that_are_near_each_other_take_no_step()
    {
        var party = Make().With("Ann");
        party.After(TimeSpan.FromMilliseconds(999)).Send(new Heartbeat(IdOf("Ann"))).IsChange.ShouldBeFalse();
        party.After(TimeSpan.FromSeconds(1)).Send(new Heartbeat(IdOf("Ann"))).IsChange.ShouldBeTrue();
        party.Send(new Heartbeat(IdOf("Ben"))).Refusal!.Code.ShouldBe("not-a-member");
    }
}
