namespace Sojourn.Kinds.Streams;

/// <summary>Begins a stream.</summary>
/// <param name="Name">What people call it; its session's id is <see cref="StreamName.TryFind"/>.</param>
/// <param name="ContentType">Of its bytes.</param>
public sealed record CreateStream(string Name, string ContentType) : IStart<DurableStream>
{
    /// <summary>After how long without use it expires; null for never.</summary>
    public long? TtlSeconds { get; init; }

    /// <summary>When it expires; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether it is complete from the start.</summary>
    public bool Closed { get; init; }

    /// <summary>What it is a fork of; null if it is none.</summary>
    public StreamFork? Fork { get; init; }

    /// <summary>Its first entries.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Entries { get; init; } = [];
}

/// <summary>Appends to a stream, closes it, or both at once.</summary>
/// <param name="Entries">What is appended; none to close it only.</param>
public sealed record AppendToStream(IReadOnlyList<ReadOnlyMemory<byte>> Entries) : ICommand<AppendReply>
{
    /// <summary>Of the bytes; null if there are none.</summary>
    public string? ContentType { get; init; }

    /// <summary>Must be above, byte by byte, all that was given before; null for none.</summary>
    public string? Seq { get; init; }

    /// <summary>Which append of which producer this is; null for none.</summary>
    public ProducerStamp? Stamp { get; init; }

    /// <summary>Whether nothing follows.</summary>
    public bool Close { get; init; }
}

/// <summary>What became of an append.</summary>
/// <param name="Outcome">Whether it was done, and if not, why.</param>
/// <param name="Stream">The stream afterwards.</param>
/// <param name="Producer">How far the producer is; null if none was named, or it is not known.</param>
public sealed record AppendReply(AppendOutcome Outcome, DurableStream Stream, Producer? Producer = null);

/// <summary>What became of an append.</summary>
public enum AppendOutcome
{
    /// <summary>Done.</summary>
    Appended,

    /// <summary>Done before.</summary>
    Duplicate,

    /// <summary>The stream is closed.</summary>
    Closed,

    /// <summary>There is no such stream any more.</summary>
    Gone,

    /// <summary>It was deleted, and is kept for its forks.</summary>
    Deleted,

    /// <summary>The stream is of another content type.</summary>
    OtherType,

    /// <summary>Its <c>Stream-Seq</c> is not above the last.</summary>
    SeqNotAbove,

    /// <summary>The producer has begun a newer epoch.</summary>
    StaleEpoch,

    /// <summary>A new epoch begins with 0.</summary>
    EpochNotAtZero,

    /// <summary>An append of the producer before this one is missing.</summary>
    Gap,

    /// <summary>Too many producers are at work on the stream.</summary>
    TooManyProducers,
}

/// <summary>Notes that somebody reads the stream, so that it lives on.</summary>
public sealed record UseStream : ICommand;

/// <summary>Deletes the stream; while it has forks it is kept for them. Twice is once. The reply is the stream
/// afterwards.</summary>
public sealed record DeleteStream : ICommand<DurableStream>;

/// <summary>Notes a fork, before that begins. Twice is once.</summary>
/// <param name="Life">The life of the stream that is meant.</param>
/// <param name="Fork">The fork's session.</param>
public sealed record NoteFork(DateTimeOffset Life, string Fork) : ICommand;

/// <summary>Forks are gone, or never came to be. Twice is once. The reply is the stream afterwards.</summary>
/// <param name="Life">The life of the stream that is meant.</param>
/// <param name="Forks">The forks' sessions.</param>
public sealed record DropForks(DateTimeOffset Life, IReadOnlyList<string> Forks) : ICommand<DurableStream>;
