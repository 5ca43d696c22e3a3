using System.Text.Json;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Claude;

/// <summary>
/// Texts that come twice: in pieces while they are written, and then whole. A text's name is its message and its place
/// in it, so that the whole takes the place of the pieces.
/// </summary>
internal sealed class ClaudeTexts
{
    private string? _message;
    private int _block;

    // The text of which pieces were told and the whole not yet.
    private (string Name, bool IsThought)? _open;

    // The whole texts carry no place; those of one message come one after another.
    private (string Message, int Next) _whole = ("", 0);

    /// <summary>A piece, or a border between pieces.</summary>
    public void TakePiece(JsonElement piece, List<AgentNews> news)
    {
        switch (piece.Text("type"))
        {
            case "message_start":
                _message = NameOf(piece.Child("message"));
                break;
            case "content_block_start":
                _block = (int)piece.Number("index");
                break;
            case "content_block_delta" when piece.Child("delta") is { } delta:
                var isThought = delta.Text("type") == "thinking_delta";
                if (delta.Text(isThought ? "thinking" : "text") is { Length: > 0 } text)
                {
                    _open = ($"{_message ?? "message"}/{_block}", isThought);
                    news.AddRange(NewsBatches.Delta(_open.Value.Name, text, isThought));
                }

                break;
            default:
                // Of a tool's parameters and of signatures there are pieces too; they are told as a whole.
                break;
        }
    }

    /// <summary>
    /// A whole text. After a connection that broke, it may be of another message than the pieces before it: it stands
    /// for them all the same.
    /// </summary>
    public void TakeWhole(string message, string text, bool isThought, List<AgentNews> news)
    {
        var place = PlaceIn(message);
        var name = _open is { } open && open.IsThought == isThought ? open.Name : $"{message}/{place}";
        _open = null;
        news.AddRange(NewsBatches.Said(name, text, isThought));
    }

    /// <summary>What a message is called.</summary>
    public static string NameOf(JsonElement? message) =>
        Telling.Cut(message?.Text("id") ?? "message", AskTexts.LongestId);

    /// <summary>A part of a message that is no text has a place too.</summary>
    public void Pass(string message) => PlaceIn(message);

    private int PlaceIn(string message)
    {
        if (message == _message)
        {
            return _block;
        }

        _whole = message == _whole.Message ? (message, _whole.Next + 1) : (message, 1);
        return _whole.Next - 1;
    }
}
