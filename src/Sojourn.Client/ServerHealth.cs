using System.Text.Json;

namespace Sojourn.Client;

/// <summary>How a server is, as it says itself.</summary>
/// <param name="IsReady">Whether it takes work.</param>
/// <param name="Problem">Why it takes none, as a sentence; null if it does.</param>
/// <param name="ClockDifference">
/// How far its clock is ahead of the client's; negative if it is behind, null if it does not say. Good to about
/// a second, and half the time that the answer took.
/// </param>
public sealed record ServerHealth(bool IsReady, string? Problem, TimeSpan? ClockDifference)
{
    /// <summary>
    /// <c>healthy</c>, <c>warning</c> or <c>critical</c>; a server that takes work may be any of them.
    /// </summary>
    public string Level { get; init; } = "healthy";

    /// <summary>What its operator should look at; empty if all is well, or it takes no work.</summary>
    public IReadOnlyList<ServerFinding> Findings { get; init; } = [];
}

/// <summary>Something that keeps a server from being healthy.</summary>
/// <param name="Level">How bad it is: <c>warning</c> or <c>critical</c>.</param>
/// <param name="Code">Stable, for programs: <c>capacity</c>, <c>stuck</c>, <c>store</c> or <c>lag</c>.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record ServerFinding(string Level, string Code, string Message);

/// <summary>What a server that takes work says of itself.</summary>
internal sealed record Readiness(string Level, IReadOnlyList<ServerFinding> Findings)
{
    /// <summary>Null if it is of another version and says it otherwise; its status tells that it is ready.</summary>
    public static Readiness? Of(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<Readiness>(json, ClientJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
