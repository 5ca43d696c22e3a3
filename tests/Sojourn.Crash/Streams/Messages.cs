using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sojourn.Crash.Streams;

/// <summary>A message as it is told apart: whose, and which. The first is 1.</summary>
internal readonly record struct Message(string Producer, long Number);

/// <summary>Writes messages as streams hold them, and reads them back.</summary>
internal static class Messages
{
    public const string Text = "text/plain", Bytes = "application/octet-stream", Json = "application/json";

    /// <summary>The body of one append.</summary>
    /// <param name="type">The stream's content type.</param>
    /// <param name="first">Its first message.</param>
    /// <param name="count">How many; in JSON they come in one array.</param>
    /// <param name="padding">How much longer than it had to be each is.</param>
    public static byte[] Write(string type, Message first, int count, int padding)
    {
        var (pad, numbers) = (new string('x', padding), Enumerable.Range(0, count).Select(i => first.Number + i));
        var text = type == Json
            ? $"[{string.Join(',', numbers.Select(number =>
                $$"""{"p":"{{first.Producer}}","n":{{number}},"x":"{{pad}}"}"""))}]"
            : string.Concat(numbers.Select(number => $"{first.Producer}:{number}:{pad};"));
        return Encoding.UTF8.GetBytes(text);
    }

    /// <summary>The messages of a part of a stream, which holds whole ones alone.</summary>
    /// <exception cref="BrokenPromiseException">There is something that nobody wrote.</exception>
    public static IEnumerable<Message> Read(string type, ReadOnlySpan<byte> part)
    {
        var text = Encoding.UTF8.GetString(part);
        try
        {
            return type == Json ? ReadJson(text) : ReadText(text);
        }
        catch (Exception strange) when (strange is JsonException or FormatException or KeyNotFoundException)
        {
            throw new BrokenPromiseException($"A stream holds what nobody wrote: {strange.Message}: {Shown(text)}");
        }
    }

    private static List<Message> ReadJson(string text) =>
        [.. JsonElement.Parse(text).EnumerateArray().Select(item =>
            new Message(item.GetProperty("p").GetString()!, item.GetProperty("n").GetInt64()))];

    private static List<Message> ReadText(string text) => text.Length == 0 || text[^1] == ';'
        ? [.. text.Split(';')[..^1].Select(Parse)]
        : throw new FormatException("half a message");

    private static Message Parse(string text) => text.Split(':') is [var producer, var number, var pad]
        && pad.AsSpan().Trim('x').IsEmpty
        ? new Message(producer, long.Parse(number, CultureInfo.InvariantCulture))
        : throw new FormatException("no message");

    private static string Shown(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
