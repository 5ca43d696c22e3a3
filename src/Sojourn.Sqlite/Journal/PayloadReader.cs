using System.Buffers.Binary;
using System.Text;

namespace Sojourn.Sqlite.Journal;

/// <summary>Reads what <see cref="PayloadWriter"/> wrote, of bytes whose checksum is right.</summary>
/// <remarks>Whatever the bytes are, what it throws is <see cref="FormatException"/>.</remarks>
internal ref struct PayloadReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _left = bytes;

    public readonly bool IsAtEnd => _left.IsEmpty;

    public byte Byte() => Take(1)[0];

    public bool Flag() => Byte() != 0;

    public long Number()
    {
        var number = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (long)number;
            }
        }

        throw new FormatException("A number does not end.");
    }

    public DateTimeOffset Time()
    {
        var ticks = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));
        return ticks >= DateTimeOffset.MinValue.Ticks && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : throw new FormatException($"{ticks} is no time.");
    }

    public DateTimeOffset? TimeOrNull() => Flag() ? Time() : null;

    public string Text() => Encoding.UTF8.GetString(Take(Length()));

    public ReadOnlyMemory<byte> Bytes() => Take(Length()).ToArray();

    /// <summary>As many as were counted before them.</summary>
    public int Count() => Length();

    // Nothing that is counted takes less than a byte, so a count beyond what is left is wrong.
    private int Length()
    {
        var length = Number();
        return length >= 0 && length <= _left.Length
            ? (int)length
            : throw new FormatException($"A length of {length}, with {_left.Length} bytes left.");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _left.Length)
        {
            throw new FormatException($"{length} bytes are to be read, {_left.Length} are left.");
        }

        var taken = _left[..length];
        _left = _left[length..];
        return taken;
    }
}
