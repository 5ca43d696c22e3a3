using System.Diagnostics;

namespace Sojourn.Bench.Parties;

/// <summary>What came of one time that two machines joined.</summary>
/// <param name="First">From the start of the pinging machine's program to the first answered ping; null for never.
/// </param>
/// <param name="Upgrade">From that ping until both said that the way is direct; null for never, or not told.</param>
/// <param name="Sent">Pings from the first that was answered on.</param>
/// <param name="Lost">How many of them were not answered.</param>
internal sealed record JoinRound(TimeSpan? First, TimeSpan? Upgrade, int Sent, int Lost)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15), DirectWithin = TimeSpan.FromSeconds(15),
        Settled = TimeSpan.FromSeconds(2), After = TimeSpan.FromSeconds(1);

    /// <summary>Has them join once.</summary>
    /// <param name="system">By what.</param>
    /// <param name="isTogether">Whether both begin at once; else one comes to the other that is there already.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<JoinRound> RunAsync(NetworkSystem system, bool isTogether, CancellationToken stop)
    {
        await system.PrepareAsync(stop);
        await using var pinger = await Pinger.BeginAsync(system.One.Machine, system.Places);
        await using var others = system.Begin(system.Other);
        if (!isTogether)
            await Task.Delay(Settled, stop);
        await using var ones = system.Begin(system.One);
        // Of two that are started one after the other, the first is when both are.
        var began = isTogether ? others.Began : ones.Began;
        try
        {
            var place = await system.FindOtherAsync(ones, Patience, stop);
            var first = await pinger.FirstAnswerAsync(place, Patience, stop);
            var upgrade = await UpgradeAsync(system, (ones, others), first, stop);
            await Task.Delay(After, stop);
            var (sent, lost) = pinger.CountSinceFirst(place);
            return new JoinRound(Stopwatch.GetElapsedTime(began, first), upgrade, sent, lost);
        }
        catch (TimeoutException)
        {
            return new JoinRound(null, null, 0, 0);
        }
    }

    private static async Task<TimeSpan?> UpgradeAsync(
        NetworkSystem system, (LabProgram Ones, LabProgram Others) programs, long first, CancellationToken stop)
    {
        try
        {
            return await system.FindDirectAsync(programs.Ones, programs.Others, DirectWithin, stop) is { } direct
                ? Stopwatch.GetElapsedTime(first, Math.Max(first, direct)) : null;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
