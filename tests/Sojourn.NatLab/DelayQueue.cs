using System.Buffers.Binary;
using System.Diagnostics;

namespace Sojourn.NatLab;

/// <summary>
/// Holds packets that the kernel queues (NFQUEUE), each for as long as its line takes, and lets them go in order. In
/// place of netem, which not every kernel has.
/// </summary>
internal sealed class DelayQueue : IAsyncDisposable
{
    private const ushort Request = 1;
    private const int QueueSystem = 3, PacketMessage = 0, VerdictMessage = 1, ConfigMessage = 2;
    private const int Head = 16, General = 4;
    private const int MostWaiting = 20_000;

    private readonly int _socket;
    private readonly Lock _guard = new();
    private readonly Dictionary<ushort, Line> _lines = [];
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _stops;

    private DelayQueue(int socket)
    {
        _socket = socket;
        _thread = new Thread(Run) { IsBackground = true, Name = "delays" };
        _thread.Start();
    }

    public static async Task<DelayQueue> OpenAsync(NetNamespace network) => new(await network.DoAsync(() =>
    {
        var socket = Native.Socket(Native.Netlink, Native.Raw | Native.CloseOnExec, Native.NetlinkNetfilter);
        if (socket < 0)
            throw new InvalidOperationException("There is no netlink for netfilter here.");
        const int socketLevel = 1, receiveBufferForce = 33, netlinkLevel = 270, noBufferErrors = 5;
        _ = Native.SetOption(socket, socketLevel, receiveBufferForce, 16 << 20, sizeof(int));
        _ = Native.SetOption(socket, netlinkLevel, noBufferErrors, 1, sizeof(int));
        return socket;
    }));

    /// <summary>How long a line takes, from now on.</summary>
    public void Set(int number, TimeSpan delay)
    {
        var queue = (ushort)number;
        lock (_guard)
        {
            if (_lines.TryGetValue(queue, out var line))
            {
                line.Delay = delay;
                return;
            }

            _lines[queue] = new Line { Delay = delay };
        }

        // Bind; then only the packets' numbers are wanted, not what is in them.
        Send(ConfigMessage, queue, [8, 0, 1, 0, 1, 0, 0, 0]);
        Send(ConfigMessage, queue, [9, 0, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
        Span<byte> most = [8, 0, 3, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(most[4..], MostWaiting);
        Send(ConfigMessage, queue, most);
    }

    public async ValueTask DisposeAsync()
    {
        _stops = true;
        await _ended.Task;
        _ = Native.Close(_socket);
    }

    private void Run()
    {
        Span<byte> bytes = stackalloc byte[16 << 10];
        while (!_stops)
        {
            var wait = Release();
            var file = new Native.PollFile { File = _socket, Events = Native.Readable };
            var timeout = new Native.TimeSpec { Nanoseconds = (long)(wait.TotalMilliseconds * 1_000_000) };
            if (Native.Poll(ref file, 1, timeout, 0) <= 0)
                continue;
            var length = (int)Native.Receive(_socket, bytes, bytes.Length, 0);
            if (length > 0)
                Take(bytes[..length]);
        }

        _ended.SetResult();
    }

    private void Take(ReadOnlySpan<byte> messages)
    {
        var now = Stopwatch.GetTimestamp();
        while (messages.Length >= Head + General)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(messages);
            var type = BinaryPrimitives.ReadUInt16LittleEndian(messages[4..]);
            if (length < Head || length > messages.Length)
                return;
            if (type == (QueueSystem << 8 | PacketMessage))
            {
                var queue = BinaryPrimitives.ReadUInt16BigEndian(messages[(Head + 2)..]);
                // The first attribute is the packet's head, and that begins with its number.
                Keep(queue, BinaryPrimitives.ReadUInt32BigEndian(messages[(Head + General + 4)..]), now);
            }

            messages = messages[Math.Min(messages.Length, (length + 3) & ~3)..];
        }
    }

    private void Keep(ushort queue, uint number, long now)
    {
        lock (_guard)
        {
            if (_lines.TryGetValue(queue, out var line))
                line.Waiting.Enqueue((now, number));
        }
    }

    /// <summary>Lets go of all that has waited for long enough.</summary>
    /// <returns>When to look again.</returns>
    private TimeSpan Release()
    {
        var wait = TimeSpan.FromMilliseconds(100);
        lock (_guard)
        {
            foreach (var (queue, line) in _lines)
            {
                var left = Release(queue, line);
                wait = left < wait ? left : wait;
            }
        }

        return wait;
    }

    /// <returns>How long the next one has to wait.</returns>
    private TimeSpan Release(ushort queue, Line line)
    {
        while (line.Waiting.TryPeek(out var packet))
        {
            var left = line.Delay - Stopwatch.GetElapsedTime(packet.At);
            if (left > TimeSpan.Zero)
                return left;
            line.Waiting.Dequeue();
            Span<byte> verdict = [12, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0];
            BinaryPrimitives.WriteUInt32BigEndian(verdict[8..], packet.Number);
            Send(VerdictMessage, queue, verdict);
        }

        return TimeSpan.MaxValue;
    }

    private void Send(int message, ushort queue, ReadOnlySpan<byte> attribute)
    {
        Span<byte> bytes = stackalloc byte[Head + General + attribute.Length];
        bytes.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], (ushort)(QueueSystem << 8 | message));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], Request);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[(Head + 2)..], queue);
        attribute.CopyTo(bytes[(Head + General)..]);
        _ = Native.Send(_socket, bytes, bytes.Length, 0);
    }

    private sealed class Line
    {
        public TimeSpan Delay { get; set; }

        public Queue<(long At, uint Number)> Waiting { get; } = new();
    }
}
