using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Sojourn.Kinds.Parties;
using Sojourn.Server;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Parties.Server;

/// <summary>A party on a real server.</summary>
internal sealed class PartyUnderTest : IAsyncDisposable
{
    private PartyUnderTest(ServerUnderTest server) => Server = server;

    public ServerUnderTest Server { get; }

    public string Id { get; private set; } = "";

    public string Invitation { get; private set; } = "";

    public static async Task<PartyUnderTest> StartAsync(
        string start = """{"name":"Friday"}""", PartyOptions? options = null,
        Action<SojournServerOptions>? configure = null)
    {
        var server = await ServerUnderTest.StartAsync(configure, kinds => kinds.AddParties(options));
        return await MakeAsync(server, "friday", start);
    }

    /// <summary>A party on a server that is there already, and is disposed of with the party.</summary>
    public static async Task<PartyUnderTest> MakeAsync(ServerUnderTest server, string id, string start)
    {
        var party = new PartyUnderTest(server);
        var made = await server.SendAsync("PUT", $"/v1/party/{id}", start);
        made.Number.ShouldBe(201, made.Text);
        party.Id = made["id"].GetString()!;
        party.Invitation = made["state"].GetProperty("invitation").GetString()!;
        return party;
    }

    public Task<Reply> AskToJoinAsync(
        string name, string? invitation = null, string? password = null, string? secret = null, string? key = null) =>
        Server.SendAsync("POST", "/v1/party-seats", JsonSerializer.Serialize(new
        {
            invitation = invitation ?? Invitation,
            name,
            publicKey = key ?? Friends.KeyOf(name),
            secret = secret ?? SecretOf(name),
            password,
        }));

    public async Task<SeatUnderTest> JoinAsync(string name)
    {
        var joined = await AskToJoinAsync(name);
        joined.Number.ShouldBe(201, joined.Text);
        return new SeatUnderTest(Server, joined["seat"].GetString()!, SecretOf(name));
    }

    public static string SecretOf(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')) + "-" + new string('s', 40);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>A member of it.</summary>
internal sealed class SeatUnderTest(ServerUnderTest server, string seat, string secret)
{
    public string Member => seat[(seat.IndexOf('/', StringComparison.Ordinal) + 1)..];

    public string Path => $"/v1/party-seats/{seat}";

    public async Task<Reply> AskAsync(string method, string path = "", string? body = null, string? with = null)
    {
        using var client = server.Client(with ?? secret);
        using var request = new HttpRequestMessage(new HttpMethod(method), Path + path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await ServerUnderTest.SendAsync(client, request);
    }

    public Task<Reply> SendAsync(string command, object? body = null) =>
        AskAsync("POST", $"/{command}", JsonSerializer.Serialize(body ?? new { }));

    public async Task<SeatSocketUnderTest> OpenAsync() => new(await ConnectAsync("live", "sojourn.party.v1"));

    public Task<ClientWebSocket> OpenRelayAsync() => ConnectAsync("relay", "sojourn.relay.v1");

    private async Task<ClientWebSocket> ConnectAsync(string what, string protocol)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(protocol);
        socket.Options.SetRequestHeader("Authorization", $"Bearer {secret}");
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Url.Port}{Path}/{what}"), CancellationToken.None);
        return socket;
    }
}

/// <summary>A member on its WebSocket.</summary>
internal sealed class SeatSocketUnderTest(ClientWebSocket socket) : IAsyncDisposable
{
    private readonly byte[] _bytes = new byte[1 << 20];
    private readonly List<JsonElement> _unread = [];
    private long _id;

    /// <summary>The next frame that has this; others are kept for later.</summary>
    public async Task<JsonElement> NextAsync(string name, Func<JsonElement, bool>? fits = null)
    {
        for (var at = 0; ; at++)
        {
            if (at == _unread.Count)
                _unread.Add(await ReceiveAsync());
            if (_unread[at].TryGetProperty(name, out var value) && (fits is null || fits(value)))
            {
                _unread.RemoveAt(at);
                return value;
            }
        }
    }

    /// <summary>Sends a command.</summary>
    /// <returns>The whole answer.</returns>
    public async Task<JsonElement> SendAsync(string command, object? body = null)
    {
        var id = ++_id;
        await SendTextAsync(JsonSerializer.Serialize(new { id, command, body = body ?? new { } }));
        while (true)
        {
            var at = _unread.FindIndex(each => each.TryGetProperty("id", out var of) && of.GetInt64() == id);
            if (at >= 0)
            {
                var answer = _unread[at];
                _unread.RemoveAt(at);
                return answer;
            }

            _unread.Add(await ReceiveAsync());
        }
    }

    public Task SendTextAsync(string text) => socket.SendAsync(
        Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    /// <summary>Completes with why the server has closed.</summary>
    public async Task<WebSocketCloseStatus?> ClosedAsync()
    {
        using var late = new CancellationTokenSource(ServerUnderTest.Patience);
        while ((await socket.ReceiveAsync(_bytes.AsMemory(), late.Token)).MessageType != WebSocketMessageType.Close)
        {
            // What was on its way.
        }

        return socket.CloseStatus;
    }

    public ValueTask DisposeAsync()
    {
        socket.Abort();
        socket.Dispose();
        return default;
    }

    private async Task<JsonElement> ReceiveAsync()
    {
        using var late = new CancellationTokenSource(ServerUnderTest.Patience);
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(_bytes.AsMemory(length), late.Token);
            part.MessageType.ShouldBe(WebSocketMessageType.Text);
            length += part.Count;
            if (part.EndOfMessage)
                return JsonSerializer.Deserialize<JsonElement>(_bytes.AsSpan(0, length));
        }
    }
}
