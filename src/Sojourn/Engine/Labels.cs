using System.Collections.Frozen;

namespace Sojourn.Engine;

/// <summary>What labels may be.</summary>
internal static class Labels
{
    public const int MaxCount = 16;
    private const int MaxLength = 64;

    public static IReadOnlyDictionary<string, string> Check(IReadOnlyDictionary<string, string>? labels)
    {
        if (labels is null || labels.Count == 0)
        {
            return Snapshot.NoLabels;
        }

        if (labels.Count > MaxCount
            || labels.Any(label => label.Key.Length is 0 or > MaxLength || label.Value.Length > MaxLength))
        {
            throw new ArgumentException(
                $"A session has at most {MaxCount} labels, whose names and values are at most {MaxLength} characters.",
                nameof(labels));
        }

        return labels.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
