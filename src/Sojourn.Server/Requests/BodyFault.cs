using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sojourn.Server.Problems;

namespace Sojourn.Server.Requests;

/// <summary>
/// Says what is wrong with a body that could not be read, in the words of the request and not of the code. Looks at the
/// body a second time; nobody waits for that who has sent a good one.
/// </summary>
internal static class BodyFault
{
    /// <summary>There is no body where one is needed.</summary>
    public static HttpProblem Absent(JsonTypeInfo type) => new(HttpProblemTypes.Malformed,
        $"The request has no body. It needs {Listed(type.Properties.Where(member => member.IsRequired))}.");

    public static HttpProblem Explain(
        ReadOnlySpan<byte> json, Type type, JsonSerializerOptions options, JsonException fault)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = options.MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            if (Find(document.RootElement, options.GetTypeInfo(type), "") is { } found)
            {
                return found;
            }
        }
        catch (JsonException broken)
        {
            return Broken(broken);
        }
        catch (InvalidOperationException)
        {
            // Bytes in a text that are not UTF-8, or half of a surrogate pair.
            return new(HttpProblemTypes.Malformed, $"The body is not UTF-8{Place(fault)}.");
        }

        return Broken(fault);
    }

    private static HttpProblem Broken(JsonException fault)
    {
        // The reader's own words name the character and no type of ours; what follows them is the place once more.
        var says = fault.InnerException is JsonException inner ? inner.Message : fault.Message;
        var end = says.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var isReaders = end > 0 && !says.Contains("Path:", StringComparison.Ordinal);
        var why = isReaders
            ? $": {says[..end].Replace(" Change the reader options.", "", StringComparison.Ordinal)}" : ".";
        return new(HttpProblemTypes.Malformed, $"The body is not the JSON that is expected{Place(fault)}{why}");
    }

    private static string Place(JsonException fault) => fault.LineNumber is { } line
        ? $" at line {line + 1}, byte {fault.BytePositionInLine + 1}" : "";

    private static HttpProblem? Find(JsonElement value, JsonTypeInfo type, string path)
    {
        var bare = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        if (bare.IsEnum)
        {
            return FindInEnum(value, bare, path);
        }

        if (!JsonShape.Fits(value, bare, type.Kind))
        {
            return Misfit(path, $"must be {JsonShape.Describe(bare, type.Kind)}; it is {JsonShape.Describe(value)}");
        }

        return type.Kind switch
        {
            JsonTypeInfoKind.Object => FindInObject(value, type, path),
            JsonTypeInfoKind.Enumerable when value.ValueKind == JsonValueKind.Array => FindInList(value, type, path),
            // Dictionaries and single values hold no names that could be misspelt.
            _ => null,
        };
    }

    private static HttpProblem? FindInObject(JsonElement value, JsonTypeInfo type, string path)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in value.EnumerateObject())
        {
            var known = type.Properties.FirstOrDefault(
                each => each.Name.Equals(member.Name, StringComparison.OrdinalIgnoreCase));
            var at = path.Length == 0 ? known?.Name ?? member.Name : $"{path}.{known?.Name ?? member.Name}";
            var found = known is null
                ? Misfit(at, $"is not known here; there is {Listed(type.Properties)}")
                : !seen.Add(member.Name) ? Misfit(at, "stands there twice")
                : FindInMember(member.Value, known, at, type);
            if (found is not null)
            {
                return found;
            }
        }

        var missing = type.Properties.Where(each => each.IsRequired && !seen.Contains(each.Name)).ToList();
        return missing.Count == 0 ? null : Misfit(
            path.Length == 0 ? missing[0].Name : $"{path}.{missing[0].Name}",
            missing.Count == 1 ? "is missing" : $"is missing, as others are; needed are {Listed(missing)}");
    }

    private static HttpProblem? FindInMember(
        JsonElement value, JsonPropertyInfo member, string path, JsonTypeInfo parent)
    {
        if (value.ValueKind != JsonValueKind.Null)
        {
            return Find(value, parent.Options.GetTypeInfo(member.PropertyType), path);
        }

        var mayBeNull = member.IsSetNullable || member.AssociatedParameter is { IsNullable: true };
        mayBeNull &= !member.PropertyType.IsValueType || Nullable.GetUnderlyingType(member.PropertyType) is not null;
        return mayBeNull ? null : Misfit(path, "must not be null");
    }

    private static HttpProblem? FindInList(JsonElement value, JsonTypeInfo type, string path)
    {
        var index = 0;
        foreach (var element in value.EnumerateArray())
        {
            var at = $"{path}[{index++}]";
            if (type.ElementType is { } inner && Find(element, type.Options.GetTypeInfo(inner), at) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static HttpProblem? FindInEnum(JsonElement value, Type type, string path)
    {
        var names = Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName).ToList();
        var choice = $"use {string.Join(", ", names.SkipLast(1))}{(names.Count > 1 ? " or " : "")}{names[^1]}";
        if (value.ValueKind != JsonValueKind.String)
        {
            return Misfit(path, $"must be a text: {choice}");
        }

        var given = value.GetString()!;
        return names.Contains(given, StringComparer.OrdinalIgnoreCase) ? null : new HttpProblem(
            ProblemTypes.Invalid, $"'{Route.Shortened(given)}' is not a value of '{path}'; {choice}.")
        {
            Field = path,
            Code = "unknown-value",
        };
    }

    private static HttpProblem Misfit(string path, string says) => path.Length == 0
        ? new(HttpProblemTypes.Malformed, $"The body {says}.")
        : new(HttpProblemTypes.Malformed, $"'{Route.Shortened(path)}' {says}.") { Field = Route.Shortened(path) };

    private static string Listed(IEnumerable<JsonPropertyInfo> members)
    {
        var text = new StringBuilder();
        foreach (var member in members)
        {
            text.Append(text.Length == 0 ? "" : ", ").Append('\'').Append(member.Name).Append('\'');
        }

        return text.Length == 0 ? "nothing" : text.ToString();
    }
}
