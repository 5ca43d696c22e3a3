using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sojourn.Kinds.Streams;
using Sojourn.Server.Guarding;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Streams;

/// <summary>What a PUT asks for.</summary>
internal sealed record StreamCreation(string Name, SessionKey Key)
{
    public const string DefaultType = "application/octet-stream";

    private const int LongestType = 256;

    /// <summary>As given; null if it was not.</summary>
    public string? ContentType { get; init; }

    public long? TtlSeconds { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public bool Closed { get; init; }

    /// <summary>The name of the stream to fork; null for none.</summary>
    public string? Source { get; init; }

    /// <summary>Where to fork it; null for its end.</summary>
    public EventOffset? ForkOffset { get; init; }

    public long ForkSubOffset { get; init; }

    /// <summary>True if a stream that is there is just what this asks for.</summary>
    public bool Fits(DurableStream there)
    {
        var isSameFork = there.Fork is not { } fork
            ? Source is null
            : Source is not null && StreamName.TryFind(Source, out var source) && fork.Source == source.ToString()
                && IsAt(LogMap.Of(there), fork)
                && ForkSubOffset == fork.SubOffset;
        var type = ContentType ?? (Source is null ? DefaultType : there.ContentType);
        return isSameFork && DurableStream.MediaTypeOf(type) == DurableStream.MediaTypeOf(there.ContentType)
            && (there.Fork is not null && TtlSeconds is null && ExpiresAt is null
                || (TtlSeconds == there.TtlSeconds && ExpiresAt == there.ExpiresAt))
            && Closed == (there.Phase == StreamPhase.Closed);
    }

    private bool IsAt(LogMap map, StreamFork fork) => ForkOffset is not { } offset
        || (offset.Number == fork.Offset && (offset.Life == fork.SourceLife || map.TryFind(offset, out _)));

    /// <summary>Reads the headers.</summary>
    /// <param name="request">Whose.</param>
    /// <param name="target">Which stream.</param>
    /// <param name="prefix">What stands before a stream's name in a path.</param>
    /// <param name="creation">What is asked.</param>
    public static HttpProblem? Read(
        HttpRequest request, StreamCreation target, string prefix, out StreamCreation creation)
    {
        var headers = request.Headers;
        creation = target with { Closed = StreamHeaders.SaysClosed(request) };
        var (ttl, end) = (headers[StreamHeaders.Ttl], headers[StreamHeaders.ExpiresAt]);
        if (ttl.Count > 0 && end.Count > 0)
        {
            return Bad(StreamHeaders.Ttl, $"A stream has {StreamHeaders.Ttl} or {StreamHeaders.ExpiresAt}, not both.");
        }

        if (ttl.Count > 0 && !TryReadWhole(ttl.ToString(), out _))
        {
            return Bad(StreamHeaders.Ttl, $"{StreamHeaders.Ttl} is a whole number of seconds, such as 3600.");
        }

        if (end.Count > 0 && !TryReadTime(end.ToString(), out _))
        {
            return Bad(StreamHeaders.ExpiresAt, $"{StreamHeaders.ExpiresAt} is a time such as 2026-01-31T12:00:00Z.");
        }

        if (request.ContentType?.Length > LongestType)
        {
            return Bad("Content-Type", $"Content-Type is longer than {LongestType} characters.");
        }

        // It is to be a header of every answer.
        if (request.ContentType?.AsSpan().ContainsAnyExceptInRange(' ', '~') == true)
        {
            return Bad("Content-Type", "Content-Type holds what no header of an answer may: use printable ASCII.");
        }

        creation = creation with
        {
            ContentType = MediaTypeHeaderValue.TryParse(request.ContentType, out _) ? request.ContentType : null,
            TtlSeconds = ttl.Count > 0 && TryReadWhole(ttl.ToString(), out var seconds) ? seconds : null,
            ExpiresAt = end.Count > 0 && TryReadTime(end.ToString(), out var time) ? time : null,
        };
        return ReadFork(request, prefix, ref creation);
    }

    private static HttpProblem? ReadFork(HttpRequest request, string prefix, ref StreamCreation creation)
    {
        var headers = request.Headers;
        var (from, offset, sub) = (headers[StreamHeaders.ForkedFrom], headers[StreamHeaders.ForkOffset],
            headers[StreamHeaders.ForkSubOffset]);
        if (from.Count == 0)
        {
            return offset.Count == 0 && sub.Count == 0 ? null : Bad(StreamHeaders.ForkedFrom,
                $"{StreamHeaders.ForkOffset} and {StreamHeaders.ForkSubOffset} need {StreamHeaders.ForkedFrom}.");
        }

        if (!TryReadSource(request.Host, from.ToString(), prefix, out var source))
        {
            return Bad(StreamHeaders.ForkedFrom,
                $"{StreamHeaders.ForkedFrom} is the path of a stream here: {prefix}NAME, in {StreamPath.Rule}, without "
                + "a query.");
        }

        if (sub.Count > 0 && !TryReadWhole(sub.ToString(), out _))
        {
            return Bad(StreamHeaders.ForkSubOffset, $"{StreamHeaders.ForkSubOffset} is a whole number, such as 3.");
        }

        EventOffset at = default;
        if (offset.Count > 0 && !EventOffset.TryParse(offset.ToString(), out at))
        {
            return Bad(StreamHeaders.ForkOffset, $"{StreamHeaders.ForkOffset} is an offset as the stream gave it.");
        }

        creation = creation with
        {
            Source = source,
            ForkOffset = offset.Count > 0 ? at : null,
            ForkSubOffset = sub.Count > 0 && TryReadWhole(sub.ToString(), out var more) ? more : 0,
        };
        return null;
    }

    /// <summary>The name in a stream's path, or in its whole address; as a request for that would be read.</summary>
    private static bool TryReadSource(HostString here, string address, string prefix, out string name)
    {
        name = "";
        var path = address;
        if (Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            // Another server's streams are not ours, though they may have the same names.
            var isHere = url.Host.Equals(here.Host, StringComparison.OrdinalIgnoreCase)
                && (url.Port == here.Port || (here.Port is null && url.IsDefaultPort));
            path = isHere ? RequestPath.PathOf(address).ToString() : "";
        }

        if (address.AsSpan().ContainsAny('?', '#') || !path.StartsWith(prefix, StringComparison.Ordinal)
            || !StreamPath.IsPlain(path))
        {
            return false;
        }

        name = Uri.UnescapeDataString(path[prefix.Length..]);
        return true;
    }

    // Ten years of seconds have nine digits.
    private static bool TryReadWhole(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && text.Length <= 9 && (text[0] != '0' || text.Length == 1);

    private static bool TryReadTime(string text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text,
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"],
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
        out time);

    private static HttpProblem Bad(string header, string detail) => HttpProblem.BadParameter(header, detail);
}
