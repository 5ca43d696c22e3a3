using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Threading.Channels;
using Sojourn.Client;
using Sojourn.Mesh.Ports;
using Sojourn.Relays;

namespace Sojourn.Mesh.Relays;

/// <summary>
/// The relay over a WebSocket, for networks that let no UDP through: the tunnel sends to a port of this machine for
/// each other member, and what comes there goes on as a frame, and the other way round.
/// </summary>
/// <param name="open">Opens the WebSocket; throws if that cannot be.</param>
/// <param name="tunnelPort">The tunnel's port on this machine.</param>
/// <param name="time">The clock that waiting goes by.</param>
internal sealed class WebRelay(
    Func<CancellationToken, Task<WebSocket>> open, int tunnelPort, TimeProvider time) : IAsyncDisposable
{
    private const int LargestFrame = 2048, MostWaiting = 512;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250),
        LongestPause = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<int, PlainPort> _ports = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<byte[]> _frames = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private Task? _running;

    /// <summary>The relay has answered for a slot.</summary>
    public Action<int, RelayAnswer>? Answered { get; set; }

    /// <summary>It is connected, once more.</summary>
    public Action? Connected { get; set; }

    /// <summary>Connects, and does so again whenever the connection breaks.</summary>
    public void Begin() => _running ??= RunAsync(_stop.Token);

    /// <summary>Where the tunnel is to send what is for a slot.</summary>
    public IPEndPoint PlaceOf(int slot) => new(IPAddress.Loopback, _ports.GetOrAdd(slot, OpenPort).Number);

    /// <summary>Sends to the relay's port of a slot; lost if it is not connected.</summary>
    public void Send(int slot, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is 0 or >= LargestFrame)
            return;
        var frame = new byte[bytes.Length + 1];
        frame[0] = (byte)slot;
        bytes.CopyTo(frame.AsSpan(1));
        _frames.Writer.TryWrite(frame);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_running is not null)
            await _running;
        foreach (var port in _ports.Values)
            await port.DisposeAsync();
        _stop.Dispose();
    }

    private PlainPort OpenPort(int slot)
    {
        return new PlainPort(PlainPort.OpenLoopback())
        {
            Receiver = (bytes, from) =>
            {
                // Nobody else of this machine has a say.
                if (from.Port == tunnelPort && RelayFormat.IsWireGuard(bytes))
                    Send(slot, bytes);
            },
        };
    }

    private async Task RunAsync(CancellationToken stop)
    {
        var pause = FirstPause;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var socket = await open(stop);
                pause = FirstPause;
                while (_frames.Reader.TryRead(out _))
                {
                    // What waited for a connection is too old by now.
                }

                Connected?.Invoke();
                using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
                await Task.WhenAny(ReceiveAsync(socket, over.Token), SendAsync(socket, over.Token));
                await over.CancelAsync();
            }
            catch (Exception broken) when (broken is WebSocketException or IOException or SojournClientException
                or OperationCanceledException)
            {
                // Tried again.
            }

            await ((Task)Task.Delay(pause, time, stop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task SendAsync(WebSocket socket, CancellationToken stop)
    {
        await foreach (var frame in _frames.Reader.ReadAllAsync(stop))
            await socket.SendAsync(frame.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, stop);
    }

    private async Task ReceiveAsync(WebSocket socket, CancellationToken stop)
    {
        var bytes = new byte[LargestFrame + 1];
        while (true)
        {
            var part = await socket.ReceiveAsync(bytes.AsMemory(), stop);
            if (part.MessageType != WebSocketMessageType.Binary || !part.EndOfMessage)
                return;
            Take(bytes[0], bytes.AsSpan(1, Math.Max(0, part.Count - 1)));
        }
    }

    private void Take(int slot, ReadOnlySpan<byte> bytes)
    {
        if (RelayFormat.ReadAnswer(bytes) is { } answer)
            Answered?.Invoke(slot, answer);
        else if (RelayFormat.IsWireGuard(bytes) && _ports.TryGetValue(slot, out var port))
            port.Send(bytes, new IPEndPoint(IPAddress.Loopback, tunnelPort));
    }
}
