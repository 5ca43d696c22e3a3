namespace Sojourn.Client;

/// <summary>How a server is, as it says itself.</summary>
/// <param name="IsReady">Whether it takes work.</param>
/// <param name="Problem">Why it takes none, as a sentence; null if it does.</param>
/// <param name="ClockDifference">
/// How far its clock is ahead of the client's; negative if it is behind, null if it does not say. Good to about
/// a second, and half the time that the answer took.
/// </param>
public sealed record ServerHealth(bool IsReady, string? Problem, TimeSpan? ClockDifference);
