using System.Collections.Immutable;

namespace Sojourn.Parties;

/// <summary>What has changed of a party's members, so that not all of them are told again. Pure.</summary>
/// <param name="Revision">The party's, with that.</param>
/// <param name="Members">Those who have changed, as they are now.</param>
public sealed record PartyChanges(long Revision, ImmutableArray<MemberView> Members)
{
    /// <summary>What has changed.</summary>
    /// <param name="before">The party as it was; null for not known.</param>
    /// <param name="now">The party as it is.</param>
    /// <returns>Null if more has changed than can be said so: then all is to be told.</returns>
    public static PartyChanges? Between(PartyView? before, PartyView now)
    {
        ArgumentNullException.ThrowIfNull(now);
        if (before is null || !AreSameMembers(before, now)
            || before with { Revision = now.Revision, Members = now.Members } != now)
        {
            return null;
        }

        return new(now.Revision, [.. now.Members.Where((member, at) =>
            before.Members[at] with { LastSeenAt = member.LastSeenAt } != member)]);
    }

    /// <summary>Whether the same members sit in both, in the same order.</summary>
    public static bool AreSameMembers(PartyView one, PartyView other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return one.Members.Select(member => member.Id).SequenceEqual(other.Members.Select(member => member.Id));
    }

    /// <summary>The party with that.</summary>
    public PartyView ApplyTo(PartyView before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return before with
        {
            Revision = Revision,
            Members = [.. before.Members.Select(
                member => Members.FirstOrDefault(each => each.Id == member.Id) ?? member)],
        };
    }
}
