using System.Net;
using System.Net.Sockets;

namespace Sojourn.Mesh.PortMapping;

/// <summary>Asks a router over UDP, a few times if it is silent.</summary>
internal static class RouterTalk
{
    /// <summary>Where routers listen for PCP and NAT-PMP.</summary>
    private const int Port = 5351;

    /// <summary>The longest message of PCP.</summary>
    private const int Longest = 1100;

    /// <summary>How long each try waits. A router is next door: the standards' three seconds are for others.</summary>
    private static readonly TimeSpan[] Tries =
        [TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(750)];

    /// <summary>Asks, and reads what comes until an answer is among it.</summary>
    /// <returns>The answer; default if there is none.</returns>
    public static async Task<T?> AskAsync<T>(
        SocketOpener open, Gateway gateway, ReadOnlyMemory<byte> request, Func<byte[], T?> read,
        CancellationToken giveUp)
        where T : class
    {
        try
        {
            using var socket = await open(SocketType.Dgram);
            // A router opens ports for who asks alone, and that is told by the address.
            socket.Bind(new IPEndPoint(gateway.Own, 0));
            // From nobody else then, and a closed port is known at once.
            await socket.ConnectAsync(new IPEndPoint(gateway.Router, Port), giveUp);
            foreach (var wait in Tries)
            {
                using var late = CancellationTokenSource.CreateLinkedTokenSource(giveUp);
                late.CancelAfter(wait);
                await socket.SendAsync(request, giveUp);
                if (await ReceiveAsync(socket, read, late.Token) is { } answer)
                    return answer;
                giveUp.ThrowIfCancellationRequested();
            }
        }
        catch (Exception nobody) when (nobody is SocketException or OperationCanceledException)
        {
            // Nobody is there who speaks it, or it takes too long: the next protocol is tried.
        }

        return null;
    }

    private static async Task<T?> ReceiveAsync<T>(Socket socket, Func<byte[], T?> read, CancellationToken late)
        where T : class
    {
        var bytes = new byte[Longest];
        try
        {
            while (true)
            {
                var length = await socket.ReceiveAsync(bytes.AsMemory(), late);
                if (read(bytes[..length]) is { } answer)
                    return answer;
            }
        }
        catch (OperationCanceledException)
        {
            // Silence; asked again.
            return null;
        }
    }
}
