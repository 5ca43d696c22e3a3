using System.Buffers.Binary;

namespace Sojourn.Sqlite.Journal;

/// <summary>
/// A piece of a batch with a checksum of its own. Its head, little-endian: the payload's length (4 bytes), the CRC-32C
/// (4) of
/// the segment's number, of the rest of the head and of the payload, the batch's sequence (8), the frame's
/// place in the batch (2), how many frames the batch has (2), and the length once more, complemented (4). Frames
/// begin at multiples of 8.
/// </summary>
internal readonly record struct Frame(long Sequence, int Place, int Count, int Offset, int Length)
{
    public const int HeadLength = 24;

    /// <summary>The last frame of a batch is its directory.</summary>
    public bool IsDirectory => Place == Count - 1;

    /// <summary>Where its payload begins.</summary>
    public int Payload => Offset + HeadLength;

    /// <summary>Where the next frame begins.</summary>
    public int End => Offset + Whole(Length);

    /// <summary>The room that a payload takes up as a frame.</summary>
    public static int Whole(int length) => (HeadLength + length + 7) & ~7;

    /// <summary>Completes the head before a payload that is in its place.</summary>
    public static void Seal(Span<byte> bytes, in Frame frame, long segment)
    {
        var head = bytes.Slice(frame.Offset, HeadLength);
        BinaryPrimitives.WriteInt32LittleEndian(head, frame.Length);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], frame.Sequence);
        BinaryPrimitives.WriteUInt16LittleEndian(head[16..], (ushort)frame.Place);
        BinaryPrimitives.WriteUInt16LittleEndian(head[18..], (ushort)frame.Count);
        BinaryPrimitives.WriteInt32LittleEndian(head[20..], ~frame.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], Checksum(bytes, frame, segment));
    }

    /// <summary>The frame at a place; null if there is none that is whole and of this segment.</summary>
    public static Frame? Read(ReadOnlySpan<byte> bytes, int offset, long segment)
    {
        if (bytes.Length - offset < HeadLength)
        {
            return null;
        }

        var head = bytes.Slice(offset, HeadLength);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        // The second length keeps a search through megabytes of anything from adding up megabytes at each step.
        if (length < 0 || ~length != BinaryPrimitives.ReadInt32LittleEndian(head[20..])
            || length > bytes.Length - offset - HeadLength)
        {
            return null;
        }

        var frame = new Frame(
            BinaryPrimitives.ReadInt64LittleEndian(head[8..]),
            BinaryPrimitives.ReadUInt16LittleEndian(head[16..]),
            BinaryPrimitives.ReadUInt16LittleEndian(head[18..]),
            offset,
            length);
        return frame.Place < frame.Count
            && BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) == Checksum(bytes, frame, segment) ? frame : null;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes, in Frame frame, long segment) => ~Crc32C.Add(
        Crc32C.Add(Crc32C.Start, (ulong)segment), bytes.Slice(frame.Offset + 8, HeadLength - 8 + frame.Length));
}
