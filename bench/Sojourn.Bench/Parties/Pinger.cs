using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Sojourn.NatLab;

namespace Sojourn.Bench.Parties;

/// <summary>
/// A hundred pings a second to some addresses, from a network of the laboratory. Unlike the tool it begins before there
/// is a way to them.
/// </summary>
internal sealed class Pinger : IAsyncDisposable
{
    private const int HeadLength = 8;
    private const byte Request = 8, Answer = 0;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(10), Waiting = TimeSpan.FromSeconds(0.5);

    private readonly Socket _socket;
    private readonly Dictionary<IPAddress, Pings> _pings;
    private readonly ushort _id = (ushort)Random.Shared.Next(1 << 16);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private Pinger(Socket socket, IReadOnlyList<IPAddress> places)
    {
        _socket = socket;
        _pings = places.ToDictionary(place => place, _ => new Pings());
        _running = Task.WhenAll(SendAllAsync(), ReceiveAllAsync());
    }

    public static async Task<Pinger> BeginAsync(NetNamespace network, params IReadOnlyList<IPAddress> places) =>
        new(await network.DoAsync(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp);
            socket.Bind(new IPEndPoint(IPAddress.Any, 0));
            return socket;
        }), places);

    /// <summary>Completes with the time of the first answer.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public Task<long> FirstAnswerAsync(IPAddress place, TimeSpan patience, CancellationToken stop) =>
        _pings[place].First.Task.WaitAsync(patience, stop);

    /// <summary>How many pings there were from the first that was answered on, and how many were lost.</summary>
    /// <remarks>Those of the last half of a second may be on their way yet.</remarks>
    public (int Sent, int Lost) CountSinceFirst(IPAddress place)
    {
        var pings = _pings[place];
        lock (pings.All)
        {
            var since = pings.All.SkipWhile(ping => !ping.IsAnswered)
                .Where(ping => Stopwatch.GetElapsedTime(ping.SentAt) > Waiting).ToList();
            return (since.Count, since.Count(ping => !ping.IsAnswered));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task SendAllAsync()
    {
        using var timer = new PeriodicTimer(Every);
        var packet = new byte[HeadLength + 56];
        for (var number = 0; number <= ushort.MaxValue; number++)
        {
            if (!await timer.WaitForNextTickAsync(_stop.Token))
                return;
            Write(packet, (ushort)number);
            foreach (var (place, pings) in _pings)
                Send(packet, place, pings);
        }
    }

    private void Send(byte[] packet, IPAddress place, Pings pings)
    {
        lock (pings.All)
            pings.All.Add(new Ping(Stopwatch.GetTimestamp(), false));
        try
        {
            _socket.SendTo(packet, new IPEndPoint(place, 0));
        }
        catch (SocketException)
        {
            // There is no way to it yet: one that is lost.
        }
    }

    private async Task ReceiveAllAsync()
    {
        var buffer = new byte[2048];
        while (!_stop.IsCancellationRequested)
        {
            var got = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0));
            var at = Stopwatch.GetTimestamp();
            // A raw socket gives the IP packet's head as well.
            var head = (buffer[0] & 0xf) * 4;
            if (got.ReceivedBytes >= head + HeadLength && buffer[head] == Answer
                && BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(head + 4)) == _id
                && _pings.TryGetValue(((IPEndPoint)got.RemoteEndPoint).Address, out var pings))
            {
                pings.Answer(BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(head + 6)), at);
            }
        }
    }

    private void Write(Span<byte> packet, ushort number)
    {
        packet.Clear();
        packet[0] = Request;
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], _id);
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], number);
        var sum = 0;
        for (var at = 0; at < packet.Length; at += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);
        sum = (sum & 0xffff) + (sum >> 16);
        sum = (sum & 0xffff) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)~sum);
    }

    private readonly record struct Ping(long SentAt, bool IsAnswered);

    private sealed class Pings
    {
        public List<Ping> All { get; } = [];

        public TaskCompletionSource<long> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Answer(int number, long at)
        {
            lock (All)
            {
                if (number < All.Count)
                    All[number] = All[number] with { IsAnswered = true };
            }

            First.TrySetResult(at);
        }
    }
}
