using System.Buffers;
using System.Text.Json;

namespace Sojourn.Engine;

/// <summary>Writes an event's envelope, once for the store and all its readers.</summary>
internal static class EventEnvelope
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <param name="place">Where it stands in the log.</param>
    /// <param name="version">The session's version after the step.</param>
    /// <param name="at">When it happened, UTC.</param>
    /// <param name="happened">The event's record.</param>
    public static byte[] Write(EventOffset place, long version, DateTimeOffset at, object happened)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1024);
        buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = SojournJson.Stored.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("offset"u8, place.ToString());
            json.WriteString("type"u8, EventTypes.NameOf(happened.GetType()));
            json.WriteString("at"u8, at.UtcDateTime);
            json.WriteNumber("version"u8, version);
            json.WritePropertyName("data"u8);
            JsonSerializer.Serialize(json, happened, happened.GetType(), SojournJson.Options);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}

internal static class EventTypes
{
    // What event streams call the engine's own news.
    private static readonly string[] Reserved = ["session-snapshot", "session-removed"];

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<Type, string> Names = new();

    /// <exception cref="InvalidOperationException">The name is the engine's own.</exception>
    public static string NameOf(Type type) => Names.GetOrAdd(type, static type =>
    {
        var name = WireName.Of(type);
        return !Reserved.Contains(name) ? name : throw new InvalidOperationException(
            $"An event cannot be a {type.Name}: event streams tell of the session itself as '{name}'. Name it "
            + $"otherwise, and not {string.Join(", ", Reserved.Where(other => other != name))} either.");
    });
}
