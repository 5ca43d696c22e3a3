using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sojourn.Server.Requests;

/// <summary>
/// Reads an enum from exactly one of its names. The library's own converter takes several, separated by commas, for
/// their sum, which is a value that nobody declared.
/// </summary>
internal sealed class ChoiceConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert))!;

    private sealed class Of<TEnum> : JsonConverter<TEnum>
        where TEnum : struct, Enum
    {
        private static readonly FrozenDictionary<string, TEnum> Values = Enum.GetNames<TEnum>().ToFrozenDictionary(
            JsonNamingPolicy.CamelCase.ConvertName, Enum.Parse<TEnum>, StringComparer.OrdinalIgnoreCase);

        public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Values.TryGetValue(reader.GetString()!, out var value)
                ? value : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, SojournJson.Options);
    }
}
