using System.Buffers.Binary;
using System.Text;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>
/// How bytes are stored: one byte that says the format (1), four bytes of CRC-32C (little-endian), then the bytes. The
/// checksum also covers what the record belongs to, so that a record in the wrong place is recognised, too.
/// </summary>
internal static class Framing
{
    private const byte Format = 1;
    private const int HeaderLength = 5;

    public static byte[] Wrap(string belongsTo, ReadOnlySpan<byte> body)
    {
        var framed = new byte[HeaderLength + body.Length];
        framed[0] = Format;
        body.CopyTo(framed.AsSpan(HeaderLength));
        BinaryPrimitives.WriteUInt32LittleEndian(framed.AsSpan(1), Checksum(belongsTo, body));
        return framed;
    }

    /// <exception cref="DamagedRecordException">The bytes are not what was stored for this.</exception>
    public static ReadOnlyMemory<byte> Unwrap(string belongsTo, byte[] framed)
    {
        if (framed.Length < HeaderLength)
        {
            throw new DamagedRecordException($"{belongsTo}: the record has {framed.Length} bytes; it was cut off.");
        }

        if (framed[0] != Format)
        {
            throw new DamagedRecordException(
                $"{belongsTo}: the record says it has format {framed[0]}; {Format} is known.");
        }

        var body = framed.AsMemory(HeaderLength);
        return BinaryPrimitives.ReadUInt32LittleEndian(framed.AsSpan(1)) == Checksum(belongsTo, body.Span)
            ? body
            : throw new DamagedRecordException($"{belongsTo}: the record does not match its checksum.");
    }

    private static uint Checksum(string belongsTo, ReadOnlySpan<byte> body)
    {
        Span<byte> name = stackalloc byte[512];
        var crc = Crc32C.Add(Crc32C.Start, name[..Encoding.UTF8.GetBytes(belongsTo, name)]);
        return ~Crc32C.Add(crc, body);
    }
}
