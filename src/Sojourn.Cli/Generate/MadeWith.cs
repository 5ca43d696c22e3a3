using System.Globalization;
using System.Text.Json;
using Sojourn.Cli.Verbs;

namespace Sojourn.Cli.Generate;

using Sojourn.Client;

/// <summary>Tells what models a generation has used, and what was made without them although they were asked.</summary>
internal static class MadeWith
{
    private const int MostReasons = 5;

    /// <summary>Nothing is said of a generation that no model had to do with.</summary>
    public static void Tell(Call call, Session session)
    {
        if (session.Kind != GenerateVerb.KindName)
            return;
        TellUsage(call, Json.Member(session.State, "usage"));
        TellFallbacks(call, [.. Json.Items(session.State, "fallbacks")]);
    }

    private static void TellUsage(Call call, JsonElement? usage)
    {
        if (Json.Number(usage, "calls") is not > 0)
            return;
        var cost = Json.Number(usage, "cost") is > 0 and var sum
            ? $", cost {sum.ToString("0.####", CultureInfo.InvariantCulture)}" : "";
        call.Say($"Models: {Count("calls")} calls, {Count("promptTokens")} tokens read and "
            + $"{Count("completionTokens")} written, {Count("images")} pictures{cost}.");

        string Count(string name) => (Json.Number(usage, name) ?? 0).ToString("N0", CultureInfo.InvariantCulture);
    }

    private static void TellFallbacks(Call call, List<JsonElement> fallbacks)
    {
        if (fallbacks.Count == 0)
            return;
        call.Say(fallbacks.Count == 1
            ? "Made by the embedded generator, because the model could not:"
            : $"{fallbacks.Count} pieces were made by the embedded generator, because the model could not:");
        foreach (var piece in fallbacks.Take(MostReasons))
        {
            var scene = Json.Number(piece, "scene") is { } number
                ? $" of scene {number.ToString(CultureInfo.InvariantCulture)}" : "";
            call.Say($"  {PlainText.Line(Json.Text(piece, "piece"), 20)}{scene}: "
                + PlainText.Line(Json.Text(piece, "reason"), 200));
        }

        if (fallbacks.Count > MostReasons)
            call.Say($"  … and {fallbacks.Count - MostReasons} more.");
    }
}
