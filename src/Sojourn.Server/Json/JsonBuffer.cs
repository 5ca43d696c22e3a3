using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Sojourn.Server.Json;

/// <summary>
/// A place to write one JSON answer whole, so that it leaves with its length and never half written. Each thread has
/// one that it uses again and again: write without awaiting between <see cref="Rent"/> and <see cref="SendAsync"/>.
/// </summary>
internal sealed class JsonBuffer
{
    private const int KeptBytes = 256 << 10;

    [ThreadStatic]
    private static JsonBuffer? _mine;

    private readonly ArrayBufferWriter<byte> _bytes = new(1024);

    private JsonBuffer() =>
        Json = new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = SojournJson.Stored.Encoder });

    /// <summary>What to write with.</summary>
    public Utf8JsonWriter Json { get; }

    public static JsonBuffer Rent()
    {
        var buffer = _mine ??= new JsonBuffer();
        // Here, not after use: whoever broke off in the middle left something behind.
        buffer._bytes.ResetWrittenCount();
        buffer.Json.Reset();
        return buffer;
    }

    /// <summary>Hands what was written to the connection. The buffer is free when this returns its task.</summary>
    public async ValueTask SendAsync(HttpResponse response)
    {
        Hand(response);
        await response.BodyWriter.FlushAsync();
    }

    /// <summary>What was written, as bytes to keep.</summary>
    public byte[] ToArray() => Finish().ToArray();

    private void Hand(HttpResponse response)
    {
        var written = Finish();
        response.ContentLength = written.Length;
        response.BodyWriter.Write(written);
        if (_bytes.Capacity > KeptBytes)
        {
            _mine = null;
        }
    }

    private ReadOnlySpan<byte> Finish()
    {
        Json.Flush();
        return _bytes.WrittenSpan;
    }
}
