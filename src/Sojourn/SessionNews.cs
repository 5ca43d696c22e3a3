using System.Text.Json;

namespace Sojourn;

/// <summary>
/// What a watcher is told, in order and without gaps: <see cref="SessionEvent"/>, <see cref="SessionSnapshot"/> or, at
/// the end, <see cref="SessionRemoved"/>.
/// </summary>
public abstract record SessionNews;

/// <summary>
/// The session as it stands, given instead of events that are no longer kept (or when the reader's
/// offset lies ahead of the log). The next event is the one after <see cref="SessionView.LastEvent"/>.
/// </summary>
/// <param name="View">The session.</param>
public sealed record SessionSnapshot(SessionView View) : SessionNews;

/// <summary>The session is gone; nothing follows.</summary>
/// <param name="Reason">Why.</param>
public sealed record SessionRemoved(RemovalReason Reason) : SessionNews;

/// <summary>Why a session is gone.</summary>
public enum RemovalReason
{
    /// <summary>Somebody removed it.</summary>
    Removed,

    /// <summary>It stayed in its status for as long as that is kept.</summary>
    Expired,

    /// <summary>It made place for another one.</summary>
    Evicted,
}

/// <summary>One event of a session's log, as it was stored.</summary>
public sealed record SessionEvent : SessionNews
{
    private readonly Lazy<Header> _header;
    private StreamItem? _item;

    internal SessionEvent(long number, ReadOnlyMemory<byte> json)
    {
        Number = number;
        Json = json;
        _header = new Lazy<Header>(Read, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>1, 2, 3… without gaps within the session.</summary>
    public long Number { get; }

    /// <summary>
    /// The whole event as UTF-8 JSON: <c>offset</c>, <c>type</c>, <c>at</c>, <c>version</c>, <c>data</c>.
    /// </summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>The event as an entry of the log of events: one for all who read it.</summary>
    internal StreamItem Item => _item ??= new StreamItem(Number, Json);

    /// <summary>The event's type: its record's name in kebab case.</summary>
    public string Type => _header.Value.Type;

    /// <summary>When it happened, UTC.</summary>
    public DateTimeOffset At => _header.Value.At;

    /// <summary>The session's version after the step that made it.</summary>
    public long Version => _header.Value.Version;

    /// <summary>The event as the record it was made from.</summary>
    /// <exception cref="JsonException">It is of another shape.</exception>
    public TEvent Data<TEvent>() => _header.Value.Data.Deserialize<TEvent>(SojournJson.Stored)!;

    private Header Read() => JsonSerializer.Deserialize<Header>(Json.Span, SojournJson.Stored)!;

    private sealed record Header(string Type, DateTimeOffset At, long Version, JsonElement Data);
}
