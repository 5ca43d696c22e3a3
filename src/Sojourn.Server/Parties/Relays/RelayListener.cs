using System.Net;
using System.Net.Sockets;
using Sojourn.Relays;

namespace Sojourn.Server.Parties.Relays;

/// <summary>Passes packets of WireGuard's on between members of a party, at one UDP port for each slot.</summary>
internal sealed class RelayListener : IAsyncDisposable
{
    private const int LargestDatagram = 2048, BufferBytes = 4 << 20;

    private readonly Socket[] _sockets;
    private readonly RelayTable _table;
    private readonly Lock _guard = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _listening;
    private readonly int[] _ports;

    private RelayListener(Socket[] sockets, RelayTable table)
    {
        (_sockets, _table) = (sockets, table);
        var first = (IPEndPoint)sockets[0].LocalEndPoint!;
        Local = first.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : first.Address;
        _ports = [.. sockets.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port)];
        _listening = Task.WhenAll(sockets.Select((_, slot) => ListenAsync(slot)));
    }

    /// <summary>The address that this machine itself reaches it at.</summary>
    public IPAddress Local { get; }

    /// <summary>Bytes that were passed on, and how many are bound.</summary>
    public (long Passed, int Bindings) Now
    {
        get
        {
            lock (_guard)
                return (_table.Passed, _table.Count);
        }
    }

    /// <summary>Where this machine itself reaches a slot's port.</summary>
    public IPEndPoint PlaceOf(int slot) => new(Local, _ports[slot]);

    /// <summary>Which slot's port something came from; null for none.</summary>
    public byte? SlotOf(IPEndPoint from) =>
        from.Address.Equals(Local) && Array.IndexOf(_ports, from.Port) is >= 0 and var slot ? (byte)slot : null;

    /// <summary>Begins.</summary>
    /// <param name="address">Where to listen.</param>
    /// <param name="firstPort">The first of <see cref="RelayFormat.Ports"/> ports; 0 for any ports.</param>
    /// <param name="table">Who is bound; nobody else uses it.</param>
    /// <exception cref="SocketException">One of the ports is taken.</exception>
    public static RelayListener Open(IPAddress address, int firstPort, RelayTable table)
    {
        var sockets = new List<Socket>();
        try
        {
            for (var slot = 0; slot < RelayFormat.Ports; slot++)
            {
                var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                sockets.Add(socket);
                socket.ReceiveBufferSize = BufferBytes;
                socket.SendBufferSize = BufferBytes;
                socket.Bind(new IPEndPoint(address, firstPort == 0 ? 0 : firstPort + slot));
            }

            return new RelayListener([.. sockets], table);
        }
        catch
        {
            sockets.ForEach(socket => socket.Dispose());
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening;
        foreach (var socket in _sockets)
            socket.Dispose();
        _stop.Dispose();
    }

    private async Task ListenAsync(int slot)
    {
        var bytes = GC.AllocateArray<byte>(LargestDatagram, pinned: true);
        var anybody = new IPEndPoint(
            _sockets[slot].AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var received = await _sockets[slot].ReceiveFromAsync(bytes.AsMemory(), anybody, _stop.Token);
                var datagram = bytes.AsSpan(0, received.ReceivedBytes);
                (byte[]? Bytes, int Slot, IPEndPoint To)? passed;
                lock (_guard)
                {
                    passed = _table.Take(slot, (IPEndPoint)received.RemoteEndPoint, datagram);
                }

                if (passed is { } next)
                {
                    _sockets[next.Slot].SendTo(
                        next.Bytes is null ? datagram : next.Bytes, SocketFlags.None, next.To);
                }
            }
            catch (OperationCanceledException)
            {
                // It is over.
            }
            catch (SocketException) when (!_stop.IsCancellationRequested)
            {
                // One that is gone: the next may be another's.
            }
        }
    }
}
