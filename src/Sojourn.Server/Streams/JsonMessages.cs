using System.Text.Json;
using System.Text.Unicode;

namespace Sojourn.Server.Streams;

/// <summary>Takes a body in JSON mode apart into its messages.</summary>
internal static class JsonMessages
{
    // So much may be held for nothing, in bytes.
    private const int Little = 1 << 10;

    // Deep enough for what people write, and no deeper than a reader's stack.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 512 };

    /// <summary>
    /// The messages of a body: the items of an array, or the one value that it is. They are parts of the body, not
    /// copies, unless that is much longer than they are together: it is in memory as long as one of them.
    /// </summary>
    /// <param name="body">The body.</param>
    /// <param name="most">After one more than so many the rest is not looked at.</param>
    /// <param name="messages">The messages.</param>
    /// <returns>False if the body is not JSON.</returns>
    public static bool TrySplit(ReadOnlyMemory<byte> body, int most, out List<ReadOnlyMemory<byte>> messages)
    {
        messages = [];
        // The reader looks at names and structure alone; what stands between quotes it passes over.
        if (!Utf8.IsValid(body.Span))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(body.Span, Options);
            reader.Read();
            var isArray = reader.TokenType == JsonTokenType.StartArray;
            while (isArray && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                messages.Add(Value(body, ref reader));
                if (messages.Count > most)
                {
                    return true;
                }
            }

            if (!isArray)
            {
                messages.Add(Value(body, ref reader));
            }

            // Throws if anything but white space follows.
            var isWhole = !reader.Read();
            Detach(body.Length, messages);
            return isWhole;
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

    private static void Detach(int held, List<ReadOnlyMemory<byte>> messages)
    {
        var length = messages.Sum(message => message.Length);
        if (held <= (4L * length) + Little)
        {
            return;
        }

        var (copy, start) = (new byte[length], 0);
        for (var i = 0; i < messages.Count; i++)
        {
            var end = start + messages[i].Length;
            messages[i].CopyTo(copy.AsMemory(start));
            messages[i] = copy.AsMemory(start..end);
            start = end;
        }
    }
}
