using System.Net;
using System.Net.Sockets;

namespace Sojourn.Mesh.Ports;

/// <summary>A port that nobody else has.</summary>
internal sealed class PlainPort : IUdpPort
{
    private const int LargestDatagram = 2048;

    // SIO_UDP_CONNRESET: on Windows, what an earlier datagram met would otherwise end the next receiving.
    private const int ReportResets = unchecked((int)0x9800000C);

    private readonly Socket _socket;
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _sending = new();
    private readonly Task _receiving;

    /// <summary>Takes over a socket that is bound.</summary>
    public PlainPort(Socket socket)
    {
        _socket = socket;
        if (OperatingSystem.IsWindows())
            socket.IOControl(ReportResets, [0], null);
        Number = ((IPEndPoint)socket.LocalEndPoint!).Port;
        _receiving = ReceiveAsync();
    }

    public int Number { get; }

    public bool HasIpv6 => false;

    public UdpReceiver? Receiver { get; set; }

    /// <summary>A socket for IPv4.</summary>
    /// <param name="port">Its port; 0 for any.</param>
    public static Socket OpenSocket(int port = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        return socket;
    }

    /// <summary>A socket that this machine alone reaches.</summary>
    public static Socket OpenLoopback()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    public void Send(ReadOnlySpan<byte> bytes, IPEndPoint to, int hops = 0)
    {
        try
        {
            lock (_sending)
            {
                using var few = new FewHops(_socket, hops);
                _socket.SendTo(bytes, SocketFlags.None, to);
            }
        }
        catch (SocketException)
        {
            // No way there, at present or at all: as good as lost.
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _closed.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var bytes = new byte[LargestDatagram];
        var anybody = new IPEndPoint(IPAddress.Any, 0);
        while (!_closed.IsCancellationRequested)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(bytes.AsMemory(), anybody, _closed.Token);
                Receiver?.Invoke(bytes.AsSpan(0, received.ReceivedBytes), (IPEndPoint)received.RemoteEndPoint);
            }
            catch (OperationCanceledException)
            {
                // Closed.
            }
            catch (SocketException) when (!_closed.IsCancellationRequested)
            {
                // A message that an earlier datagram did not arrive; the next may.
            }
        }
    }
}
