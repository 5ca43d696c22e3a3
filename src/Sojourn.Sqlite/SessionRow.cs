using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>
/// A session's columns, but for the record itself: what is looked for by index, and what the counters have counted.
/// </summary>
internal sealed record SessionRow
{
    /// <summary>0 if there is no such session.</summary>
    public required long Number { get; init; }

    public long Version { get; init; }

    public string Status { get; init; } = "";

    public bool IsBusy { get; init; }

    public bool IsFinal { get; init; }

    /// <summary>In ticks, UTC, as all times here.</summary>
    public long Created { get; init; }

    public long Active { get; init; }

    public long Since { get; init; }

    public long? Expires { get; init; }

    public long? Due { get; init; }

    public long Term { get; init; }

    public long Size { get; init; }

    /// <summary>
    /// When the newest snapshot was the session's state; <see cref="long.MinValue"/> if there is none, null if nobody
    /// has looked.
    /// </summary>
    public long? SnapshotAt { get; init; }

    /// <summary>Null if nobody has looked.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>The ten minutes of the last step.</summary>
    public long Seen => Active / (10 * TimeSpan.TicksPerMinute);

    public long Hour => Created / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour;

    /// <summary>What the columns say of a record.</summary>
    public static SessionRow Of(SessionRecord record, long number, long term) => new()
    {
        Number = number,
        Version = record.Version,
        Status = record.Status,
        IsBusy = record.IsBusy,
        IsFinal = record.IsFinal,
        Created = record.CreatedAt.UtcTicks,
        Active = record.LastActivityAt.UtcTicks,
        Since = record.StatusSince.UtcTicks,
        Expires = record.ExpiresAt?.UtcTicks,
        Due = record.DueAt?.UtcTicks,
        Term = term,
        Size = record.Bytes,
        Labels = record.Labels,
    };

    /// <summary>True if the columns of both are the same; what is remembered beside them does not matter.</summary>
    public bool HasColumnsOf(SessionRow other) =>
        this with { SnapshotAt = null, Labels = null } == other with { SnapshotAt = null, Labels = null };
}
