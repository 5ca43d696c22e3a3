using FsCheck;
using FsCheck.Fluent;
using Sojourn.Kinds.Parties;
using Sojourn.Parties;
using Sojourn.Testing;
using static Sojourn.Tests.Parties.Friends;

namespace Sojourn.Tests.Parties;

/// <summary>Whatever is sent, in whatever order: what must always hold, holds.</summary>
public sealed class PartyModelTests
{
    private static readonly string[] Names = ["Ann", "Ben", "Cid", "Dee", "Eve"];

    private static Gen<Act> Acts => Gen.Frequency(
        (8, from who in Gen.Elements(Names)
            from secret in Gen.Frequency((5, Gen.Constant<string?>(null)), (1, Gen.Constant<string?>("stolen")))
            select new Act($"join {who} {secret}", party => party.Send(JoinOf(who, secret)))),
        (3, One("leave", who => new Leave(who))),
        (2, Two("kick", (who, whom) => new Kick(who, whom))),
        (1, Two("ban", (who, whom) => new Ban(who, whom, Code))),
        (2, Two("unban", (who, whom) => new Unban(who, whom))),
        (2, Two("hand over", (who, whom) => new HandOver(who, whom))),
        (2, from who in Gen.Elements(Names)
            from size in Gen.Choose(1, 6)
            from ends in Gen.Elements(true, false)
            select new Act($"settle {who} {size} {ends}", party =>
                party.Send(new Settle(IdOf(who), Size: size, Locked: ends, EndsWithHost: ends && size > 5)))),
        (3, from who in Gen.Elements(Names)
            from whom in Gen.Elements(Names)
            from number in Gen.Choose(1, 9)
            select new Act($"signal {who} {whom} {number}", party =>
                party.Send(new SendSignal(IdOf(who), IdOf(whom), number, "x")))),
        (3, One("beat", who => new Heartbeat(who, 4))),
        (2, One("ask", who => new AskReady(who, 5))),
        (2, One("answer", who => new AnswerReady(who, true))),
        (1, One("end", who => new EndParty(who))),
        (3, from seconds in Gen.Elements(1, 5, 40, 200, 301)
            select new Act($"wait {seconds}", party => party.After(TimeSpan.FromSeconds(seconds)))));

    [Fact]
    public void Any_sequence_of_commands_keeps_the_promises() => Prop.ForAll(
        Acts.ListOf().ToArbitrary(),
        acts =>
        {
            var party = Make(new StartParty("Model", Size: 3, Subnet: "10.66.0.0/29"));
            var seats = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var act in acts)
            {
                var before = party.State;
                party = act.Do(party);
                if (party.IsExpired)
                    return;
                Check(before, party.State, seats);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    private static void Check(Party before, Party after, Dictionary<string, string> seats)
    {
        after.Revision.ShouldBeGreaterThanOrEqualTo(before.Revision);
        after.LastSignal.ShouldBeGreaterThanOrEqualTo(before.LastSignal);
        after.Members.Select(member => member.Id).ShouldBeUnique();
        after.Members.Select(member => member.Address).ShouldBeUnique();
        after.Members.ShouldAllBe(member => after.Subnet.Holds(member.Address));
        after.Members.Select(member => member.Slot).ShouldBeUnique();
        after.Members.ShouldAllBe(member => member.Slot >= 0 && member.Slot < PartyLimits.MostMembers);
        after.Members.Length.ShouldBeLessThanOrEqualTo(after.Size);
        after.Members.Select(member => member.JoinedAt).ShouldBeInOrder();
        after.Members.ShouldAllBe(member => after.Banned.All(banned => banned.Member != member.Id));
        (after.Find(after.Host) is not null).ShouldBe(after.Members.Length > 0);
        (after.EmptySince is not null).ShouldBe(after.Members.IsEmpty && after.EndedAt is null);
        after.Signals.Select(signal => signal.Number).ShouldBeInOrder();
        after.Signals.ShouldAllBe(each => after.Find(each.From) != null && after.Find(each.To) != null);
        (before.EndedAt is not null && after.EndedAt is null).ShouldBeFalse();

        // Who is banned has no claim to its address any more.
        foreach (var banned in after.Banned)
            seats.Remove(banned.Member);
        // There are more addresses than names: nobody's is ever given to another.
        foreach (var member in after.Members)
        {
            if (!seats.TryAdd(member.Id, member.Address))
                member.Address.ShouldBe(seats[member.Id]);
            seats[member.Id] = member.Address;
        }
    }

    private static Gen<Act> One<TReply>(string name, Func<string, ICommand<TReply>> command) =>
        from who in Gen.Elements(Names)
        select new Act($"{name} {who}", party => party.Send(command(IdOf(who))));

    private static Gen<Act> Two(string name, Func<string, string, ICommand<Nothing>> command) =>
        from who in Gen.Elements(Names)
        from whom in Gen.Elements(Names)
        select new Act($"{name} {who} {whom}", party => party.Send(command(IdOf(who), IdOf(whom))));

    private sealed record Act(string Name, Func<Decided<Party>, Decided<Party>> Do)
    {
        public override string ToString() => Name;
    }
}
