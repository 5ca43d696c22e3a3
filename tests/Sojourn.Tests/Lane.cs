namespace Sojourn.Tests;

/// <summary>
/// Tests of one lane wait for each other. What waits for a browser or another program gives its thread back meanwhile,
/// so that without lanes the runner would begin all of them at once, and two cores would serve none in time.
/// </summary>
internal static class Lane
{
    public const string FirstBrowser = "first browser";
    public const string SecondBrowser = "second browser";
    public const string ThirdBrowser = "third browser";
    public const string FirstProcesses = "first processes";
    public const string SecondProcesses = "second processes";
    public const string Laboratory = "laboratory";

    /// <summary>In the order in which they are best begun.</summary>
    public static readonly string[] All =
        [FirstBrowser, FirstProcesses, SecondBrowser, SecondProcesses, ThirdBrowser, Laboratory];
}
