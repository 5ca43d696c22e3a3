using Sojourn.Parties;

namespace Sojourn.Kinds.Parties;

// What happened, for whoever watches. Each has a text, so that a log needs no knowledge of parties.

/// <summary>The party was made.</summary>
public sealed record PartyMade(string Text, string Name);

/// <summary>Somebody joined.</summary>
public sealed record MemberJoined(string Text, string Member, string Name, string Address);

/// <summary>Somebody who had a seat took it again.</summary>
public sealed record MemberReturned(string Text, string Member, string Name, string Address);

/// <summary>Somebody is no longer there: <c>left</c>, <c>kicked</c>, <c>banned</c> or <c>silent</c>.</summary>
public sealed record MemberGone(string Text, string Member, string Name, string Why);

/// <summary>Somebody may join again.</summary>
public sealed record MemberUnbanned(string Text, string Member, string Name);

/// <summary>The party has another host.</summary>
public sealed record HostChanged(string Text, string Host, string Name);

/// <summary>The party is another from now on.</summary>
public sealed record PartySettled(string Text, string Name, int Size, bool IsLocked, bool EndsWithHost);

/// <summary>The invitation is another one; the old one is good for nothing.</summary>
public sealed record InvitationChanged(string Text, bool HasPassword);

/// <summary>A member's NAT is of another kind than was known.</summary>
public sealed record NatChanged(string Text, string Member, NatKind Nat);

/// <summary>A member reaches another in another way than before.</summary>
public sealed record PathChanged(string Text, string Member, string To, PathVia Via, string Detail);

/// <summary>All were asked whether they are ready.</summary>
public sealed record ReadyAsked(string Text, long Number, DateTimeOffset EndsAt);

/// <summary>Somebody answered.</summary>
public sealed record ReadyAnswered(string Text, long Number, string Member, bool Ready);

/// <summary>All have answered, or the time is over.</summary>
public sealed record ReadyEnded(string Text, long Number, bool AllReady);

/// <summary>Somebody said something.</summary>
public sealed record Said(string Text, string Member, string Name, string Line);

/// <summary>The party is over.</summary>
public sealed record PartyEnded(string Text, string Why);
