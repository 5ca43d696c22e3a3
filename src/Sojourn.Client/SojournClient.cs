using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Sojourn.Client;

/// <summary>
/// Talks to one Sojourn server. All members may be used by many threads at once. Every member throws
/// <see cref="SojournProblemException"/> if the server says no, <see cref="SojournConnectionException"/> if there is no
/// whole answer, and <see cref="ArgumentException"/> for names that no server could accept.
/// </summary>
public sealed partial class SojournClient : IDisposable
{
    private const int LongestIdempotencyKey = 128;

    private readonly SojournClientOptions _options;
    private readonly HttpClient _http;
    private readonly Exchange _exchange;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <exception cref="ArgumentException">The options cannot work; the message lists every fault.</exception>
    public SojournClient(SojournClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check(nameof(options));
        _options = options = options.Copy();
        _http = options.HttpMessageHandler is { } handler
            ? new HttpClient(handler, disposeHandler: false) : new HttpClient(ClientSocket.To(options.Url));
        // Every wait has its own limit; HttpClient's would also cut the streams that are meant to stay open.
        _http.Timeout = Timeout.InfiniteTimeSpan;
        _http.BaseAddress = new Uri(options.Url.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
        if (options.Key is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.Key);
        _exchange = new Exchange(_http, options);
    }

    /// <summary>Creates a session under an id of the server's choice.</summary>
    /// <param name="kind">What sort of session.</param>
    /// <param name="parameters">Its start parameters: anything that is written as a JSON object, or null.</param>
    /// <param name="labels">Names and values to find it by; null for none.</param>
    /// <param name="idempotencyKey">Names the one effect; null for a random one, see the options.</param>
    /// <param name="giveUp">Ends the waiting; the session may have been created all the same.</param>
    public async Task<Session> CreateAsync(
        string kind, object? parameters = null, IReadOnlyDictionary<string, string>? labels = null,
        string? idempotencyKey = null, CancellationToken giveUp = default)
    {
        var post = new Outgoing(HttpMethod.Post, WithLabels(Address.Kind(kind), labels))
        {
            Body = Body(parameters),
            IdempotencyKey = KeyOr(idempotencyKey),
        };
        return await ReadAsync<Session>(post, giveUp).ConfigureAwait(false);
    }

    /// <summary>
    /// Creates a session under a chosen id. Sent once: the API knows no idempotency key here, and a repetition could
    /// not tell its own session from another's.
    /// </summary>
    /// <exception cref="SojournProblemException"><c>already-exists</c> if there is one of this id.</exception>
    public async Task<Session> CreateAsAsync(
        string kind, string id, object? parameters = null, IReadOnlyDictionary<string, string>? labels = null,
        CancellationToken giveUp = default)
    {
        var put = new Outgoing(HttpMethod.Put, WithLabels(Address.Session(kind, id), labels))
        {
            Body = Body(parameters),
            OnlyIfNew = true,
        };
        return await ReadAsync<Session>(put, giveUp).ConfigureAwait(false);
    }

    /// <summary>Gets the session of this id, or creates it; how often this arrives makes no difference.</summary>
    public async Task<Session> GetOrCreateAsync(
        string kind, string id, object? parameters = null, IReadOnlyDictionary<string, string>? labels = null,
        CancellationToken giveUp = default)
    {
        var put = new Outgoing(HttpMethod.Put, WithLabels(Address.Session(kind, id), labels))
        {
            Body = Body(parameters),
            Repeatable = true,
        };
        return await ReadAsync<Session>(put, giveUp).ConfigureAwait(false);
    }

    /// <summary>Reads a session with its state.</summary>
    public async Task<Session> GetAsync(string kind, string id, CancellationToken giveUp = default) =>
        await ReadAsync<Session>(new Outgoing(HttpMethod.Get, Address.Session(kind, id)), giveUp).ConfigureAwait(false);

    /// <summary>Has the session decide a command.</summary>
    /// <param name="kind">The session's kind.</param>
    /// <param name="id">The session's id.</param>
    /// <param name="command">The command's name, in kebab case.</param>
    /// <param name="parameters">Its parameters: anything that is written as a JSON object, or null.</param>
    /// <param name="expectedVersion">Decide it only if the session is at this version; null for any.</param>
    /// <param name="idempotencyKey">Names the one effect; null for a random one, see the options.</param>
    /// <param name="giveUp">Ends the waiting; the command may take effect all the same.</param>
    public async Task<CommandAnswer> SendAsync(
        string kind, string id, string command, object? parameters = null, long? expectedVersion = null,
        string? idempotencyKey = null, CancellationToken giveUp = default)
    {
        var post = new Outgoing(HttpMethod.Post, Address.Command(kind, id, command))
        {
            Body = Body(parameters),
            ExpectedVersion = expectedVersion,
            IdempotencyKey = KeyOr(idempotencyKey),
        };
        return await ReadAsync<CommandAnswer>(post, giveUp).ConfigureAwait(false);
    }

    /// <summary>
    /// One session, for programs that share the kind's records:
    /// <c>await client.Session("counter", "a").SendAsync(new Increment(5))</c>. Nothing is sent yet.
    /// </summary>
    /// <exception cref="ArgumentException">A name that no server could accept.</exception>
    public SessionClient Session(string kind, string id)
    {
        _ = Address.Session(kind, id);
        return new SessionClient(this, kind, id);
    }

    /// <summary>Asks once whether the server takes work, and what time it has. A key is not needed.</summary>
    /// <exception cref="SojournProblemException">What answers neither says yes nor says why not.</exception>
    public Task<ServerHealth> HealthAsync(CancellationToken giveUp = default) => _exchange.HealthAsync(giveUp);

    /// <summary>Removes a session and its streams.</summary>
    /// <param name="kind">The session's kind.</param>
    /// <param name="id">The session's id.</param>
    /// <param name="expectedVersion">Remove it only if it is at this version; null for any.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    public async Task RemoveAsync(
        string kind, string id, long? expectedVersion = null, CancellationToken giveUp = default)
    {
        var delete = new Outgoing(HttpMethod.Delete, Address.Session(kind, id)) { ExpectedVersion = expectedVersion };
        using var response = await SendAsync(delete, giveUp).ConfigureAwait(false);
    }

    /// <summary>Lists one page, newest first.</summary>
    /// <param name="kind">Sessions of this kind.</param>
    /// <param name="status">Only those in this status; null for all.</param>
    /// <param name="limit">1 to 500; null for the server's 100.</param>
    /// <param name="cursor"><see cref="SessionPage.Next"/> of the page before; null for the first.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    public async Task<SessionPage> ListPageAsync(
        string kind, string? status = null, int? limit = null, string? cursor = null,
        CancellationToken giveUp = default)
    {
        var path = Address.Query(
            Address.Kind(kind), ("status", status), ("limit", Address.Number(limit)), ("cursor", cursor));
        return await ReadAsync<SessionPage>(new Outgoing(HttpMethod.Get, path), giveUp).ConfigureAwait(false);
    }

    /// <summary>Lists all, newest first, fetching page after page as they are asked for.</summary>
    public async IAsyncEnumerable<Session> ListAsync(
        string kind, string? status = null, [EnumeratorCancellation] CancellationToken giveUp = default)
    {
        string? cursor = null;
        do
        {
            var page = await ListPageAsync(kind, status, limit: 500, cursor, giveUp).ConfigureAwait(false);
            foreach (var session in page.Sessions)
                yield return session;
            cursor = page.Next;
        }
        while (cursor is not null);
    }

    /// <summary>Reads one page of a session's event log.</summary>
    /// <param name="kind">The session's kind.</param>
    /// <param name="id">The session's id.</param>
    /// <param name="after">The last offset known; null for the beginning.</param>
    /// <param name="limit">1 to 1,000; null for the server's 100.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    public async Task<EventPage> EventsAsync(
        string kind, string id, string? after = null, int? limit = null, CancellationToken giveUp = default)
    {
        var path = Address.Query(
            Address.Session(kind, id) + "/events", ("offset", after ?? "-1"), ("limit", Address.Number(limit)));
        return await ReadAsync<EventPage>(new Outgoing(HttpMethod.Get, path), giveUp).ConfigureAwait(false);
    }

    /// <summary>
    /// Watches a session: the events after an offset, then those to come, each once and in order, until the session is
    /// removed. A connection that breaks is tried again for ever; the notices about that may be ignored.
    /// </summary>
    /// <param name="kind">The session's kind.</param>
    /// <param name="id">The session's id.</param>
    /// <param name="after">The last offset known; null for the beginning, <c>now</c> for only what comes.</param>
    /// <param name="stop">Ends the watching with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="SojournProblemException">The server will never answer this: 400, 401, 403, 404.</exception>
    public IAsyncEnumerable<SessionNews> WatchAsync(
        string kind, string id, string? after = null, CancellationToken stop = default)
    {
        var path = Address.Session(kind, id) + "/events";
        return NewsAsync(stop);

        // One watching for each enumeration: they remember how far they are.
        async IAsyncEnumerable<SessionNews> NewsAsync([EnumeratorCancellation] CancellationToken giveUp)
        {
            await foreach (var news in new SessionWatch(_exchange, _options, path).RunAsync(StartAsync, giveUp)
                .ConfigureAwait(false))
                yield return news;
        }

        // "now" must become an offset at once: said again after a break, it would skip what came in between.
        async Task<string?> StartAsync(CancellationToken giveUp) =>
            after == "now" ? (await GetAsync(kind, id, giveUp).ConfigureAwait(false)).LastEvent : after;
    }

    /// <summary>
    /// Downloads a part of a session, such as <c>storyboard.zip</c>. The file appears under its name only when it is
    /// whole, replacing one that was there; until then it grows beside it as <c>FILE.part</c>.
    /// </summary>
    /// <returns>The file's size in bytes.</returns>
    public async Task<long> DownloadAsync(
        string kind, string id, string part, string file, CancellationToken giveUp = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        using var request = new HttpRequestMessage(HttpMethod.Get, Address.Part(kind, id, part));
        using var response = await _exchange.OpenAsync(request, giveUp).ConfigureAwait(false);
        return await WholeFile.WriteAsync(file, target => CopyAsync(response, target, giveUp)).ConfigureAwait(false);
    }

    /// <summary>Makes a key. Sent once: the key is told in this answer alone. Needs an admin key.</summary>
    /// <param name="owner">Whom it is to speak for.</param>
    /// <param name="name">What people call it, at most 64 characters; null for nothing.</param>
    /// <param name="admin">Whether it may make, list and revoke keys.</param>
    /// <param name="expiresIn">After how long it is refused, 1 s to 10 years; null for never.</param>
    /// <param name="giveUp">Ends the waiting; the key may have been made all the same.</param>
    public async Task<ServerKey> MakeKeyAsync(
        string owner, string? name = null, bool admin = false, TimeSpan? expiresIn = null,
        CancellationToken giveUp = default)
    {
        var asked = new { owner, name, admin, expiresInSeconds = (long?)expiresIn?.TotalSeconds };
        var post = new Outgoing(HttpMethod.Post, Address.Keys)
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(asked, ClientJson.Options),
        };
        return await ReadAsync<ServerKey>(post, giveUp).ConfigureAwait(false);
    }

    /// <summary>Lists all keys, newest first, fetching page after page. Needs an admin key.</summary>
    public async IAsyncEnumerable<ServerKey> ListKeysAsync([EnumeratorCancellation] CancellationToken giveUp = default)
    {
        string? cursor = null;
        do
        {
            var path = Address.Query(Address.Keys, ("limit", "500"), ("cursor", cursor));
            var page = await ReadAsync<ServerKeyPage>(new Outgoing(HttpMethod.Get, path), giveUp).ConfigureAwait(false);
            foreach (var key in page.Keys)
                yield return key;
            cursor = page.Next;
        }
        while (cursor is not null);
    }

    /// <summary>Revokes a key at once, for good. Needs an admin key.</summary>
    public async Task RevokeKeyAsync(string id, CancellationToken giveUp = default)
    {
        using var response = await SendAsync(
            new Outgoing(HttpMethod.Delete, Address.Key(id)) { Repeatable = true }, giveUp).ConfigureAwait(false);
    }

    /// <summary>Tells the key that a relay for parties is begun with. Needs an admin key.</summary>
    /// <param name="name">What the relay is called: 1 to 32 of a-z, 0-9 and '-'.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    public Task<RelayKey> RelayKeyAsync(string name, CancellationToken giveUp = default) =>
        ReadAsync<RelayKey>(new Outgoing(HttpMethod.Get, Address.RelayKey(name)), giveUp);

    /// <summary>
    /// Makes a link that logs one browser in for the owner of this client's key. Sent once: it is told in this answer
    /// alone.
    /// </summary>
    /// <exception cref="SojournProblemException"><c>unknown-route</c> if the server has no console.</exception>
    public async Task<ConsoleLink> MakeConsoleLinkAsync(CancellationToken giveUp = default)
    {
        var made = await ReadAsync<MadeLink>(new Outgoing(HttpMethod.Post, Address.ConsoleLinks), giveUp)
            .ConfigureAwait(false);
        return new ConsoleLink(new Uri(_http.BaseAddress!, made.Path.TrimStart('/')), made.ExpiresAt);
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task CopyAsync(HttpResponseMessage response, Stream target, CancellationToken giveUp)
    {
        var body = await response.Content.ReadAsStreamAsync(giveUp).ConfigureAwait(false);
        var guarded = new SilenceGuard(body, _options.SilenceLimit, _options.TimeProvider);
        await using var closing = guarded.ConfigureAwait(false);
        var buffer = new byte[64 * 1024];
        while (await ReadChunkAsync().ConfigureAwait(false) is var read and > 0)
            await target.WriteAsync(buffer.AsMemory(0, read), giveUp).ConfigureAwait(false);

        // Only the reading: a disk that is full must not be told as a connection that broke.
        async Task<int> ReadChunkAsync()
        {
            try
            {
                return await guarded.ReadAsync(buffer, giveUp).ConfigureAwait(false);
            }
            catch (Exception broken) when (broken is IOException or TimeoutException)
            {
                throw SojournConnectionException.From(broken, _options.Url);
            }
        }
    }

    internal async Task<T> ReadAsync<T>(Outgoing outgoing, CancellationToken giveUp)
    {
        using var response = await SendAsync(outgoing, giveUp).ConfigureAwait(false);
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(ClientJson.Options, giveUp).ConfigureAwait(false)
                ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException strange)
        {
            throw NotSojourn(strange);
        }
    }

    internal Task<HttpResponseMessage> SendAsync(Outgoing outgoing, CancellationToken giveUp) => _exchange.SendAsync(
        outgoing.ToRequest, outgoing.Repeatable || outgoing.IdempotencyKey is not null, giveUp, outgoing.Limit);

    internal SojournConnectionException NotSojourn(JsonException strange) =>
        SojournConnectionException.NotSojourn(_options.Url, strange.Message, strange);

    internal string? KeyOr(string? idempotencyKey)
    {
        if (idempotencyKey is null)
            return _options.GenerateIdempotencyKeys ? Guid.NewGuid().ToString("N") : null;

        var valid = idempotencyKey.Length is > 0 and <= LongestIdempotencyKey
            && idempotencyKey.All(c => c is >= ' ' and <= '~');
        return valid
            ? idempotencyKey
            : throw new ArgumentException(
                $"An idempotency key is 1 to {LongestIdempotencyKey} printable ASCII characters.",
                nameof(idempotencyKey));
    }

    private sealed record MadeLink(string Path, DateTimeOffset ExpiresAt);

    internal static byte[]? Body(object? parameters) =>
        parameters is null ? null : JsonSerializer.SerializeToUtf8Bytes(parameters, ClientJson.OfKinds);

    private static string WithLabels(string path, IReadOnlyDictionary<string, string>? labels) =>
        Address.Query(path, [.. (labels ?? new Dictionary<string, string>()).Select(
            label => ("label", (string?)Address.Label(label.Key, label.Value)))]);
}
