using System.Net;
using System.Net.Sockets;

namespace Sojourn.Mesh.Ports;

/// <summary>A port of UDP over one version of IP, used by a raw socket beside whoever has it. Linux alone.</summary>
internal sealed class RawUdp : IAsyncDisposable
{
    private const int LargestPacket = 2048;

    private readonly Socket _socket;
    private readonly int _number;
    private readonly UdpReceiver _receive;
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _sending = new();
    private readonly byte[] _packet = new byte[LargestPacket];
    private readonly Task _receiving;

    private RawUdp(Socket socket, int number, UdpReceiver receive)
    {
        (_socket, _number, _receive) = (socket, number, receive);
        _receiving = ReceiveAsync();
    }

    private bool IsFour => _socket.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>Opens it.</summary>
    /// <param name="family">The version of IP.</param>
    /// <param name="number">The port.</param>
    /// <param name="receive">Takes what is received, on a thread of the socket's. It must not throw.</param>
    /// <exception cref="SocketException">It is not allowed, or there is no such IP here.</exception>
    public static RawUdp Open(AddressFamily family, int number, UdpReceiver receive)
    {
        var socket = new Socket(family, SocketType.Raw, ProtocolType.Udp);
        try
        {
            var isFour = family == AddressFamily.InterNetwork;
            SocketFilter.Attach(socket, isFour ? FilterFour(number) : FilterSix(number));
            socket.Bind(new IPEndPoint(isFour ? IPAddress.Any : IPAddress.IPv6Any, 0));
            return new RawUdp(socket, number, receive);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="IUdpPort.Send"/>
    public void Send(ReadOnlySpan<byte> bytes, IPEndPoint to, int hops)
    {
        if (bytes.Length + UdpPacket.HeadLength > LargestPacket || SourceFor(to) is not { } source)
            return;
        lock (_sending)
        {
            try
            {
                var length = UdpPacket.Write(_packet, bytes, new IPEndPoint(source, _number), to);
                using var few = new FewHops(_socket, hops);
                _socket.SendTo(_packet.AsSpan(0, length), SocketFlags.None, new IPEndPoint(to.Address, 0));
            }
            catch (Exception lost) when (lost is SocketException or ObjectDisposedException)
            {
                // No way there, or closed meanwhile: as good as lost on the way.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _closed.Dispose();
    }

    /// <summary>The address that this machine sends from to another: the checksum needs it.</summary>
    private static IPAddress? SourceFor(IPEndPoint to)
    {
        try
        {
            using var route = new Socket(to.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            route.Connect(to);
            return ((IPEndPoint)route.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>
    /// Has the kernel keep back what is not to this port, and what is WireGuard's: a copy of each packet of a tunnel
    /// would cost most of its speed.
    /// </summary>
    private static FilterStep[] FilterFour(int number) =>
    [
        // Over the packet with IP's head, whose length goes into X first.
        new(0xB1, 0, 0, 0),
        // The port.
        new(0x48, 0, 0, 2), new(0x15, 0, 6, (uint)number),
        // The first four bytes: of WireGuard's, 1 to 4 and three zeros.
        new(0x40, 0, 0, 8), new(0x15, 4, 0, 0x0100_0000), new(0x15, 3, 0, 0x0200_0000),
        new(0x15, 2, 0, 0x0300_0000), new(0x15, 1, 0, 0x0400_0000),
        new(0x06, 0, 0, 0xFFFF), new(0x06, 0, 0, 0),
    ];

    /// <summary>The same; of IPv6, Linux gives the packet without IP's head.</summary>
    private static FilterStep[] FilterSix(int number) =>
    [
        new(0x28, 0, 0, 2), new(0x15, 0, 6, (uint)number),
        new(0x20, 0, 0, 8), new(0x15, 4, 0, 0x0100_0000), new(0x15, 3, 0, 0x0200_0000),
        new(0x15, 2, 0, 0x0300_0000), new(0x15, 1, 0, 0x0400_0000),
        new(0x06, 0, 0, 0xFFFF), new(0x06, 0, 0, 0),
    ];

    private async Task ReceiveAsync()
    {
        var packet = new byte[LargestPacket];
        var anybody = new IPEndPoint(IsFour ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_closed.IsCancellationRequested)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(packet.AsMemory(), anybody, _closed.Token);
                Take(packet.AsSpan(0, received.ReceivedBytes), ((IPEndPoint)received.RemoteEndPoint).Address);
            }
            catch (OperationCanceledException)
            {
                // Closed.
            }
            catch (SocketException)
            {
                // A message about an earlier datagram.
            }
        }
    }

    private void Take(ReadOnlySpan<byte> packet, IPAddress from)
    {
        if (IsFour && !UdpPacket.TryPassHead(ref packet))
            return;
        // To another port: what was on its way before the filter was there.
        if (UdpPacket.TryRead(packet, out var port, out var source, out var bytes) && port == _number)
            _receive(bytes, new IPEndPoint(from, source));
    }
}
