using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Streams;

/// <summary>Sends what was read in one piece.</summary>
internal static class StreamAnswers
{
    // What the newest page holds may be more in a moment, and the beginning may be that of another stream of the same
    // name; any other page stays as it is.
    private const string Growing = "private, no-cache";
    private const string Full = "private, max-age=60, stale-while-revalidate=300";

    private static readonly byte[] NoMessages = "[]"u8.ToArray();

    /// <summary>A page, or that the reader has it.</summary>
    public static async ValueTask SendAsync(
        HttpContext context, LogSlice slice, StreamQuery query, string cursor, AnswerPieces pieces)
    {
        var response = context.Response;
        Describe(response, slice, cursor);
        if (query.Offset == StreamQuery.Now && query.Live is null)
        {
            // Neither kept nor asked for again: it only tells where the end was.
            await SendBodyAsync(response, slice, pieces);
            return;
        }

        var etag = ETag(slice);
        response.Headers.ETag = etag;
        response.Headers.CacheControl =
            slice.IsUpToDate || query.Offset is null or StreamQuery.Beginning ? Growing : Full;
        // Another owner's stream may have the same address.
        response.Headers.Vary = "Authorization, Cookie";
        if (query.Live is null && Preconditions.IsKnown(context.Request.Headers.IfNoneMatch, etag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await SendBodyAsync(response, slice, pieces);
    }

    /// <summary>That there is nothing new.</summary>
    public static void SendNothing(HttpResponse response, LogSlice slice, string cursor)
    {
        Describe(response, slice, cursor);
        response.Headers.ContentType = default;
        response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>How a stream stands, without any of its content.</summary>
    public static void Describe(HttpResponse response, LogState state)
    {
        response.ContentType = state.ContentType;
        var headers = response.Headers;
        headers[StreamHeaders.NextOffset] = state.OffsetOf(state.Last);
        if (state.IsClosed)
        {
            headers[StreamHeaders.Closed] = "true";
        }

        if (state.Stream is { ExpiresAt: { } end })
        {
            headers[StreamHeaders.ExpiresAt] =
                end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
        }
        else if (state.Stream is { TtlSeconds: { } seconds })
        {
            headers[StreamHeaders.Ttl] = StreamHeaders.Number(seconds);
        }

        headers.ETag = ETag(new LogSlice(state, state.Last, []));
    }

    private static string ETag(LogSlice slice) => string.Concat(
        "\"", slice.State.OffsetOf(slice.After), ":", slice.State.OffsetOf(slice.Next),
        slice.IsEnd ? ":c\"" : slice.IsUpToDate ? ":t\"" : "\"");

    private static void Describe(HttpResponse response, LogSlice slice, string cursor)
    {
        response.ContentType = slice.State.ContentType;
        var headers = response.Headers;
        headers[StreamHeaders.NextOffset] = slice.State.OffsetOf(slice.Next);
        headers[StreamHeaders.Cursor] = cursor;
        if (slice.IsUpToDate)
        {
            headers[StreamHeaders.UpToDate] = "true";
        }

        if (slice.IsEnd)
        {
            headers[StreamHeaders.Closed] = "true";
        }
    }

    private static async ValueTask SendBodyAsync(HttpResponse response, LogSlice slice, AnswerPieces pieces)
    {
        var isJson = slice.State.Form == LogForm.Json;
        response.ContentLength = !isJson ? slice.Bytes
            : slice.Items.Count == 0 ? NoMessages.Length
            : slice.Bytes + slice.Items.Count + 1;
        var isRead = true;
        for (var i = 0; i < slice.Items.Count && isRead; i++)
        {
            if (isJson)
            {
                pieces.Buffer.Write(i == 0 ? "["u8 : ","u8);
            }

            isRead = await pieces.WriteAsync(slice.Items[i].Bytes);
        }

        if (isJson && isRead)
        {
            pieces.Buffer.Write(slice.Items.Count == 0 ? NoMessages : "]"u8);
        }

        if (isRead)
        {
            await pieces.FlushAsync();
        }
    }
}
