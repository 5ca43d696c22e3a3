using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Sojourn.Kinds.Agents.Driving;
using Sojourn.Server.Sockets;

namespace Sojourn.Server.Agents;

/// <summary>
/// Types what an attached client sends, in order, beside all else that it sends: its commands do not wait for a program
/// that does not read. What waits is bounded; beyond that the client is read no further.
/// </summary>
internal sealed class AttachedKeys
{
    private const int MostWaiting = 2 << 20, HeadLength = 12;

    private static long _connections;

    private readonly FrameSocket _socket;
    private readonly Func<LiveTerminal?> _terminal;
    private readonly Typist _typist;
    private readonly Pipe _waiting = new(new PipeOptions(
        pauseWriterThreshold: MostWaiting, resumeWriterThreshold: MostWaiting / 2, useSynchronizationContext: false));

    /// <param name="socket">Where the client is told how much was typed.</param>
    /// <param name="client">What it calls itself; null for one that nobody else is, as long as it is connected.</param>
    /// <param name="terminal">What is typed into; null while no program lives.</param>
    public AttachedKeys(FrameSocket socket, string? client, Func<LiveTerminal?> terminal)
    {
        (_socket, _terminal) = (socket, terminal);
        _typist = client is null
            ? new(TypistKind.Connection, $"{Interlocked.Increment(ref _connections)}")
            : new(TypistKind.Client, client);
    }

    /// <summary>Takes a frame: a number of eight bytes, and keys.</summary>
    public async ValueTask TakeAsync(ReadOnlyMemory<byte> frame, CancellationToken stop)
    {
        if (frame.Length < 8)
        {
            return;
        }

        var head = _waiting.Writer.GetMemory(HeadLength);
        frame[..8].CopyTo(head);
        BinaryPrimitives.WriteInt32BigEndian(head.Span[8..], frame.Length - 8);
        _waiting.Writer.Advance(HeadLength);
        await _waiting.Writer.WriteAsync(frame[8..], stop);
    }

    /// <summary>Types what was taken, until the client leaves; what is under way then goes on by itself.</summary>
    public async Task TypeAllAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await TypeNextAsync(stop);
            }
        }
        finally
        {
            await _waiting.Reader.CompleteAsync();
        }
    }

    private async Task TypeNextAsync(CancellationToken stop)
    {
        var read = await _waiting.Reader.ReadAtLeastAsync(HeadLength, stop);
        if (LengthOf(read.Buffer) is not { } length || read.Buffer.Length < length)
        {
            _waiting.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            return;
        }

        var (number, keys) = Parse(read.Buffer.Slice(0, length));
        var typed = _terminal() is { } terminal
            ? await terminal.TypeAsync(_typist, number, keys).WaitAsync(stop) : default;
        await ReplyAsync(number, typed, stop);
        _waiting.Reader.AdvanceTo(read.Buffer.GetPosition(length));
        if (typed is { IsAll: false, IsLate: false })
        {
            // Whoever does not read now will not read what waited behind it: later keys would be late ones.
            await RefuseAsync(stop);
        }
    }

    /// <summary>Refuses what waits.</summary>
    private async Task RefuseAsync(CancellationToken stop)
    {
        if (!_waiting.Reader.TryRead(out var read))
        {
            return;
        }

        List<long> refused = [];
        var rest = read.Buffer;
        while (LengthOf(rest) is { } length && length <= rest.Length)
        {
            refused.Add(Parse(rest.Slice(0, length)).Number);
            rest = rest.Slice(length);
        }

        _waiting.Reader.AdvanceTo(rest.Start);
        foreach (var number in refused)
        {
            await ReplyAsync(number, default, stop);
        }
    }

    private ValueTask ReplyAsync(long number, TypedKeys typed, CancellationToken stop) => _socket.SendAsync(json =>
    {
        json.WriteString("type"u8, "typed"u8);
        json.WriteNumber("number"u8, number);
        json.WriteBoolean("ok"u8, typed.IsAll);
        json.WriteNumber("count"u8, typed.Count);
    }, stop);

    private static int? LengthOf(in ReadOnlySequence<byte> waiting)
    {
        if (waiting.Length < HeadLength)
        {
            return null;
        }

        Span<byte> head = stackalloc byte[HeadLength];
        waiting.Slice(0, HeadLength).CopyTo(head);
        return HeadLength + BinaryPrimitives.ReadInt32BigEndian(head[8..]);
    }

    private static (long Number, byte[] Keys) Parse(in ReadOnlySequence<byte> frame)
    {
        var bytes = frame.ToArray();
        return (BinaryPrimitives.ReadInt64BigEndian(bytes), bytes[HeadLength..]);
    }
}
