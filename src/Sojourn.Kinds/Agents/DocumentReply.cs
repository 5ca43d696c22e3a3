using System.Text.Json;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents;

/// <summary>What an agent answers to a prompt about a document.</summary>
/// <param name="Message">What it says.</param>
/// <param name="Update">What to put into the document; null for nothing.</param>
/// <param name="Range">Where; null with no update.</param>
internal sealed record DocumentReply(string Message, string? Update, string? Range)
{
    private const string MessageName = "conversationMessage";

    // Text that is full of braces is not read again and again for ever.
    private const int MostTries = 20;

    /// <summary>
    /// Reads an object with <c>conversationMessage</c>, <c>documentUpdate</c> and <c>updateRange</c>: the whole text,
    /// or a fenced block in it, or the first object that has the message. Any other text is the message itself.
    /// </summary>
    /// <returns>Null without a text.</returns>
    public static DocumentReply? Parse(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var from = text.IndexOf('{', StringComparison.Ordinal);
        for (var tries = 0; from >= 0 && tries < MostTries; tries++)
        {
            if (Read(text.AsSpan(from)) is { } reply)
            {
                return reply;
            }

            // Only where an object may begin that has the message.
            from = text.IndexOf('{', from + 1);
            if (from >= 0 && text.IndexOf(MessageName, from, StringComparison.Ordinal) < 0)
            {
                break;
            }
        }

        return new DocumentReply(text, null, null);
    }

    private static DocumentReply? Read(ReadOnlySpan<char> text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text.ToString());
        var reader = new Utf8JsonReader(bytes, isFinalBlock: true, default);
        try
        {
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            return root.Text(MessageName) is { } message
                ? new DocumentReply(message, root.Text("documentUpdate"), root.Text("updateRange")) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
