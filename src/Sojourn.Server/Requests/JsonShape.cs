using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sojourn.Server.Requests;

/// <summary>Which JSON a .NET type is read from, in words for people.</summary>
internal static class JsonShape
{
    private static readonly Type[] Whole =
    [
        typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long),
        typeof(ulong),
    ];

    /// <summary>True unless the value could never be read as this type.</summary>
    public static bool Fits(JsonElement value, Type type, JsonTypeInfoKind kind) => kind switch
    {
        JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => value.ValueKind == JsonValueKind.Object,
        JsonTypeInfoKind.Enumerable when type != typeof(string) => value.ValueKind == JsonValueKind.Array,
        _ when type == typeof(string) => value.ValueKind == JsonValueKind.String,
        _ when type == typeof(bool) => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ when type == typeof(long) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ when type == typeof(ulong) => value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out _),
        _ when Array.IndexOf(Whole, type) >= 0 => FitsWhole(value, type),
        _ when type == typeof(double) || type == typeof(float) || type == typeof(decimal) =>
            value.ValueKind == JsonValueKind.Number,
        _ when IsTime(type) => value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out _),
        _ when type == typeof(Guid) => value.ValueKind == JsonValueKind.String && value.TryGetGuid(out _),
        // Types with a converter of their own: only they know.
        _ => true,
    };

    /// <summary>What is expected.</summary>
    public static string Describe(Type type, JsonTypeInfoKind kind) => kind switch
    {
        JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "a JSON object",
        JsonTypeInfoKind.Enumerable when type != typeof(string) => "a list",
        _ when type == typeof(string) => "a text",
        _ when type == typeof(bool) => "true or false",
        _ when Array.IndexOf(Whole, type) >= 0 =>
            $"a whole number from {Limit(type, "MinValue")} to {Limit(type, "MaxValue")}",
        _ when IsTime(type) => "a time such as \"2026-01-31T12:00:00Z\"",
        _ when type == typeof(Guid) => "a GUID",
        _ => "a number",
    };

    /// <summary>What is there.</summary>
    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "a JSON object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => value.GetRawText() is { Length: <= 32 } number ? number : "a very long number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    private static bool FitsWhole(JsonElement value, Type type) => value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var number)
        && number >= Convert.ToInt64(Limit(type, "MinValue"), null)
        && number <= Convert.ToInt64(Limit(type, "MaxValue"), null);

    private static bool IsTime(Type type) => type == typeof(DateTimeOffset) || type == typeof(DateTime);

    private static object Limit(Type type, string which) => type.GetField(which)!.GetValue(null)!;
}
