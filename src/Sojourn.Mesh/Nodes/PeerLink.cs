using System.Globalization;
using System.Net;
using Sojourn.Mesh.Paths;
using Sojourn.Mesh.Ports;
using Sojourn.Mesh.Relays;
using Sojourn.Mesh.Tunnels;
using Sojourn.Parties;

namespace Sojourn.Mesh.Nodes;

/// <summary>Another member, as this machine reaches it. Used by the node's own loop alone.</summary>
internal sealed class PeerLink
{
    // From here on it is a game, and not WireGuard alone that keeps a NAT open.
    private const long BusyBytes = 96;

    private static readonly TimeSpan BeginsLate = TimeSpan.FromSeconds(1.5), KeepAlive = TimeSpan.FromSeconds(25),
        StaysFor = TimeSpan.FromSeconds(3), Nearer = TimeSpan.FromMilliseconds(5);

    private IPEndPoint? _told;
    private long _bytes;
    private TimeSpan? _placedAt;
    private bool _keepsAlive, _isAgain;
    private TimeSpan _relayAt;

    /// <param name="member">As the party says.</param>
    /// <param name="begins">Whether this side begins.</param>
    /// <param name="port">Where this machine sends.</param>
    /// <param name="by">Numbers that nobody can guess, and the clock on the wall.</param>
    public PeerLink(
        MemberView member, bool begins, IUdpPort port, (Func<ulong> NewNumber, Func<DateTimeOffset> UtcNow) by)
    {
        (Member, Begins, Guesses) = (member, begins, new PortGuesses(port, by.UtcNow));
        Number = ulong.Parse(member.Id, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Path = new PairPath(begins, by.NewNumber);
    }

    /// <summary>What its party says of it.</summary>
    public MemberView Member { get; set; }

    /// <summary>Its id as a number.</summary>
    public ulong Number { get; }

    /// <summary>Whether this side begins.</summary>
    public bool Begins { get; }

    public PairPath Path { get; }

    /// <summary>What the two know each other's probes by; empty until that is told.</summary>
    public byte[] Key { get; set; } = [];

    /// <summary>Its ways through relays, by the relay's name; those over a WebSocket have one of their own.</summary>
    public Dictionary<string, RelayLink> Relays { get; } = new(StringComparer.Ordinal);

    /// <summary>What is tried where one side's NAT gives out another port for each destination.</summary>
    public PortGuesses Guesses { get; }

    /// <summary>The relay that is, or would be, taken.</summary>
    public RelayLink? Relay { get; private set; }

    /// <summary>Whether the two have a key together.</summary>
    public bool IsJoined { get; private set; }

    /// <summary>Takes the nearest relay there is; leaves one that works only for one that is clearly nearer.</summary>
    public void ChooseRelay(TimeSpan now)
    {
        var best = Relays.Values.Where(link => link.Binding.IsReady)
            .OrderBy(link => link.Via == PathVia.WebSocket).ThenBy(link => link.IsFull)
            .ThenBy(link => link.Binding.WholeRoundTrip).FirstOrDefault();
        if (best is not null && Relay is { Binding.IsReady: true } && Relays.ContainsValue(Relay)
            && best.Via == Relay.Via && !(Begins && !best.IsFull && IsNearer(best, Relay, now)))
        {
            best = Relay;
        }

        if (best == Relay)
            return;
        (Relay, _relayAt) = (best, now);
        if (best is null)
            Path.RelayLost(now);
        else
            Path.RelayReady(best.Place, now, best.Via);
    }

    /// <summary>Whether the same relay answers over UDP: another's does not help who reaches this one alone.</summary>
    public bool HasUdpBeside(RelayLink web) => Relays.Values.Any(link =>
        link.Via == PathVia.Relay && link.Binding.Answers && link.Name + NodeRelays.WebSuffix == web.Name);

    private bool IsNearer(RelayLink one, RelayLink other, TimeSpan now) => now - _relayAt >= StaysFor
        && one.Binding.OtherRoundTrip is not null && other.Binding.OtherRoundTrip is not null
        && one.Binding.WholeRoundTrip + Nearer < other.Binding.WholeRoundTrip
        && one.Binding.WholeRoundTrip < other.Binding.WholeRoundTrip * 0.8;

    /// <summary>What the tunnel is to be told of it at first.</summary>
    public TunnelPeer ToTunnel()
    {
        var peer = new TunnelPeer(Member.PublicKey, IPAddress.Parse(Member.Address));
        if (!_isAgain || Path.Place is not { } place)
            return peer;
        // What waits to be sent would have it begin at once, and without a place again only after 5 s. The other side
        // does not begin: it has its key still.
        (_told, _keepsAlive, _isAgain) = (place, true, false);
        return peer with { EndPoint = place, KeepAlive = KeepAlive };
    }

    /// <summary>What the tunnel is to be told now; null for nothing.</summary>
    /// <remarks>
    /// One side alone begins, and the other tells its tunnel no place before the two have a key: if both began at once,
    /// each would drop what the other has begun, and both would wait for 5 s.
    /// </remarks>
    public TunnelPeer? Change(TimeSpan now)
    {
        if (Path.Place is not { } place)
            return null;
        _placedAt ??= now;
        var begins = Begins || IsJoined || now - _placedAt >= BeginsLate;
        if (!begins || (place.Equals(_told) && _keepsAlive))
            return null;
        (_told, _keepsAlive) = (place, true);
        return new TunnelPeer(
            Member.PublicKey, EndPoint: place, KeepAlive: Begins || !IsJoined ? KeepAlive : null,
            Greets: Begins && IsJoined && Path.Direct is null);
    }

    /// <summary>When <see cref="Change"/> may have something to tell that it has not now.</summary>
    public TimeSpan? ChangesAt => !Begins && !IsJoined && _placedAt is { } at && !_keepsAlive ? at + BeginsLate : null;

    /// <summary>Takes what the tunnel says of it.</summary>
    public void Take(TunnelPeerStatus status, TimeSpan now)
    {
        IsJoined = status.LastHandshake is not null;
        var bytes = status.Received + status.Sent;
        if (bytes - _bytes >= BusyBytes)
            Path.Busy(now);
        _bytes = bytes;
        // Which of several relays is taken, the side that begins decides; this one sees it by where things come from.
        if (!Begins && Path.Direct is null && Relays.Values.FirstOrDefault(
            link => link.Binding.IsReady && link.Place.Equals(status.EndPoint)) is { } taken && taken != Relay)
        {
            Relay = taken;
            Path.RelayReady(taken.Place, now, taken.Via);
            (_told, _keepsAlive) = (taken.Place, true);
        }

        // The tunnel follows whatever it gets something valid from; what was left behind is not to win.
        if (_told is not null && !_told.Equals(status.EndPoint))
            _told = null;
    }

    /// <summary>The tunnel has begun anew: what it was told, and what the two had together, is good for nothing.
    /// </summary>
    public void Forget()
    {
        (_told, _placedAt, _keepsAlive, IsJoined, _bytes, _isAgain) = (null, null, false, false, 0, true);
    }

    /// <summary>As this side tells the party.</summary>
    public PathReport ToReport() => Measured() with { Opened = Path.Opened?.ToString() };

    private PathReport Measured() => Path.Via == PathVia.Direct && Path.Direct is { } way
        ? new PathReport(
            Member.Id, PathVia.Direct, Milliseconds(way.RoundTrip), Math.Round(way.Loss * 100, 1),
            Member.Candidates.FirstOrDefault(each => each.Address == way.Place.ToString())?.Source.ToString() ?? "")
        : new PathReport(
            Member.Id, Path.Via, Milliseconds(Relay?.Binding.WholeRoundTrip), 0, Relay?.Name ?? "");

    private static double? Milliseconds(TimeSpan? time) =>
        time is { } known ? Math.Round(Math.Min(known.TotalMilliseconds, 60_000), 2) : null;
}

/// <summary>A way through a relay.</summary>
/// <param name="Name">What the relay is called.</param>
/// <param name="Slot">Of the other.</param>
/// <param name="Binding">How it stands.</param>
/// <param name="Place">Where the tunnel is to send what is to take this way.</param>
/// <param name="Via">What kind of way it is.</param>
/// <param name="Send">Sends to the relay itself.</param>
internal sealed record RelayLink(
    string Name, int Slot, RelayBinding Binding, IPEndPoint Place, PathVia Via, Action<byte[]> Send)
{
    /// <summary>Whether it is only for who is on it, or has no other.</summary>
    public bool IsFull { get; set; }
}
