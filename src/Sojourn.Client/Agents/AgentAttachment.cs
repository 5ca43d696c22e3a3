using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Sojourn.Client.Agents;

/// <summary>
/// One client on one agent: follows it through broken connections, and types into its terminal. Leaving changes nothing
/// in the session.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Holds nothing while nobody follows; somebody may type late.")]
public sealed class AgentAttachment
{
    /// <summary>The subprotocol of the WebSocket.</summary>
    public const string Protocol = "sojourn.agent.v1";

    private const byte OutputFrame = 1, ScreenFrame = 2;
    private const int AckEveryEvents = 500, AckEveryBytes = 128 << 10;

    private readonly SojournClientOptions _options;
    private readonly Uri _address;
    private readonly string _name;
    private readonly Lock _gate = new();
    private readonly LinkedList<(long Number, byte[] Keys)> _untyped = [];
    private readonly SemaphoreSlim _sending = new(1), _typing = new(1);
    private ClientWebSocket? _socket;
    private string _lost = "";
    private long _number, _sentNumber;
    private string? _events;
    private long? _output;
    private int _eventsUnacked, _bytesUnacked;
    private (int Columns, int Rows) _screen;

    internal AgentAttachment(SojournClientOptions options, Uri address, string name) =>
        // By the clock: an earlier program of the same name has used smaller numbers.
        (_options, _address, _name, _number) = (
            options, address, name, options.TimeProvider.GetUtcNow().UtcTicks / TimeSpan.TicksPerMicrosecond);

    /// <summary>
    /// Attaches and tells what happens, for as long as it is enumerated, by one reader. A connection that breaks is
    /// tried again for ever.
    /// </summary>
    /// <param name="stop">Leaves.</param>
    /// <exception cref="SojournProblemException">The server will never answer this: 400, 401, 403, 404.</exception>
    public async IAsyncEnumerable<AttachNews> FollowAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            await foreach (var news in ConnectionAsync(stop).ConfigureAwait(false))
            {
                attempt = 0;
                yield return news;
                if (news is AttachGone)
                    yield break;
            }

            attempt = Math.Max(attempt, 1);
            var pause = Backoff.Before(attempt, null, _options);
            yield return new AttachLost(_lost, attempt, pause);
            await Task.Delay(pause, _options.TimeProvider, stop).ConfigureAwait(false);
        }
    }

    /// <summary>All that one connection brings; why there is no more is kept.</summary>
    private async IAsyncEnumerable<AttachNews> ConnectionAsync([EnumeratorCancellation] CancellationToken stop)
    {
        using var socket = new ClientWebSocket();
        try
        {
            var lost = await ConnectAsync(socket, stop).ConfigureAwait(false);
            while (lost is null)
            {
                (var news, lost) = await ReadAsync(socket, stop).ConfigureAwait(false);
                if (news is not null)
                    yield return news;
            }

            _lost = lost;
        }
        finally
        {
            lock (_gate)
            {
                _socket = null;
            }
        }
    }

    /// <summary>
    /// Types into the terminal: once, however often the connection breaks on the way. May be called from any thread;
    /// completes when it is sent, or waits to be.
    /// </summary>
    public async ValueTask TypeAsync(ReadOnlyMemory<byte> keys, CancellationToken giveUp = default)
    {
        lock (_gate)
        {
            _untyped.AddLast((++_number, keys.ToArray()));
        }

        await SendUntypedAsync(giveUp).ConfigureAwait(false);
    }

    private async Task<string?> ConnectAsync(ClientWebSocket socket, CancellationToken stop)
    {
        socket.Options.AddSubProtocol(Protocol);
        socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(15);
        socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(15);
        if (_options.Key is { } key)
            socket.Options.SetRequestHeader("Authorization", $"Bearer {key}");
        if (_address.IsLoopback)
            socket.Options.Proxy = null;
        socket.Options.CollectHttpResponseDetails = true;
        try
        {
            await socket.ConnectAsync(_address, stop).ConfigureAwait(false);
            var hello = new { type = "hello", client = _name, events = _events, output = _output };
            await SendAsync(socket, hello, stop).ConfigureAwait(false);
        }
        catch (WebSocketException no) when ((int)socket.HttpStatusCode is 400 or 401 or 403 or 404 or 422)
        {
            throw new SojournProblemException(
                new SojournProblem { Status = (int)socket.HttpStatusCode, Detail = Why(socket, no) }, null);
        }
        catch (Exception broken) when (broken is WebSocketException or IOException)
        {
            return socket.HttpStatusCode == default
                ? "no server answers" : $"the server answered {(int)socket.HttpStatusCode}";
        }

        lock (_gate)
        {
            (_socket, _sentNumber) = (socket, 0);
        }

        await SendUntypedAsync(stop).ConfigureAwait(false);
        return null;
    }

    private static string Why(ClientWebSocket socket, WebSocketException no) => (int)socket.HttpStatusCode switch
    {
        401 => "The key is not, or no longer, one of this server's.",
        404 => "There is no such agent.",
        _ => no.Message,
    };

    /// <returns>What there is, or why there is no more.</returns>
    private async Task<(AttachNews? News, string? Lost)> ReadAsync(ClientWebSocket socket, CancellationToken stop)
    {
        try
        {
            var (isBinary, bytes) = await ReceiveAsync(socket, stop).ConfigureAwait(false);
            if (bytes is null)
                return (null, socket.CloseStatusDescription is { Length: > 0 } why ? why : "the connection was closed");
            var news = isBinary ? OfBinary(bytes) : OfText(JsonElement.Parse(bytes));
            await AcknowledgeAsync(socket, stop).ConfigureAwait(false);
            return (news, null);
        }
        catch (Exception broken) when (broken is WebSocketException or IOException or JsonException)
        {
            return (null, "the connection broke");
        }
    }

    private static async Task<(bool IsBinary, byte[]? Bytes)> ReceiveAsync(
        ClientWebSocket socket, CancellationToken stop)
    {
        using var frame = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), stop).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close)
                return (false, null);
            frame.Write(buffer.AsSpan(0, part.Count));
            if (part.EndOfMessage)
                return (part.MessageType == WebSocketMessageType.Binary, frame.ToArray());
        }
    }

    private AttachNews? OfBinary(byte[] frame)
    {
        if (frame.Length < 9)
            return null;
        var entry = BinaryPrimitives.ReadInt64BigEndian(frame.AsSpan(1));
        _output = entry;
        _bytesUnacked += frame.Length;
        return frame[0] switch
        {
            OutputFrame => new AttachOutput(frame.AsMemory(9)),
            ScreenFrame => new AttachScreen(_screen.Columns, _screen.Rows, frame.AsMemory(9)),
            _ => null,
        };
    }

    private AttachNews? OfText(JsonElement message)
    {
        switch (message.GetProperty("type").GetString())
        {
            case "welcome" or "skipped":
                var after = message.GetProperty("after").GetString()!;
                _events = after;
                return new AttachWelcome(
                    message.GetProperty("session").Deserialize<Session>(ClientJson.Options)!, after,
                    message.GetProperty("whole").GetBoolean());
            case "event":
                var happened = message.GetProperty("event").Deserialize<SessionEvent>(ClientJson.Options)!;
                _events = happened.Offset;
                _eventsUnacked++;
                return new AttachEvent(happened);
            case "screen":
                _screen = (message.GetProperty("columns").GetInt32(), message.GetProperty("rows").GetInt32());
                return null;
            case "typed":
                return Typed(message.GetProperty("number").GetInt64(), message.GetProperty("ok").GetBoolean());
            case "gone":
                return new AttachGone();
            default:
                // What a newer server adds.
                return null;
        }
    }

    private AttachNotTyped? Typed(long number, bool isTyped)
    {
        lock (_gate)
        {
            for (var each = _untyped.First; each is not null && each.Value.Number <= number; each = each.Next)
            {
                if (each.Value.Number == number)
                {
                    _untyped.Remove(each);
                    break;
                }
            }
        }

        return isTyped ? null : new AttachNotTyped();
    }

    private async Task AcknowledgeAsync(ClientWebSocket socket, CancellationToken stop)
    {
        if (_eventsUnacked < AckEveryEvents && _bytesUnacked < AckEveryBytes)
            return;
        (_eventsUnacked, _bytesUnacked) = (0, 0);
        await SendAsync(socket, new { type = "ack", events = _events, output = _output }, stop).ConfigureAwait(false);
    }

    /// <summary>
    /// Sends what this connection has not been sent, in the order in which it was typed, whoever is first to send it:
    /// what comes after a larger number is not typed any more.
    /// </summary>
    private async ValueTask SendUntypedAsync(CancellationToken stop)
    {
        await _typing.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            while (NextUntyped() is { } next)
            {
                var frame = new byte[8 + next.Keys.Length];
                BinaryPrimitives.WriteInt64BigEndian(frame, next.Number);
                next.Keys.CopyTo(frame, 8);
                await SendAsync(next.Socket, frame, WebSocketMessageType.Binary, stop).ConfigureAwait(false);
            }
        }
        catch (Exception broken) when (broken is WebSocketException or IOException or ObjectDisposedException)
        {
            // It is typed once the connection stands again.
        }
        finally
        {
            _typing.Release();
        }
    }

    private (ClientWebSocket Socket, long Number, byte[] Keys)? NextUntyped()
    {
        lock (_gate)
        {
            if (_socket is null)
                return null;
            foreach (var (number, keys) in _untyped.Where(each => each.Number > _sentNumber).Take(1))
            {
                _sentNumber = number;
                return (_socket, number, keys);
            }

            return null;
        }
    }

    private Task SendAsync(ClientWebSocket socket, object message, CancellationToken stop) => SendAsync(
        socket, JsonSerializer.SerializeToUtf8Bytes(message, ClientJson.Options), WebSocketMessageType.Text, stop);

    private async Task SendAsync(
        ClientWebSocket socket, byte[] frame, WebSocketMessageType type, CancellationToken stop)
    {
        await _sending.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            await socket.SendAsync(frame, type, endOfMessage: true, stop).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }
}
