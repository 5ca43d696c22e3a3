using System.Globalization;
using System.Text.Json;

namespace Sojourn.Cli.Agents;

/// <summary>What an agent asks and nobody has answered, and the answer that is being typed here.</summary>
internal sealed class OpenAsks
{
    private readonly Lock _gate = new();
    private readonly List<JsonElement> _open = [];
    private readonly HashSet<string> _shown = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _answers = new(StringComparer.Ordinal);
    private bool _hasClosed;

    /// <summary>The one that is to be answered next; null if nothing is asked.</summary>
    public JsonElement? Current
    {
        get
        {
            lock (_gate)
            {
                return _open.Count > 0 ? _open[0] : null;
            }
        }
    }

    /// <summary>These are open now, and no others.</summary>
    public void Set(IEnumerable<JsonElement> asks)
    {
        lock (_gate)
        {
            _open.Clear();
            _open.AddRange(asks.Select(ask => ask.Clone()));
        }
    }

    public void Add(JsonElement ask)
    {
        lock (_gate)
        {
            if (_open.All(each => IdOf(each) != IdOf(ask)))
                _open.Add(ask.Clone());
        }
    }

    public void Remove(string? id)
    {
        lock (_gate)
        {
            if (_open.Count > 0 && IdOf(_open[0]) == id)
                _answers.Clear();
            _hasClosed |= _open.RemoveAll(each => IdOf(each) == id) > 0;
        }
    }

    /// <summary>The first that is open and was not shown; it counts as shown from now on.</summary>
    public JsonElement? NextToShow()
    {
        lock (_gate)
        {
            return _open.Count > 0 && _shown.Add(IdOf(_open[0])) ? _open[0] : null;
        }
    }

    /// <summary>The question of the current ask that is to be answered next; null if there is none left.</summary>
    public JsonElement? NextQuestion(JsonElement ask)
    {
        lock (_gate)
        {
            foreach (var question in ask.GetProperty("questions").EnumerateArray())
            {
                if (!_answers.ContainsKey(question.GetProperty("text").GetString()!))
                    return question;
            }

            return null;
        }
    }

    /// <summary>Takes a line as the answer to a question: the number of an option, or one's own words.</summary>
    public void Answer(JsonElement question, string line)
    {
        lock (_gate)
        {
            _answers[question.GetProperty("text").GetString()!] =
                At(question.GetProperty("options"), line)?.GetString() ?? line;
        }
    }

    /// <summary>All answers to the current ask's questions; null if it has none.</summary>
    public Dictionary<string, string>? Answers
    {
        get
        {
            lock (_gate)
            {
                return _answers.Count == 0 ? null : new(_answers, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>
    /// True once, for a mere number that was meant for what somebody else has answered meanwhile.
    /// </summary>
    public bool ComesLate(string line)
    {
        lock (_gate)
        {
            var isLate = _hasClosed && _open.Count == 0 && line.All(char.IsAsciiDigit);
            _hasClosed = false;
            return isLate;
        }
    }

    /// <summary>The element that a line names by its number, from 1; null if it names none.</summary>
    public static JsonElement? At(JsonElement list, string line) =>
        int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= 1 && number <= list.GetArrayLength() ? list[number - 1] : null;

    private static string IdOf(JsonElement ask) => ask.GetProperty("id").GetString()!;
}
