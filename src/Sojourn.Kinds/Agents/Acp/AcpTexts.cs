using System.Text;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Acp;

/// <summary>
/// Texts come in pieces alone, and nobody says where one ends: it does where another kind of thing follows. Then it is
/// told whole.
/// </summary>
/// <param name="run">Names of texts are one session's, not one process's.</param>
internal sealed class AcpTexts(int run)
{
    private readonly StringBuilder _text = new();
    private (string Name, string? Message, bool IsThought)? _open;
    private int _texts;

    public void Take(string? message, string text, bool isThought, List<AgentNews> news)
    {
        foreach (var piece in NewsBatches.Parts(text, NewsBatches.LongestDelta))
        {
            if (_open is { } open && (open.IsThought != isThought || open.Message != message
                || _text.Length + piece.Length > NewsBatches.LongestText))
            {
                Close(news);
            }

            _open ??= ($"{run}.{++_texts}", message, isThought);
            _text.Append(piece);
            news.Add(new AgentNews.Delta(_open.Value.Name, piece, isThought));
        }
    }

    public void Close(List<AgentNews> news)
    {
        if (_open is { } open)
        {
            news.AddRange(NewsBatches.Said(open.Name, _text.ToString(), open.IsThought));
            _text.Clear();
            _open = null;
        }
    }
}
