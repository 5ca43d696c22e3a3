using System.Collections.Immutable;

namespace Sojourn.Parties;

/// <summary>Takes a seat in a party.</summary>
/// <param name="Invitation">The code; dashes, spaces and capitals do not matter.</param>
/// <param name="Name">What the member is called; 1 to 32 characters.</param>
/// <param name="PublicKey">Of WireGuard, in base64.</param>
/// <param name="Secret">
/// What the member will speak with, made by itself before it asks: 32 to 128 letters, digits, '-' and '_' that nobody
/// can guess. Asked again with the same secret, it has the same seat.
/// </param>
/// <param name="Password">The invitation's password, if it has one.</param>
/// <param name="WantedAddress">The address it would like; it is given another if that is taken.</param>
public sealed record TakeSeat(
    string Invitation,
    string Name,
    string PublicKey,
    string Secret,
    string? Password = null,
    string? WantedAddress = null);

/// <summary>A seat.</summary>
/// <param name="Seat">Its path: requests for it go to <c>/v1/party-seats/{seat}</c>.</param>
/// <param name="Member">The member's id.</param>
/// <param name="Address">Its address in the party's network.</param>
/// <param name="IsBack">True if it had the seat already.</param>
/// <param name="Party">The party.</param>
/// <param name="Network">What helps to reach the others.</param>
public sealed record SeatView(
    string Seat, string Member, string Address, bool IsBack, PartyView Party, NetworkView Network);

/// <summary>What a party's server does for reaching the others.</summary>
/// <param name="Stun">Where it tells members how they are seen: <c>host:port</c>, in the order to ask.</param>
/// <param name="PairKeys">
/// By other member's id: 32 bytes in hexadecimal that these two alone are told, to know each other's probes by.
/// </param>
/// <param name="Relays">The relays there are.</param>
public sealed record NetworkView(
    ImmutableArray<string> Stun,
    ImmutableSortedDictionary<string, string> PairKeys,
    ImmutableArray<RelayView> Relays);

/// <summary>Where a server tells whoever asks how they are seen.</summary>
/// <param name="Stun"><c>host:port</c>, in the order to ask; empty if it does not.</param>
public sealed record StunView(ImmutableArray<string> Stun);

/// <summary>A relay.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Address">
/// <c>host:port</c> of the first of its ports, the next ones follow; empty if it is reached over a WebSocket alone.
/// </param>
/// <param name="Tickets">By other member's id: what opens the way to it there for an hour, in base64.</param>
/// <param name="IsFull">Whether it is for those alone who are on it, and who have no other.</param>
public sealed record RelayView(
    string Name, string Address, ImmutableSortedDictionary<string, string> Tickets, bool IsFull = false);

/// <summary>How a relay does that is not the server's own, as it tells the server every ten seconds.</summary>
/// <param name="Address">
/// <c>host:port</c> of the first of its ports, as members reach it; with an empty host, the one it tells this from.
/// </param>
/// <param name="Bindings">How many are bound at it.</param>
/// <param name="MostBindings">How many may be at once.</param>
/// <param name="BytesPerSecond">How much it passed on lately.</param>
/// <param name="MostBytesPerSecond">How much it can pass on.</param>
public sealed record RelayReport(
    string Address, int Bindings, int MostBindings, double BytesPerSecond, double MostBytesPerSecond);

/// <summary>A new invitation.</summary>
/// <param name="Password">Its password; empty for none, null for as it was. At most 128 characters.</param>
public sealed record NewInvitation(string? Password = null);

/// <summary>An invitation.</summary>
/// <param name="Invitation">The code.</param>
/// <param name="HasPassword">Whether it has a password.</param>
public sealed record InvitationView(string Invitation, bool HasPassword);
