using System.Net;
using System.Net.Sockets;
using Sojourn.Server.Guarding;

namespace Sojourn.Server.Parties.Stun;

/// <summary>Answers STUN on two ports of one address or two (RFC 8489, RFC 5780).</summary>
internal sealed class StunListener : IAsyncDisposable
{
    /// <summary>How often one address is answered in a second.</summary>
    public const int AnswersPerSecond = 50;

    private const int LargestDatagram = 600;

    private readonly Socket[,] _sockets;
    private readonly StunAnswer _answer;
    private readonly SourceLimits _limits;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _listening;

    private StunListener(Socket[,] sockets, StunAnswer answer, SourceLimits limits)
    {
        (_sockets, _answer, _limits) = (sockets, answer, limits);
        _listening = Task.WhenAll(
            from address in Enumerable.Range(0, sockets.GetLength(0))
            from port in Enumerable.Range(0, 2)
            select ListenAsync((address, port)));
    }

    /// <summary>Where the first of its ports is.</summary>
    public IPEndPoint First => (IPEndPoint)_sockets[0, 0].LocalEndPoint!;

    /// <summary>Where the second of its ports is.</summary>
    public IPEndPoint Second => (IPEndPoint)_sockets[0, 1].LocalEndPoint!;

    /// <summary>Begins to answer.</summary>
    /// <param name="addresses">One address or two, not the same; <see cref="IPAddress.Any"/> alone for all.</param>
    /// <param name="first">The first port; 0 for any.</param>
    /// <param name="second">The second port; 0 for any. Not the same.</param>
    /// <param name="time">The clock that limits go by.</param>
    /// <exception cref="SocketException">A port is taken.</exception>
    public static StunListener Open(IReadOnlyList<IPAddress> addresses, int first, int second, TimeProvider time)
    {
        var sockets = new Socket[addresses.Count, 2];
        try
        {
            for (var at = 0; at < addresses.Count; at++)
            {
                // Every address has the same two ports.
                sockets[at, 0] = Bind(addresses[at], at == 0 ? first : PortOf(sockets[0, 0]));
                sockets[at, 1] = Bind(addresses[at], at == 0 ? second : PortOf(sockets[0, 1]));
            }
        }
        catch
        {
            foreach (var socket in sockets)
                socket?.Dispose();
            throw;
        }

        return new StunListener(
            sockets, new StunAnswer(addresses, (PortOf(sockets[0, 0]), PortOf(sockets[0, 1]))),
            new SourceLimits(AnswersPerSecond, time));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening;
        foreach (var socket in _sockets)
            socket.Dispose();
        _stop.Dispose();
    }

    private static Socket Bind(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private async Task ListenAsync((int Address, int Port) at)
    {
        var socket = _sockets[at.Address, at.Port];
        var bytes = GC.AllocateArray<byte>(LargestDatagram, pinned: true);
        var anybody = new IPEndPoint(
            socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var received = await socket.ReceiveFromAsync(bytes.AsMemory(), anybody, _stop.Token);
                var from = (IPEndPoint)received.RemoteEndPoint;
                if (_limits.Lets(from.Address) && _answer.To(bytes.AsSpan(0, received.ReceivedBytes), from, at)
                    is { } answer)
                {
                    await _sockets[answer.At.Address, answer.At.Port].SendToAsync(
                        answer.Bytes, SocketFlags.None, from, _stop.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // It is over.
            }
            catch (SocketException) when (!_stop.IsCancellationRequested)
            {
                // One that is gone, or asked with more than a question: the next may be another.
            }
        }
    }
}
