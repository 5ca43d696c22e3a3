using System.Globalization;
using System.Text;
using Sojourn.Kinds.Generation;
using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Models;

/// <summary>
/// A story in numbered pieces, so that a model can say by numbers where scenes begin. It need not repeat the story,
/// and whatever it answers, the scenes together are the story.
/// </summary>
internal sealed class StoryPieces
{
    private readonly string _story;
    private readonly List<Span> _pieces;

    private StoryPieces(string story, List<Span> pieces) => (_story, _pieces) = (story, pieces);

    public int Count => _pieces.Count;

    /// <summary>Sentences; where these are fewer than the scenes, clauses; where these are too, words.</summary>
    public static StoryPieces Of(string story, int scenes)
    {
        var whole = new Span(0, story.Length);
        Func<List<Span>>[] ways =
        [
            () => Breaks.Sentences(story),
            () => Breaks.Clauses(story, whole),
            () => Breaks.WordParts(story, whole),
        ];
        return ways.Select(cut => new StoryPieces(story, WithWords(story, cut())))
            // A story has at least as many words as scenes: the rules see to that.
            .First(pieces => pieces.Count >= scenes);
    }

    /// <summary>The story, each piece in a line of its own behind its number, from 1.</summary>
    public string Numbered()
    {
        var text = new StringBuilder();
        foreach (var (i, piece) in _pieces.Index())
        {
            text.Append(CultureInfo.InvariantCulture, $"[{i + 1}] {piece.In(_story).ReplaceLineEndings(" ").Trim()}\n");
        }

        return text.ToString();
    }

    /// <summary>The plan whose scenes begin at these pieces.</summary>
    /// <param name="starts">As the model has said: from 1, one for each scene. Small faults are mended: order,
    /// doubles, a number too many or too few, as long as most scenes are the model's own.</param>
    /// <param name="scenes">How many scenes there are to be.</param>
    /// <returns>The plan; null if too little can be made of what the model said.</returns>
    public IReadOnlyList<PlannedScene>? Cut(IEnumerable<int> starts, int scenes)
    {
        // The first scene begins at the beginning, whatever the model says.
        List<int> kept = [.. starts.Where(start => start > 1 && start <= Count).Append(1).Distinct().Order()];
        if (kept.Count * 2 <= scenes || kept.Count > scenes * 2)
        {
            return null;
        }

        while (kept.Count > scenes)
        {
            var shortest = Enumerable.Range(1, kept.Count - 1).MinBy(i => LengthOf(kept, i - 1) + LengthOf(kept, i));
            kept.RemoveAt(shortest);
        }

        while (kept.Count < scenes)
        {
            var longest = Enumerable.Range(0, kept.Count).Where(i => EndOf(kept, i) - kept[i] > 1)
                .MaxBy(i => LengthOf(kept, i));
            kept.Insert(longest + 1, (kept[longest] + EndOf(kept, longest)) / 2);
        }

        return [.. kept.Select((_, i) => new PlannedScene(i + 1, StartOf(kept[i]), LengthOf(kept, i)))];
    }

    /// <summary>A line of asterisks is no scene; it goes with the piece before it.</summary>
    private static List<Span> WithWords(string story, List<Span> pieces)
    {
        var joined = new List<Span>();
        foreach (var piece in pieces)
        {
            if (joined.Count > 0 && !Words.Of(piece.In(story)).Any())
            {
                joined[^1] = new Span(joined[^1].Start, piece.End);
            }
            else
            {
                joined.Add(piece);
            }
        }

        return joined;
    }

    private int StartOf(int number) => _pieces[number - 1].Start;

    /// <summary>The number of the piece after the scene's last.</summary>
    private int EndOf(List<int> starts, int i) => i + 1 < starts.Count ? starts[i + 1] : Count + 1;

    private int LengthOf(List<int> starts, int i) =>
        (i + 1 < starts.Count ? StartOf(starts[i + 1]) : _story.Length) - StartOf(starts[i]);
}
