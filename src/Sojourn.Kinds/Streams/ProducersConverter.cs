using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sojourn.Kinds.Streams;

/// <summary>
/// Producers as <c>{"id":[epoch, seq, at]}</c>, the time in ticks: all of a stream's are written with each append, and
/// there may be a thousand.
/// </summary>
internal sealed class ProducersConverter : JsonConverter<ImmutableDictionary<string, Producer>>
{
    public override ImmutableDictionary<string, Producer> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var producers = ImmutableDictionary.CreateBuilder<string, Producer>();
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var id = reader.GetString()!;
            reader.Read();
            Expect(ref reader, JsonTokenType.StartArray);
            var (epoch, seq, at) = (Number(ref reader), Number(ref reader), Number(ref reader));
            producers[id] = new Producer(epoch, seq, new DateTimeOffset(at, TimeSpan.Zero));
            reader.Read();
            Expect(ref reader, JsonTokenType.EndArray);
        }

        return producers.ToImmutable();
    }

    public override void Write(
        Utf8JsonWriter writer, ImmutableDictionary<string, Producer> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (id, producer) in value)
        {
            writer.WriteStartArray(id);
            writer.WriteNumberValue(producer.Epoch);
            writer.WriteNumberValue(producer.Seq);
            writer.WriteNumberValue(producer.At.UtcTicks);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static long Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        Expect(ref reader, JsonTokenType.Number);
        return reader.GetInt64();
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (reader.TokenType != token)
        {
            throw new JsonException($"A stream's producers have {reader.TokenType} where {token} is expected.");
        }
    }
}
