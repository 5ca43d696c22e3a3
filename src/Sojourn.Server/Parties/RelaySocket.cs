using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Sojourn.Relays;
using Sojourn.Server.Guarding;
using Sojourn.Server.Parties.Relays;
using Sojourn.Server.Problems;

namespace Sojourn.Server.Parties;

/// <summary>
/// The relay for members whose network lets no UDP through: each frame is a slot and a datagram, as at that slot's
/// port. The relay itself asks for tickets; it takes this for a member on this machine.
/// </summary>
internal sealed class RelaySocket(SeatEndpoints seats, SeatSocket upgrades, PartyPorts ports)
{
    /// <summary>The subprotocol; a client must name it.</summary>
    public const string Protocol = "sojourn.relay.v1";

    private const int LargestFrame = 2048;

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
            await PassAsync(socket, relay, over);
            return null;
        });
    }

    private static async Task PassAsync(WebSocket socket, RelayListener relay, CancellationTokenSource over)
    {
        using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        udp.Bind(new IPEndPoint(relay.Local, 0));
        try
        {
            await Task.WhenAny(InAsync(socket, udp, relay, over.Token), OutAsync(socket, udp, relay, over.Token));
            await over.CancelAsync();
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(
                    WebSocketCloseStatus.NormalClosure, "Goodbye.", CancellationToken.None);
            }
        }
        catch (Exception gone) when (gone is WebSocketException or IOException or OperationCanceledException)
        {
            // The connection broke; the member comes back.
        }
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
