using System.Collections.Immutable;

namespace Sojourn.Parties;

// What is asked of a party. Each names who asks: over HTTP a member's token decides that, and the owner of the party
// may speak for any member, or, as nobody's (an empty text), for itself: it may do all that a host may.

/// <summary>Takes a seat, or the same one again.</summary>
/// <param name="Name">What the member is called; 1 to 32 characters, none of them a control character.</param>
/// <param name="PublicKey">Of WireGuard, in base64.</param>
/// <param name="SecretHash">
/// SHA-256 of the secret that the member made for itself, in 64 hexadecimal digits. Who comes again with the same key
/// needs the same secret.
/// </param>
/// <param name="WantedAddress">The address it would like; it is given another if that is taken. Default none.</param>
public sealed record Join(string Name, string PublicKey, string SecretHash, string? WantedAddress = null)
    : ICommand<Joined>;

/// <summary>What comes of joining.</summary>
/// <param name="Member">The member's id.</param>
/// <param name="Address">Its address in the party's network.</param>
/// <param name="IsBack">True if it had the seat already.</param>
public sealed record Joined(string Member, string Address, bool IsBack);

/// <summary>Gives the seat up.</summary>
/// <param name="By">Who leaves.</param>
public sealed record Leave(string By) : ICommand;

/// <summary>The host takes a member's seat away; it may join again.</summary>
/// <param name="By">The host.</param>
/// <param name="Member">Who has to go.</param>
public sealed record Kick(string By, string Member) : ICommand;

/// <summary>The host takes a member's seat away for good, and the invitation is another one from then on.</summary>
/// <param name="By">The host.</param>
/// <param name="Member">Who has to go; also one that is no longer there.</param>
/// <param name="Invitation">
/// The new code, its first 8 characters those of the old one; empty to keep the old one.
/// </param>
public sealed record Ban(string By, string Member, string Invitation = "") : ICommand;

/// <summary>The host allows one who was banned to join again.</summary>
/// <param name="By">The host.</param>
/// <param name="Member">Whom.</param>
public sealed record Unban(string By, string Member) : ICommand;

/// <summary>The host makes another member host.</summary>
/// <param name="By">The host.</param>
/// <param name="Member">The new one.</param>
public sealed record HandOver(string By, string Member) : ICommand;

/// <summary>The host changes what the party is. What is null stays.</summary>
/// <param name="By">The host.</param>
/// <param name="Name">What it is called; 1 to 64 characters.</param>
/// <param name="Size">How many members it may have.</param>
/// <param name="Locked">Whether nobody new may join.</param>
/// <param name="EndsWithHost">Whether it is over once the host leaves.</param>
public sealed record Settle(
    string By, string? Name = null, int? Size = null, bool? Locked = null, bool? EndsWithHost = null) : ICommand;

/// <summary>The host makes a new invitation; the old one is good for nothing from then on.</summary>
/// <param name="By">The host.</param>
/// <param name="Invitation">The new code; its first 8 characters are those of the old one.</param>
/// <param name="PasswordHash">Of the password that goes with it; empty for none, null for as it was.</param>
public sealed record Invite(string By, string Invitation, string? PasswordHash = null) : ICommand;

/// <summary>A member is there.</summary>
/// <param name="By">Who.</param>
/// <param name="SignalsUpTo">Signals up to this number have arrived; they are forgotten.</param>
public sealed record Heartbeat(string By, long SignalsUpTo = 0) : ICommand<Pulse>;

/// <summary>A member says where it may be reached, and how it reaches the others. What is null stays.</summary>
/// <param name="By">Who.</param>
/// <param name="Candidates">At most 16.</param>
/// <param name="Nat">What it found out about its NAT.</param>
/// <param name="Paths">To other members, each at most once.</param>
public sealed record Report(
    string By,
    ImmutableArray<Candidate>? Candidates = null,
    NatReport? Nat = null,
    ImmutableArray<PathReport>? Paths = null) : ICommand<Pulse>;

/// <summary>Sends something to another member, who has it within a moment, or never.</summary>
/// <param name="By">Who.</param>
/// <param name="To">To whom.</param>
/// <param name="Sequence">Larger than any before from this member; what comes again is refused.</param>
/// <param name="Data">At most 2,048 characters.</param>
public sealed record SendSignal(string By, string To, long Sequence, string Data) : ICommand;

/// <summary>The host asks all whether they are ready.</summary>
/// <param name="By">The host.</param>
/// <param name="Seconds">How long they have; 5 to 300. Default 30.</param>
public sealed record AskReady(string By, int Seconds = 30) : ICommand;

/// <summary>Answers that.</summary>
/// <param name="By">Who.</param>
/// <param name="Ready">Whether.</param>
public sealed record AnswerReady(string By, bool Ready) : ICommand;

/// <summary>Says a line to all.</summary>
/// <param name="By">Who.</param>
/// <param name="Text">1 to 500 characters on a line.</param>
public sealed record Say(string By, string Text) : ICommand;

/// <summary>The host ends the party.</summary>
/// <param name="By">The host.</param>
public sealed record EndParty(string By) : ICommand;
