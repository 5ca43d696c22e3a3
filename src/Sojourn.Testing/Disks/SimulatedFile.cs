namespace Sojourn.Testing.Disks;

/// <summary>A file's bytes: as they are on the disk, and as they are in memory until somebody flushes them.</summary>
internal sealed class SimulatedFile(byte[] durable, byte[] current, long changes)
{
    public byte[] Durable { get; private set; } = durable;

    public byte[] Current { get; private set; } = current;

    /// <summary>Grows with each change.</summary>
    public long Changes { get; private set; } = changes;

    public bool IsFlushed => ReferenceEquals(Durable, Current);

    public static SimulatedFile Empty(long change) => new([], [], change);

    public SimulatedFile Copy() => new(Durable, Current, Changes);

    public void Change(byte[] bytes, long change) => (Current, Changes) = (bytes, change);

    public void Flush() => Durable = Current;

    /// <summary>
    /// What the disk may hold of it after a power cut: what it held before; the new bytes up to some block; all of them but
    /// for one block that was not yet written, or all length and no bytes; all of them.
    /// </summary>
    public IReadOnlyList<byte[]> Remains(int blockBytes)
    {
        if (IsFlushed)
        {
            return [Durable];
        }

        var remains = new List<byte[]> { Durable };
        for (var at = 0; at < Current.Length; at += blockBytes)
        {
            remains.Add(Current[..at]);
            var holed = (byte[])Current.Clone();
            holed.AsSpan(at, Math.Min(blockBytes, holed.Length - at)).Clear();
            remains.Add(holed);
        }

        remains.Add(new byte[Current.Length]);
        remains.Add(Current);
        return remains;
    }
}
