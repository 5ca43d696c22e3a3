using System.Text;

namespace Sojourn.Kinds.Generation.Text;

/// <summary>Small mends that make a piece of a story stand on its own.</summary>
internal static class Prose
{
    /// <summary>One line, single spaces.</summary>
    public static string OneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>
    /// At most so many characters, cut at a word where there is one, with an ellipsis if something is gone.
    /// </summary>
    public static string Shorten(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var cut = text.LastIndexOf(' ', most - 1);
        cut = cut < most / 2 ? most - 1 : cut;
        cut -= char.IsHighSurrogate(text[cut - 1]) ? 1 : 0;
        var kept = text[..cut].TrimEnd(' ', ',', ';', ':', '—', '-', '.');
        return (kept.Length > 0 ? kept : text[..cut]) + "…";
    }

    /// <summary>A sentence cut out of a speech keeps half its quotation marks; they go.</summary>
    public static string Balanced(string sentence)
    {
        var text = sentence.Count(letter => letter == '"') % 2 == 1 ? sentence.Replace("\"", "") : sentence;
        return text.Count(letter => letter == '“') == text.Count(letter => letter == '”')
            ? text
            : text.Replace("“", "").Replace("”", "");
    }

    /// <summary>"the old lamp" as a heading: "The Old Lamp".</summary>
    public static string TitleCase(string text)
    {
        var title = new StringBuilder(text.Length);
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var isSmall = title.Length > 0
                && word is "of" or "the" or "a" or "an" or "and" or "in" or "at" or "to" or "on" or "for" or "from";
            title.Append(title.Length > 0 ? " " : "")
                .Append(isSmall ? word : char.ToUpperInvariant(word[0]) + word[1..]);
        }

        return title.ToString();
    }

    /// <summary>"Mara", "Mara and Tom", "Mara, Tom and the keeper".</summary>
    public static string List(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "",
        1 => names[0],
        _ => $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}",
    };
}
