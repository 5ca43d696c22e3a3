using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.Channels;
using Sojourn.Mesh.Paths;
using Sojourn.Mesh.Ports;
using Sojourn.Mesh.Tunnels;
using Sojourn.Parties;
using Sojourn.Relays;

namespace Sojourn.Mesh.Nodes;

/// <summary>
/// Keeps the ways to all other members: one loop to which everything comes that happens, so that nothing happens at
/// once.
/// </summary>
/// <param name="self">Who this is.</param>
/// <param name="port">Where it sends and receives.</param>
/// <param name="tunnel">Its tunnel; null for none, and then ways are only looked for.</param>
/// <param name="relays">The relays.</param>
/// <param name="time">The clock.</param>
internal sealed class NodeLoop(
    NodeSelf self, IUdpPort port, ITunnel? tunnel, NodeRelays relays, TimeProvider time)
{
    /// <summary>How many routers a probe passes that is to open this side's own NAT, and not to arrive.</summary>
    public const int OpeningHops = 2;

    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);

    private readonly Channel<Action<TimeSpan>> _happened = Channel.CreateUnbounded<Action<TimeSpan>>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly ulong _number = ulong.Parse(self.Member, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    private readonly Dictionary<ulong, PeerLink> _peers = [];
    private readonly long _began = time.GetTimestamp();
    private readonly byte[] _probe = new byte[Probe.Length];
    private TunnelCare? _care;
    private NetworkView? _network;
    private NatReport _nat = new(NatKind.Unknown);
    private HashSet<IPEndPoint> _own = [];
    private string? _seen;
    private TimeSpan _polledAt;

    /// <summary>A direct way was lost: this machine may be seen otherwise than before.</summary>
    public Action? Lost { get; set; }

    /// <summary>How a member is reached has changed, or was measured anew.</summary>
    public Action<IReadOnlyList<PathReport>, bool>? Changed { get; set; }

    /// <summary>A relay refuses its ticket.</summary>
    public Action? NeedsTickets { get; set; }

    /// <summary>Has something done in the loop, in the order in which it is asked for.</summary>
    public void Post(Action<TimeSpan> act) => _happened.Writer.TryWrite(act);

    /// <summary>Takes what came in at the port.</summary>
    public void Take(ReadOnlySpan<byte> bytes, IPEndPoint from)
    {
        if (Probe.IsProbe(bytes))
        {
            var copy = bytes.ToArray();
            Post(now => TakeProbe(copy, from, now));
        }
        else if (RelayFormat.ReadAnswer(bytes) is { } answer)
        {
            Post(now => TakeRelay(answer, from, now));
        }
    }

    /// <summary>A relay's answer, whichever way it came.</summary>
    public void TakeRelay(RelayAnswer answer, IPEndPoint from, TimeSpan now)
    {
        foreach (var peer in _peers.Values)
        {
            foreach (var link in peer.Relays.Values.Where(link => link.Binding.Place.Equals(from)))
            {
                if (!link.Binding.Take(answer, now))
                    continue;
                if (link.Binding.NeedsTicket)
                    NeedsTickets?.Invoke();
                return;
            }
        }
    }

    /// <summary>What helps to reach the others, as of now.</summary>
    public void Take(NetworkView network) => Post(now =>
    {
        _network = network;
        foreach (var peer in _peers.Values)
            Equip(peer, now);
    });

    /// <summary>The party, as of now.</summary>
    public void Take(PartyView party) => Post(now =>
    {
        foreach (var other in party.Members.Where(each => each.Id != self.Member))
            See(other, now);
        foreach (var gone in _peers.Values.Where(peer => party.Members.All(each => each.Id != peer.Member.Id)).ToList())
        {
            _peers.Remove(gone.Number);
            _new.Remove(gone);
            _told.Remove(gone.Number);
            gone.Guesses.Forget();
            _gone.Add(gone.Member.PublicKey);
        }

        Changed?.Invoke(Reports(), true);
    });

    /// <summary>What this machine's NAT is.</summary>
    public void Take(NatReport nat) => Post(_ => _nat = nat);

    /// <summary>Where this machine may be reached.</summary>
    public void Take(ImmutableArray<Candidate> own) => Post(now =>
    {
        var seen = own.FirstOrDefault(each => each.Source == CandidateSource.Reflexive)?.Address;
        var isElsewhere = _seen is not null && seen is not null && seen != _seen;
        var hadIpv6 = HasIpv6;
        (_own, _seen) = ([.. PlacesOf(own)], seen ?? _seen);
        foreach (var peer in _peers.Values)
        {
            peer.Path.Own(_own, isElsewhere, now);
            if (HasIpv6 != hadIpv6)
                peer.Path.Candidates(PlacesTo(peer.Member), now);
        }
    });

    /// <summary>The server is back, and its relay with it.</summary>
    public void AskRelays() => Post(now =>
    {
        foreach (var link in _peers.Values.SelectMany(peer => peer.Relays.Values))
            link.Binding.BeginAnew(now);
    });

    /// <summary>This machine is, or may be, seen otherwise than before.</summary>
    public void BeginAnew() => Post(now =>
    {
        foreach (var peer in _peers.Values)
        {
            peer.Path.BeginAnew(now);
            // One that was guessed may be the way that is used.
            if (peer.Path.Direct is null)
                peer.Guesses.Forget();
            foreach (var link in peer.Relays.Values)
                link.Binding.BeginAnew(now);
        }
    });

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        _care = tunnel is null ? null : new TunnelCare(tunnel, time, () => Post(_ => { }));
        try
        {
            while (!stop.IsCancellationRequested)
            {
                while (_happened.Reader.TryRead(out var act))
                    act(Now);
                // Before a relay is told: as soon as it is, the other side's tunnel may begin.
                await TellTunnelAsync(stop);
                var next = Tick(Now);
                await TellTunnelAsync(stop);
                TellWays();
                var left = next - Now;
                if (left <= TimeSpan.Zero || _happened.Reader.TryPeek(out _))
                    continue;
                using var until = CancellationTokenSource.CreateLinkedTokenSource(stop);
                await Task.WhenAny(
                    _happened.Reader.WaitToReadAsync(until.Token).AsTask(), Task.Delay(left, time, until.Token));
                await until.CancelAsync();
                stop.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It is over.
        }
        finally
        {
            foreach (var peer in _peers.Values)
                peer.Guesses.Forget();
            if (_care is not null)
                await _care.EndAsync();
        }
    }

    private readonly List<string> _gone = [];
    private readonly HashSet<PeerLink> _new = [];
    private readonly Dictionary<ulong, (PathVia Via, IPEndPoint? Opened)> _told = [];
    private bool _hasOtherWay;

    private TimeSpan Now => time.GetElapsedTime(_began);

    private void See(MemberView other, TimeSpan now)
    {
        var number = ulong.Parse(other.Id, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (!_peers.TryGetValue(number, out var peer))
        {
            var begins = string.CompareOrdinal(self.PublicKey, other.PublicKey) < 0;
            peer = _peers[number] = new PeerLink(other, begins, port, (NewNumber, time.GetUtcNow));
            peer.Path.Own(_own, isElsewhere: false, now);
            _new.Add(peer);
            Equip(peer, now);
        }

        peer.Member = other;
        peer.Path.Candidates(PlacesTo(other), now);
        var opened = other.Paths.FirstOrDefault(each => each.To == self.Member)?.Opened;
        peer.Path.OpenedCame(IPEndPoint.TryParse(opened ?? "", out var own) ? own : null, now);
    }

    private bool HasIpv6 => _own.Any(place => place.AddressFamily == AddressFamily.InterNetworkV6);

    private IPEndPoint[] PlacesTo(MemberView other) => [.. PlacesOf(other.Candidates)
        .Where(place => HasIpv6 || place.AddressFamily == AddressFamily.InterNetwork)];

    private static IEnumerable<IPEndPoint> PlacesOf(ImmutableArray<Candidate> candidates) => candidates
        .Select(each => IPEndPoint.TryParse(each.Address, out var place) ? place : null)
        .OfType<IPEndPoint>();

    private void Equip(PeerLink peer, TimeSpan now)
    {
        if (_network is null)
            return;
        if (_network.PairKeys.TryGetValue(peer.Member.Id, out var key))
            peer.Key = Convert.FromHexString(key);
        relays.Equip(peer, _network, now);
    }

    private void TakeProbe(byte[] bytes, IPEndPoint from, TimeSpan now)
    {
        if (!_peers.TryGetValue(Probe.PeekFrom(bytes), out var peer) || peer.Key.Length == 0
            || Probe.Read(bytes, peer.Key) is not { } probe || probe.To != _number)
        {
            return;
        }

        if (probe.IsPong)
            peer.Path.PongCame(probe.Number, now);
        else
            peer.Path.PingCame(from, probe.Number, probe.Nominates, now);
    }

    /// <summary>Does what is due.</summary>
    /// <returns>When there is more.</returns>
    private TimeSpan Tick(TimeSpan now)
    {
        var next = _polledAt + PollEvery;
        foreach (var peer in _peers.Values)
        {
            foreach (var link in peer.Relays.Values)
            {
                // Each moves the other side's answers to where it comes from.
                if (link.Via == PathVia.WebSocket && peer.HasUdpBeside(link))
                    continue;
                var isUsed = link == peer.Relay && peer.Path.Direct is null;
                if (link.Binding.Tick(isUsed, now) is { } bind)
                    link.Send(bind);
                next = Min(next, link.Binding.NextAt(isUsed, now));
            }

            peer.ChooseRelay(now);
            peer.Path.Tick(now);
            Do(peer);
            // An answer that came may have changed it before.
            _hasOtherWay |= !_told.GetValueOrDefault(peer.Number, (PathVia.Connecting, null))
                .Equals((peer.Path.Via, peer.Path.Opened));
            _told[peer.Number] = (peer.Path.Via, peer.Path.Opened);
            next = Min(next, peer.Path.NextAt(now));
            if (peer.Key.Length > 0)
                next = Min(next, peer.Guesses.Tick(peer, _nat, Open, now) ?? next);
            next = Min(next, peer.ChangesAt ?? next);
        }

        return next;
    }

    /// <summary>Only once the tunnel knows: whoever hears of a way sends.</summary>
    private void TellWays()
    {
        if (_hasOtherWay)
            Changed?.Invoke(Reports(), true);
        _hasOtherWay = false;
    }

    private void Do(PeerLink peer)
    {
        foreach (var act in peer.Path.TakeActs())
        {
            switch (act)
            {
                case PathAct.Ping ping when peer.Key.Length > 0:
                    new Probe(false, ping.Nominates, ping.Number, _number, peer.Number).Write(_probe, peer.Key);
                    port.Send(_probe, ping.To, ping.Opens ? OpeningHops : 0);
                    break;
                case PathAct.Pong pong when peer.Key.Length > 0:
                    new Probe(true, false, pong.Number, _number, peer.Number, pong.To).Write(_probe, peer.Key);
                    port.Send(_probe, pong.To);
                    break;
                case PathAct.Lost:
                    foreach (var link in peer.Relays.Values)
                        link.Binding.BeginAnew(Now);
                    Lost?.Invoke();
                    break;
                default:
                    // Where the tunnel sends is told to it with all else.
                    break;
            }
        }
    }

    /// <summary>A probe that is to open a NAT, wherever it arrives.</summary>
    private void Open(PeerLink peer, Action<ReadOnlySpan<byte>> send)
    {
        new Probe(false, false, NewNumber(), _number, peer.Number).Write(_probe, peer.Key);
        send(_probe);
    }

    private async Task TellTunnelAsync(CancellationToken stop)
    {
        if (tunnel is not null && await _care!.IsBackAsync(Now, stop))
        {
            _new.UnionWith(_peers.Values);
            foreach (var peer in _peers.Values)
                peer.Forget();
            Changed?.Invoke(Reports(), true);
        }

        var isPolling = Now - _polledAt >= PollEvery;
        if (isPolling)
            _polledAt = Now;
        if (tunnel is not null && _care!.IsUp)
        {
            try
            {
                await TellAsync(tunnel, isPolling, stop);
            }
            catch (MeshException why)
            {
                _care.Died(why, Now, stop);
                Changed?.Invoke(Reports(), true);
            }
        }

        _gone.Clear();
        if (isPolling)
            Changed?.Invoke(Reports(), false);
    }

    private async Task TellAsync(ITunnel tunnel, bool isPolling, CancellationToken stop)
    {
        foreach (var key in _gone)
            await tunnel.RemoveAsync(key, stop);
        foreach (var peer in _peers.Values)
        {
            if (ChangeOf(peer) is { } change)
                await tunnel.SetAsync(change, stop);
        }

        if (!isPolling)
            return;
        var byKey = (await tunnel.AskAsync(stop)).ToDictionary(each => each.PublicKey, StringComparer.Ordinal);
        foreach (var peer in _peers.Values)
        {
            if (byKey.TryGetValue(peer.Member.PublicKey, out var status))
                peer.Take(status, Now);
        }
    }

    /// <summary>Whatever way there is, nothing goes through a tunnel that has died.</summary>
    private List<PathReport> Reports() => _care is { IsUp: false }
        ? [.. _peers.Values.Select(peer => new PathReport(peer.Member.Id, PathVia.None))]
        : [.. _peers.Values.Select(peer => peer.ToReport())];

    /// <remarks>
    /// Who begins tells its tunnel of the other together with its place. A game that sends before would begin a
    /// handshake that goes nowhere, and WireGuard would wait for 5 s before the next.
    /// </remarks>
    private TunnelPeer? ChangeOf(PeerLink peer)
    {
        var change = peer.Change(Now);
        if ((change is null && peer.Begins) || !_new.Remove(peer))
            return change;
        var whole = peer.ToTunnel();
        return change is null ? whole : whole with { EndPoint = change.EndPoint, KeepAlive = change.KeepAlive };
    }

    private static ulong NewNumber() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

/// <summary>Who a node is.</summary>
/// <param name="Member">Its member's id.</param>
/// <param name="PublicKey">Its public key.</param>
internal sealed record NodeSelf(string Member, string PublicKey);
