using System.Collections.Immutable;
using Sojourn.Kinds.Streams;

namespace Sojourn.Server.Streams;

/// <summary>
/// Where the entries of a log are, and how its offsets are written. A fork counts on from what it has of other streams,
/// and gives those entries the offsets that they have there: so an offset means the same entry in both.
/// </summary>
/// <param name="parts">What it has from other streams, oldest first.</param>
/// <param name="life">When it began.</param>
internal sealed class LogMap(ImmutableArray<StreamPart> parts, DateTimeOffset life)
{
    /// <summary>When it began.</summary>
    public DateTimeOffset Life { get; } = life;

    /// <summary>Entries that are elsewhere.</summary>
    public long Inherited { get; } = parts.IsEmpty ? 0 : parts[^1].UpTo;

    public static LogMap Of(DurableStream stream) => new(stream.Fork?.Parts ?? [], stream.Life);

    public static LogMap Of(SessionView session) => new([], session.CreatedAt);

    /// <summary>The offset of the place behind an entry.</summary>
    public EventOffset OffsetOf(long number)
    {
        foreach (var part in parts)
        {
            if (number <= part.UpTo)
            {
                return new(part.Life, number);
            }
        }

        return new(Life, number);
    }

    /// <summary>The entry before an offset.</summary>
    /// <returns>False if it is an offset of another log, or another life of this one.</returns>
    public bool TryFind(EventOffset offset, out long number)
    {
        number = offset.Number;
        // The one before everything, which many know by heart.
        if (offset == new EventOffset(new DateTimeOffset(0, TimeSpan.Zero), 0))
        {
            return true;
        }

        var start = 0L;
        foreach (var part in parts)
        {
            if (part.Life == offset.Life)
            {
                return number >= start && number <= part.UpTo;
            }

            start = part.UpTo;
        }

        return Life == offset.Life && number >= start;
    }

    /// <summary>True if an offset is of the time before this log, and so perhaps of one of the same name.</summary>
    public bool IsAfter(EventOffset offset) => offset.Life < Life;

    /// <summary>The part that holds the entry after a number, and the entries before that part; null if it is its
    /// own.</summary>
    public (StreamPart Part, long Start)? PartAfter(long number)
    {
        var start = 0L;
        foreach (var part in parts)
        {
            if (number < part.UpTo)
            {
                return (part, start);
            }

            start = part.UpTo;
        }

        return null;
    }

    /// <summary>All that it has from elsewhere, newest first, and the entries before each.</summary>
    public IEnumerable<(StreamPart Part, long Start)> Backwards()
    {
        for (var i = parts.Length - 1; i >= 0; i--)
        {
            yield return (parts[i], i == 0 ? 0 : parts[i - 1].UpTo);
        }
    }

    /// <summary>What is its own, as if it were a part of another's.</summary>
    /// <param name="address">This log's.</param>
    /// <param name="last">Its newest entry.</param>
    public StreamPart OwnPart(LogAddress address, long last) => new(address.Session.Id.ToString(), Life, last);

    /// <summary>What a fork of this log has from elsewhere, if it takes so many entries.</summary>
    /// <param name="session">This log's session.</param>
    /// <param name="upTo">How many.</param>
    public ImmutableArray<StreamPart> CutAt(string session, long upTo)
    {
        var cut = ImmutableArray.CreateBuilder<StreamPart>();
        var start = 0L;
        foreach (var part in parts)
        {
            if (start < upTo)
            {
                cut.Add(part with { UpTo = Math.Min(part.UpTo, upTo) });
            }

            start = part.UpTo;
        }

        if (start < upTo)
        {
            cut.Add(new StreamPart(session, Life, upTo));
        }

        return cut.ToImmutable();
    }
}
