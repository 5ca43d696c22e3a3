using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sojourn.Tests.Server;

/// <summary>
/// Judges values by the schemas of an OpenAPI document. A keyword that it does not know is a fault, so that nothing
/// passes because nobody looked; so is a member that the schema does not name.
/// </summary>
internal sealed class SchemaCheck(JsonNode document)
{
    private static readonly string[] Remarks = ["description", "default", "example"];

    /// <summary>All that is wrong; empty if the value is as the schema says.</summary>
    public IReadOnlyList<string> Faults(JsonNode? value, JsonNode schema)
    {
        var faults = new List<string>();
        Check(value, schema, "$", faults);
        return faults;
    }

    /// <summary>What a reference stands for.</summary>
    public JsonNode Follow(JsonNode node)
    {
        while (node is JsonObject known && known["$ref"]?.GetValue<string>() is { } pointer)
            node = pointer.Split('/').Skip(1).Aggregate(document, (at, step) => at[step].ShouldNotBeNull(pointer));
        return node;
    }

    private void Check(JsonNode? value, JsonNode schema, string at, List<string> faults)
    {
        if (schema is JsonValue always)
        {
            always.GetValue<bool>().ShouldBeTrue();
            return;
        }

        var rules = Follow(schema).AsObject();
        foreach (var (keyword, rule) in rules.Where(each => !Remarks.Contains(each.Key)))
        {
            if (!Holds(value, keyword, rule, rules))
                faults.Add($"{at} is {value?.ToJsonString() ?? "null"}, against {keyword} {rule?.ToJsonString()}");
        }

        if (value is JsonObject members && rules["properties"] is JsonObject known)
        {
            foreach (var (name, inner) in members)
            {
                if (known[name] is { } expected)
                    Check(inner, expected, $"{at}.{name}", faults);
                else if (rules["additionalProperties"] is not JsonObject)
                    faults.Add($"{at}.{name} is not named by the schema");
            }
        }

        if (value is JsonObject map && rules["additionalProperties"] is JsonObject each_)
            map.Where(member => rules["properties"]?[member.Key] is null).ToList()
                .ForEach(member => Check(member.Value, each_, $"{at}.{member.Key}", faults));
        if (value is JsonArray list && rules["items"] is { } items)
            list.ToList().ForEach(element => Check(element, items, $"{at}[]", faults));
    }

    private bool Holds(JsonNode? value, string keyword, JsonNode? rule, JsonObject rules) => keyword switch
    {
        "type" => (rule is JsonArray many ? many.Select(Word) : [Word(rule)]).Any(type => IsOfType(value, type)),
        "oneOf" => rule!.AsArray().Count(choice => Faults(value, choice!).Count == 0) == 1,
        "enum" => rule!.AsArray().Any(choice => JsonNode.DeepEquals(choice, value)),
        "const" => JsonNode.DeepEquals(rule, value),
        "required" => value is not JsonObject members || rule!.AsArray().All(name => members.ContainsKey(Word(name))),
        "pattern" => value is null
            || Regex.IsMatch(Word(value), Word(rule), RegexOptions.None, TimeSpan.FromSeconds(1)),
        "format" => value is null || (Word(rule) == "date-time" && Word(value).EndsWith('Z')
            && DateTimeOffset.TryParse(Word(value), CultureInfo.InvariantCulture, DateTimeStyles.None, out _)),
        "minimum" => value!.GetValue<decimal>() >= rule!.GetValue<decimal>(),
        "maximum" => value!.GetValue<decimal>() <= rule!.GetValue<decimal>(),
        "maxItems" => value!.AsArray().Count <= rule!.GetValue<int>(),
        // Looked at with the members and elements.
        "properties" or "items" => true,
        "additionalProperties" =>
            rule is JsonObject || rules["properties"] is not null || value is JsonObject { Count: 0 },
        _ => throw new NotSupportedException($"The keyword '{keyword}' is not known here."),
    };

    private static string Word(JsonNode? node) => node!.GetValue<string>();

    private static bool IsOfType(JsonNode? value, string type) => value?.GetValueKind() switch
    {
        null => type == "null",
        System.Text.Json.JsonValueKind.Object => type == "object",
        System.Text.Json.JsonValueKind.Array => type == "array",
        System.Text.Json.JsonValueKind.String => type == "string",
        System.Text.Json.JsonValueKind.Number => type == "number"
            || (type == "integer" && !value.ToJsonString().AsSpan().ContainsAny('.', 'e')),
        _ => type == "boolean",
    };
}
