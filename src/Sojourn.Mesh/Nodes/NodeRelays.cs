using System.Net;
using Sojourn.Mesh.Ports;
using Sojourn.Mesh.Relays;
using Sojourn.Parties;

namespace Sojourn.Mesh.Nodes;

/// <summary>The relays that a node may take, as its party's server names them.</summary>
/// <param name="port">The node's own port.</param>
/// <param name="web">The one over a WebSocket.</param>
/// <param name="time">The clock.</param>
internal sealed class NodeRelays(IUdpPort port, WebRelay web, TimeProvider time)
{
    /// <summary>What a relay's way over a WebSocket has behind its name.</summary>
    public const string WebSuffix = " (WebSocket)";

    private bool _usesWeb;

    /// <summary>One for all: who comes to a relay both ways is bound where it came from last. After a restart, too,
    /// larger than any before.</summary>
    private ulong _counter = (ulong)time.GetUtcNow().ToUnixTimeMilliseconds() << 16;

    /// <summary>Has the one over a WebSocket used as well, from the next <see cref="Equip"/> on.</summary>
    public void UseWeb()
    {
        _usesWeb = true;
        web.Begin();
    }

    /// <summary>How a WebSocket's answers are told from those that come over UDP.</summary>
    public static IPEndPoint PlaceOfWeb(int slot) => new(IPAddress.None, slot);

    /// <summary>Gives a member the ways that there are to it, and those it has new tickets.</summary>
    public void Equip(PeerLink peer, NetworkView network, TimeSpan now)
    {
        var named = network.Relays.SelectMany(relay => new[] { relay.Name, relay.Name + WebSuffix });
        foreach (var gone in peer.Relays.Keys.Except(named).Where(name => !peer.Relays[name].Binding.IsReady).ToList())
            peer.Relays.Remove(gone);
        foreach (var relay in network.Relays)
        {
            if (!relay.Tickets.TryGetValue(peer.Member.Id, out var ticket))
                continue;
            if (IPEndPoint.TryParse(relay.Address, out var first))
            {
                var place = new IPEndPoint(first.Address, first.Port + peer.Member.Slot);
                Give(peer, relay.Name, ticket, now, link => link.Place.Equals(place), () => new RelayLink(
                    relay.Name, peer.Member.Slot, NewBinding(place), place, PathVia.Relay,
                    bytes => port.Send(bytes, place))).IsFull = relay.IsFull;
            }

            // The server passes on to its own relay alone.
            if (_usesWeb && relay == network.Relays[0])
            {
                var slot = peer.Member.Slot;
                Give(peer, relay.Name + WebSuffix, ticket, now, link => link.Slot == slot, () => new RelayLink(
                    relay.Name + WebSuffix, peer.Member.Slot, NewBinding(PlaceOfWeb(peer.Member.Slot)),
                    web.PlaceOf(peer.Member.Slot), PathVia.WebSocket, bytes => web.Send(peer.Member.Slot, bytes)));
            }
        }
    }

    private static RelayLink Give(
        PeerLink peer, string name, string ticket, TimeSpan now, Func<RelayLink, bool> isSame, Func<RelayLink> make)
    {
        if (!peer.Relays.TryGetValue(name, out var link) || !isSame(link))
            peer.Relays[name] = link = make();
        link.Binding.TryTake(ticket, now);
        return link;
    }

    private RelayBinding NewBinding(IPEndPoint place) => new(place, () => ++_counter);
}
