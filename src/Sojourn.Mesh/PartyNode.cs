using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Sojourn.Client;
using Sojourn.Client.Parties;
using Sojourn.Mesh.Broadcasts;
using Sojourn.Mesh.Keys;
using Sojourn.Mesh.Nodes;
using Sojourn.Mesh.PortMapping;
using Sojourn.Mesh.Ports;
using Sojourn.Mesh.Relays;
using Sojourn.Mesh.Tunnels;
using Sojourn.Parties;

namespace Sojourn.Mesh;

/// <summary>
/// This machine in a party: holds its seat, and keeps a network to all other members. Disposing takes away the network
/// and all that came with it, and keeps the seat; <see cref="LeaveAsync"/> gives that up.
/// </summary>
public sealed class PartyNode : IAsyncDisposable
{
    // A network that lets UDP through has answered by then.
    private static readonly TimeSpan WebAfter = TimeSpan.FromMilliseconds(300);

    // Tickets are good for an hour: who has a fresh one can do without the server for half of that.
    private static readonly TimeSpan RenewEvery = TimeSpan.FromMinutes(20), RenewRetry = TimeSpan.FromMinutes(1),
        FetchEvery = TimeSpan.FromSeconds(10);

    private readonly PartyNodeOptions _options;
    private readonly ITunnel? _tunnel;
    private readonly IUdpPort _port;
    private readonly PartySeat _seat;
    private readonly WebRelay _web;
    private readonly NodeRelays _relays;
    private readonly NodeLoop _loop;
    private readonly StunWatch _stun;
    private readonly Reporter _reporter;
    private readonly PortMapper? _mapper;
    private readonly BroadcastCarry? _carry;
    private readonly Lock _guard = new();
    private NetworkView _network;
    private bool _isUdpHeard;
    private long? _fetchedAt;

    private PartyNode(
        PartyNodeOptions options, PartySeat seat, SeatView view, ITunnel? tunnel, IUdpPort port)
    {
        var time = options.TimeProvider;
        (_options, _seat, _tunnel, _port, _network) = (options, seat, tunnel, port, view.Network);
        _carry = BroadcastCarry.Of(options, tunnel, view.Address);
        Now = new PartyNodeView(view.Member, view.Address, view.Party, tunnel?.Driver, tunnel?.Interface)
        {
            Broadcasts = _carry?.Now,
        };
        _web = new WebRelay(seat.OpenRelayAsync, port.Number, time);
        _relays = new NodeRelays(port, _web, time);
        _loop = new NodeLoop(new(view.Member, options.Key.PublicKey), port, tunnel, _relays, time);
        _stun = new StunWatch(port, tunnel?.Interface, time);
        _reporter = new Reporter(seat, time);
        _mapper = options.PortMapping && !options.RelayOnly
            ? PortMapper.Of(port.Number, tunnel?.Interface, time) : null;
        Connect();
    }

    /// <summary>How it stands.</summary>
    public PartyNodeView Now { get; private set; }

    /// <summary>Which seat it holds: <see cref="SeatView.Seat"/>.</summary>
    public string Seat => _seat.Seat;

    /// <summary>It stands otherwise; on any thread.</summary>
    public event EventHandler? Changed;

    /// <summary>Takes the seat, or the same one again, and sets the network up.</summary>
    /// <param name="options">How.</param>
    /// <param name="giveUp">Ends the waiting; the seat may have been taken all the same.</param>
    /// <exception cref="MeshException">There can be no network here; the message says what is missing.</exception>
    /// <exception cref="SojournClientException">The server says no, or does not answer.</exception>
    public static async Task<PartyNode> JoinAsync(PartyNodeOptions options, CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var secret = SecretFor(options.Key, options.Url);
        // Both take their time.
        var beginning = options.UsesTunnel
            ? Task.Run(() => TunnelStart.BeginAsync(options, giveUp), CancellationToken.None) : null;
        ITunnel? tunnel = null;
        IUdpPort? port = null;
        try
        {
            var taking = PartySeat.TakeAsync(
                options.ToClient(),
                new TakeSeat(options.Invitation, options.Name, options.Key.PublicKey, secret, options.Password),
                giveUp);
            tunnel = beginning is null ? null : await beginning;
            port = tunnel is null ? new PlainPort(PlainPort.OpenSocket(options.Port)) : SharedPort.Open(tunnel.Port);
            var view = await taking;
            if (tunnel is not null)
                await tunnel.UpAsync(IPAddress.Parse(view.Address), view.Party.Subnet, options.Mtu);
            return new PartyNode(
                options, new PartySeat(options.ToClient(), view.Seat, secret), view, tunnel, port);
        }
        catch
        {
            if (port is not null)
                await port.DisposeAsync();
            if (tunnel is not null)
                await tunnel.DisposeAsync();
            throw;
        }
    }

    /// <summary>Keeps it up until it is stopped, or the seat is gone.</summary>
    /// <param name="stop">Ends it; the seat stays.</param>
    /// <returns>Why the seat is gone; null if it was stopped.</returns>
    /// <exception cref="MeshException">The tunnel is gone.</exception>
    public async Task<string?> RunAsync(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var loop = _loop.RunAsync(over.Token);
        var others = new[]
        {
            LookAsync(over.Token), _reporter.RunAsync(over.Token), _mapper?.RunAsync(over.Token) ?? Task.CompletedTask,
            _carry?.RunAsync(over.Token) ?? Task.CompletedTask, RenewAsync(over.Token),
        };
        var following = FollowAsync(over.Token);
        try
        {
            await await Task.WhenAny(loop, following);
            return stop.IsCancellationRequested ? null : await following;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            await over.CancelAsync();
            await ((Task)Task.WhenAll([loop, following, .. others]))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Gives the seat up.</summary>
    /// <exception cref="SojournClientException">The server says no, or does not answer.</exception>
    public Task LeaveAsync(CancellationToken giveUp = default) => _seat.SendAsync("leave", giveUp: giveUp);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _carry?.Dispose();
        await _web.DisposeAsync();
        await _port.DisposeAsync();
        if (_tunnel is not null)
            await _tunnel.DisposeAsync();
    }

    /// <summary>
    /// What a member speaks with at a server: made of its own key, so that it need not be kept, and neither server
    /// learns what another is told.
    /// </summary>
    internal static string SecretFor(WireGuardKey key, Uri url) => Convert.ToHexStringLower(HMACSHA256.HashData(
        Convert.FromBase64String(key.ToSecretText()),
        Encoding.UTF8.GetBytes($"seat\n{SeatUrl.NameOf(url)}")));

    private void Connect()
    {
        _port.Receiver = (bytes, from) =>
        {
            Volatile.Write(ref _isUdpHeard, true);
            if (!_stun.TryTake(bytes, from))
                _loop.Take(bytes, from);
        };
        _web.Answered += (slot, answer) =>
            _loop.Post(now => _loop.TakeRelay(answer, NodeRelays.PlaceOfWeb(slot), now));
        _web.Connected += _loop.BeginAnew;
        _loop.Lost += _stun.Look;
        _loop.NeedsTickets += () => _ = TryFetchTicketsAsync();
        _loop.Changed += OnPaths;
        _stun.Named += nat =>
        {
            _loop.Take(nat);
            // What was seen names this machine's address.
            if (!_options.RelayOnly)
                _reporter.Tell(nat);
            Change(now => now with { Nat = nat });
        };
        if (_mapper is not null)
            _mapper.Changed += lease =>
            {
                _stun.Mapped = lease is null ? [] : [new(lease.Outer.ToString(), CandidateSource.Mapped)];
                _stun.Look();
            };
        if (_carry is not null)
            _carry.Changed += now => Change(view => view with { Broadcasts = now });
        _carry?.Take(Now.Party);
        _stun.Silent += () => UseWebAsync(_network);
        _stun.Changed += (candidates, isNew) =>
        {
            _loop.Take(candidates);
            if (!_options.RelayOnly)
                _reporter.Tell(candidates);
            if (!isNew || Interlocked.Exchange(ref _isSeen, true) is false)
                return;
            // A router that has begun anew has forgotten what it opened.
            _mapper?.Look();
            // Whatever still waits on the way as it was would wait for long.
            _seat.Reconnect();
            _loop.BeginAnew();
        };
    }

    private bool _isSeen;

    private async Task LookAsync(CancellationToken stop)
    {
        var network = await ResolveAsync(_network, stop);
        _loop.Take(network);
        _loop.Take(Reachable(Now.Party));
        var watching = _stun.RunAsync(stop);
        if (_network.Relays is [{ Address: "" }, ..])
            UseWebAsync(network);
        await ((Task)Task.Delay(WebAfter, _options.TimeProvider, stop))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!Volatile.Read(ref _isUdpHeard))
            UseWebAsync(network);
        await watching;
    }

    private async Task<string?> FollowAsync(CancellationToken stop)
    {
        await foreach (var news in _seat.FollowAsync(stop))
        {
            switch (news)
            {
                case NetworkNow { Network: var network }:
                    _loop.Take(await ResolveAsync(network, stop));
                    break;
                case PartyNow { Party: var party }:
                    _loop.Take(Reachable(party));
                    _carry?.Take(party);
                    if (Now.ServerLost is not null)
                        _loop.AskRelays();
                    Change(now => now with { Party = party, ServerLost = null });
                    break;
                case ServerLost lost:
                    Change(now => now with { ServerLost = lost.Why });
                    _reporter.Repeat();
                    break;
                case SeatGone gone:
                    return gone.Why;
                default:
                    break;
            }
        }

        return null;
    }

    /// <summary>Who uses relays alone sends nothing to the others' own addresses.</summary>
    private PartyView Reachable(PartyView party) => !_options.RelayOnly ? party
        : party with { Members = [.. party.Members.Select(each => each with { Candidates = [] })] };

    private void OnPaths(IReadOnlyList<PathReport> paths, bool isUrgent)
    {
        ImmutableArray<PathReport> all = [.. paths];
        _reporter.Tell(all, isUrgent);
        Change(now => all.SequenceEqual(now.Paths) ? now : now with { Paths = all });
    }

    private void UseWebAsync(NetworkView network)
    {
        _relays.UseWeb();
        _loop.Take(network);
    }

    private async Task RenewAsync(CancellationToken stop)
    {
        for (var isRenewed = true; !stop.IsCancellationRequested;)
        {
            await ((Task)Task.Delay(isRenewed ? RenewEvery : RenewRetry, _options.TimeProvider, stop))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            isRenewed = stop.IsCancellationRequested || await TryFetchTicketsAsync();
        }
    }

    /// <summary>However many relays refuse theirs, they are asked for once in a while.</summary>
    private async Task<bool> TryFetchTicketsAsync()
    {
        lock (_guard)
        {
            if (_fetchedAt is { } at && _options.TimeProvider.GetElapsedTime(at) < FetchEvery)
                return false;
            _fetchedAt = _options.TimeProvider.GetTimestamp();
        }

        try
        {
            _loop.Take(await ResolveAsync(await _seat.NetworkAsync(), CancellationToken.None));
            return true;
        }
        catch (SojournClientException)
        {
            // Asked for again, at the latest when a relay refuses the next time.
            return false;
        }
    }

    /// <summary>Names become addresses, as far as they are known now.</summary>
    private async Task<NetworkView> ResolveAsync(NetworkView network, CancellationToken stop)
    {
        var stun = await Task.WhenAll(
            network.Stun.Concat(_options.StunServers).Select(each => PlaceNames.FindAsync(each, stop)));
        var relays = await Task.WhenAll(network.Relays.Select(async relay =>
            relay with { Address = (await PlaceNames.FindAsync(relay.Address, stop))?.ToString() ?? "" }));
        _stun.Servers = [.. stun.OfType<IPEndPoint>()];
        return _network = network with { Relays = [.. relays] };
    }

    private void Change(Func<PartyNodeView, PartyNodeView> change)
    {
        lock (_guard)
        {
            var before = Now;
            Now = change(before);
            if (ReferenceEquals(Now, before))
                return;
        }

        Changed?.Invoke(this, EventArgs.Empty);
    }
}

/// <summary>How a machine stands in its party.</summary>
/// <param name="Member">Its member's id.</param>
/// <param name="Address">Its address in the party's network.</param>
/// <param name="Party">The party, as its server last told it.</param>
/// <param name="Driver">What drives the tunnel: <c>kernel</c> or <c>wireguard-go</c>; null for no tunnel.</param>
/// <param name="Interface">The tunnel's interface; null for no tunnel.</param>
public sealed record PartyNodeView(
    string Member, string Address, PartyView Party, string? Driver, string? Interface)
{
    /// <summary>How this machine reaches the others, as it measures it.</summary>
    public ImmutableArray<PathReport> Paths { get; init; } = [];

    /// <summary>What it found out about its NAT; null for not yet.</summary>
    public NatReport? Nat { get; init; }

    /// <summary>Why the server is not reached; null if it is.</summary>
    public string? ServerLost { get; init; }

    /// <summary>What was carried of games' broadcasts; null if they are not. Renewed once a second at most.</summary>
    public BroadcastView? Broadcasts { get; init; }
}

/// <summary>What became of broadcasts and multicasts of this machine's games.</summary>
/// <param name="Ports">The UDP ports that are looked at, such as <c>2300-2400,47624</c>.</param>
/// <param name="Carried">Datagrams that were sent to all others.</param>
/// <param name="OverLimit">Datagrams that were not: there were too many at once.</param>
/// <param name="TooLong">Datagrams that were not: they do not fit into a packet of the tunnel.</param>
public sealed record BroadcastView(string Ports, long Carried, long OverLimit, long TooLong);
