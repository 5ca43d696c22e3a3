using System.Buffers.Binary;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Sojourn.Tests.Agents;

/// <summary>A client on an agent that sends and reads the frames itself, and leaves as it likes.</summary>
internal sealed class AttachSocket : IDisposable
{
    private readonly ClientWebSocket _socket = new();

    /// <summary>What the server answered to the upgrade.</summary>
    public HttpStatusCode Status => _socket.HttpStatusCode;

    /// <summary>What the last command, sent again, is answered.</summary>
    public static async Task<JsonElement> CommandAsync(
        Uri server, string key, string id, string operation, string name, object parameters)
    {
        using var socket = await GreetedAsync(server, key, id);
        var reply = await socket.CommandAsync(operation, name, parameters);
        await socket.LeaveAsync();
        return reply;
    }

    /// <summary>Connects and says hello.</summary>
    public static async Task<AttachSocket> GreetedAsync(Uri server, string key, string id, string? client = "raw")
    {
        var socket = new AttachSocket();
        (await socket.TryConnectAsync(server, id, ("Authorization", $"Bearer {key}"))).ShouldBeTrue();
        await socket.SendAsync(new { type = "hello", client });
        await socket.ReceiveAsync("welcome");
        return socket;
    }

    /// <returns>False if the server refused the upgrade.</returns>
    public async Task<bool> TryConnectAsync(Uri server, string id, params (string Name, string Value)[] headers)
    {
        _socket.Options.AddSubProtocol("sojourn.agent.v1");
        _socket.Options.CollectHttpResponseDetails = true;
        _socket.Options.Proxy = null;
        foreach (var (name, value) in headers)
            _socket.Options.SetRequestHeader(name, value);
        using var patience = new CancellationTokenSource(AgentServer.Patience);
        try
        {
            await _socket.ConnectAsync(
                new UriBuilder(new Uri(server, $"/v1/agent/{id}/attach")) { Scheme = "ws" }.Uri, patience.Token);
            return true;
        }
        catch (WebSocketException)
        {
            return false;
        }
    }

    public async Task<JsonElement> CommandAsync(string operation, string name, object parameters)
    {
        await SendAsync(new { type = "command", id = operation, name, parameters });
        return await ReceiveAsync("reply");
    }

    public Task SendAsync(object message) => _socket.SendAsync(
        JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, default);

    /// <summary>Sends this as it is.</summary>
    public Task SendTextAsync(string frame) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, default);

    public Task TypeAsync(long number, string keys) => TypeAsync(number, Encoding.UTF8.GetBytes(keys));

    public Task TypeAsync(long number, byte[] keys)
    {
        var frame = new byte[8 + keys.Length];
        BinaryPrimitives.WriteInt64BigEndian(frame, number);
        keys.CopyTo(frame, 8);
        return _socket.SendAsync(frame, WebSocketMessageType.Binary, true, default);
    }

    /// <summary>Completes with the next frame of JSON that is of one of these types.</summary>
    public async Task<JsonElement> ReceiveAsync(params string[] types)
    {
        while (true)
        {
            var (isBinary, bytes) = await ReceiveFrameAsync();
            if (!isBinary && JsonElement.Parse(bytes) is var frame
                && types.Contains(frame.GetProperty("type").GetString()))
            {
                return frame;
            }
        }
    }

    /// <summary>Completes when the server says goodbye, with its code; what comes before is left out.</summary>
    public async Task<int> ReceiveGoodbyeAsync()
    {
        using var patience = new CancellationTokenSource(AgentServer.Patience);
        var buffer = new byte[16 << 10];
        while ((await _socket.ReceiveAsync(buffer.AsMemory(), patience.Token)).MessageType
            != WebSocketMessageType.Close)
        {
            // That is for another test.
        }

        return (int)_socket.CloseStatus!.Value;
    }

    /// <summary>Completes with the next bytes that a terminal draws.</summary>
    public async Task<byte[]> ReceiveOutputAsync()
    {
        while (true)
        {
            var (isBinary, bytes) = await ReceiveFrameAsync();
            if (isBinary)
                return bytes[9..];
        }
    }

    /// <summary>Leaves in good order: both sides say goodbye.</summary>
    public async Task LeaveAsync()
    {
        using var patience = new CancellationTokenSource(AgentServer.Patience);
        await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", patience.Token);
    }

    /// <summary>Breaks the connection.</summary>
    public void Dispose()
    {
        _socket.Abort();
        _socket.Dispose();
    }

    private async Task<(bool IsBinary, byte[] Bytes)> ReceiveFrameAsync()
    {
        using var patience = new CancellationTokenSource(AgentServer.Patience);
        using var frame = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            part.MessageType.ShouldNotBe(WebSocketMessageType.Close);
            await frame.WriteAsync(buffer.AsMemory(0, part.Count));
            if (part.EndOfMessage)
                return (part.MessageType == WebSocketMessageType.Binary, frame.ToArray());
        }
    }
}
