using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Sojourn.Kinds.Streams;

/// <summary>A stream as it is kept; its entries are in the session's log <see cref="StreamKind.Data"/>.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="ContentType">Of its bytes, as it was given when it began.</param>
public sealed record DurableStream(string Name, string ContentType)
{
    /// <summary>When it began, UTC: tells it from another of the same name before or after it.</summary>
    public DateTimeOffset Life { get; init; }

    /// <summary>How many entries were ever appended to it; what it has as a fork is not counted.</summary>
    public long Appended { get; init; }

    /// <summary>After how long without use it expires; null for never.</summary>
    public long? TtlSeconds { get; init; }

    /// <summary>When it was last written to, or, if it has a time to live, read; UTC.</summary>
    public DateTimeOffset UsedAt { get; init; }

    /// <summary>When it expires, used or not, UTC; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How far it is in its life.</summary>
    public StreamPhase Phase { get; init; }

    /// <summary>Who closed it, if that was a producer: who asks again is told that it is done.</summary>
    public ProducerStamp? ClosedBy { get; init; }

    /// <summary>The highest <c>Stream-Seq</c> so far; null if none was given.</summary>
    public string? Seq { get; init; }

    /// <summary>How far each producer is.</summary>
    [JsonConverter(typeof(ProducersConverter))]
    public ImmutableDictionary<string, Producer> Producers { get; init; } =
        ImmutableDictionary<string, Producer>.Empty;

    /// <summary>What it is a fork of; null if it is none.</summary>
    public StreamFork? Fork { get; init; }

    /// <summary>The sessions of streams that were forked from this one.</summary>
    public ImmutableSortedSet<string> Forks { get; init; } = [];

    /// <summary>Entries that it has from the streams that it is a fork of.</summary>
    [JsonIgnore]
    public long Inherited => Fork?.At ?? 0;

    /// <summary>The number of its newest entry, those of the stream that it is a fork of counted.</summary>
    [JsonIgnore]
    public long Last => Inherited + Appended;

    /// <summary>True if nothing can be appended any more.</summary>
    [JsonIgnore]
    public bool IsClosed => Phase != StreamPhase.Open;

    /// <summary>True if it keeps messages apart.</summary>
    [JsonIgnore]
    public bool IsJson => MediaTypeOf(ContentType) == "application/json";

    /// <summary>When it ends by itself; null for never.</summary>
    [JsonIgnore]
    public DateTimeOffset? EndsAt => Phase is StreamPhase.Deleted or StreamPhase.Ended ? null
        : ExpiresAt ?? (TtlSeconds is { } seconds ? UsedAt + TimeSpan.FromSeconds(seconds) : null);

    /// <summary>How it stands at a time: what has expired may not have been noticed yet.</summary>
    public StreamPhase PhaseAt(DateTimeOffset now) => !(EndsAt <= now) ? Phase
        : Forks.IsEmpty ? StreamPhase.Ended
        : StreamPhase.Deleted;

    /// <summary>
    /// True if reading it at a time is to be noted, so that it lives on: at most ten times in its time to live, so that
    /// not every read writes.
    /// </summary>
    public bool IsRenewedBy(DateTimeOffset now) => TtlSeconds is { } seconds && ExpiresAt is null
        && now - UsedAt >= TimeSpan.FromSeconds(seconds) / 10;

    /// <summary>Type and subtype alone, in lower case.</summary>
    public static string MediaTypeOf(string contentType)
    {
        ArgumentNullException.ThrowIfNull(contentType);
        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? contentType : contentType[..end]).Trim().ToLowerInvariant();
    }
}

/// <summary>How far a stream is in its life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StreamPhase>))]
public enum StreamPhase
{
    /// <summary>It takes appends.</summary>
    Open,

    /// <summary>It is complete.</summary>
    Closed,

    /// <summary>Deleted or expired, and kept for its forks alone.</summary>
    Deleted,

    /// <summary>Gone.</summary>
    Ended,
}

/// <summary>How far a producer is.</summary>
/// <param name="Epoch">Its newest epoch.</param>
/// <param name="Seq">The newest that was accepted in it.</param>
/// <param name="At">When, UTC.</param>
public sealed record Producer(long Epoch, long Seq, DateTimeOffset At);

/// <summary>One append of a producer.</summary>
/// <param name="Id">The producer.</param>
/// <param name="Epoch">Grows when the producer starts again.</param>
/// <param name="Seq">0, 1, 2… within the epoch.</param>
public sealed record ProducerStamp(string Id, long Epoch, long Seq)
{
    /// <summary>The longest <see cref="Id"/>, in characters.</summary>
    public const int LongestId = 128;
}

/// <summary>What a stream is a fork of.</summary>
/// <param name="Source">The session of the stream that it was forked from.</param>
/// <param name="SourceLife">When that began.</param>
/// <param name="Parts">Where the entries are that it has from there, oldest first.</param>
public sealed record StreamFork(string Source, DateTimeOffset SourceLife, ImmutableArray<StreamPart> Parts)
{
    /// <summary>The longest chain of forks of forks.</summary>
    public const int LongestChain = 64;

    /// <summary>
    /// How many streams it comes from, one forked from the other: 1 for a fork of what is none itself. At least as many
    /// as it has entries of, which is all that is known of a fork that was kept without it.
    /// </summary>
    public int Depth
    {
        get => Math.Max(field, Math.Max(1, Parts.Length));
        init;
    }

    /// <summary>How many entries it was to have from there, as asked.</summary>
    public long Offset { get; init; }

    /// <summary>How much more, as asked: messages in JSON mode, else bytes of the next entry.</summary>
    public long SubOffset { get; init; }

    /// <summary>How many entries it has from there.</summary>
    [JsonIgnore]
    public long At => Parts.IsEmpty ? 0 : Parts[^1].UpTo;
}

/// <summary>Entries that a fork has from another stream.</summary>
/// <param name="Session">The session of that stream.</param>
/// <param name="Life">When that stream began.</param>
/// <param name="UpTo">The last of the entries, as the fork counts; the first is the one after the last part's.</param>
public sealed record StreamPart(string Session, DateTimeOffset Life, long UpTo);
