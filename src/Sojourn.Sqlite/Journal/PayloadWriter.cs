using System.Buffers.Binary;
using System.Text;

namespace Sojourn.Sqlite.Journal;

/// <summary>
/// One buffer that is used again for every batch. Numbers are written seven bits a byte, lowest first (LEB128), times
/// as eight
/// bytes of UTC ticks, texts and bytes with their length before them.
/// </summary>
internal sealed class PayloadWriter
{
    /// <summary>A buffer that one large batch has made larger than this is given back.</summary>
    private const int MostKept = 16 << 20;

    private byte[] _bytes = new byte[64 << 10];

    public int Length { get; private set; }

    public Span<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > MostKept)
        {
            _bytes = new byte[64 << 10];
        }
    }

    /// <summary>Leaves room that is filled later.</summary>
    public void Skip(int length)
    {
        Room(length).Clear();
        Length += length;
    }

    /// <summary>Fills up with zeros to a multiple.</summary>
    public void Pad(int multiple) => Skip((multiple - (Length % multiple)) % multiple);

    public void Byte(byte value)
    {
        Room(1)[0] = value;
        Length++;
    }

    public void Number(long value)
    {
        var room = Room(10);
        var left = (ulong)value;
        var length = 0;
        for (; left >= 0x80; left >>= 7)
        {
            room[length++] = (byte)(left | 0x80);
        }

        room[length++] = (byte)left;
        Length += length;
    }

    public void Time(DateTimeOffset time)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Room(sizeof(long)), time.UtcTicks);
        Length += sizeof(long);
    }

    public void Text(string text)
    {
        if (text.Length < 0x80 && Ascii.IsValid(text))
        {
            Byte((byte)text.Length);
            Length += Encoding.UTF8.GetBytes(text, Room(text.Length));
            return;
        }

        var length = Encoding.UTF8.GetByteCount(text);
        Number(length);
        Length += Encoding.UTF8.GetBytes(text, Room(length));
    }

    public void Bytes(ReadOnlyMemory<byte> bytes)
    {
        Number(bytes.Length);
        bytes.Span.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    private Span<byte> Room(int length)
    {
        if (_bytes.Length - Length < length)
        {
            var larger = Math.Max(_bytes.Length * 2L, (long)Length + length);
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, larger));
        }

        return _bytes.AsSpan(Length, length);
    }
}
