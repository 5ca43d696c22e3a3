using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sojourn.Kinds.Agents.Lines;

/// <summary>Writes a line of JSON for a program.</summary>
internal static class JsonLine
{
    // Only a parser of JSON reads it: nothing needs to be escaped for pages.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object, and the end of the line.</summary>
    public static byte[] Of(Action<Utf8JsonWriter> members)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(line, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        line.Write("\n"u8);
        return line.WrittenSpan.ToArray();
    }

    /// <summary>A member with what a program wrote itself.</summary>
    public static void WriteRaw(this Utf8JsonWriter writer, string name, ReadOnlySpan<byte> raw)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(raw, skipInputValidation: true);
    }
}
