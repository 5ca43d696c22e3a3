namespace Sojourn.Kinds.Generation.Text;

/// <summary>Which sentences of a scene say most of what happens.</summary>
internal sealed class Salience(StoryReading reading)
{
    /// <summary>The sentences of an excerpt as one line each, with how much they say; in the story's order.</summary>
    public IReadOnlyList<(string Sentence, double Weight)> Weigh(string excerpt)
    {
        var sentences = Breaks.Sentences(excerpt);
        var weighed = new List<(string, double)>(sentences.Count);
        for (var i = 0; i < sentences.Count; i++)
        {
            var sentence = Prose.Balanced(Prose.OneLine(sentences[i].In(excerpt)));
            if (Words.Of(sentence).Any())
            {
                weighed.Add((sentence, WeightOf(sentence, i)));
            }
        }

        return weighed;
    }

    /// <summary>The best sentences in the story's order, together at most so many characters.</summary>
    public string Summarise(string excerpt, int sentences, int most)
    {
        var weighed = Weigh(excerpt);
        var chosen = new List<int>();
        var length = 0;
        foreach (var i in Enumerable.Range(0, weighed.Count).OrderByDescending(i => weighed[i].Weight))
        {
            if (chosen.Count < sentences && (chosen.Count == 0 || length + weighed[i].Sentence.Length < most))
            {
                chosen.Add(i);
                length += weighed[i].Sentence.Length + 1;
            }
        }

        return Prose.Shorten(string.Join(' ', chosen.Order().Select(i => weighed[i].Sentence)), most);
    }

    private double WeightOf(string sentence, int position)
    {
        string[] words = [.. Words.Of(sentence).Select(word => word.Plain)];
        var content = words.Where(word => word.Length > 2 && !Lexicon.Common.Contains(word)).ToList();
        var known = content.Sum(word => Math.Min(5, reading.Frequency.GetValueOrDefault(word)));
        var people = reading.People.Count(person => person.Forms.Any(form => SceneFacts.CountOf(sentence, form) > 0));
        var acts = words.Count(word => Lexicon.Actions.Contains(word) || Lexicon.Arrivals.Contains(word));

        // A picture shows what is done, not what is said; and very short or very long sentences tell little.
        var speech = sentence[0] is '"' or '“' or '‘' or '«' ? 0.5 : 1;
        var length = words.Length is >= 6 and <= 32 ? 1 : 0.6;
        return ((known / Math.Sqrt(words.Length)) + (1.5 * people) + acts
            + (position == 0 ? 0.7 : 0)) * speech * length;
    }
}
