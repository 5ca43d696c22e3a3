using System.Net;
using System.Net.Sockets;
using Sojourn.Mesh.Ports;

namespace Sojourn.Mesh.Paths;

/// <summary>
/// Behind a NAT that gives out another port for each destination: many ports at once, one of which the other side may
/// guess. The one that it guesses stays, and passes on to the tunnel and back what comes there.
/// </summary>
internal sealed class ManyPorts : IAsyncDisposable
{
    /// <summary>How many.</summary>
    public const int Count = 256;

    private readonly Lock _guard = new();
    private readonly IPEndPoint _other;
    private readonly IPEndPoint _tunnel;
    private readonly List<PlainPort> _ports = [];
    private PlainPort? _found;
    private PlainPort? _inner;

    private bool _isOver;

    private ManyPorts(IPEndPoint other, int tunnelPort) =>
        (_other, _tunnel) = (other, new IPEndPoint(IPAddress.Loopback, tunnelPort));

    /// <param name="other">Where the other side is.</param>
    /// <param name="tunnelPort">The tunnel's port on this machine.</param>
    /// <returns>Null if this machine has not so many.</returns>
    public static ManyPorts? TryOpen(IPEndPoint other, int tunnelPort)
    {
        var made = new ManyPorts(other, tunnelPort);
        try
        {
            for (var count = 0; count < Count; count++)
            {
                var port = new PlainPort(PlainPort.OpenSocket());
                port.Receiver = (bytes, from) => made.Take(port, bytes, from);
                made._ports.Add(port);
            }

            return made;
        }
        catch (SocketException)
        {
            _ = made.DisposeAsync().AsTask();
            return null;
        }
    }

    /// <summary>Whether the other side has guessed one.</summary>
    public bool IsFound => Volatile.Read(ref _found) is not null;

    /// <summary>Sends something from each, as long as none is found.</summary>
    /// <param name="bytes">What.</param>
    /// <param name="hops">How many routers it may pass; 0 for as many as there are.</param>
    public void Send(ReadOnlySpan<byte> bytes, int hops)
    {
        lock (_guard)
        {
            if (_found is not null)
                return;
            foreach (var port in _ports)
                port.Send(bytes, _other, hops);
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<PlainPort> all;
        lock (_guard)
        {
            _isOver = true;
            all = [.. _ports, .. _inner is null ? [] : (PlainPort[])[_inner]];
            _ports.Clear();
        }

        foreach (var port in all)
            await port.DisposeAsync();
    }

    private void Take(PlainPort port, ReadOnlySpan<byte> bytes, IPEndPoint from)
    {
        if (!from.Equals(_other))
            return;
        lock (_guard)
        {
            if (_found is null && !_isOver && Probe.IsProbe(bytes))
                Keep(port);
        }

        // The tunnel, and the node beside it, see it come from the inner port, and answer to that.
        if (port == _found)
            _inner!.Send(bytes, _tunnel);
    }

    private void Keep(PlainPort port)
    {
        _inner = new PlainPort(PlainPort.OpenLoopback())
        {
            Receiver = (bytes, from) =>
            {
                if (from.Port == _tunnel.Port)
                    port.Send(bytes, _other);
            },
        };
        _found = port;
        foreach (var other in _ports.Where(each => each != port))
            _ = other.DisposeAsync().AsTask();
        _ports.RemoveAll(each => each != port);
    }
}
