using System.Collections.Immutable;

namespace Sojourn.Parties;

/// <summary>What a member may know of its party.</summary>
/// <param name="Id">The party's id.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Revision">Goes up with each change of anything here but times of life.</param>
/// <param name="Host">The host's id; empty if there is none.</param>
/// <param name="Subnet">The addresses of its network, as <c>10.66.0.0/24</c>.</param>
/// <param name="Size">How many members it may have.</param>
/// <param name="EndsWithHost">Whether it is over once the host leaves; otherwise the oldest member is host.</param>
/// <param name="IsLocked">Whether nobody new may join.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="IsOver">Whether it is over.</param>
/// <param name="Members">In the order in which they came.</param>
/// <param name="ReadyCheck">The one under way, or the last; null if there was none.</param>
public sealed record PartyView(
    string Id,
    string Name,
    long Revision,
    string Host,
    string Subnet,
    int Size,
    bool EndsWithHost,
    bool IsLocked,
    DateTimeOffset CreatedAt,
    bool IsOver,
    ImmutableArray<MemberView> Members,
    ReadyCheck? ReadyCheck);

/// <summary>What members may know of one of them.</summary>
/// <param name="Id">16 hexadecimal digits, made from the public key.</param>
/// <param name="Name">What it is called.</param>
/// <param name="PublicKey">Of WireGuard, in base64.</param>
/// <param name="Address">Its address in the party's network.</param>
/// <param name="Slot">Which of a relay's ports leads to it, from 0.</param>
/// <param name="JoinedAt">When it joined.</param>
/// <param name="LastSeenAt">When it was last heard of.</param>
/// <param name="Nat">What it found out about its NAT.</param>
/// <param name="Candidates">Where it may be reached.</param>
/// <param name="Paths">How it reaches the others.</param>
public sealed record MemberView(
    string Id,
    string Name,
    string PublicKey,
    string Address,
    int Slot,
    DateTimeOffset JoinedAt,
    DateTimeOffset LastSeenAt,
    NatReport Nat,
    ImmutableArray<Candidate> Candidates,
    ImmutableArray<PathReport> Paths);

/// <summary>A question to all members whether they are ready.</summary>
/// <param name="Number">Counted over the party, from 1.</param>
/// <param name="AskedBy">The id of who asked; empty for the owner of the party.</param>
/// <param name="EndsAt">Who has not answered by then is not ready.</param>
/// <param name="IsOver">Whether all have answered, or the time is over.</param>
/// <param name="Answers">By member's id.</param>
public sealed record ReadyCheck(
    long Number,
    string AskedBy,
    DateTimeOffset EndsAt,
    bool IsOver,
    ImmutableSortedDictionary<string, bool> Answers);
