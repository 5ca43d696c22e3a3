using System.Collections.Immutable;
using Sojourn.Parties;

namespace Sojourn.Client.Parties;

/// <summary>What a member is told of its party.</summary>
public abstract record SeatNews
{
    private protected SeatNews()
    {
    }
}

/// <summary>The party, as it is now.</summary>
public sealed record PartyNow(PartyView Party) : SeatNews;

/// <summary>What helps to reach the others, whenever there are others.</summary>
public sealed record NetworkNow(NetworkView Network) : SeatNews;

/// <summary>Others have sent something; it comes again until a heartbeat says that it has arrived.</summary>
public sealed record SignalsCame(ImmutableArray<Signal> Signals) : SeatNews;

/// <summary>The server is not reached; it is tried again for ever.</summary>
/// <param name="Why">A few words.</param>
/// <param name="Attempt">From 1, since it was last reached.</param>
public sealed record ServerLost(string Why, int Attempt) : SeatNews;

/// <summary>The seat is gone; nothing more comes.</summary>
/// <param name="Why"><c>removed</c>, or <c>over</c> if the party is.</param>
public sealed record SeatGone(string Why) : SeatNews;
