using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;

namespace Sojourn.Client;

/// <summary>
/// One durable stream, or a log of a session, which can only be read. All members may be used by many threads at once,
/// and throw as those of <see cref="SojournClient"/>.
/// </summary>
public sealed class StreamClient
{
    private readonly Exchange _exchange;
    private readonly SojournClientOptions _options;
    private readonly string _path;

    internal StreamClient(Exchange exchange, SojournClientOptions options, string path) =>
        (_exchange, _options, _path) = (exchange, options, path);

    /// <summary>Creates the stream, or finds that it is there just so.</summary>
    /// <param name="contentType">Of its bytes; <c>application/json</c> keeps messages apart.</param>
    /// <param name="timeToLive">After how long without use it expires, in whole seconds; null for never.</param>
    /// <param name="giveUp">Ends the waiting; it may have been created all the same.</param>
    public async Task<StreamStanding> CreateAsync(
        string contentType, TimeSpan? timeToLive = null, CancellationToken giveUp = default)
    {
        var type = MediaTypeHeaderValue.Parse(contentType);
        return await AskAsync(() =>
        {
            var put = new HttpRequestMessage(HttpMethod.Put, _path) { Content = new ByteArrayContent([]) };
            put.Content.Headers.ContentType = type;
            if (timeToLive is { } time)
                put.Headers.Add("Stream-TTL", StreamStanding.Number((long)time.TotalSeconds));
            return put;
        }, repeatable: true, giveUp).ConfigureAwait(false);
    }

    /// <summary>Tells how the stream stands. That does not count as use.</summary>
    public async Task<StreamStanding> DescribeAsync(CancellationToken giveUp = default)
    {
        try
        {
            return await AskAsync(() => new HttpRequestMessage(HttpMethod.Head, _path), repeatable: true, giveUp)
                .ConfigureAwait(false);
        }
        catch (SojournProblemException no) when (no.Problem.Status == (int)HttpStatusCode.NotFound)
        {
            // The answer to HEAD has no body that could say so.
            throw new SojournProblemException(
                no.Problem with
                {
                    Type = SojournProblem.Prefix + "not-found",
                    Detail = "There is no such stream.",
                }, no.RetryAfter);
        }
    }

    /// <summary>
    /// Appends. Sent once: sent again it could be kept twice. What is to be kept once, whatever happens, goes through a
    /// <see cref="StreamProducer"/>.
    /// </summary>
    /// <param name="bytes">What to append; in JSON mode a message, or an array of them.</param>
    /// <param name="contentType">The stream's.</param>
    /// <param name="close">True if nothing follows.</param>
    /// <param name="giveUp">Ends the waiting; it may be appended all the same.</param>
    public async Task<StreamStanding> AppendAsync(
        ReadOnlyMemory<byte> bytes, string contentType, bool close = false, CancellationToken giveUp = default) =>
        await AskAsync(() => Post(new ReadOnlyMemoryContent(bytes), contentType, close), repeatable: false, giveUp)
            .ConfigureAwait(false);

    /// <summary>Says that nothing follows. Twice is once.</summary>
    public async Task<StreamStanding> CloseAsync(CancellationToken giveUp = default) =>
        await AskAsync(() => Post(new ByteArrayContent([]), null, close: true), repeatable: true, giveUp)
            .ConfigureAwait(false);

    /// <summary>Deletes the stream.</summary>
    public async Task DeleteAsync(CancellationToken giveUp = default) =>
        await AskAsync(() => new HttpRequestMessage(HttpMethod.Delete, _path), repeatable: false, giveUp)
            .ConfigureAwait(false);

    /// <summary>A producer whose appends are each kept once, however often they have to be sent.</summary>
    /// <param name="id">Names it, also after it was started again.</param>
    /// <param name="epoch">Must grow with each start: one with a higher epoch shuts out those before it.</param>
    public StreamProducer Producer(string id, long epoch) => new(this, id, epoch);

    /// <summary>Reads what lies after an offset, as much as the server gives at once.</summary>
    /// <param name="after">An offset that was given; null for the beginning, <c>now</c> for the end.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    public async Task<StreamChunk> ReadAsync(string? after = null, CancellationToken giveUp = default) =>
        await ReadAsync(Address.Query(_path, ("offset", after ?? "-1")), limit: null, giveUp).ConfigureAwait(false);

    /// <summary>
    /// Reads what lies after an offset, then what comes, until the stream is closed. Goes on by itself, without a gap
    /// or a repeat, when the connection or the server was lost. The first part comes at once and may be empty: it tells
    /// where the reader is. Those after it hold something.
    /// </summary>
    /// <param name="after">As in <see cref="ReadAsync(string?, CancellationToken)"/>.</param>
    /// <param name="stop">Ends it.</param>
    public async IAsyncEnumerable<StreamChunk> FollowAsync(
        string? after = null, [EnumeratorCancellation] CancellationToken stop = default)
    {
        var chunk = await ReadAsync(after, stop).ConfigureAwait(false);
        var (failures, isFirst) = (0, true);
        while (true)
        {
            if (chunk is not null)
            {
                failures = 0;
                after = chunk.Next;
                if (chunk.Bytes.Length > 0 || isFirst)
                    yield return chunk;
                isFirst = false;
                if (chunk.IsClosed)
                    yield break;
            }

            (chunk, var pause) = await NextAsync(after!, chunk?.IsUpToDate != false, ++failures, stop)
                .ConfigureAwait(false);
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, _options.TimeProvider, stop).ConfigureAwait(false);
        }
    }

    internal async Task<StreamStanding> AskAsync(
        Func<HttpRequestMessage> make, bool repeatable, CancellationToken giveUp)
    {
        using var response = await _exchange.SendAsync(make, repeatable, giveUp).ConfigureAwait(false);
        return StreamStanding.Of(response);
    }

    internal HttpRequestMessage Post(HttpContent content, string? contentType, bool close)
    {
        var post = new HttpRequestMessage(HttpMethod.Post, _path) { Content = content };
        if (contentType is not null)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (close)
            post.Headers.Add("Stream-Closed", "true");
        return post;
    }

    /// <returns>What came; or null, and how long to wait before asking again.</returns>
    private async Task<(StreamChunk? Chunk, TimeSpan Pause)> NextAsync(
        string after, bool isUpToDate, int attempt, CancellationToken stop)
    {
        try
        {
            var path = Address.Query(_path, ("offset", after), ("live", isUpToDate ? "long-poll" : null));
            return (await ReadAsync(path, _options.SilenceLimit, stop).ConfigureAwait(false), TimeSpan.Zero);
        }
        catch (SojournConnectionException lost) when (!lost.Lasting)
        {
            return (null, Backoff.Before(attempt, null, _options));
        }
        catch (SojournProblemException busy) when (busy.Problem.Retryable)
        {
            return (null, Backoff.Before(attempt, busy.RetryAfter, _options));
        }
    }

    private async Task<StreamChunk> ReadAsync(string path, TimeSpan? limit, CancellationToken giveUp)
    {
        using var response = await _exchange.SendAsync(() => Get(path, limit), repeatable: true, giveUp, limit)
            .ConfigureAwait(false);
        var standing = StreamStanding.Of(response);
        return new StreamChunk(await response.Content.ReadAsByteArrayAsync(giveUp).ConfigureAwait(false), standing.Next)
        {
            ContentType = standing.ContentType,
            IsUpToDate = response.Headers.Contains("Stream-Up-To-Date"),
            IsClosed = standing.IsClosed,
        };
    }

    private static HttpRequestMessage Get(string path, TimeSpan? limit)
    {
        var get = new HttpRequestMessage(HttpMethod.Get, path);
        // So that the server, if it is there at all, has answered before the limit, however long it would wait.
        if (limit is { } silence)
        {
            var seconds = Math.Max(1, (long)(silence.TotalSeconds * 2 / 3));
            get.Headers.Add("Prefer", $"wait={StreamStanding.Number(seconds)}");
        }

        return get;
    }
}
