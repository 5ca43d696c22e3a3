using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Sojourn.Mesh.Ports;
using Sojourn.Mesh.Settings;
using Sojourn.Mesh.Tunnels;
using Sojourn.Parties;

namespace Sojourn.Mesh.Broadcasts;

/// <summary>
/// Carries what games on this machine send to everybody to the other members: WireGuard knows no broadcasts, so each
/// gets a datagram of its own, from this machine's address in the party's network and the game's port. What comes in is
/// never carried, so nothing goes round. Needs the capability CAP_NET_RAW, and Linux.
/// </summary>
internal sealed class BroadcastCarry : IDisposable
{
    // Only what sees all protocols sees what leaves; in the order of the network.
    private const ProtocolType AllProtocols = (ProtocolType)0x0300;
    private const int SocketLevel = 1, BindToDevice = 25, LargestPacket = 2048, DeviceAt = 4;

    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1), LookEvery = TimeSpan.FromSeconds(20);

    private readonly PortSet _ports;
    private readonly byte[] _device;
    private readonly IPAddress _own;
    private readonly TimeProvider _time;
    private readonly CarryRules _rules;
    private readonly Socket _seeing, _sending;
    private readonly byte[] _packet = new byte[LargestPacket];
    private OwnNetworks _networks = OwnNetworks.Read();
    private IPAddress[] _others = [];
    private bool _isStale;

    private BroadcastCarry(PartyNodeOptions options, PortSet ports, string device, IPAddress own)
    {
        (_ports, _own, _time, Now) = (ports, own, options.TimeProvider, new(ports.ToString(), 0, 0, 0));
        _rules = new CarryRules(ports, options.Mtu, _time);
        _device = Encoding.ASCII.GetBytes($"{device}\0");
        _seeing = new Socket(AddressFamily.Packet, SocketType.Dgram, AllProtocols);
        try
        {
            SocketFilter.Attach(_seeing, CarryFilter.Build(ports, _networks));
            _sending = OpenSending(_device, own);
        }
        catch
        {
            _seeing.Dispose();
            throw;
        }
    }

    /// <summary>What was done so far.</summary>
    public BroadcastView Now { get; private set; }

    /// <summary>More was done; once a second at most.</summary>
    public Action<BroadcastView>? Changed { get; set; }

    /// <summary>Gets ready to carry, if that is wanted and there is a tunnel; null if not.</summary>
    /// <param name="options">What is wanted.</param>
    /// <param name="tunnel">The tunnel, which has its address.</param>
    /// <param name="own">This machine's address in it.</param>
    /// <exception cref="MeshException">It is not allowed here.</exception>
    public static BroadcastCarry? Of(PartyNodeOptions options, ITunnel? tunnel, string own)
    {
        if (tunnel is null || options.BroadcastPorts is not { } ports)
            return null;
        try
        {
            return new BroadcastCarry(options, ports, tunnel.Interface, IPAddress.Parse(own));
        }
        catch (SocketException forbidden)
        {
            throw new MeshException("Carrying broadcasts of games needs the capability CAP_NET_RAW, that is, root, and "
                + $"Linux: {forbidden.Message}.", forbidden);
        }
    }

    /// <summary>The party, as of now: its members are carried to. From any thread.</summary>
    public void Take(PartyView party) => Volatile.Write(ref _others,
    [
        .. party.Members.Select(each => IPAddress.TryParse(each.Address, out var address) ? address : null)
            .OfType<IPAddress>()
            .Where(each => each.AddressFamily == AddressFamily.InterNetwork && !each.Equals(_own)),
    ]);

    /// <summary>Carries until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        NetworkChange.NetworkAddressChanged += OnChange;
        try
        {
            await Task.WhenAll(CarryAsync(stop), WatchAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It is over.
        }
        finally
        {
            NetworkChange.NetworkAddressChanged -= OnChange;
        }
    }

    public void Dispose()
    {
        _seeing.Dispose();
        _sending.Dispose();
    }

    /// <summary>Whatever becomes of the tunnel and the routes, it sends nowhere else.</summary>
    private static Socket OpenSending(byte[] device, IPAddress own)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Udp);
        try
        {
            // It has a copy of every datagram that comes in otherwise.
            SocketFilter.Attach(socket, [new(0x06, 0, 0, 0)]);
            socket.SetRawSocketOption(SocketLevel, BindToDevice, device);
            socket.Bind(new IPEndPoint(own, 0));
            // A tunnel that takes nothing holds up nobody.
            socket.Blocking = false;
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void OnChange(object? sender, EventArgs e) => Volatile.Write(ref _isStale, true);

    private async Task CarryAsync(CancellationToken stop)
    {
        var packet = new byte[LargestPacket];
        const AddressFamily family = AddressFamily.Packet;
        var through = new SocketAddress(family, SocketAddress.GetMaximumAddressSize(family));
        while (true)
        {
            try
            {
                through.Size = through.Buffer.Length;
                var length = await _seeing.ReceiveFromAsync(packet.AsMemory(), SocketFlags.None, through, stop);
                // The number is in this machine's order.
                Carry(packet.AsSpan(0, length), BitConverter.ToInt32(through.Buffer.Span[DeviceAt..]));
            }
            catch (SocketException) when (!stop.IsCancellationRequested)
            {
                // An interface is gone; there may be others.
            }
        }
    }

    private void Carry(ReadOnlySpan<byte> packet, int device)
    {
        var others = Volatile.Read(ref _others);
        var verdict = _rules.Judge(packet, device, Volatile.Read(ref _networks), others.Length, out var datagram);
        if (verdict == CarryVerdict.Carry)
            Send(datagram, others);
        Now = verdict switch
        {
            CarryVerdict.Carry => Now with { Carried = Now.Carried + 1 },
            CarryVerdict.TooLong => Now with { TooLong = Now.TooLong + 1 },
            CarryVerdict.OverLimit => Now with { OverLimit = Now.OverLimit + 1 },
            _ => Now,
        };
    }

    private void Send(in SentDatagram datagram, IPAddress[] others)
    {
        var from = new IPEndPoint(_own, datagram.SourcePort);
        foreach (var other in others)
        {
            try
            {
                var length = UdpPacket.Write(_packet, datagram.Bytes, from, new IPEndPoint(other, datagram.Port));
                _sending.SendTo(_packet.AsSpan(0, length), SocketFlags.None, new IPEndPoint(other, 0));
            }
            catch (SocketException)
            {
                // No way there just now: as good as lost on the way.
            }
        }
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        var told = Now;
        var lookedAt = _time.GetTimestamp();
        using var seconds = new PeriodicTimer(TellEvery, _time);
        while (await seconds.WaitForNextTickAsync(stop))
        {
            if (Volatile.Read(ref _isStale) || _time.GetElapsedTime(lookedAt) >= LookEvery)
            {
                Volatile.Write(ref _isStale, false);
                lookedAt = _time.GetTimestamp();
                Look();
            }

            if (Now is var now && now == told)
                continue;
            told = now;
            Changed?.Invoke(now);
        }
    }

    private void Look()
    {
        try
        {
            // A tunnel that was begun again has the same name, and is another device.
            _sending.SetRawSocketOption(SocketLevel, BindToDevice, _device);
        }
        catch (SocketException)
        {
            // It is not there just now.
        }

        try
        {
            var networks = OwnNetworks.Read();
            if (networks.IsSame(_networks))
                return;
            SocketFilter.Attach(_seeing, CarryFilter.Build(_ports, networks));
            Volatile.Write(ref _networks, networks);
        }
        catch (NetworkInformationException)
        {
            // Changed while it was read; it is read again in a moment.
            Volatile.Write(ref _isStale, true);
        }
    }
}
