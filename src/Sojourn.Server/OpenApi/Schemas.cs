using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Sojourn.Server.OpenApi;

/// <summary>
/// The schemas of the document, by name. Those of .NET types are made by the serializer that reads and writes them, so
/// that names, choices and what is required are those of the wire.
/// </summary>
internal sealed class Schemas(DocComments comments)
{
    private const string Place = "#/components/schemas/";

    /// <summary>All schemas so far.</summary>
    public JsonObject All { get; } = [];

    /// <summary>Refers to a schema by its name.</summary>
    public static JsonObject Ref(string name) => new() { ["$ref"] = Place + name };

    /// <summary>Adds a schema that is written by hand.</summary>
    /// <returns>A reference to it.</returns>
    public JsonObject Add(string name, JsonObject schema)
    {
        All[name] = schema;
        return Ref(name);
    }

    /// <summary>Adds the schema of what clients send.</summary>
    /// <returns>A reference to it.</returns>
    public JsonObject AddRequest(string name, Type type) => Add(name, type, static (_, _) => { });

    /// <summary>Adds the schema of what the server answers.</summary>
    /// <returns>A reference to it.</returns>
    public JsonObject AddAnswer(string name, Type type) => Add(name, type, AsAnswered);

    /// <summary>The schema that a reference stands for; any other is itself.</summary>
    public JsonNode Resolve(JsonNode schema)
    {
        while (schema is JsonObject { } known && known.TryGetPropertyValue("$ref", out var pointer))
        {
            schema = pointer!.GetValue<string>()[Place.Length..].Split('/').Aggregate(
                (JsonNode)All, (inner, step) => inner is JsonArray list
                    ? list[int.Parse(step, null)]! : inner[step.Replace("~1", "/").Replace("~0", "~")]!);
        }

        return schema;
    }

    private JsonObject Add(string name, Type type, Action<JsonObject, JsonTypeInfo> adapt)
    {
        var schema = SojournJson.Options.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Describe(context, node, adapt),
        });
        var root = schema as JsonObject ?? [];
        MoveReferences(root, Place + name);
        return Add(name, root);
    }

    private JsonNode Describe(JsonSchemaExporterContext context, JsonNode node, Action<JsonObject, JsonTypeInfo> adapt)
    {
        if (node is not JsonObject schema)
        {
            // The exporter cannot see through converters; those of our own types write texts.
            return context.TypeInfo.Type.IsDefined(typeof(JsonConverterAttribute), inherit: false)
                ? new JsonObject { ["type"] = "string" } : node;
        }

        var type = context.TypeInfo;
        var bare = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        if (bare.IsEnum)
        {
            schema.Insert(0, "type", TypeName("string", type.Type));
        }

        foreach (var member in schema["properties"] is JsonObject ? type.Properties : [])
        {
            DescribeMember((JsonObject)schema["properties"]!, member);
        }

        if (type.ElementType is { } element && IsTime(element))
        {
            schema[type.Kind == JsonTypeInfoKind.Dictionary ? "additionalProperties" : "items"] = Time(element);
        }

        adapt(schema, type);
        if (bare.Assembly != typeof(object).Assembly && comments.Of(bare) is { } says)
        {
            schema["description"] = says;
        }

        return schema;
    }

    private void DescribeMember(JsonObject members, JsonPropertyInfo member)
    {
        if (IsTime(member.PropertyType) && members[member.Name] is { } time)
        {
            // It has a converter of our own, which the exporter cannot see through.
            members[member.Name] = Time(member.PropertyType);
            if (time is JsonObject plain && plain.TryGetPropertyValue("default", out var standard))
            {
                members[member.Name]!["default"] = standard?.DeepClone();
            }
        }

        if (members[member.Name] is JsonObject schema && member.AttributeProvider is PropertyInfo property
            && comments.Of(property) is { } says)
        {
            schema["description"] = says;
        }
    }

    private static bool IsTime(Type type) => (Nullable.GetUnderlyingType(type) ?? type) == typeof(DateTimeOffset);

    private static JsonObject Time(Type type) =>
        new() { ["type"] = TypeName("string", type), ["format"] = "date-time" };

    private static JsonNode TypeName(string name, Type type) =>
        Nullable.GetUnderlyingType(type) is null ? name : new JsonArray(name, "null");

    /// <summary>
    /// What is null is left out and all else is there. An answer may gain members later, so that it is not closed.
    /// </summary>
    private static void AsAnswered(JsonObject schema, JsonTypeInfo type)
    {
        schema.Remove("additionalProperties");
        if (type.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        var always = type.Properties.Where(each => each is { Get: not null, ShouldSerialize: null }
            && !(each.PropertyType.IsValueType
                ? Nullable.GetUnderlyingType(each.PropertyType) is not null : each.IsGetNullable));
        schema["required"] = new JsonArray([.. always.Select(each => JsonValue.Create(each.Name))]);
    }

    /// <summary>A type that holds itself refers to its own schema, which now has another place.</summary>
    private static void MoveReferences(JsonNode? node, string place)
    {
        switch (node)
        {
            case JsonObject schema:
                if (schema.TryGetPropertyValue("$ref", out var pointer))
                {
                    schema["$ref"] = place + pointer!.GetValue<string>()[1..];
                }

                foreach (var (_, inner) in schema)
                {
                    MoveReferences(inner, place);
                }

                break;
            case JsonArray list:
                foreach (var inner in list)
                {
                    MoveReferences(inner, place);
                }

                break;
            default:
                break;
        }
    }
}
