using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Sojourn.Server.Streams;

/// <summary>
/// An entry as server-sent events, but for what differs from reader to reader: made once for all who follow.
/// </summary>
internal sealed class SseFrame
{
    private readonly byte[] _bytes;

    private SseFrame(byte[] bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <param name="entry">The entry.</param>
    /// <param name="form">How it is sent.</param>
    /// <param name="offset">The offset behind it.</param>
    public static SseFrame Make(ReadOnlyMemory<byte> entry, LogForm form, string offset)
    {
        var frame = new ArrayBufferWriter<byte>((entry.Length * 4 / 3) + 128);
        frame.Write("event: data\ndata:"u8);
        switch (form)
        {
            case LogForm.Bytes:
                WriteBase64(frame, entry.Span);
                break;
            case LogForm.Json:
                frame.Write("["u8);
                WriteLines(frame, entry.Span);
                frame.Write("]"u8);
                break;
            case LogForm.Text:
            default:
                WriteLines(frame, entry.Span);
                break;
        }

        frame.Write("\n\n"u8);
        WriteControl(frame, offset);
        return new SseFrame(frame.WrittenSpan.ToArray());
    }

    /// <summary>The beginning of a control event: what differs follows.</summary>
    public static void WriteControl(IBufferWriter<byte> output, string offset)
    {
        output.Write("event: control\ndata:{\"streamNextOffset\":\""u8);
        Encoding.ASCII.GetBytes(offset, output);
        output.Write("\""u8);
    }

    private static void WriteBase64(ArrayBufferWriter<byte> frame, ReadOnlySpan<byte> bytes)
    {
        var text = frame.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        _ = Base64.EncodeToUtf8(bytes, text, out _, out var written);
        frame.Advance(written);
    }

    /// <summary>Each line begins with the field's name: nothing in an entry can pass for an event of its own.</summary>
    private static void WriteLines(ArrayBufferWriter<byte> frame, ReadOnlySpan<byte> text)
    {
        for (var end = text.IndexOfAny((byte)'\r', (byte)'\n'); end >= 0;
            end = text.IndexOfAny((byte)'\r', (byte)'\n'))
        {
            frame.Write(text[..end]);
            frame.Write("\ndata:"u8);
            text = text[(text[end..].StartsWith("\r\n"u8) ? end + 2 : end + 1)..];
        }

        frame.Write(text);
    }
}
