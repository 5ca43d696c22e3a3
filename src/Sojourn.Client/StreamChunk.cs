using System.Globalization;
using System.Net;

namespace Sojourn.Client;

/// <summary>A part of a stream.</summary>
/// <param name="Bytes">In JSON mode an array of messages.</param>
/// <param name="Next">The offset to read on from.</param>
public sealed record StreamChunk(ReadOnlyMemory<byte> Bytes, string Next)
{
    /// <summary>The stream's content type; null if there was nothing new.</summary>
    public string? ContentType { get; init; }

    /// <summary>True if there is no more now.</summary>
    public bool IsUpToDate { get; init; }

    /// <summary>True if there never will be.</summary>
    public bool IsClosed { get; init; }
}

/// <summary>How a stream stands.</summary>
/// <param name="Next">The offset of its end; empty where the server does not say.</param>
public sealed record StreamStanding(string Next)
{
    /// <summary>Of its bytes; null where the server does not say.</summary>
    public string? ContentType { get; init; }

    /// <summary>True if nothing can be appended any more.</summary>
    public bool IsClosed { get; init; }

    /// <summary>Of a producer's append: the newest of its appends that is kept.</summary>
    internal long? Seq { get; private init; }

    /// <summary>Of a producer's append: that it was kept before.</summary>
    internal bool IsRepeated { get; private init; }

    internal static StreamStanding Of(HttpResponseMessage response) => new(Header(response, "Stream-Next-Offset") ?? "")
    {
        ContentType = response.Content.Headers.ContentType?.ToString(),
        IsClosed = Header(response, "Stream-Closed") == "true",
        Seq = Number(Header(response, "Producer-Seq")),
        IsRepeated = response.StatusCode == HttpStatusCode.NoContent,
    };

    internal static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
