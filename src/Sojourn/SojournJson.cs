using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sojourn;

/// <summary>How states, commands, replies and events are written as JSON.</summary>
public static class SojournJson
{
    /// <summary>
    /// camelCase names and enum values, RFC 3339 times, nulls left out; unknown members are kept out with an error, and
    /// parameters without a default are required.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = Create(JsonUnmappedMemberHandling.Disallow);

    /// <summary>
    /// As <see cref="Options"/>, but forgiving of members that another version has written, and with nulls, so that
    /// what is read is what was written whatever a member's default is.
    /// </summary>
    public static JsonSerializerOptions Stored { get; } = Create(JsonUnmappedMemberHandling.Skip);

    private static JsonSerializerOptions Create(JsonUnmappedMemberHandling unmapped)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            UnmappedMemberHandling = unmapped,
            NumberHandling = JsonNumberHandling.Strict,
            RespectRequiredConstructorParameters = unmapped == JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = unmapped == JsonUnmappedMemberHandling.Disallow,
            DefaultIgnoreCondition = unmapped == JsonUnmappedMemberHandling.Disallow
                ? JsonIgnoreCondition.WhenWritingNull
                : JsonIgnoreCondition.Never,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = 32,
            AllowDuplicateProperties = false,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new UtcConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>Times leave in UTC with a "Z"; they may come in with any offset.</summary>
    private sealed class UtcConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset().ToUniversalTime();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime);
    }
}
