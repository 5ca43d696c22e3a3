using System.Runtime.InteropServices;

namespace Sojourn.Kinds.Generation.Text;

/// <summary>
/// Cuts a story into exactly as many parts as are wanted. Parts are whole paragraphs where these allow it; the largest
/// are
/// cut at sentences, then at clauses, then at words, and the smallest neighbours are joined. Nothing is lost: the
/// parts,
/// one after another, are the story.
/// </summary>
internal static class Segmenter
{
    /// <summary>
    /// A part that is this much larger than the mean is cut again, so that no scene holds half the story.
    /// </summary>
    private const double TooLarge = 1.8;

    /// <param name="story">The story.</param>
    /// <param name="count">How many parts, no more than the story has words.</param>
    public static List<Span> Split(string story, int count)
    {
        var parts = MeasuredParagraphs(story);
        while (parts.Count > count)
        {
            JoinSmallest(parts);
        }

        while (parts.Count < count && CutLargest(story, parts))
        {
        }

        Even(story, parts);
        return [.. parts.Select(part => part.Span)];
    }

    private static List<Part> MeasuredParagraphs(string story)
    {
        var parts = new List<Part>();
        foreach (var span in Breaks.Paragraphs(story))
        {
            var words = Words.Count(span.In(story));
            // A line of asterisks is no scene; it goes with the paragraph before it, or after it at the very beginning.
            if (parts.Count > 0 && (words == 0 || parts[^1].Words == 0))
            {
                parts[^1] = parts[^1].Join(new Part(span, words));
            }
            else
            {
                parts.Add(new Part(span, words));
            }
        }

        return parts;
    }

    private static void JoinSmallest(List<Part> parts)
    {
        var best = Enumerable.Range(0, parts.Count - 1).MinBy(i => parts[i].Words + parts[i + 1].Words);
        parts[best] = parts[best].Join(parts[best + 1]);
        parts.RemoveAt(best + 1);
    }

    private static bool CutLargest(string story, List<Part> parts)
    {
        foreach (var i in Enumerable.Range(0, parts.Count).OrderByDescending(i => parts[i].Words))
        {
            if (Halve(story, parts[i]) is var (first, second))
            {
                parts[i] = first;
                parts.Insert(i + 1, second);
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// While one part is far too large, cuts it and joins the two smallest neighbours, if that makes things more even.
    /// </summary>
    private static void Even(string story, List<Part> parts)
    {
        var mean = parts.Average(part => part.Words);
        for (var round = 0; round < parts.Count && parts.Count > 2; round++)
        {
            var largest = parts.MaxBy(part => part.Words);
            var smallestPair = Enumerable.Range(0, parts.Count - 1).Min(i => parts[i].Words + parts[i + 1].Words);
            if (largest.Words <= TooLarge * mean || smallestPair >= largest.Words
                || CutAt(story, largest, Breaks.Paragraphs, Breaks.Sentences) is not var (first, second))
            {
                return;
            }

            var at = parts.IndexOf(largest);
            parts[at] = first;
            parts.Insert(at + 1, second);
            JoinSmallest(parts);
        }
    }

    private static (Part First, Part Second)? Halve(string story, Part part) =>
        CutAt(story, part, Breaks.Paragraphs, Breaks.Sentences, Breaks.Clauses, Breaks.WordParts);

    /// <summary>
    /// Cuts a part in two as evenly as the first kind of boundary allows that leaves words on both sides.
    /// </summary>
    private static (Part First, Part Second)? CutAt(
        string story, Part part, Func<string, List<Span>> paragraphs, params Func<string, Span, List<Span>>[] finer)
    {
        var offset = part.Span.Start;
        var inParagraphs = paragraphs(part.Span.In(story))
            .Select(span => new Span(span.Start + offset, span.End + offset));
        return NearestMiddle(story, part, [.. inParagraphs], onlyIfEven: true)
            ?? finer.Select(cut => NearestMiddle(story, part, cut(story, part.Span), onlyIfEven: false))
                .FirstOrDefault(found => found is not null);
    }

    private static (Part First, Part Second)? NearestMiddle(string story, Part part, List<Span> pieces, bool onlyIfEven)
    {
        (Part, Part)? best = null;
        var bestWords = 0;
        var words = 0;
        for (var i = 0; i < pieces.Count - 1; i++)
        {
            words += Words.Count(pieces[i].In(story));
            var smaller = Math.Min(words, part.Words - words);
            if (smaller > bestWords)
            {
                bestWords = smaller;
                best = (new Part(new Span(part.Span.Start, pieces[i].End), words),
                    new Part(new Span(pieces[i].End, part.Span.End), part.Words - words));
            }
        }

        // A paragraph's edge is worth an uneven cut, but not one that leaves a crumb.
        return onlyIfEven && bestWords * 4 < part.Words ? null : best;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Part(Span Span, int Words)
    {
        public Part Join(Part next) => new(new Span(Span.Start, next.Span.End), Words + next.Words);
    }
}
