using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Sojourn.Kinds.Parties;
using Sojourn.Parties;
using Sojourn.Relays;
using Sojourn.Server.Parties.Relays;

namespace Sojourn.Server.Parties;

/// <summary>What this server does for members to reach each other.</summary>
internal sealed class PartyNetwork(
    SeatSecrets secrets, SojournServerOptions options, RelayRegistry relays, TimeProvider time)
{
    /// <summary>How long a ticket for a relay is good.</summary>
    public static readonly TimeSpan TicketsLast = TimeSpan.FromHours(1);

    /// <summary>Changes with what members are told that is not of their party.</summary>
    public int Revision => relays.Revision;

    /// <summary>For one member.</summary>
    /// <param name="seat">Which.</param>
    /// <param name="party">The party as it stands.</param>
    /// <param name="host">The name that the member knows this server by.</param>
    public NetworkView Of(Seat seat, Party party, string host)
    {
        var others = party.Members.Where(member => member.Id != seat.Member).ToList();
        return new(
            [.. StunServers(host)],
            others.ToImmutableSortedDictionary(
                member => member.Id,
                member => Convert.ToHexStringLower(secrets.PairKey(seat.Party, seat.Member, member.Id)),
                StringComparer.Ordinal),
            // Its own first: that is the one over a WebSocket.
            [
                new RelayView(
                    PartyPorts.RelayName, RelayAddress(host), TicketsOf(seat, others, PartyPorts.RelayName)),
                .. relays.All().Select(relay => new RelayView(
                    relay.Name, relay.Report.Address, TicketsOf(seat, others, relay.Name), relay.IsFull)),
            ]);
    }

    /// <summary>Where STUN is answered, for whoever knows the server by a name.</summary>
    public string[] StunServers(string host)
    {
        var (addresses, port) = (options.Parties.UdpAddresses, options.Parties.UdpPort);
        if (addresses is not [var first, ..])
            return [];
        string[] own = [$"{Name(first, host)}:{port}", $"{Name(first, host)}:{port + 1}"];
        return addresses is [_, var second] ? [.. own, $"{second}:{port}"] : own;
    }

    /// <summary>Empty if it is reached over a WebSocket alone.</summary>
    private string RelayAddress(string host) => options.Parties.UdpAddresses is [var first, ..]
        ? $"{Name(first, host)}:{options.Parties.UdpPort + 2}" : "";

    private static string Name(IPAddress address, string host) =>
        address.Equals(IPAddress.Any) ? host : address.ToString();

    private ImmutableSortedDictionary<string, string> TicketsOf(
        Seat seat, List<Member> others, string relay)
    {
        var key = secrets.RelayKey(relay);
        var until = time.GetUtcNow() + TicketsLast;
        var (owner, party) = (NumberOf(seat.Party.Owner.ToString()), NumberOf($"{seat.Party.Owner}/{seat.Party.Id}"));
        return others.ToImmutableSortedDictionary(
            member => member.Id,
            member =>
            {
                var ticket = new RelayTicket(
                    until, owner, party, IdOf(seat.Member), IdOf(member.Id), member.Slot).Write(key);
                return Convert.ToBase64String([.. ticket, .. RelayTicket.KeyOf(ticket, key)]);
            },
            StringComparer.Ordinal);
    }

    private static ulong IdOf(string member) => Convert.ToUInt64(member, 16);

    private static ulong NumberOf(string name) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
