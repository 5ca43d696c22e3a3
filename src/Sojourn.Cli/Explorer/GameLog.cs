namespace Sojourn.Cli.Explorer;

using Sojourn.Cli.Generate;
using Sojourn.Client;

/// <summary>
/// The newest of what happened, each once, in the order in which it did: an answer's events come by the answer and
/// again by the watching, in any order.
/// </summary>
internal sealed class GameLog
{
    private const int Kept = 200;

    private readonly SortedDictionary<string, string> _lines = new(StringComparer.Ordinal);

    public IEnumerable<string> Lines => _lines.Values;

    public void Add(IEnumerable<SessionEvent> events)
    {
        foreach (var happened in events)
        {
            if (Json.Text(happened.Data, "text") is { } text)
                _lines[happened.Offset] = PlainText.Line(text);
        }

        while (_lines.Count > Kept)
            _lines.Remove(_lines.Keys.First());
    }

    public void Clear() => _lines.Clear();
}
