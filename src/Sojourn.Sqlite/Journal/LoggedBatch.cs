namespace Sojourn.Sqlite.Journal;

/// <summary>A batch as it was found in a segment.</summary>
/// <param name="Sequence">Its sequence.</param>
/// <param name="Bytes">The segment's.</param>
/// <param name="Frames">What is whole of it, by place; the directory among them.</param>
/// <param name="Count">How many frames it has; 0 if that is not known, because none is whole.</param>
internal sealed record LoggedBatch(long Sequence, byte[] Bytes, IReadOnlyList<Frame> Frames, int Count)
{
    public bool IsWhole => Count > 0 && Frames.Count == Count;

    public ReadOnlySpan<byte> Payload(in Frame frame) => Bytes.AsSpan(frame.Payload, frame.Length);
}
