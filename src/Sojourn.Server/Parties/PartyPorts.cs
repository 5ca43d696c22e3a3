using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Sojourn.Server.Parties.Relays;
using Sojourn.Server.Parties.Stun;

namespace Sojourn.Server.Parties;

/// <summary>The UDP ports that members are served at, while the server runs.</summary>
internal sealed class PartyPorts(
    SojournEngine engine, SeatSecrets secrets, SojournServerOptions options, TimeProvider time)
    : IHostedService, IAsyncDisposable
{
    /// <summary>What this server's own relay is called.</summary>
    public const string RelayName = "server";

    private readonly Lock _guard = new();
    private StunListener? _stun;
    private RelayListener? _relay;
    private bool _isOver;

    /// <summary>The relay, where the server itself reaches it. Opened when first asked for.</summary>
    public RelayListener? Relay
    {
        get
        {
            lock (_guard)
                return _isOver ? null : _relay ??= OpenRelay(IPAddress.Loopback, 0);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var udp = options.Parties;
        if (udp.UdpAddresses is not [var first, ..] || !SeatEndpoints.Serve(engine))
            return Task.CompletedTask;
        try
        {
            lock (_guard)
            {
                _stun = StunListener.Open(udp.UdpAddresses, udp.UdpPort, udp.UdpPort + 1, time);
                _relay = OpenRelay(first, udp.UdpPort + 2);
            }

            return Task.CompletedTask;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new SojournException(
                $"The UDP ports {udp.UdpPort} to {udp.UdpPort + PartyServerOptions.Ports - 1} of "
                + $"{string.Join(" and ", udp.UdpAddresses)} are needed for parties, and another program has one of "
                + $"them. Choose others with 'Parties:{nameof(udp.UdpPort)}', or 0 for none.", taken);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        StunListener? stun;
        RelayListener? relay;
        lock (_guard)
        {
            _isOver = true;
            (stun, relay, _stun, _relay) = (_stun, _relay, null, null);
        }

        if (stun is not null)
            await stun.DisposeAsync();
        if (relay is not null)
            await relay.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private RelayListener OpenRelay(IPAddress address, int firstPort) => RelayListener.Open(
        address, firstPort, new RelayTable(
            secrets.RelayKey(RelayName),
            new RelayOptions
            {
                BytesPerSecond = options.Parties.RelayBytesPerSecond,
                BytesPerDay = options.Parties.RelayBytesPerDay,
                MaxBindings = options.Parties.RelayBindings,
            },
            time));
}
