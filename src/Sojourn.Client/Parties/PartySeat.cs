using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Sojourn.Parties;

namespace Sojourn.Client.Parties;

/// <summary>
/// A seat in a party: follows it through broken connections, and asks for what a member may. Members have no key of the
/// server's, but a secret of their own. May be used from any thread; followed by one reader.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The socket lives as long as the following does.")]
public sealed class PartySeat
{
    /// <summary>The subprotocol of the WebSocket.</summary>
    public const string Protocol = "sojourn.party.v1";

    private const string RelayProtocol = "sojourn.relay.v1";
    private const int MostUnread = 1024;

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private readonly SojournClientOptions _options;
    private readonly HttpClient _http;
    private readonly Exchange _exchange;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> _asked = new();
    private readonly SemaphoreSlim _sending = new(1);
    private ClientWebSocket? _socket;
    private PartyView? _party;
    private long _number;
    private bool _isGone;

    /// <summary>A seat that was taken before.</summary>
    /// <param name="options">The server; its key is not used.</param>
    /// <param name="seat"><see cref="SeatView.Seat"/>.</param>
    /// <param name="secret">What it was taken with.</param>
    public PartySeat(SojournClientOptions options, string seat, string secret)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check(nameof(options));
        (Seat, _options) = (seat, options.Copy());
        _http = OpenHttp(_options);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        _exchange = new Exchange(_http, _options);
    }

    /// <summary>Which seat.</summary>
    public string Seat { get; }

    /// <summary>Takes a seat, or the same one again.</summary>
    /// <param name="options">The server; its key is not used.</param>
    /// <param name="who">Who.</param>
    /// <param name="giveUp">Ends the waiting; the seat may have been taken all the same.</param>
    /// <exception cref="SojournProblemException">The server says no.</exception>
    /// <exception cref="SojournConnectionException">There is no whole answer.</exception>
    public static async Task<SeatView> TakeAsync(
        SojournClientOptions options, TakeSeat who, CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(who);
        options.Check(nameof(options));
        using var http = OpenHttp(options);
        // The same secret makes it the same seat, however often this arrives.
        using var response = await new Exchange(http, options).SendAsync(
            () => Post("v1/party-seats", who), repeatable: true, giveUp).ConfigureAwait(false);
        return await ReadAsync<SeatView>(response, giveUp).ConfigureAwait(false);
    }

    /// <summary>Where a server answers STUN, as <c>host:port</c>; nobody needs a seat to know.</summary>
    /// <param name="options">The server; its key is not used.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    public static async Task<ImmutableArray<string>> StunAsync(
        SojournClientOptions options, CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var http = OpenHttp(options);
        using var response = await new Exchange(http, options).SendAsync(
            () => new HttpRequestMessage(HttpMethod.Get, "v1/party-stun"), repeatable: true, giveUp)
            .ConfigureAwait(false);
        return (await ReadAsync<StunView>(response, giveUp).ConfigureAwait(false)).Stun;
    }

    /// <summary>The party, as of now.</summary>
    /// <exception cref="SojournProblemException">Nobody sits there with this secret.</exception>
    public async Task<PartyView> GetAsync(CancellationToken giveUp = default)
    {
        using var response = await _exchange.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Get, $"v1/party-seats/{Seat}"), repeatable: true, giveUp)
            .ConfigureAwait(false);
        return await ReadAsync<PartyView>(response, giveUp).ConfigureAwait(false);
    }

    /// <summary>What helps to reach the others, as of now.</summary>
    public async Task<NetworkView> NetworkAsync(CancellationToken giveUp = default)
    {
        using var response = await _exchange.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Get, $"v1/party-seats/{Seat}/network"), repeatable: true, giveUp)
            .ConfigureAwait(false);
        return await ReadAsync<NetworkView>(response, giveUp).ConfigureAwait(false);
    }

    /// <summary>Asks for something: over the connection that is followed if it is there, else by a request.</summary>
    /// <param name="command">The command's name.</param>
    /// <param name="parameters">Its parameters, without who asks.</param>
    /// <param name="giveUp">Ends the waiting; it may be done all the same.</param>
    /// <typeparam name="TReply">What it is answered with.</typeparam>
    /// <exception cref="SojournProblemException">The server says no.</exception>
    /// <exception cref="SojournConnectionException">There is no whole answer.</exception>
    public async Task<TReply> AskAsync<TReply>(
        string command, object? parameters = null, CancellationToken giveUp = default) =>
        (await AskAnyAsync(command, parameters, giveUp).ConfigureAwait(false))
            .Deserialize<TReply>(SeatJson.Options)!;

    /// <summary>As the other, for what has no reply.</summary>
    public Task SendAsync(string command, object? parameters = null, CancellationToken giveUp = default) =>
        AskAnyAsync(command, parameters, giveUp);

    private async Task<JsonElement> AskAnyAsync(string command, object? parameters, CancellationToken giveUp)
    {
        if (Volatile.Read(ref _socket) is { } socket
            && await AskAsync(socket, command, parameters, giveUp).ConfigureAwait(false) is { } answer)
        {
            return answer;
        }

        using var response = await _exchange.SendAsync(
            () => Post($"v1/party-seats/{Seat}/{command}", parameters ?? new object()), repeatable: false, giveUp)
            .ConfigureAwait(false);
        var reply = await ReadAsync<JsonElement>(response, giveUp).ConfigureAwait(false);
        return reply.TryGetProperty("reply", out var value) ? value : default;
    }

    /// <summary>Has the connection that is followed made anew: this machine is seen otherwise than before, and whatever
    /// waits on the old one would wait for long.</summary>
    public void Reconnect() => Volatile.Read(ref _socket)?.Abort();

    /// <summary>Follows the party for as long as it is enumerated; a connection that breaks is tried again for ever.
    /// </summary>
    /// <param name="stop">Ends it; the seat stays.</param>
    public async IAsyncEnumerable<SeatNews> FollowAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var socket = new ClientWebSocket();
            var lost = await ConnectAsync(socket, stop).ConfigureAwait(false);
            if (lost is null)
            {
                attempt = 0;
                var news = Channel.CreateBounded<SeatNews>(MostUnread);
                // Beside whoever enumerates: answers are not to wait for that.
                var reading = ReadAllAsync(socket, news.Writer, stop);
                await foreach (var next in news.Reader.ReadAllAsync(stop).ConfigureAwait(false))
                    yield return next;
                if (_isGone)
                    yield break;
                lost = await reading.ConfigureAwait(false);
            }

            if (lost.Length == 0)
            {
                yield return new SeatGone("removed");
                yield break;
            }

            yield return new ServerLost(lost, Math.Max(1, attempt));
            await Task.Delay(Backoff.Before(Math.Max(1, attempt), null, _options), _options.TimeProvider, stop)
                .ConfigureAwait(false);
        }
    }

    internal static HttpClient OpenHttp(SojournClientOptions options)
    {
        var own = ClientSocket.To(options.Url);
        // A machine whose address has changed is not to wait on a connection of the old one.
        own.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1);
        var http = options.HttpMessageHandler is { } handler
            ? new HttpClient(handler, disposeHandler: false) : new HttpClient(own);
        http.Timeout = Timeout.InfiniteTimeSpan;
        http.BaseAddress = new Uri(options.Url.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
        return http;
    }

    private static HttpRequestMessage Post(string path, object body) => new(HttpMethod.Post, path)
    {
        Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), SeatJson.Options))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        },
    };

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken giveUp)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(giveUp).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize<T>(bytes, SeatJson.Options)
                ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException strange)
        {
            throw SojournConnectionException.NotSojourn(
                response.RequestMessage!.RequestUri!, "its answer is not understood.", strange);
        }
    }

    /// <summary>Opens the relay for members whose network lets no UDP through.</summary>
    /// <param name="giveUp">Ends the waiting.</param>
    /// <exception cref="SojournConnectionException">It cannot be reached.</exception>
    public async Task<WebSocket> OpenRelayAsync(CancellationToken giveUp)
    {
        var socket = new ClientWebSocket();
        try
        {
            var lost = await OpenAsync(socket, "relay", RelayProtocol, giveUp).ConfigureAwait(false);
            return lost is null ? socket
                : throw new SojournConnectionException($"The relay cannot be reached: {lost}.", lost, null);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <returns>Null if connected; empty if there is no such seat any more; else why not.</returns>
    private async Task<string?> ConnectAsync(ClientWebSocket socket, CancellationToken stop)
    {
        var lost = await OpenAsync(socket, "live", Protocol, stop).ConfigureAwait(false);
        if (lost is null)
            Volatile.Write(ref _socket, socket);
        return lost;
    }

    private async Task<string?> OpenAsync(
        ClientWebSocket socket, string path, string protocol, CancellationToken stop)
    {
        var http = new Uri(_http.BaseAddress!, $"v1/party-seats/{Seat}/{path}");
        var address = new UriBuilder(http) { Scheme = http.Scheme == "https" ? "wss" : "ws" }.Uri;
        socket.Options.AddSubProtocol(protocol);
        socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(10);
        socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(10);
        socket.Options.SetRequestHeader("Authorization", _http.DefaultRequestHeaders.Authorization!.ToString());
        if (address.IsLoopback)
            socket.Options.Proxy = null;
        socket.Options.CollectHttpResponseDetails = true;
        using var late = new CancellationTokenSource(AnswerWithin, _options.TimeProvider);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        try
        {
            await socket.ConnectAsync(address, over.Token).ConfigureAwait(false);
            return null;
        }
        catch (WebSocketException) when (socket.HttpStatusCode is HttpStatusCode.Unauthorized)
        {
            return "";
        }
        catch (Exception broken) when (broken is WebSocketException or IOException)
        {
            return socket.HttpStatusCode == default
                ? "no server answers" : $"the server answered {(int)socket.HttpStatusCode}";
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return "the server is silent";
        }
    }

    /// <returns>Why there is no more.</returns>
    private async Task<string> ReadAllAsync(
        ClientWebSocket socket, ChannelWriter<SeatNews> news, CancellationToken stop)
    {
        try
        {
            var buffer = new byte[16 << 10];
            using var frame = new MemoryStream();
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(), stop).ConfigureAwait(false);
                if (part.MessageType == WebSocketMessageType.Close)
                    return "the connection was closed";
                frame.Write(buffer.AsSpan(0, part.Count));
                if (!part.EndOfMessage)
                    continue;
                if (Take(JsonElement.Parse(frame.ToArray())) is { } next)
                    await news.WriteAsync(next, stop).ConfigureAwait(false);
                frame.SetLength(0);
            }
        }
        catch (Exception broken) when (broken is WebSocketException or IOException or JsonException
            || (broken is (OperationCanceledException or ObjectDisposedException) && !stop.IsCancellationRequested))
        {
            return "the connection broke";
        }
        finally
        {
            Volatile.Write(ref _socket, null);
            foreach (var waiting in _asked.Values)
                waiting.TrySetCanceled(CancellationToken.None);
            news.TryComplete();
        }
    }

    private SeatNews? Take(JsonElement frame)
    {
        if (frame.TryGetProperty("id", out var id))
        {
            if (_asked.TryRemove(id.GetInt64(), out var waiting))
                waiting.TrySetResult(frame);
            return null;
        }

        if (frame.TryGetProperty("party", out var party))
            return new PartyNow(_party = party.Deserialize<PartyView>(SeatJson.Options)!);
        if (frame.TryGetProperty("changes", out var changes) && _party is not null)
        {
            return new PartyNow(
                _party = changes.Deserialize<PartyChanges>(SeatJson.Options)!.ApplyTo(_party));
        }

        if (frame.TryGetProperty("network", out var network))
            return new NetworkNow(network.Deserialize<NetworkView>(SeatJson.Options)!);
        if (frame.TryGetProperty("signals", out var signals))
            return new SignalsCame([.. signals.Deserialize<Signal[]>(SeatJson.Options)!]);
        if (!frame.TryGetProperty("gone", out var why))
        {
            // What a newer server adds is no news to us.
            return null;
        }

        Volatile.Write(ref _socket, null);
        _isGone = true;
        return new SeatGone(why.GetString() ?? "");
    }

    /// <returns>The reply; null if nothing was sent, and it is to be asked otherwise.</returns>
    private async Task<JsonElement?> AskAsync(
        ClientWebSocket socket, string command, object? parameters, CancellationToken giveUp)
    {
        var id = Interlocked.Increment(ref _number);
        var waiting = _asked[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            var frame = JsonSerializer.SerializeToUtf8Bytes(
                new { id, command, body = parameters ?? new object() }, SeatJson.Options);
            if (!await TrySendAsync(socket, frame, giveUp).ConfigureAwait(false))
                return null;
            var answer = await waiting.Task.WaitAsync(AnswerWithin, _options.TimeProvider, giveUp)
                .ConfigureAwait(false);
            return answer.TryGetProperty("problem", out var problem)
                ? throw new SojournProblemException(problem.Deserialize<SojournProblem>(ClientJson.Options)!, null)
                : answer.GetProperty("reply");
        }
        catch (Exception broken) when (broken is TimeoutException
            || (broken is OperationCanceledException && !giveUp.IsCancellationRequested))
        {
            throw new SojournConnectionException(
                $"The connection broke before '{command}' was answered; it may have been done.", "no answer", broken);
        }
        finally
        {
            _asked.TryRemove(id, out _);
        }
    }

    private async Task<bool> TrySendAsync(ClientWebSocket socket, byte[] frame, CancellationToken giveUp)
    {
        await _sending.WaitAsync(giveUp).ConfigureAwait(false);
        try
        {
            // Sending that is given up would break the connection.
            await socket.SendAsync(
                frame.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None)
                .ConfigureAwait(false);
            return true;
        }
        catch (Exception broken) when (broken is WebSocketException or IOException or ObjectDisposedException
            or InvalidOperationException or OperationCanceledException)
        {
            return false;
        }
        finally
        {
            _sending.Release();
        }
    }
}
