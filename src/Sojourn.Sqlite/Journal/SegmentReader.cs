namespace Sojourn.Sqlite.Journal;

/// <summary>
/// Reads a segment's batches in order, and tells the torn end of a log from damage in its middle. A batch is written
/// only
/// after the one before it was flushed. So whatever is missing of a batch that another one follows was there once,
/// and was acknowledged: damage. What is missing of the very last batch was never acknowledged: a crash cut its one
/// write
/// short, in whatever order the disk took the pages. It is dropped as a whole.
/// </summary>
/// <param name="bytes">The whole file.</param>
/// <param name="segment">Its number.</param>
/// <param name="first">The sequence of its first batch.</param>
/// <param name="next">The sequence at which the next segment begins, and this one ends; null if it is the last.</param>
internal sealed class SegmentReader(byte[] bytes, long segment, long first, long? next)
{
    /// <summary>True if what a crash left of a last batch was dropped.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>All batches, the damaged among them, without a gap in their sequences.</summary>
    public List<LoggedBatch> Read()
    {
        var batches = new List<LoggedBatch>();
        var (at, expected) = (Disk.Page, first);
        while (IsMine(expected) && Batch(at, expected) is { } batch)
        {
            batches.Add(batch);
            expected++;
            at = (int)Disk.WholePages(batch.Frames[^1].End);
        }

        if (IsMine(expected))
        {
            Salvage(at, expected, batches);
        }

        return batches;
    }

    // What lies beyond the next segment's beginning is of a batch whose write failed or was cut, and which was
    // never acknowledged.
    private bool IsMine(long sequence) => next is null || sequence < next;

    /// <summary>A batch that is whole; null if it is not.</summary>
    private LoggedBatch? Batch(int at, long sequence)
    {
        var frames = new List<Frame>();
        for (var count = 1; frames.Count < count; at = frames[^1].End)
        {
            if (Frame.Read(bytes, at, segment) is not { } frame
                || frame.Sequence != sequence || frame.Place != frames.Count)
            {
                return null;
            }

            frames.Add(frame);
            count = frame.Count;
        }

        return new LoggedBatch(sequence, bytes, frames, frames.Count);
    }

    /// <summary>Looks at every place where a frame could begin.</summary>
    private void Salvage(int from, long expected, List<LoggedBatch> batches)
    {
        var found = new SortedDictionary<long, List<Frame>>();
        for (var at = from; at + Frame.HeadLength <= bytes.Length;)
        {
            if (Frame.Read(bytes, at, segment) is { } frame && frame.Sequence >= expected && IsMine(frame.Sequence))
            {
                found.TryAdd(frame.Sequence, []);
                found[frame.Sequence].Add(frame);
                at = frame.End;
            }
            else
            {
                at += 8;
            }
        }

        var last = next - 1 ?? (found.Count == 0 ? expected - 1 : found.Keys.Last());
        for (var sequence = expected; sequence <= last; sequence++)
        {
            var frames = found.GetValueOrDefault(sequence) ?? [];
            batches.Add(new LoggedBatch(sequence, bytes, frames, frames.Count == 0 ? 0 : frames[0].Count));
        }

        if (next is null && batches.Count > 0 && !batches[^1].IsWhole)
        {
            IsTorn = true;
            batches.RemoveAt(batches.Count - 1);
        }
    }
}
