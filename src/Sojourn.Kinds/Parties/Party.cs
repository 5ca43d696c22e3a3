using System.Collections.Immutable;
using Sojourn.Parties;

namespace Sojourn.Kinds.Parties;

/// <summary>A party: who belongs to it, and how they reach each other. Immutable.</summary>
public sealed record Party
{
    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>How many members it may have.</summary>
    public required int Size { get; init; }

    /// <summary>The addresses of its network.</summary>
    public required Subnet Subnet { get; init; }

    /// <summary>The code to join with.</summary>
    public required string Invitation { get; init; }

    /// <summary>Of the password that goes with it; empty for none.</summary>
    public string PasswordHash { get; init; } = "";

    /// <summary>Whether it is over once the host leaves; otherwise the oldest member becomes host.</summary>
    public bool EndsWithHost { get; init; }

    /// <summary>Whether nobody new may join.</summary>
    public bool IsLocked { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended; null while it lasts.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Since when nobody is there; null while somebody is.</summary>
    public DateTimeOffset? EmptySince { get; init; }

    /// <summary>The host's id; empty while nobody is there.</summary>
    public string Host { get; init; } = "";

    /// <summary>In the order in which they came.</summary>
    public ImmutableArray<Member> Members { get; init; } = [];

    /// <summary>Addresses kept for those who left, the newest last.</summary>
    public ImmutableArray<KeptSeat> KeptSeats { get; init; } = [];

    /// <summary>Who may not come again.</summary>
    public ImmutableArray<BannedMember> Banned { get; init; } = [];

    /// <summary>What waits for its receiver, oldest first.</summary>
    public ImmutableArray<Signal> Signals { get; init; } = [];

    /// <summary>How many signals were sent.</summary>
    public long LastSignal { get; init; }

    /// <summary>The ready check under way, or the last.</summary>
    public ReadyCheck? ReadyCheck { get; init; }

    /// <summary>Goes up with each change that members are told.</summary>
    public long Revision { get; init; } = 1;

    /// <summary>The member of an id; null if there is none.</summary>
    public Member? Find(string id) => Members.FirstOrDefault(member => member.Id == id);

    /// <summary>What a member may know of it.</summary>
    /// <param name="id">The session's id.</param>
    public PartyView ToView(SessionId id) => new(
        id.ToString(), Name, Revision, Host, Subnet.ToString(), Size, EndsWithHost, IsLocked, CreatedAt,
        EndedAt is not null, [.. Members.Select(member => member.ToView())], ReadyCheck);

    internal Party With(Member member) =>
        this with { Members = Members.Replace(Find(member.Id)!, member) };
}

/// <summary>Somebody in a party.</summary>
public sealed record Member
{
    /// <summary>16 hexadecimal digits, made from <see cref="PublicKey"/>.</summary>
    public required string Id { get; init; }

    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>Of WireGuard, in base64.</summary>
    public required string PublicKey { get; init; }

    /// <summary>SHA-256 of the secret it speaks with.</summary>
    public required string SecretHash { get; init; }

    /// <summary>Its address in the party's network.</summary>
    public required string Address { get; init; }

    /// <summary>The lowest number from 0 that no other member has: which of a relay's ports leads to it.</summary>
    public required int Slot { get; init; }

    /// <summary>When it joined.</summary>
    public required DateTimeOffset JoinedAt { get; init; }

    /// <summary>When it was last heard of.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>What it found out about its NAT.</summary>
    public NatReport Nat { get; init; } = new(NatKind.Unknown);

    /// <summary>Where it may be reached.</summary>
    public ImmutableArray<Candidate> Candidates { get; init; } = [];

    /// <summary>How it reaches the others.</summary>
    public ImmutableArray<PathReport> Paths { get; init; } = [];

    /// <summary>The sequence of the last signal it sent.</summary>
    public long LastSequence { get; init; }

    /// <summary>Until when what it has said lately counts; see <see cref="PartyLimits.SayEvery"/>.</summary>
    public DateTimeOffset SaidUntil { get; init; }

    internal MemberView ToView() =>
        new(Id, Name, PublicKey, Address, Slot, JoinedAt, LastSeenAt, Nat, Candidates, Paths);
}

/// <summary>An address kept for somebody who left.</summary>
/// <param name="Member">The id.</param>
/// <param name="Address">The address.</param>
public sealed record KeptSeat(string Member, string Address);

/// <summary>Somebody who may not come again.</summary>
/// <param name="Member">The id.</param>
/// <param name="Name">What it was called.</param>
/// <param name="At">When it was banned.</param>
public sealed record BannedMember(string Member, string Name, DateTimeOffset At);
