using System.Text;
using System.Text.Json;

namespace Sojourn.Cli.Verbs;

using Sojourn.Client;

/// <summary>Shows the parts of one stream, one after the other.</summary>
internal sealed class StreamPrinter(Terminal terminal) : IAsyncDisposable
{
    // As deep as the server takes them, and the array around them.
    private static readonly JsonDocumentOptions Messages = new() { MaxDepth = 513 };

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private Stream? _bytes;

    /// <summary>JSON a message on a line, text as it is, and anything else byte by byte.</summary>
    public async Task ShowAsync(StreamChunk chunk)
    {
        if (chunk.Bytes.IsEmpty)
            return;

        if (Is(chunk, "application/json"))
            await ShowMessagesAsync(chunk.Bytes);
        else if (Is(chunk, "text/"))
            await ShowTextAsync(chunk.Bytes, isLast: false);
        else
            await ShowBytesAsync(chunk.Bytes);
    }

    public async ValueTask DisposeAsync()
    {
        await ShowTextAsync(default, isLast: true);
        if (_bytes is not null)
            await _bytes.DisposeAsync();
    }

    private static bool Is(StreamChunk chunk, string type) =>
        chunk.ContentType?.StartsWith(type, StringComparison.OrdinalIgnoreCase) == true;

    private async Task ShowMessagesAsync(ReadOnlyMemory<byte> array)
    {
        using var messages = JsonDocument.Parse(array, Messages);
        foreach (var message in messages.RootElement.EnumerateArray())
        {
            // Line breaks stand between its parts alone: within a string they are escaped.
            var line = message.GetRawText().Replace("\r", "", StringComparison.Ordinal)
                .Replace("\n", "", StringComparison.Ordinal);
            await terminal.Out.WriteLineAsync(terminal.IsScreen ? PlainText.Line(line) : line);
        }

        await terminal.Out.FlushAsync();
    }

    private async Task ShowTextAsync(ReadOnlyMemory<byte> bytes, bool isLast)
    {
        // A character may be cut in two between one part and the next.
        var chars = new char[_decoder.GetCharCount(bytes.Span, isLast)];
        _decoder.GetChars(bytes.Span, chars, isLast);
        var text = new string(chars);
        await terminal.Out.WriteAsync(terminal.IsScreen ? PlainText.Lines(text) : text);
        await terminal.Out.FlushAsync();
    }

    private async Task ShowBytesAsync(ReadOnlyMemory<byte> bytes)
    {
        _bytes ??= terminal.OpenOutput();
        await _bytes.WriteAsync(bytes);
        await _bytes.FlushAsync();
    }
}
