namespace Sojourn.Kinds.Streams;

/// <summary>The limits of durable streams.</summary>
public sealed class StreamOptions
{
    /// <summary>The most streams. Null (the default) for no limit but the disk's; at least 0. Beyond it: 429.</summary>
    public long? MaxStreams { get; set; }

    /// <summary>The most streams of one owner; as <see cref="MaxStreams"/>.</summary>
    public long? MaxStreamsPerOwner { get; set; }

    /// <summary>
    /// The longest append, in bytes. Default 4 MiB; 1 KiB to 16 MiB. Beyond it: 413. In JSON mode the messages of one
    /// append together.
    /// </summary>
    public int MaxAppendBytes { get; set; } = 4 << 20;

    /// <summary>The most messages that one append in JSON mode holds. Default 10,000; at least 1. Beyond it:
    /// 413.</summary>
    public int MaxMessages { get; set; } = 10_000;

    /// <summary>How many entries a stream keeps; older ones are dropped. Null (the default) for all.</summary>
    public int? RetainedEntries { get; set; }

    /// <summary>How many bytes a stream keeps; older ones are dropped. Null (the default) for all.</summary>
    public long? RetainedBytes { get; set; }

    /// <summary>
    /// How long an entry is kept, looked at when the next one is appended. Null (the default) for as long as its
    /// stream.
    /// </summary>
    public TimeSpan? RetainedFor { get; set; }

    /// <summary>How many readers may follow one stream at once. Default 10,000; at least 1. Beyond it: 429.</summary>
    public int MaxReaders { get; set; } = 10_000;

    /// <summary>All that is wrong, in sentences, but for what the engine finds in the policy.</summary>
    internal IEnumerable<string> Faults()
    {
        if (MaxAppendBytes is < 1 << 10 or > 16 << 20)
        {
            yield return $"{nameof(MaxAppendBytes)} must be 1,024 to 16,777,216; it is {MaxAppendBytes:N0}.";
        }

        (string Name, long Value, long Least)[] counts =
        [
            (nameof(MaxStreams), MaxStreams ?? 0, 0), (nameof(MaxStreamsPerOwner), MaxStreamsPerOwner ?? 0, 0),
            (nameof(MaxMessages), MaxMessages, 1), (nameof(MaxReaders), MaxReaders, 1),
            (nameof(RetainedEntries), RetainedEntries ?? 1, 1), (nameof(RetainedBytes), RetainedBytes ?? 1, 1),
        ];
        foreach (var (name, value, least) in counts.Where(count => count.Value < count.Least))
        {
            yield return $"{name} must be at least {least}; it is {value:N0}.";
        }

        if (RetainedFor is { } age && (age <= TimeSpan.Zero || age > TimeSpan.FromDays(3653)))
        {
            yield return $"{nameof(RetainedFor)} must be more than nothing and at most ten years; it is {age}.";
        }
    }

    internal Policy ToPolicy() => new()
    {
        Statuses =
        [
            new(StreamKind.Open),
            new(StreamKind.Closed),
            new(StreamKind.Deleted),
            // Gone for everybody from the moment it enters it; the engine clears it away.
            new(StreamKind.Ended) { Final = true, KeepFor = TimeSpan.FromMilliseconds(1) },
        ],
        MaxSessions = MaxStreams,
        MaxSessionsPerOwner = MaxStreamsPerOwner,
        MaxEntryBytes = MaxAppendBytes,
        MaxEventsPerStep = MaxMessages,
        MaxWatchers = MaxReaders,
        MaxWaiting = 10_000,
        Streams = RetainedEntries is null && RetainedBytes is null && RetainedFor is null
            ? new Dictionary<string, Retention>()
            : new Dictionary<string, Retention>
            {
                [StreamKind.Data] = new() { Entries = RetainedEntries, Bytes = RetainedBytes, Age = RetainedFor },
            },
    };
}
