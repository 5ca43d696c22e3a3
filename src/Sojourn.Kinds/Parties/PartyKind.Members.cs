using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Sojourn.Parties;

namespace Sojourn.Kinds.Parties;

/// <content>Who comes and goes.</content>
public sealed partial class PartyKind
{
    private enum Why
    {
        Left,
        Kicked,
        Banned,
        Silent,
    }

    private static Step<Party, Joined> OnJoin(Party state, Join join, RuleContext context)
    {
        if (PartyLimits.Check(join) is { } refusal)
        {
            return refusal;
        }

        if (state.EndedAt is not null)
        {
            return Refuse("party-over", "The party is over; make a new one.");
        }

        var id = PartyLimits.IdOf(join.PublicKey)!;
        if (state.Banned.Any(banned => banned.Member == id))
        {
            return Refuse("banned", "The host does not want you in this party.");
        }

        return state.Find(id) is { } seated
            ? Return(state, seated, join, context)
            : TakeSeat(state, id, join, context);
    }

    private static Step<Party, Joined> Return(Party state, Member seated, Join join, RuleContext context)
    {
        if (!CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(seated.SecretHash), Encoding.ASCII.GetBytes(join.SecretHash)))
        {
            return Refuse("key-in-use",
                "Somebody with this key is in the party. If that was you, wait until its seat is free again, or have "
                + "the host free it; or join with a new key.");
        }

        var changing = new Changing(
            state.With(seated with { Name = join.Name, LastSeenAt = context.Now }), context.Now);
        changing.Tell(new MemberReturned($"{join.Name} is back.", seated.Id, join.Name, seated.Address));
        return changing.Step().Reply(new Joined(seated.Id, seated.Address, IsBack: true));
    }

    private static Step<Party, Joined> TakeSeat(Party state, string id, Join join, RuleContext context)
    {
        if (state.IsLocked)
        {
            return Refuse("locked", "The party is locked. Ask its host to open it.");
        }

        if (state.Members.Length >= state.Size)
        {
            return Refuse("party-full",
                $"The party has {state.Size} members, as many as it may. Ask its host to make it larger.");
        }

        if (FindAddress(state, id, join.WantedAddress) is not { } address)
        {
            return Refuse("no-address", $"All {state.Subnet.Places} addresses of {state.Subnet} are taken.");
        }

        var member = new Member
        {
            Id = id,
            Name = join.Name,
            PublicKey = join.PublicKey,
            SecretHash = join.SecretHash,
            Address = address,
            Slot = Enumerable.Range(0, PartyLimits.MostMembers)
                .First(slot => state.Members.All(member => member.Slot != slot)),
            JoinedAt = context.Now,
            LastSeenAt = context.Now,
        };
        var isFirst = state.Members.IsEmpty;
        var changing = new Changing(
            state with
            {
                Members = state.Members.Add(member),
                KeptSeats = state.KeptSeats.RemoveAll(kept => kept.Member == id || kept.Address == address),
                Host = isFirst ? id : state.Host,
                EmptySince = null,
            },
            context.Now);
        changing.Tell(new MemberJoined($"{join.Name} joined, at {address}.", id, join.Name, address));
        if (isFirst)
        {
            changing.Tell(new HostChanged($"{join.Name} is the host.", id, join.Name));
        }

        return changing.Step().Reply(new Joined(id, address, IsBack: false));
    }

    /// <summary>
    /// The address that somebody had before, else the one it would like, else the lowest that nobody has or had; if
    /// there is none, the one that was given up longest ago.
    /// </summary>
    private static string? FindAddress(Party state, string id, string? wanted)
    {
        var taken = state.Members.Select(member => member.Address).ToHashSet(StringComparer.Ordinal);
        var kept = state.KeptSeats.Where(seat => !taken.Contains(seat.Address)).ToList();
        if (kept.Find(seat => seat.Member == id) is { } own)
        {
            return own.Address;
        }

        taken.UnionWith(kept.Select(seat => seat.Address));
        if (wanted is not null && state.Subnet.Holds(wanted) && !taken.Contains(wanted))
        {
            return wanted;
        }

        // As many as are taken, and one more, are looked at.
        return Enumerable.Range(1, Math.Min(state.Subnet.Places, taken.Count + 1)).Select(state.Subnet.AddressAt)
            .FirstOrDefault(address => !taken.Contains(address)) ?? kept.FirstOrDefault()?.Address;
    }

    private static Step<Party> OnLeave(Party state, Leave leave, RuleContext context)
    {
        // Who is gone already has what it wants.
        if (state.Find(leave.By) is not { } member)
        {
            return Go(state);
        }

        var changing = new Changing(state, context.Now);
        Remove(changing, member, Why.Left);
        return changing.Step();
    }

    private static Step<Party> OnKick(Party state, Kick kick, RuleContext context)
    {
        if ((WhyNotHost(state, kick.By) ?? WhyNotOther(kick.By, kick.Member)) is { } refusal)
        {
            return refusal;
        }

        if (state.Find(kick.Member) is not { } member)
        {
            return Go(state);
        }

        var changing = new Changing(state, context.Now);
        Remove(changing, member, Why.Kicked);
        return changing.Step();
    }

    private static Step<Party> OnBan(Party state, Ban ban, RuleContext context)
    {
        if ((WhyNotHost(state, ban.By) ?? WhyNotOther(ban.By, ban.Member)
            ?? (ban.Invitation is "" ? null : PartyLimits.CheckNewInvitation(state, ban.Invitation))) is { } refusal)
        {
            return refusal;
        }

        if (ban.Member is not { Length: 16 } id || !id.All(char.IsAsciiHexDigitLower))
        {
            return PartyLimits.OutOfRange("member", "a member's id, 16 hexadecimal digits");
        }

        if (state.Banned.Any(banned => banned.Member == id))
        {
            return Go(state);
        }

        if (state.Banned.Length >= PartyLimits.MostBanned)
        {
            return Refuse("too-many-banned",
                $"A party keeps {PartyLimits.MostBanned} who are banned. Unban some, or make a new invitation.");
        }

        var member = state.Find(id);
        var changing = new Changing(
            state with { Banned = state.Banned.Add(new(id, member?.Name ?? id, context.Now)) }, context.Now);
        if (member is not null)
        {
            Remove(changing, member, Why.Banned);
        }

        changing.Party = changing.Party with { KeptSeats = changing.Party.KeptSeats.RemoveAll(s => s.Member == id) };
        if (ban.Invitation is not "")
        {
            Invite(changing, ban.Invitation, null);
        }

        return changing.Step();
    }

    private static Step<Party> OnUnban(Party state, Unban unban, RuleContext context)
    {
        if (WhyNotHost(state, unban.By) is { } refusal)
        {
            return refusal;
        }

        if (state.Banned.FirstOrDefault(banned => banned.Member == unban.Member) is not { } one)
        {
            return Go(state);
        }

        var changing = new Changing(state with { Banned = state.Banned.Remove(one) }, context.Now);
        changing.Tell(new MemberUnbanned($"{one.Name} may join again.", one.Member, one.Name));
        return changing.Step();
    }

    private static void Remove(Changing changing, Member member, Why why)
    {
        var party = changing.Party;
        var members = party.Members.RemoveAll(each => each.Id == member.Id)
            .Select(each => each with { Paths = each.Paths.RemoveAll(path => path.To == member.Id) });
        var kept = party.KeptSeats.RemoveAll(seat => seat.Member == member.Id)
            .Add(new KeptSeat(member.Id, member.Address));
        changing.Party = party with
        {
            Members = [.. members],
            KeptSeats = kept.Length > PartyLimits.MostMembers ? kept.RemoveAt(0) : kept,
            Signals = party.Signals.RemoveAll(signal => signal.To == member.Id || signal.From == member.Id),
        };
        changing.Tell(new MemberGone(
            why switch
            {
                Why.Left => $"{member.Name} left.",
                Why.Kicked => $"{member.Name} was removed.",
                Why.Banned => $"{member.Name} was banned.",
                _ => $"Nothing was heard of {member.Name}; its seat is free.",
            },
            member.Id, member.Name, why.ToString().ToLowerInvariant()));
        // An answer that nobody waits for any more.
        if (party.ReadyCheck is { IsOver: false })
        {
            EndReadyCheckIfAnswered(changing);
        }

        if (changing.Party.Host == member.Id)
        {
            ReplaceHost(changing, member);
        }
    }

    private static void ReplaceHost(Changing changing, Member gone)
    {
        if (changing.Party.EndsWithHost)
        {
            End(changing, "host-left", $"{gone.Name} was its host.");
        }
        else if (changing.Party.Members is [var oldest, ..])
        {
            MakeHost(changing, oldest);
        }
        else
        {
            changing.Party = changing.Party with { Host = "", EmptySince = changing.Now };
        }
    }

    private static Refusal? WhyNotOther(string by, string member) => by == member
        ? Refuse("not-yourself", "That is yourself. To go, leave.") : null;
}
