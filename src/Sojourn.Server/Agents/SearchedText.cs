using System.Text.Json;

namespace Sojourn.Server.Agents;

/// <summary>What of an agent's log is words: what was said, asked and done.</summary>
internal static class SearchedText
{
    /// <summary>The members of each event's data that are searched, the weightiest first.</summary>
    private static readonly Dictionary<string, string[]> Members = new(StringComparer.Ordinal)
    {
        ["prompt-queued"] = ["text"],
        ["text-written"] = ["text"],
        ["tool-used"] = ["title", "detail"],
        ["document-replied"] = ["message", "update"],
        ["ask-opened"] = ["title", "detail"],
        ["ask-answered"] = ["message"],
        ["noticed"] = ["text"],
    };

    /// <summary>Finds a text in an event.</summary>
    /// <param name="json">The whole event.</param>
    /// <param name="text">In whatever case.</param>
    /// <returns>Null if it is not there.</returns>
    public static Found? Find(ReadOnlyMemory<byte> json, string text)
    {
        // Most events are pieces of texts that come whole as well; their data is not even read.
        if (TypeOf(json.Span) is not { } type || !Members.TryGetValue(type, out var members))
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        var happened = document.RootElement;
        var data = happened.GetProperty("data"u8);
        if (data.TryGetProperty("ask"u8, out var ask) && ask.ValueKind == JsonValueKind.Object)
        {
            data = ask;
        }

        var excerpt = members
            .Select(member => data.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
                ? Excerpt.Find(value.GetString()!, text) : null)
            .FirstOrDefault(each => each is not null);
        return excerpt is null ? null : new Found(
            type, happened.GetProperty("offset"u8).GetString()!, happened.GetProperty("at"u8).GetDateTimeOffset(),
            excerpt);
    }

    private static string? TypeOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType)
            {
                return reader.GetString();
            }

            reader.Skip();
        }

        return null;
    }

    /// <summary>An event that has the text.</summary>
    /// <param name="Type">The event's type.</param>
    /// <param name="Offset">The event's offset.</param>
    /// <param name="At">When it happened.</param>
    /// <param name="Excerpt">What stands around the text.</param>
    public sealed record Found(string Type, string Offset, DateTimeOffset At, Excerpt Excerpt);
}

/// <summary>A piece of a text around what was found in it, on one line.</summary>
/// <param name="Text">The piece; an ellipsis where it was cut.</param>
/// <param name="At">Where in it the match begins, in UTF-16 units.</param>
/// <param name="Length">How long the match is.</param>
internal sealed record Excerpt(string Text, int At, int Length)
{
    private const int Usual = 160, LeastAround = 40, Before = 60;

    /// <summary>Finds a text, in whatever case.</summary>
    /// <param name="whole">Where.</param>
    /// <param name="text">What.</param>
    /// <param name="isLast">True for the last place where it stands, and not the first.</param>
    /// <returns>Null if it is not there.</returns>
    public static Excerpt? Find(string whole, string text, bool isLast = false)
    {
        var at = isLast
            ? whole.LastIndexOf(text, StringComparison.OrdinalIgnoreCase)
            : whole.IndexOf(text, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return null;
        }

        var around = Math.Max(Usual - text.Length, LeastAround);
        var start = Math.Max(0, at - Math.Min(Before, around / 2));
        var end = Math.Min(whole.Length, start + text.Length + around);
        // Not between the halves of a pair.
        start -= start > 0 && start < at && char.IsLowSurrogate(whole[start]) ? 1 : 0;
        end += end < whole.Length && char.IsLowSurrogate(whole[end]) ? 1 : 0;
        var piece = string.Concat(whole[start..end].Select(c => char.IsControl(c) ? ' ' : c));
        var mark = start > 0 ? "…" : "";
        return new Excerpt(
            $"{mark}{piece}{(end < whole.Length ? "…" : "")}", at - start + mark.Length, text.Length);
    }
}
