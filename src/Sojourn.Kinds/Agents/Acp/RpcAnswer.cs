using System.Text.Json;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Acp;

/// <summary>An answer to a request: a result, or an error.</summary>
/// <param name="Result">The result, to be kept; nothing if there is none.</param>
/// <param name="Error">What went wrong; null if nothing did.</param>
/// <param name="Code">The error's code.</param>
internal sealed record RpcAnswer(JsonElement Result, string? Error, int Code)
{
    private const int LongestError = 1000;

    public static RpcAnswer Read(JsonElement line)
    {
        if (line.Child("error") is not { } error)
        {
            return new RpcAnswer(line.Child("result")?.Clone() ?? default, null, 0);
        }

        var message = error.Text("message") ?? "an error without a message";
        var detail = error.Child("data") is { } data ? $" ({data.Beginning(LongestError)})" : "";
        return new RpcAnswer(
            default, Telling.Cut(message + detail, 2 * LongestError), (int)error.Number("code"));
    }
}
