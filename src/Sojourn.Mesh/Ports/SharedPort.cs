using System.Net;
using System.Net.Sockets;

namespace Sojourn.Mesh.Ports;

/// <summary>
/// The port of a tunnel, used beside it by a raw socket: what leaves has the tunnel's port, and so the same way through
/// a NAT; what is not WireGuard's own is received. Needs the capability CAP_NET_RAW, and Linux.
/// </summary>
internal sealed class SharedPort : IUdpPort
{
    private const int LargestPacket = 2048;

    private readonly Socket _socket;
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _sending = new();
    private readonly byte[] _packet = new byte[LargestPacket];
    private readonly Task _receiving;

    private SharedPort(Socket socket, int number)
    {
        (_socket, Number) = (socket, number);
        _receiving = ReceiveAsync();
    }

    public int Number { get; }

    public UdpReceiver? Receiver { get; set; }

    /// <summary>Opens the port beside whoever has it.</summary>
    /// <exception cref="MeshException">That is not allowed here.</exception>
    public static SharedPort Open(int number)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Udp);
            Filter(socket, number);
            socket.Bind(new IPEndPoint(IPAddress.Any, 0));
            return new SharedPort(socket, number);
        }
        catch (SocketException forbidden)
        {
            socket?.Dispose();
            throw new MeshException("Sharing the tunnel's port needs the capability CAP_NET_RAW, that is, root, and "
                + $"Linux: {forbidden.Message}.", forbidden);
        }
    }

    public void Send(ReadOnlySpan<byte> bytes, IPEndPoint to, int hops = 0)
    {
        if (bytes.Length + UdpPacket.HeadLength > LargestPacket || to.AddressFamily != AddressFamily.InterNetwork
            || SourceFor(to) is not { } source)
        {
            return;
        }

        lock (_sending)
        {
            try
            {
                var length = UdpPacket.Write(_packet, bytes, new IPEndPoint(source, Number), to);
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
            using var route = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
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
    private static void Filter(Socket socket, int number) => SocketFilter.Attach(socket,
    [
        // Over the packet with IP's head, whose length goes into X first.
        new(0xB1, 0, 0, 0),
        // The port.
        new(0x48, 0, 0, 2), new(0x15, 0, 6, (uint)number),
        // The first four bytes: of WireGuard's, 1 to 4 and three zeros.
        new(0x40, 0, 0, 8), new(0x15, 4, 0, 0x0100_0000), new(0x15, 3, 0, 0x0200_0000),
        new(0x15, 2, 0, 0x0300_0000), new(0x15, 1, 0, 0x0400_0000),
        new(0x06, 0, 0, 0xFFFF), new(0x06, 0, 0, 0),
    ]);

    private async Task ReceiveAsync()
    {
        var packet = new byte[LargestPacket];
        var anybody = new IPEndPoint(IPAddress.Any, 0);
        while (!_closed.IsCancellationRequested)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(packet.AsMemory(), anybody, _closed.Token);
                // What was on its way before the filter was there.
                var whole = packet.AsSpan(0, received.ReceivedBytes);
                if (UdpPacket.TryRead(whole, out var port, out var from, out var bytes) && port == Number)
                    Receiver?.Invoke(bytes, new IPEndPoint(((IPEndPoint)received.RemoteEndPoint).Address, from));
            }
            catch (OperationCanceledException)
            {
                // Closed.
            }
            catch (SocketException) when (!_closed.IsCancellationRequested)
            {
                // A message about an earlier datagram.
            }
        }
    }
}
