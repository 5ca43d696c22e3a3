using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Sojourn.Kinds.Agents.Lines;

namespace Sojourn.Kinds.Agents.Acp;

/// <summary>The permissions that an agent waits for. Not safe from several threads.</summary>
/// <param name="run">Requests of each process are counted from the same number: with the run their names
/// differ.</param>
internal sealed class AcpAsks(int run)
{
    private readonly Dictionary<string, byte[]> _open = [];

    public bool IsFull => _open.Count >= AskTexts.MostOpen;

    /// <param name="id">The request's, as it was written.</param>
    /// <param name="parameters">What it asks.</param>
    /// <param name="titleOf">The title of a tool that was told before.</param>
    /// <returns>Null if it is asked already.</returns>
    public Ask? Take(byte[] id, JsonElement parameters, Func<string, string?> titleOf)
    {
        var name = NameOf(id);
        if (!_open.TryAdd(name, id))
        {
            return null;
        }

        var call = parameters.Child("toolCall") ?? default;
        var kind = call.Text("kind") ?? "tool";
        var title = call.Text("title") ?? titleOf(call.Text("toolCallId") ?? "")
            ?? AskTexts.TitleOf(kind, call.Child("rawInput"));
        return new Ask(
            name, Telling.Cut(kind, AskTexts.LongestName), Telling.Cut(title, AskTexts.LongestTitle),
            Telling.Cut(call.Child("rawInput")?.Beginning(AskTexts.LongestDetail) ?? AcpTools.DetailOf(call) ?? "",
                AskTexts.LongestDetail),
            Choices(parameters), default);
    }

    /// <summary>Takes an ask to answer it.</summary>
    /// <returns>The request's id; null if it is no longer asked.</returns>
    public byte[]? Remove(string name) => _open.Remove(name, out var id) ? id : null;

    public string NameOf(ReadOnlySpan<byte> id) => $"{run}-{Encoding.UTF8.GetString(id).Trim('"')}";

    /// <summary>Takes all.</summary>
    public IReadOnlyList<(string Name, byte[] Id)> RemoveAll()
    {
        (string, byte[])[] all = [.. _open.Select(each => (each.Key, each.Value))];
        _open.Clear();
        return all;
    }

    public static byte[] Selected(byte[] id, string option) => RpcLines.Result(id, line =>
    {
        line.WriteStartObject("outcome");
        line.WriteString("outcome", "selected");
        line.WriteString("optionId", option);
        line.WriteEndObject();
    });

    public static byte[] Cancelled(byte[] id) => RpcLines.Result(id, line =>
    {
        line.WriteStartObject("outcome");
        line.WriteString("outcome", "cancelled");
        line.WriteEndObject();
    });

    // An answer has to be one of the agent's own words, so none of these is cut.
    private static ImmutableArray<AskChoice> Choices(JsonElement parameters) =>
    [
        .. from option in parameters.Items("options").Take(AskTexts.MostOptions)
           let id = option.Text("optionId")
           where id is { Length: > 0 and <= AskTexts.LongestTitle }
           select new AskChoice(
               id, Telling.Cut(option.Text("name") ?? id, AskTexts.LongestName),
               option.Text("kind")?.StartsWith("allow", StringComparison.Ordinal) == true),
    ];
}
