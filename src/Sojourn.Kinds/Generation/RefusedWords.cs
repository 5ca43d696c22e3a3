using System.Collections.Frozen;
using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Kinds.Generation;

/// <summary>Words that are refused as whole words, whatever their case, by what they stand for.</summary>
internal sealed class RefusedWords(params (string Family, string[] Words)[] families)
{
    private readonly FrozenDictionary<string, string> _familyOf = families
        .SelectMany(family => family.Words.Select(word => (word, family.Family)))
        .ToFrozenDictionary(pair => pair.word, pair => pair.Family, StringComparer.OrdinalIgnoreCase);

    /// <summary>The first refused word of a text and what it stands for; null if there is none.</summary>
    public (string Word, string Family)? FindIn(string text)
    {
        foreach (var word in Words.PartsOf(text))
        {
            if (_familyOf.TryGetValue(word, out var family))
            {
                return (word, family);
            }
        }

        return null;
    }
}
