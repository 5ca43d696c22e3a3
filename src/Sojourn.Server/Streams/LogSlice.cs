using Sojourn.Kinds.Streams;
using Sojourn.Stores;

namespace Sojourn.Server.Streams;

/// <summary>A log as a reader finds it.</summary>
/// <param name="Map">Its offsets.</param>
/// <param name="ContentType">Of its entries.</param>
/// <param name="Last">The newest entry.</param>
/// <param name="IsClosed">Whether nothing follows that.</param>
internal sealed record LogState(LogMap Map, string ContentType, long Last, bool IsClosed)
{
    /// <summary>The stream; null for the log of a session of another kind.</summary>
    public DurableStream? Stream { get; init; }

    /// <summary>What this was read from.</summary>
    public required StreamPage Page { get; init; }

    /// <summary>How its entries are sent.</summary>
    public LogForm Form { get; } = FormOf(ContentType);

    public string OffsetOf(long number) => Map.OffsetOf(number).ToString();

    /// <summary>How a log stands, from a page of it.</summary>
    public static LogState Of(LogAddress address, StreamPage page)
    {
        if (page.Session.State is DurableStream stream && address.IsDurableStream)
        {
            return new(LogMap.Of(stream), stream.ContentType, stream.Inherited + page.Last, stream.IsClosed)
            {
                Stream = stream,
                Page = page,
            };
        }

        var type = address.Stream == StreamKey.Events ? "application/json" : "application/octet-stream";
        return new(LogMap.Of(page.Session), type, page.Last, page.Session.IsComplete) { Page = page };
    }

    private static LogForm FormOf(string contentType)
    {
        var media = DurableStream.MediaTypeOf(contentType);
        return media == "application/json" ? LogForm.Json
            : media.StartsWith("text/", StringComparison.Ordinal) ? LogForm.Text
            : LogForm.Bytes;
    }
}

/// <summary>How entries are sent.</summary>
internal enum LogForm
{
    /// <summary>As they are, or in base64 where only text may stand.</summary>
    Bytes,

    /// <summary>As they are.</summary>
    Text,

    /// <summary>As items of an array.</summary>
    Json,
}

/// <summary>Which log of which session.</summary>
internal sealed record LogAddress(SessionKey Session, string Stream)
{
    public bool IsDurableStream => Session.Kind == StreamKind.KindName;
}

/// <summary>Entries of a log.</summary>
/// <param name="State">The log.</param>
/// <param name="After">They begin after this.</param>
/// <param name="Items">In order, without gaps, as their own streams count them.</param>
internal sealed record LogSlice(LogState State, long After, IReadOnlyList<StreamItem> Items)
{
    /// <summary>Where to go on.</summary>
    public long Next => After + Items.Count;

    /// <summary>How long the entries are together.</summary>
    public long Bytes => Items.Sum(item => (long)item.Bytes.Length);

    /// <summary>True if there is no more now.</summary>
    public bool IsUpToDate => Next >= State.Last;

    /// <summary>True if there never will be.</summary>
    public bool IsEnd => IsUpToDate && State.IsClosed;
}
