using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>
/// Where a log can be cut. A log is a row of closed portions and an open one at its end, which takes what is added.
/// Cutting drops whole portions, so it needs no look at the entries.
/// </summary>
/// <param name="First">The oldest entry that is kept.</param>
/// <param name="Closed">The closed portions, oldest first.</param>
/// <param name="OpenFirst">The first entry of the open portion.</param>
/// <param name="OpenedAt">When that was added; null if that is as old as the log.</param>
internal sealed record EventPortions(
    long First, IReadOnlyList<LogMark> Closed, long OpenFirst, DateTimeOffset? OpenedAt)
{
    public static readonly EventPortions None = new(1, [], 1, null);

    /// <summary>Adds one entry to a log, without cutting it yet.</summary>
    /// <param name="keep">How much is kept.</param>
    /// <param name="last">The newest entry before this one.</param>
    /// <param name="bytes">Bytes of all that was kept before.</param>
    /// <param name="now">When.</param>
    /// <returns>The same object unless a portion was closed.</returns>
    public EventPortions Add(Retention keep, long last, long bytes, DateTimeOffset now)
    {
        if (last < OpenFirst)
        {
            return OpenedAt is null && keep.Age is not null ? this with { OpenedAt = now } : this;
        }

        var openBytes = bytes - ClosedBytes();
        return IsFull(keep, last - OpenFirst + 1, openBytes, now - (OpenedAt ?? now))
            ? new EventPortions(First, [.. Closed, new LogMark(OpenFirst, OpenedAt ?? now, openBytes)], last + 1, now)
            : this;
    }

    /// <summary>Drops the portions that are not to be kept.</summary>
    /// <param name="keep">How much is kept.</param>
    /// <param name="last">The newest entry.</param>
    /// <param name="bytes">Bytes of all that was kept before.</param>
    /// <param name="now">When.</param>
    /// <returns>The same object if nothing was dropped, and the bytes that are kept now.</returns>
    public (EventPortions Portions, long Bytes) Cut(Retention keep, long last, long bytes, DateTimeOffset now)
    {
        var dropped = 0;
        while (dropped < Closed.Count)
        {
            var (next, endedAt) = dropped + 1 < Closed.Count
                ? (Closed[dropped + 1].First, Closed[dropped + 1].At)
                : (OpenFirst, OpenedAt ?? now);
            var isSurplus = last - next + 1 >= keep.Entries
                || bytes - Closed[dropped].Bytes >= keep.Bytes
                || (keep.Age is { } age && endedAt < now - age);
            if (!isSurplus)
            {
                break;
            }

            bytes -= Closed[dropped].Bytes;
            dropped++;
        }

        return dropped == 0
            ? (this, bytes)
            : (this with
            {
                First = dropped < Closed.Count ? Closed[dropped].First : OpenFirst,
                Closed = [.. Closed.Skip(dropped)],
            }, bytes);
    }

    /// <summary>As they are stored, the open one last; none for an empty log.</summary>
    public IReadOnlyList<LogMark> ToMarks(long bytes, DateTimeOffset opened) => this == None && bytes == 0
        ? []
        : [.. Closed, new LogMark(OpenFirst, OpenedAt ?? opened, bytes - ClosedBytes())];

    public static EventPortions Of(long first, IReadOnlyList<LogMark> marks) => marks.Count == 0
        ? first == 1 ? None : new EventPortions(first, [], first, null)
        : new EventPortions(first, [.. marks.SkipLast(1)], marks[^1].First, marks[^1].At);

    private static bool IsFull(Retention keep, long count, long bytes, TimeSpan age) =>
        count >= keep.Entries / 10 || bytes >= keep.Bytes / 10 || age >= keep.Age / 10;

    private long ClosedBytes()
    {
        var sum = 0L;
        for (var i = 0; i < Closed.Count; i++)
        {
            sum += Closed[i].Bytes;
        }

        return sum;
    }
}
