using System.Text.Json;

namespace Sojourn.Server.Streams;

/// <summary>Takes a body in JSON mode apart into its messages.</summary>
internal static class JsonMessages
{
    // Deep enough for what people write, and no deeper than a reader's stack.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 512 };

    /// <summary>
    /// The messages of a body: the items of an array, or the one value that it is. They are parts of the body, not
    /// copies.
    /// </summary>
    /// <returns>False if the body is not JSON.</returns>
    public static bool TrySplit(ReadOnlyMemory<byte> body, out List<ReadOnlyMemory<byte>> messages)
    {
        messages = [];
        try
        {
            var reader = new Utf8JsonReader(body.Span, Options);
            reader.Read();
            var isArray = reader.TokenType == JsonTokenType.StartArray;
            while (isArray && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                messages.Add(Value(body, ref reader));
            }

            if (!isArray)
            {
                messages.Add(Value(body, ref reader));
            }

            // Throws if anything but white space follows.
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ReadOnlyMemory<byte> Value(ReadOnlyMemory<byte> body, ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return body[start..(int)reader.BytesConsumed];
    }
}
