using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Sojourn.Parties;

namespace Sojourn.Client.Parties;

/// <summary>
/// How seats and what they are told are written and read: as <see cref="ClientJson.OfKinds"/>, with what most of them
/// are made of known beforehand. Joining waits for the first of them, and finding that out costs a tenth of a second.
/// </summary>
internal static class SeatJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(ClientJson.OfKinds)
        {
            TypeInfoResolver = JsonTypeInfoResolver.Combine(SeatContext.Default, new DefaultJsonTypeInfoResolver()),
        };
        options.Converters.Insert(0, new JsonStringEnumConverter<NatKind>(JsonNamingPolicy.CamelCase));
        options.Converters.Insert(0, new JsonStringEnumConverter<PathVia>(JsonNamingPolicy.CamelCase));
        options.Converters.Insert(0, new JsonStringEnumConverter<CandidateSource>(JsonNamingPolicy.CamelCase));
        options.MakeReadOnly();
        return options;
    }
}

[JsonSerializable(typeof(TakeSeat))]
[JsonSerializable(typeof(SeatView))]
[JsonSerializable(typeof(PartyView))]
[JsonSerializable(typeof(PartyChanges))]
[JsonSerializable(typeof(NetworkView))]
[JsonSerializable(typeof(StunView))]
[JsonSerializable(typeof(Signal[]))]
[JsonSerializable(typeof(Pulse))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class SeatContext : JsonSerializerContext;
