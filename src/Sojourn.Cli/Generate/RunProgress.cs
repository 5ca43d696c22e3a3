using System.Text.Json;

namespace Sojourn.Cli.Generate;

/// <summary>How far a generation's run is.</summary>
/// <param name="Description">What is being done, as the server puts it.</param>
/// <param name="Percentage">0 to 100.</param>
internal sealed record RunProgress(string Description, double Percentage)
{
    /// <summary>
    /// Reads the <c>progress</c> of a state or of an event's data; null if there is none. What is missing is worked out
    /// or left blank: a bar that stands still is better than a watcher that stops over a newer server's progress.
    /// </summary>
    public static RunProgress? Read(JsonElement? parent)
    {
        if (Json.Member(parent, "progress") is not { ValueKind: JsonValueKind.Object } progress)
            return null;

        var step = Json.Number(progress, "currentStep");
        var total = Json.Number(progress, "totalSteps");
        var percentage = Json.Number(progress, "percentage") ?? (total > 0 ? 100 * step / total : null) ?? 0;
        return new RunProgress(Json.Text(progress, "description") ?? "", Math.Clamp(percentage, 0, 100));
    }
}
