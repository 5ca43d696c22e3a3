using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Sojourn.Kinds.Agents.Lines;

/// <summary>
/// Reads what a program wrote without trusting it: what is missing, or of another type, is simply not there.
/// </summary>
internal static class JsonElements
{
    public static JsonElement? Child(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && Find(element, name) is { } child
            && child.ValueKind != JsonValueKind.Null ? child : null;

    /// <summary>A member's name; what is no text in it becomes U+FFFD, as in <see cref="Text"/>.</summary>
    public static string NameOf(this JsonProperty member) =>
        TextOf(JsonMarshal.GetRawUtf8PropertyName(member));

    public static string? Text(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.String } text ? TextOf(text) : null;

    public static bool Is(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.True };

    public static long Number(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Number } number
            && number.TryGetInt64(out var value) ? value : 0;

    public static decimal? Amount(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out var value)
            ? value : null;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>The bytes as they were written, to be sent back.</summary>
    public static byte[] Raw(this JsonElement element) => JsonMarshal.GetRawUtf8Value(element).ToArray();

    /// <summary>The beginning, as it was written, in so many characters.</summary>
    public static string Beginning(this JsonElement element, int length)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        // No character takes more than four bytes, nor less than one.
        return Telling.Cut(Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, length * 4)]), length);
    }

    private static JsonElement? Find(JsonElement element, string name)
    {
        try
        {
            return element.TryGetProperty(name, out var child) ? child : null;
        }
        catch (InvalidOperationException)
        {
            // A name beside it is no text. As elsewhere, the last of a name counts.
            return element.EnumerateObject().Where(member => member.NameOf() == name)
                .Select(member => (JsonElement?)member.Value).LastOrDefault();
        }
    }

    /// <summary>
    /// The text of a string. Programs in JavaScript cut a pair of UTF-16 units in two when they pass on a model's
    /// tokens; what is no text in such a string becomes U+FFFD, instead of costing all of it.
    /// </summary>
    private static string TextOf(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return TextOf(JsonMarshal.GetRawUtf8Value(element)[1..^1]);
        }
    }

    private static string TextOf(ReadOnlySpan<byte> raw)
    {
        var text = Encoding.UTF8.GetString(raw);
        return text.Contains('\\', StringComparison.Ordinal) ? Unescape(text) : text;
    }

    private static string Unescape(string raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var at = 0; at < raw.Length; at++)
        {
            if (raw[at] != '\\')
            {
                text.Append(raw[at]);
                continue;
            }

            at++;
            if (raw[at] == 'u')
            {
                text.Append((char)ushort.Parse(
                    raw.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                at += 4;
                continue;
            }

            text.Append(raw[at] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', var c => c });
        }

        // There and back, to lose the halves of pairs.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
