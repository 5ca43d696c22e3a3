using Sojourn.Parties;

namespace Sojourn.Kinds.Parties;

/// <content>What the host decides.</content>
public sealed partial class PartyKind
{
    private static Step<Party> OnHandOver(Party state, HandOver over, RuleContext context)
    {
        if (WhyNotHost(state, over.By) is { } refusal)
        {
            return refusal;
        }

        if (state.Find(over.Member) is not { } next)
        {
            return Refuse("no-such-member", "There is no member of this id.");
        }

        if (next.Id == state.Host)
        {
            return Go(state);
        }

        var changing = new Changing(state, context.Now);
        MakeHost(changing, next);
        return changing.Step();
    }

    private static Step<Party> OnSettle(Party state, Settle settle, RuleContext context)
    {
        if ((WhyNotHost(state, settle.By)
            ?? (settle.Name is null ? null : PartyLimits.CheckName("name", settle.Name, PartyLimits.LongestName))
            ?? (settle.Size is { } size ? PartyLimits.CheckSize(size, state.Subnet) : null)) is { } refusal)
        {
            return refusal;
        }

        if (settle.Size < state.Members.Length)
        {
            return Refuse("too-many-members",
                $"{state.Members.Length} are in the party. Remove some before you make it smaller.");
        }

        var next = state with
        {
            Name = settle.Name ?? state.Name,
            Size = settle.Size ?? state.Size,
            IsLocked = settle.Locked ?? state.IsLocked,
            EndsWithHost = settle.EndsWithHost ?? state.EndsWithHost,
        };
        if (next == state)
        {
            return Go(state);
        }

        var changing = new Changing(next, context.Now);
        changing.Tell(new PartySettled(
            $"The party is now {next.Name}, for {next.Size}{(next.IsLocked ? ", and locked" : "")}.",
            next.Name, next.Size, next.IsLocked, next.EndsWithHost));
        return changing.Step();
    }

    private static Step<Party> OnInvite(Party state, Invite invite, RuleContext context)
    {
        if ((WhyNotHost(state, invite.By) ?? PartyLimits.CheckNewInvitation(state, invite.Invitation)
            ?? (invite.PasswordHash is null ? null : PartyLimits.CheckPassword(invite.PasswordHash))) is { } refusal)
        {
            return refusal;
        }

        var changing = new Changing(state, context.Now);
        Invite(changing, invite.Invitation, invite.PasswordHash);
        return changing.Step();
    }

    private static void Invite(Changing changing, string invitation, string? passwordHash)
    {
        changing.Party = changing.Party with
        {
            Invitation = invitation,
            PasswordHash = passwordHash ?? changing.Party.PasswordHash,
        };
        changing.Tell(new InvitationChanged(
            "There is a new invitation; the old one is good for nothing.", changing.Party.PasswordHash is not ""));
    }

    private static void MakeHost(Changing changing, Member next)
    {
        changing.Party = changing.Party with { Host = next.Id };
        changing.Tell(new HostChanged($"{next.Name} is the host now.", next.Id, next.Name));
    }
}
