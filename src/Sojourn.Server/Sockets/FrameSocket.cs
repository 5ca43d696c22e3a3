using System.Buffers;
using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text.Json;
using Sojourn.Server.Json;

namespace Sojourn.Server.Sockets;

/// <summary>One frame of a client.</summary>
/// <param name="IsBinary">True for keystrokes, false for JSON.</param>
/// <param name="Bytes">What it holds; valid until the next is read.</param>
internal readonly record struct ClientFrame(bool IsBinary, ReadOnlyMemory<byte> Bytes);

/// <summary>What a connection ends with.</summary>
/// <param name="Status">The code of the close frame.</param>
/// <param name="Reason">For people; at most 123 bytes.</param>
internal sealed record Goodbye(WebSocketCloseStatus Status, string Reason);

/// <summary>Frames over a WebSocket: one is read at a time; what several send at once goes one after another.</summary>
/// <param name="socket">The connection.</param>
/// <param name="time">The clock.</param>
/// <param name="mostText">The largest frame of JSON that this client may send.</param>
/// <param name="mostKeys">The largest frame of keystrokes.</param>
internal sealed class FrameSocket(WebSocket socket, TimeProvider time, int mostText, int mostKeys) : IDisposable
{
    // A single large frame is no reason to keep so much memory as long as the connection lasts.
    private const int KeptBytes = 64 << 10;

    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _late = new(Timeout.InfiniteTimeSpan, time);
    private ArrayBufferWriter<byte> _received = new(4096);
    private Task<ClientFrame?> _receiving = Task.FromResult<ClientFrame?>(null);

    /// <summary>Why there are no more frames, once there are none.</summary>
    public Goodbye End { get; private set; } = new(WebSocketCloseStatus.NormalClosure, "Goodbye.");

    /// <returns>Null once the client has closed, or has sent too much.</returns>
    public async ValueTask<ClientFrame?> ReceiveAsync(CancellationToken stop)
    {
        // Only the waiting is given up: reading that is given up breaks the connection, and nobody can say goodbye.
        _receiving = ReceiveFrameAsync();
        return await _receiving.WaitAsync(stop);
    }

    public void Dispose()
    {
        _sending.Dispose();
        _late.Dispose();
        socket.Dispose();
    }

    /// <summary>Sends JSON.</summary>
    public async ValueTask SendAsync(Action<Utf8JsonWriter> write, CancellationToken stop)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        await SendAsync(bytes.WrittenMemory, WebSocketMessageType.Text, stop);
    }

    /// <summary>Sends bytes of a terminal: a byte that says which, a number of eight bytes, and they.</summary>
    public async ValueTask SendAsync(byte kind, long number, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        var frame = ArrayPool<byte>.Shared.Rent(9 + bytes.Length);
        try
        {
            frame[0] = kind;
            BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(1), number);
            bytes.CopyTo(frame.AsMemory(9));
            await SendAsync(frame.AsMemory(0, 9 + bytes.Length), WebSocketMessageType.Binary, stop);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    /// <summary>What is being sent has a moment left, for a client that still reads; then it is given up.</summary>
    public void EndSoon() => _late.CancelAfter(CloseWithin);

    /// <summary>Says goodbye, and waits a moment for the client to say it too. Nothing may be received after.</summary>
    public async Task CloseAsync(Goodbye bye)
    {
        using var late = new CancellationTokenSource(CloseWithin, time);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(bye.Status, bye.Reason, late.Token);
            }

            // What comes before the client has heard it is for nobody.
            await _receiving.WaitAsync(late.Token);
            var ignored = new byte[4096];
            while (socket.State == WebSocketState.CloseSent)
            {
                await socket.ReceiveAsync(ignored.AsMemory(), late.Token);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or WebSocketException or IOException)
        {
            // It is gone already.
        }
    }

    private async Task<ClientFrame?> ReceiveFrameAsync()
    {
        _received.ResetWrittenCount();
        if (_received.Capacity > KeptBytes)
        {
            _received = new(4096);
        }

        while (true)
        {
            var part = await socket.ReceiveAsync(_received.GetMemory(4096), CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            _received.Advance(part.Count);
            var isBinary = part.MessageType == WebSocketMessageType.Binary;
            var most = isBinary ? mostKeys : mostText;
            if (_received.WrittenCount > most)
            {
                End = new(WebSocketCloseStatus.MessageTooBig, $"Such a frame has at most {most:N0} bytes.");
                return null;
            }

            if (part.EndOfMessage)
            {
                return new ClientFrame(isBinary, _received.WrittenMemory);
            }
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type, CancellationToken stop)
    {
        await _sending.WaitAsync(stop);
        try
        {
            // Sending that is given up breaks the connection, too.
            await socket.SendAsync(bytes, type, endOfMessage: true, _late.Token);
        }
        finally
        {
            _sending.Release();
        }
    }
}
