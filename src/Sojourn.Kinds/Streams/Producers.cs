using System.Collections.Immutable;

namespace Sojourn.Kinds.Streams;

/// <summary>
/// Judges producers' appends: each is taken once and in order, and one that was started again shuts out its former
/// self.
/// </summary>
internal static class Producers
{
    /// <summary>The most that a stream remembers.</summary>
    public const int Most = 1_000;

    /// <summary>So many are remembered for good. All of them are written with each append, so more are not.</summary>
    public const int Few = 100;

    /// <summary>One that was not heard of for so long may be forgotten.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    /// <summary>Whether an append is the next of its producer.</summary>
    public static AppendOutcome Judge(DurableStream stream, ProducerStamp stamp)
    {
        if (!stream.Producers.TryGetValue(stamp.Id, out var known))
        {
            return stamp.Seq == 0 ? AppendOutcome.Appended : AppendOutcome.Gap;
        }

        if (stamp.Epoch != known.Epoch)
        {
            return stamp.Epoch < known.Epoch ? AppendOutcome.StaleEpoch
                : stamp.Seq == 0 ? AppendOutcome.Appended
                : AppendOutcome.EpochNotAtZero;
        }

        return stamp.Seq <= known.Seq ? AppendOutcome.Duplicate
            : stamp.Seq == known.Seq + 1 ? AppendOutcome.Appended
            : AppendOutcome.Gap;
    }

    /// <summary>Notes an append that was judged good; null if there is no room for its producer.</summary>
    public static ImmutableDictionary<string, Producer>? Note(
        ImmutableDictionary<string, Producer> producers, ProducerStamp stamp, DateTimeOffset now)
    {
        if (producers.Count >= Few && !producers.ContainsKey(stamp.Id))
        {
            producers = producers.RemoveRange(
                [.. producers.Where(known => now - known.Value.At > KeptFor).Select(known => known.Key)]);
            if (producers.Count >= Most)
            {
                return null;
            }
        }

        return producers.SetItem(stamp.Id, new Producer(stamp.Epoch, stamp.Seq, now));
    }
}
