using System.Buffers.Binary;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>
/// Consecutive entries of one stream in one row: of each its length (four bytes, little-endian) and its bytes. A row an
/// entry would cost as much as the entry itself, and more than the flush.
/// </summary>
internal static class Chunk
{
    /// <summary>The most entries' bytes in a chunk, unless it holds a single longer one.</summary>
    public const int MaxBytes = 64 << 10;

    private const int LengthBytes = sizeof(int);

    /// <summary>
    /// How many of these, from <paramref name="start"/> on, go into one chunk: of one stream, without a gap in their
    /// numbers, and not too many bytes.
    /// </summary>
    public static int Fit(IReadOnlyList<StreamEntry> entries, int start)
    {
        var (first, bytes, count) = (entries[start], entries[start].Bytes.Length, 1);
        for (var i = start + 1; i < entries.Count; i++, count++)
        {
            var next = entries[i];
            bytes += next.Bytes.Length;
            if (bytes > MaxBytes || next.Stream != first.Stream || next.Number != first.Number + count)
            {
                break;
            }
        }

        return count;
    }

    public static byte[] Write(string session, IReadOnlyList<StreamEntry> entries, int start, int count)
    {
        var length = 0;
        for (var i = start; i < start + count; i++)
        {
            length += LengthBytes + entries[i].Bytes.Length;
        }

        var body = new byte[length];
        var rest = body.AsSpan();
        for (var i = start; i < start + count; i++)
        {
            var bytes = entries[i].Bytes.Span;
            BinaryPrimitives.WriteInt32LittleEndian(rest, bytes.Length);
            bytes.CopyTo(rest[LengthBytes..]);
            rest = rest[(LengthBytes + bytes.Length)..];
        }

        var (first, last) = (entries[start], entries[start + count - 1]);
        return Framing.Wrap(Places.Chunk(session, first.Stream, first.Number, last.Number), body);
    }

    /// <summary>All entries of a chunk, in order.</summary>
    /// <exception cref="DamagedRecordException">The bytes are not what was stored there.</exception>
    public static IEnumerable<StreamEntry> Read(string session, string stream, long first, long last, byte[] framed)
    {
        var place = Places.Chunk(session, stream, first, last);
        var rest = Framing.Unwrap(place, framed);
        return Split(place, stream, first, last, rest);
    }

    private static IEnumerable<StreamEntry> Split(
        string place, string stream, long first, long last, ReadOnlyMemory<byte> rest)
    {
        for (var number = first; number <= last; number++)
        {
            var length = rest.Length < LengthBytes ? -1 : BinaryPrimitives.ReadInt32LittleEndian(rest.Span);
            if (length < 0 || length > rest.Length - LengthBytes)
            {
                throw new DamagedRecordException($"{place}: the record ends before entry {number} does.");
            }

            yield return new StreamEntry(stream, number, rest.Slice(LengthBytes, length));
            rest = rest[(LengthBytes + length)..];
        }
    }
}
