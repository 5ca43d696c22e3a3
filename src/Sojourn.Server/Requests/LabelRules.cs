namespace Sojourn.Server.Requests;

/// <summary>What labels may be on the wire, where the first colon ends the name.</summary>
internal static class LabelRules
{
    public const int MostLabels = 16, LongestLabel = 64;

    public static string Says => $"A label's name is 1 to {LongestLabel} characters and holds no ':'; its value is at "
        + $"most {LongestLabel} characters.";

    public static bool IsLabel(string name, string? value) => value is not null && IsName(name)
        && value.Length <= LongestLabel;

    public static bool IsName(string name) =>
        name.Length is > 0 and <= LongestLabel && !name.Contains(':', StringComparison.Ordinal);
}
