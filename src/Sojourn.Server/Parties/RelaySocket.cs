using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Sojourn.Relays;
using Sojourn.Server.Guarding;
using Sojourn.Server.Parties.Relays;
using Sojourn.Server.Problems;
using Sojourn.Server.Sockets;

namespace Sojourn.Server.Parties;

/// <summary>
/// The relay for members whose network lets no UDP through: each frame is a slot and a datagram, as at that slot's
/// port. The relay itself asks for tickets; it takes this for a member on this machine.
/// </summary>
internal sealed class RelaySocket(SeatEndpoints seats, SeatSocket upgrades, PartyPorts ports)
{
    /// <summary>The subprotocol; a client must name it.</summary>
    public const string Protocol = "sojourn.relay.v1";

    /// <summary>How many of a seat may be open: two, for who comes back before its old one is known to be broken.
    /// </summary>
    public const int MostOfSeat = 2;

    private const int LargestFrame = 2048;

    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Seat, List<TaskCompletionSource>> _open = [];
    private readonly Lock _guard = new();

    public async ValueTask<HttpProblem?> OpenAsync(HttpContext context, Caller caller)
    {
        var (seat, _, problem) = await seats.KnowAsync(context);
        if (seat is null)
            return problem;
        return await upgrades.UpgradeAsync(context, Protocol, async () =>
        {
            if (ports.Relay is not { } relay)
                return HttpProblem.Stopping;
            var lifetime = (IHostApplicationLifetime)context.RequestServices
                .GetService(typeof(IHostApplicationLifetime))!;
            using var over = CancellationTokenSource.CreateLinkedTokenSource(
                context.RequestAborted, lifetime.ApplicationStopping);
            using var socket = await context.WebSockets.AcceptWebSocketAsync(Protocol);
            var displaced = Enter(seat);
            try
            {
                await PassAsync(socket, relay, displaced.Task, over);
            }
            finally
            {
                Exit(seat, displaced);
            }

            return null;
        });
    }

    /// <summary>Each holds a port of this machine; so the oldest of a seat goes when there is one too many.</summary>
    /// <returns>Completes once there are enough newer ones.</returns>
    private TaskCompletionSource Enter(Seat seat)
    {
        var displaced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_guard)
        {
            if (!_open.TryGetValue(seat, out var open))
                _open[seat] = open = [];
            open.Add(displaced);
            if (open.Count > MostOfSeat)
            {
                open[0].SetResult();
                open.RemoveAt(0);
            }
        }

        return displaced;
    }

    private void Exit(Seat seat, TaskCompletionSource displaced)
    {
        lock (_guard)
        {
            if (_open.TryGetValue(seat, out var open) && open.Remove(displaced) && open.Count == 0)
                _open.Remove(seat);
        }
    }

    private static async Task PassAsync(
        WebSocket socket, RelayListener relay, Task displaced, CancellationTokenSource over)
    {
        using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        udp.Bind(new IPEndPoint(relay.Local, 0));
        var inward = InAsync(socket, udp, relay, over.Token);
        var outward = OutAsync(socket, udp, relay, over.Token);
        var first = await Task.WhenAny(inward, outward, displaced);
        // The port is free at once; whoever does not say goodbye is not waited for.
        udp.Dispose();
        over.CancelAfter(CloseWithin);
        var goodbye = first == displaced
            ? new Goodbye(WebSocketCloseStatus.PolicyViolation, $"This seat has {MostOfSeat} newer ones.")
            : new Goodbye(WebSocketCloseStatus.NormalClosure, "Goodbye.");
        // If the connection broke, the member comes back.
        await CloseAsync(socket, goodbye, inward, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await over.CancelAsync();
        await Task.WhenAll(inward, outward).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task CloseAsync(WebSocket socket, Goodbye bye, Task receiving, CancellationToken stop)
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await socket.CloseOutputAsync(bye.Status, bye.Reason, stop);
        await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var ignored = new byte[LargestFrame];
        while (socket.State == WebSocketState.CloseSent)
            await socket.ReceiveAsync(ignored.AsMemory(), stop);
    }

    private static async Task InAsync(WebSocket socket, Socket udp, RelayListener relay, CancellationToken stop)
    {
        var bytes = new byte[LargestFrame + 1];
        while (true)
        {
            var part = await socket.ReceiveAsync(bytes.AsMemory(), stop);
            if (part.MessageType != WebSocketMessageType.Binary || !part.EndOfMessage || part.Count < 2
                || bytes[0] >= RelayFormat.Ports)
            {
                return;
            }

            await udp.SendToAsync(
                bytes.AsMemory(1, part.Count - 1), SocketFlags.None, relay.PlaceOf(bytes[0]), stop);
        }
    }

    private static async Task OutAsync(WebSocket socket, Socket udp, RelayListener relay, CancellationToken stop)
    {
        var bytes = new byte[LargestFrame + 1];
        var anybody = new IPEndPoint(IPAddress.Any, 0);
        while (true)
        {
            var received = await udp.ReceiveFromAsync(bytes.AsMemory(1), anybody, stop);
            if (relay.SlotOf((IPEndPoint)received.RemoteEndPoint) is not { } slot)
                continue;
            bytes[0] = slot;
            await socket.SendAsync(
                bytes.AsMemory(0, received.ReceivedBytes + 1), WebSocketMessageType.Binary, endOfMessage: true, stop);
        }
    }
}
