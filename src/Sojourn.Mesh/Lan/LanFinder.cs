using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Sojourn.Mesh.Broadcasts;
using Sojourn.Parties;

namespace Sojourn.Mesh.Lan;

/// <summary>A party whose server is in the local network.</summary>
/// <param name="Url">The server.</param>
/// <param name="Name">What the party is called.</param>
internal sealed record LanParty(Uri Url, string Name);

/// <summary>Looks in the local network for who serves a party.</summary>
internal sealed class LanFinder(TimeProvider time)
{
    /// <summary>How long it is waited for an answer.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1.5);

    // A datagram may be lost, the first of all above all: who is to answer may yet have to be found (ARP).
    private static readonly TimeSpan[] Pauses =
        [TimeSpan.Zero, TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(400)];

    /// <summary>Who is asked; null for everybody in each network of this machine.</summary>
    public IReadOnlyList<IPEndPoint>? Places { get; init; }

    /// <summary>Asks who has a party, and takes the first who says so.</summary>
    /// <param name="handle">What its invitations begin with.</param>
    /// <param name="giveUp">Ends it, with an exception.</param>
    /// <returns>Null if nobody answers.</returns>
    public async Task<LanParty?> FindAsync(string handle, CancellationToken giveUp)
    {
        var places = Places ?? Everybody();
        var nonce = BinaryPrimitives.ReadUInt64BigEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        {
            EnableBroadcast = true,
        };
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        using var late = new CancellationTokenSource(LongestWait, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(late.Token, giveUp);
        var asking = AskAsync(socket, LanFormat.WriteQuery(nonce, handle), places, over.Token);
        try
        {
            return await ListenAsync(socket, nonce, [.. places.Select(place => place.Port)], over.Token);
        }
        catch (OperationCanceledException) when (!giveUp.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            await over.CancelAsync();
            await asking;
        }
    }

    private async Task AskAsync(
        Socket socket, byte[] query, IReadOnlyList<IPEndPoint> places, CancellationToken stop)
    {
        foreach (var pause in Pauses)
        {
            await ((Task)Task.Delay(pause, time, stop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
                return;
            foreach (var place in places)
                Send(socket, query, place);
        }
    }

    private static void Send(Socket socket, byte[] query, IPEndPoint place)
    {
        try
        {
            socket.SendTo(query, place);
        }
        catch (SocketException)
        {
            // No way there, as on a machine without a network; another one may have one.
        }
    }

    private static async Task<LanParty> ListenAsync(
        Socket socket, ulong nonce, HashSet<int> ports, CancellationToken stop)
    {
        // One more than the longest answer, so that what is longer is not taken for one.
        var bytes = new byte[LanFormat.QueryLength + 1];
        while (true)
        {
            try
            {
                var received = await socket.ReceiveFromAsync(
                    bytes.AsMemory(), new IPEndPoint(IPAddress.Any, 0), stop);
                var from = (IPEndPoint)received.RemoteEndPoint;
                if (ports.Contains(from.Port)
                    && LanFormat.ReadAnswer(bytes.AsSpan(0, received.ReceivedBytes)) is { } answer
                    && answer.Nonce == nonce)
                {
                    return new LanParty(
                        new UriBuilder(Uri.UriSchemeHttp, from.Address.ToString(), answer.Port).Uri, answer.Name);
                }
            }
            catch (SocketException)
            {
                // One machine has no such port; the next may.
            }
        }
    }

    private static List<IPEndPoint> Everybody() =>
    [
        new(IPAddress.Broadcast, LanFormat.Port),
        .. OwnNetworks.Read().Broadcasts.Select(address => new IPEndPoint(AddressOf(address), LanFormat.Port)),
    ];

    private static IPAddress AddressOf(uint number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
