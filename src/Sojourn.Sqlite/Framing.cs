using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
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
        var crc = uint.MaxValue;
        crc = Add(crc, name[..Encoding.UTF8.GetBytes(belongsTo, name)]);
        return ~Add(crc, body);
    }

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            var little = BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
            crc = BitOperations.Crc32C(crc, little);
        }

        foreach (var last in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, last);
        }

        return crc;
    }
}
