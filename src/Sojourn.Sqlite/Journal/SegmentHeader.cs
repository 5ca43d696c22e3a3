using System.Buffers.Binary;

namespace Sojourn.Sqlite.Journal;

/// <summary>
/// The first page of a segment, little-endian: "SojnJrnl" (8 bytes), the format's version (4), a CRC-32C (4) of the
/// rest, the
/// segment's number (8), and the sequence of its first batch (8). It is on disk before the first batch is written.
/// </summary>
internal readonly record struct SegmentHeader(int Version, long Segment, long FirstSequence)
{
    /// <summary>Of the log's format. A segment with a higher one is refused and left untouched.</summary>
    public const int Newest = 1;

    private const int Length = 32;

    private static ReadOnlySpan<byte> Magic => "SojnJrnl"u8;

    public byte[] Write()
    {
        var page = new byte[Disk.Page];
        Magic.CopyTo(page);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(8), Version);
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(16), Segment);
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(24), FirstSequence);
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(12), Checksum(page));
        return page;
    }

    /// <summary>Null if the bytes are not a whole header.</summary>
    public static SegmentHeader? Read(ReadOnlySpan<byte> page)
    {
        if (page.Length < Length || !page.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(page[12..]) != Checksum(page))
        {
            return null;
        }

        return new SegmentHeader(
            BinaryPrimitives.ReadInt32LittleEndian(page[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(page[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(page[24..]));
    }

    private static uint Checksum(ReadOnlySpan<byte> page) => ~Crc32C.Add(
        Crc32C.Add(Crc32C.Start, BinaryPrimitives.ReadUInt32LittleEndian(page[8..])), page[16..Length]);
}
