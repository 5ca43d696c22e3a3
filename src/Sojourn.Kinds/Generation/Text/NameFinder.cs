namespace Sojourn.Kinds.Generation.Text;

/// <summary>Somebody or somewhere that a story names.</summary>
/// <param name="Display">What to call it: the form that is used most.</param>
/// <param name="Forms">Every form, as written.</param>
/// <param name="Weight">How much of the story it has.</param>
/// <param name="IsPlace">A place rather than a person.</param>
internal sealed record Named(string Display, IReadOnlyList<string> Forms, int Weight, bool IsPlace);

/// <summary>
/// Finds the names of people and places. Capital letters give the candidates; what stands around them tells the two
/// apart: "said Mara" is a person, "into Saltmere" a place.
/// </summary>
internal sealed class NameFinder
{
    /// <summary>A telephone book has more names than a story has use for, and each is compared with each.</summary>
    private const int MaxCandidates = 400;

    private readonly string _story;
    private readonly List<Word> _words;
    private readonly HashSet<int> _sentenceStarts = [];
    private readonly HashSet<string> _lowerCase = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Evidence> _evidence = new(StringComparer.Ordinal);

    private NameFinder(string story)
    {
        _story = story;
        _words = [.. Words.Of(story)];
        var first = 0;
        foreach (var sentence in Breaks.Sentences(story))
        {
            while (first < _words.Count && _words[first].Start < sentence.Start)
            {
                first++;
            }

            _sentenceStarts.Add(first);
        }

        for (var i = 0; i < _words.Count; i++)
        {
            if (!_words[i].IsCapitalised)
            {
                _lowerCase.Add(_words[i].Plain);
            }

            // Speech begins like a sentence, whatever stands before it.
            if (_words[i].Start > 0 && "\"“‘«'—".Contains(_story[_words[i].Start - 1]))
            {
                _sentenceStarts.Add(i);
            }
        }
    }

    /// <summary>All names, the weightiest first.</summary>
    public static IReadOnlyList<Named> Find(string story)
    {
        var finder = new NameFinder(story);
        finder.Collect();
        return finder.Merge();
    }

    private void Collect()
    {
        for (var i = 0; i < _words.Count; i++)
        {
            var start = i;
            if (!IsCandidate(i))
            {
                continue;
            }

            while (i + 1 < _words.Count && i - start < 2 && IsCandidate(i + 1) && AreNeighbours(i))
            {
                i++;
            }

            var name = Bare(_story[_words[start].Start.._words[i].End]);
            var evidence = _evidence.TryGetValue(name, out var known) ? known : _evidence[name] = new Evidence();
            Weigh(evidence, start, i);
        }
    }

    private bool IsCandidate(int i)
    {
        var word = _words[i];
        return word.IsCapitalised && !(Lexicon.Roles.Contains(word.Plain) && !Lexicon.Titles.Contains(word.Plain))
            && word.Text.Length is > 1 and <= 30 && !Lexicon.Common.Contains(word.Plain)
            && !(_sentenceStarts.Contains(i) && (_lowerCase.Contains(word.Plain) || LooksLikeAdverb(word.Plain)));
    }

    private static bool LooksLikeAdverb(string plain) =>
        plain.Length > 4 && plain.EndsWith("ly", StringComparison.Ordinal);

    private bool AreNeighbours(int i)
    {
        var gap = _story.AsSpan(_words[i].End.._words[i + 1].Start);
        return gap.SequenceEqual(" ")
            || (gap.SequenceEqual(". ") && Lexicon.Titles.Contains(_words[i].Plain) && _words[i].Text.Length <= 3);
    }

    private void Weigh(Evidence evidence, int first, int last)
    {
        evidence.Count++;
        evidence.IsCertain |= !_sentenceStarts.Contains(first) || last > first;
        var before = first > 0 ? _words[first - 1].Plain : "";
        var after = last + 1 < _words.Count ? _words[last + 1].Plain : "";

        evidence.Person += Lexicon.Titles.Contains(_words[first].Plain) ? 3 : 0;
        // "Think," said Jonas: the comma keeps the verb from being Think's.
        var isSpeaker = (Lexicon.Speech.Contains(after) && AreNeighbours(last))
            || (Lexicon.Speech.Contains(before) && AreNeighbours(first - 1));
        evidence.Person += isSpeaker ? 2 : 0;
        evidence.Person += last + 1 < _words.Count && IsVerb(after) && AreNeighbours(last) ? 1 : 0;
        evidence.WithArticle += before == "the" ? 1 : 0;
        evidence.Person += _words[last].Text != Bare(_words[last].Text) ? 1 : 0;
        // "The Teeth" are rocks; nobody is called "the Mara".
        evidence.Place += before == "the" && !Lexicon.Roles.Contains(_words[last].Plain) ? 2 : 0;
        evidence.Place += Lexicon.PlacePrepositions.Contains(before) ? 2 : 0;
        evidence.Place += Lexicon.WeakPlacePrepositions.Contains(before) ? 1 : 0;
        evidence.Place += Lexicon.PlaceParts.Contains(_words[last].Plain) ? 4 : 0;
        evidence.Place += last > first && Lexicon.PlaceParts.Contains(_words[first].Plain) ? 4 : 0;
    }

    private static bool IsVerb(string plain) =>
        Lexicon.Verbs.Contains(plain) || (plain.Length > 3 && plain.EndsWith("ed", StringComparison.Ordinal));

    private static string Bare(string name) =>
        name.EndsWith("'s", StringComparison.Ordinal) || name.EndsWith("’s", StringComparison.Ordinal) ? name[..^2]
            : name;

    /// <summary>
    /// "Captain Mara Voss", "Captain Voss" and "Mara" are one; unless a lone word is too doubtful to count.
    /// </summary>
    private IReadOnlyList<Named> Merge()
    {
        var groups = new List<List<string>>();
        // The longest first, so that short forms find their long ones.
        var candidates = _evidence.OrderByDescending(pair => pair.Value.Count)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(MaxCandidates).Select(pair => pair.Key);
        foreach (var name in candidates.OrderByDescending(name => name.Length))
        {
            var home = groups.FirstOrDefault(group => IsPlace(group) == IsPlace([name])
                && group.Any(other => SharesName(other, name)));
            if (home is null)
            {
                groups.Add([name]);
            }
            else
            {
                home.Add(name);
            }
        }

        return [.. groups
            .Where(group => group.Any(IsBelievable))
            .Select(group => new Named(
                DisplayOf(group),
                group,
                group.Sum(name => _evidence[name].Count),
                IsPlace(group)))
            .OrderByDescending(named => named.Weight)
            .ThenBy(named => named.Forms.Min(form => _story.IndexOf(form, StringComparison.Ordinal)))];
    }

    /// <summary>The form that is used most, with its article if it usually has one: "the Teeth".</summary>
    private string DisplayOf(List<string> forms)
    {
        var usual = forms.OrderByDescending(name => _evidence[name].Count).ThenByDescending(name => name.Length)
            .First();
        return _evidence[usual].WithArticle * 2 > _evidence[usual].Count ? "the " + usual : usual;
    }

    private static bool SharesName(string longer, string shorter)
    {
        var words = longer.Split(' ');
        return shorter.Split(' ').Where(word => !Lexicon.Titles.Contains(word.TrimEnd('.').ToLowerInvariant()))
            .ToList() is { Count: > 0 } bare && bare.All(words.Contains);
    }

    private bool IsPlace(IReadOnlyCollection<string> forms) =>
        forms.Sum(form => _evidence[form].Place) > forms.Sum(form => _evidence[form].Person);

    private bool IsBelievable(string name)
    {
        var evidence = _evidence[name];
        var isTitleAlone = Lexicon.Titles.Contains(name.ToLowerInvariant()) && !evidence.IsCertain;
        return !isTitleAlone && (evidence.IsCertain || evidence.Person + evidence.Place > 0);
    }

    private sealed class Evidence
    {
        public int Count { get; set; }

        public int Person { get; set; }

        public int Place { get; set; }

        /// <summary>How often "the" stood before it.</summary>
        public int WithArticle { get; set; }

        /// <summary>Seen with a capital where none was needed.</summary>
        public bool IsCertain { get; set; }
    }
}
