using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Sojourn.Server.Streams;

/// <summary>
/// An entry as server-sent events, but for what differs from reader to reader: made once for all who follow.
/// </summary>
internal sealed class SseFrame
{
    /// <summary>
    /// The longest entry of which it is kept, in bytes. A longer one is not in memory for long, and goes to each reader
    /// piece by piece.
    /// </summary>
    public const int LongestKept = 64 << 10;

    // A multiple of three: base64 has no padding before its end.
    private const int Piece = 12 << 10;

    private readonly byte[] _bytes;

    private SseFrame(byte[] bytes) => _bytes = bytes;

    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <param name="entry">The entry.</param>
    /// <param name="form">How it is sent.</param>
    /// <param name="offset">The offset behind it.</param>
    public static SseFrame Make(ReadOnlyMemory<byte> entry, LogForm form, string offset)
    {
        var frame = new ArrayBufferWriter<byte>((entry.Length * 4 / 3) + 128);
        var lines = new Lines();
        Open(frame, form);
        Write(frame, entry.Span, form, ref lines);
        Close(frame, form, offset);
        return new SseFrame(frame.WrittenSpan.ToArray());
    }

    /// <summary>Sends what <see cref="Make"/> makes, without making it.</summary>
    /// <returns>False if nobody reads any more.</returns>
    public static async ValueTask<bool> SendAsync(
        AnswerPieces output, ReadOnlyMemory<byte> entry, LogForm form, string offset)
    {
        var part = new ArrayBufferWriter<byte>(2 * Piece);
        var lines = new Lines();
        Open(part, form);
        for (; !entry.IsEmpty; entry = entry[Math.Min(Piece, entry.Length)..])
        {
            Write(part, entry.Span[..Math.Min(Piece, entry.Length)], form, ref lines);
            if (!await output.WriteAsync(part.WrittenMemory))
            {
                return false;
            }

            part.ResetWrittenCount();
        }

        Close(part, form, offset);
        return await output.WriteAsync(part.WrittenMemory);
    }

    /// <summary>The beginning of a control event: what differs follows.</summary>
    public static void WriteControl(IBufferWriter<byte> output, string offset)
    {
        output.Write("event: control\ndata:{\"streamNextOffset\":\""u8);
        Encoding.ASCII.GetBytes(offset, output);
        output.Write("\""u8);
    }

    private static void Open(ArrayBufferWriter<byte> frame, LogForm form) =>
        frame.Write(form == LogForm.Json ? "event: data\ndata:["u8 : "event: data\ndata:"u8);

    private static void Write(ArrayBufferWriter<byte> frame, ReadOnlySpan<byte> bytes, LogForm form, ref Lines lines)
    {
        if (form == LogForm.Bytes)
        {
            WriteBase64(frame, bytes);
        }
        else
        {
            lines.Write(frame, bytes);
        }
    }

    private static void Close(ArrayBufferWriter<byte> frame, LogForm form, string offset)
    {
        frame.Write(form == LogForm.Json ? "]\n\n"u8 : "\n\n"u8);
        WriteControl(frame, offset);
    }

    private static void WriteBase64(ArrayBufferWriter<byte> frame, ReadOnlySpan<byte> bytes)
    {
        var text = frame.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        _ = Base64.EncodeToUtf8(bytes, text, out _, out var written);
        frame.Advance(written);
    }

    /// <summary>Writes text that may come in pieces, each line of it as one of the field.</summary>
    private struct Lines
    {
        private bool _hasBegun;
        private bool _isAfterReturn;

        /// <summary>
        /// Each line begins with the field's name: nothing in an entry can pass for an event of its own. Readers drop
        /// one space after the name, so a line that begins with one gets another.
        /// </summary>
        public void Write(ArrayBufferWriter<byte> frame, ReadOnlySpan<byte> text)
        {
            while (!text.IsEmpty)
            {
                var isSameBreak = _isAfterReturn && text[0] == (byte)'\n';
                _isAfterReturn = false;
                if (isSameBreak)
                {
                    text = text[1..];
                    continue;
                }

                if (!_hasBegun && text[0] == (byte)' ')
                {
                    frame.Write(" "u8);
                }

                var end = text.IndexOfAny((byte)'\r', (byte)'\n');
                _hasBegun = end < 0;
                if (_hasBegun)
                {
                    frame.Write(text);
                    return;
                }

                frame.Write(text[..end]);
                frame.Write("\ndata:"u8);
                _isAfterReturn = text[end] == (byte)'\r';
                text = text[(end + 1)..];
            }
        }
    }
}
