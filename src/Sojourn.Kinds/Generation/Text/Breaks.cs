using System.Collections.Frozen;

namespace Sojourn.Kinds.Generation.Text;

/// <summary>
/// Where a text can be cut: at paragraphs, sentences, clauses, words. Every list of parts is the whole text without
/// gap or overlap; white space belongs to the part before it.
/// </summary>
internal static class Breaks
{
    private const string Terminals = ".!?…。！？";
    private const string Closers = "\"'”’»)]}」』*_";
    // A page of nothing but full stops must not be looked through anew from each of them.
    private const int LongestEnding = 16;

    private const string Openers = "“‘«„‚([{¿¡「『（";
    private const string ClauseMarks = ",;:—–，；：、";

    private static readonly FrozenSet<string> Abbreviations = new[]
    {
        "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "capt", "lt", "col", "gen", "sgt", "rev", "hon", "mt", "no",
            "vs",
        "etc", "e.g", "i.e", "a.m", "p.m", "fig", "approx", "messrs", "mme", "mlle", "u.s", "u.k", "inc", "ltd", "co",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Blank lines part paragraphs; in a text without any, ends of lines that end a sentence do.</summary>
    public static List<Span> Paragraphs(string text)
    {
        var byBlankLines = Cut(text, at => IsBlankLineAt(text, at));
        return byBlankLines.Count > 1 ? byBlankLines : Cut(text, at => IsLineEndAt(text, at) && EndsSentence(text, at));
    }

    public static List<Span> Sentences(string text) =>
        [.. Paragraphs(text).SelectMany(part => Cut(text, part, at => SentenceEndsAt(text, at, part.End)))];

    public static List<Span> Sentences(string text, Span within) =>
        Cut(text, within, at => SentenceEndsAt(text, at, within.End));

    public static List<Span> Clauses(string text, Span within) =>
        Cut(text, within, at => ClauseMarks.Contains(text[at]) && IsSpaceOrEnd(text, at + 1) ? at + 1 : -1);

    public static List<Span> WordParts(string text, Span within)
    {
        var parts = new List<Span>();
        var start = within.Start;
        var isFirst = true;
        foreach (var word in Words.Of(within.In(text)))
        {
            // An opening quote or bracket goes with the word that it opens.
            var at = within.Start + word.Start;
            while (at > start && Opens(text, at - 1))
            {
                at--;
            }

            if (!isFirst && at > start)
            {
                parts.Add(new Span(start, at));
                start = at;
            }

            isFirst = false;
        }

        parts.Add(new Span(start, within.End));
        return parts;
    }

    /// <summary>A straight quotation mark opens where nothing stands before it.</summary>
    private static bool Opens(string text, int at) => Openers.Contains(text[at])
        || (text[at] is '"' or '\'' && (at == 0 || char.IsWhiteSpace(text[at - 1])));

    private static List<Span> Cut(string text, Func<int, bool> endsAt) =>
        Cut(text, new Span(0, text.Length), at => endsAt(at) ? at + 1 : -1);

    /// <summary>
    /// Cuts behind each place where <paramref name="endAt"/> gives an end, and the white space after it.
    /// </summary>
    private static List<Span> Cut(string text, Span within, Func<int, int> endAt)
    {
        var parts = new List<Span>();
        var start = within.Start;
        for (var at = within.Start; at < within.End; at++)
        {
            var end = endAt(at);
            if (end < 0)
            {
                continue;
            }

            while (end < within.End && char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            if (end < within.End)
            {
                parts.Add(new Span(start, end));
                start = end;
            }

            at = end - 1;
        }

        if (start < within.End)
        {
            parts.Add(new Span(start, within.End));
        }

        return parts;
    }

    private static bool IsBlankLineAt(string text, int at)
    {
        if (!IsLineEndAt(text, at))
        {
            return false;
        }

        var next = at + 1;
        while (next < text.Length && text[next] is ' ' or '\t' or '\r')
        {
            next++;
            if (next == text.Length)
            {
                return false;
            }
        }

        return next < text.Length && IsLineEndAt(text, next);
    }

    // A carriage return alone ends a line too, as on old Macintoshes.
    private static bool IsLineEndAt(string text, int at) =>
        text[at] is '\n' or '\u2029' || (text[at] == '\r' && (at + 1 == text.Length || text[at + 1] != '\n'));

    private static bool EndsSentence(string text, int lineEnd)
    {
        var at = lineEnd - 1;
        while (at >= 0 && (char.IsWhiteSpace(text[at]) || Closers.Contains(text[at])))
        {
            at--;
        }

        return at >= 0 && Terminals.Contains(text[at]);
    }

    /// <summary>Where the sentence ends whose full stop stands here; -1 if none does.</summary>
    private static int SentenceEndsAt(string text, int at, int limit)
    {
        if (!Terminals.Contains(text[at]))
        {
            return -1;
        }

        var end = at + 1;
        while (end < limit && end - at < LongestEnding
            && (Terminals.Contains(text[end]) || Closers.Contains(text[end])))
        {
            end++;
        }

        if (text[at] is '。' or '！' or '？')
        {
            return end;
        }

        if (!IsSpaceOrEnd(text, end) || (text[at] == '.' && IsAbbreviation(text, at)))
        {
            return -1;
        }

        // "Run!" she said: what follows in lower case still belongs to the sentence.
        var next = end;
        while (next < limit && (char.IsWhiteSpace(text[next]) || Closers.Contains(text[next])))
        {
            next++;
        }

        return next < limit && char.IsLower(text[next]) ? -1 : end;
    }

    private static bool IsSpaceOrEnd(string text, int at) => at >= text.Length || char.IsWhiteSpace(text[at]);

    private static bool IsAbbreviation(string text, int stop)
    {
        var start = stop;
        while (start > 0 && stop - start < LongestEnding && (char.IsLetter(text[start - 1]) || text[start - 1] == '.'))
        {
            start--;
        }

        var word = text[start..stop];
        // A single capital is an initial (J. R. Hartley), unless it is the word "I".
        return Abbreviations.Contains(word) || (word.Length == 1 && char.IsUpper(word[0]) && word != "I");
    }
}
