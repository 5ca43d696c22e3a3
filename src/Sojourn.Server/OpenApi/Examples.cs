using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sojourn.Server.OpenApi;

/// <summary>Makes a value that a schema allows: the default where there is one, otherwise the plainest.</summary>
internal sealed class Examples(Schemas schemas)
{
    private const int Deepest = 6;

    public JsonNode? Of(JsonNode schema) => Of(schema, depth: 0);

    private JsonNode? Of(JsonNode schema, int depth)
    {
        if (schemas.Resolve(schema) is not JsonObject known)
        {
            // `true`: anything will do.
            return new JsonObject();
        }

        if ((known["example"] ?? known["default"] ?? known["const"]) is { } given)
        {
            return given.DeepClone();
        }

        if (known["enum"] is JsonArray choices)
        {
            return choices[0]?.DeepClone();
        }

        if ((known["anyOf"] ?? known["oneOf"]) is JsonArray alternatives)
        {
            return Of(alternatives[0]!, depth + 1);
        }

        return TypeOf(known) switch
        {
            "string" => TextOf(known),
            "integer" or "number" => (known["minimum"] ?? 1).DeepClone(),
            "boolean" => true,
            "array" => depth >= Deepest || known["items"] is not { } items ? [] : new JsonArray(Of(items, depth + 1)),
            "null" => null,
            _ => ObjectOf(known, depth),
        };
    }

    private JsonObject ObjectOf(JsonObject schema, int depth)
    {
        var needed = (schema["required"] as JsonArray)?.Select(name => name!.GetValue<string>()).ToList() ?? [];
        var value = new JsonObject();
        foreach (var (name, inner) in schema["properties"] as JsonObject ?? [])
        {
            if (needed.Contains(name) || (depth < Deepest && !IsNullByDefault(inner!)))
            {
                value[name] = Of(inner!, depth + 1);
            }
        }

        return value;
    }

    private static bool IsNullByDefault(JsonNode schema) =>
        schema is JsonObject known && known.TryGetPropertyValue("default", out var standard) && standard is null;

    private static string TextOf(JsonObject schema) => schema["format"]?.GetValue<string>() switch
    {
        "date-time" => "2026-01-31T12:00:00Z",
        "uuid" => "0192d3a4-5b6c-7d8e-9f00-112233445566",
        _ => "text",
    };

    private static string? TypeOf(JsonObject schema) => schema["type"] switch
    {
        JsonArray types => types.Select(type => type!.GetValue<string>()).First(type => type != "null"),
        { } type when type.GetValueKind() == JsonValueKind.String => type.GetValue<string>(),
        _ => null,
    };
}
