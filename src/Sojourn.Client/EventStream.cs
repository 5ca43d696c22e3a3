using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Sojourn.Client;

/// <summary>One connection to a session's events, read until it breaks.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<SessionNews>> _items;
    private readonly Uri _url;

    private EventStream(HttpResponseMessage response, Stream body, Uri url, CancellationToken stop)
    {
        _response = response;
        _url = url;
        _items = SseParser.Create(body, Read).EnumerateAsync(stop).GetAsyncEnumerator(stop);
    }

    /// <param name="exchange">Sends the request.</param>
    /// <param name="path">The address, with the offset that the watching began after.</param>
    /// <param name="lastEventId">The last offset seen, which wins over the one in the address; null for none.</param>
    /// <param name="options">The limit of silence and its clock.</param>
    /// <param name="stop">Ends the opening and each later reading.</param>
    public static async Task<EventStream> OpenAsync(
        Exchange exchange, string path, string? lastEventId, SojournClientOptions options, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);

        var response = await exchange.OpenAsync(request, stop).ConfigureAwait(false);
        try
        {
            if (response.Content.Headers.ContentType?.MediaType is not "text/event-stream")
                throw SojournConnectionException.NotSojourn(options.Url, "it does not stream events.");

            var body = await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
            return new EventStream(
                response, new SilenceGuard(body, options.SilenceLimit, options.TimeProvider), options.Url, stop);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>The next news; null at the end of the stream. An event that was cut off is not news.</summary>
    public async Task<SessionNews?> NextAsync()
    {
        try
        {
            if (!await _items.MoveNextAsync().ConfigureAwait(false))
                return null;
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or TimeoutException)
        {
            throw SojournConnectionException.From(broken, _url);
        }
        catch (JsonException strange)
        {
            throw SojournConnectionException.NotSojourn(_url, strange.Message, strange);
        }

        var item = _items.Current;
        return item.Data is SessionSnapshot snapshot && item.EventId is { Length: > 0 } id
            ? snapshot with { Offset = id } : item.Data;
    }

    public async ValueTask DisposeAsync()
    {
        await _items.DisposeAsync().ConfigureAwait(false);
        _response.Dispose();
    }

    private static SessionNews Read(string type, ReadOnlySpan<byte> data)
    {
        switch (type)
        {
            // A kind may have events of these names too; they carry an offset, as all events do.
            case "session-snapshot" or "session-removed" when HasOffset(data):
                return Parse<SessionEvent>(data);
            case "session-snapshot":
                var session = Parse<Session>(data);
                return new SessionSnapshot(session.LastEvent ?? "", session);
            case "session-removed":
                return Parse<SessionRemoved>(data);
            default:
                return Parse<SessionEvent>(data);
        }
    }

    private static bool HasOffset(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        for (json.Read(); json.Read() && json.TokenType is JsonTokenType.PropertyName; json.Skip())
        {
            if (json.ValueTextEquals("offset"u8))
                return true;
            json.Read();
        }

        return false;
    }

    private static T Parse<T>(ReadOnlySpan<byte> data) =>
        JsonSerializer.Deserialize<T>(data, ClientJson.Options) ?? throw new JsonException("An event's data is null.");
}
