using System.Collections.Frozen;
using System.Collections.Immutable;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>Numbers what a step appends to named streams, and counts what is kept of them.</summary>
internal static class StreamNumbering
{
    private static readonly Retention KeepAll = new();

    /// <param name="policy">How much is kept.</param>
    /// <param name="appends">What is appended, in order.</param>
    /// <param name="latest">The session before; null if it begins.</param>
    /// <param name="now">When.</param>
    /// <param name="tails">How far each stream reaches afterwards.</param>
    public static StreamEntry[] Number(
        Policy policy,
        ImmutableArray<StreamAppend> appends,
        Snapshot? latest,
        DateTimeOffset now,
        out IReadOnlyDictionary<string, StreamTail> tails)
    {
        tails = latest?.Extras.Tails ?? Snapshot.NoTails;
        if (appends.IsEmpty)
        {
            return [];
        }

        var next = tails.ToDictionary(StringComparer.Ordinal);
        var entries = new StreamEntry[appends.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            var (name, entry) = (appends[i].Stream, appends[i].Entry);
            if (!Naming.IsKindName(name) || name == StreamKey.Events)
            {
                throw new InvalidOperationException(
                    $"'{name}' is not a stream's name: use 1 to 32 of a-z, 0-9 and '-', and not 'events'.");
            }

            next[name] = Append(policy.Streams.GetValueOrDefault(name), next.GetValueOrDefault(name), entry, now);
            entries[i] = new StreamEntry(name, next[name].Last, entry);
        }

        tails = next.ToFrozenDictionary(StringComparer.Ordinal);
        return entries;
    }

    private static StreamTail Append(Retention? keep, StreamTail? tail, ReadOnlyMemory<byte> entry, DateTimeOffset now)
    {
        var (first, last) = (tail?.First ?? 1, tail?.Last ?? 0);
        var marks = tail?.Marks ?? [];
        keep ??= KeepAll;
        var bytes = marks.Sum(mark => mark.Bytes);
        var portions = EventPortions.Of(first, marks).Add(keep, last, bytes, now);
        (portions, bytes) = portions.Cut(keep, last + 1, bytes + entry.Length, now);
        var opened = marks.Count > 0 ? marks[^1].At : now;
        return new StreamTail(portions.First, last + 1, portions.ToMarks(bytes, opened));
    }
}
