using Sojourn.NatLab;

namespace Sojourn.Bench.Parties;

/// <summary>
/// How long two machines behind routers take until the first ping between them is answered, from the start of their
/// programs: by a party, and by others that make networks, in the same laboratory and in turn.
/// </summary>
internal static class PartyJoin
{
    private const int Rounds = 20, OthersEvery = 4;

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    private static readonly string[] NebulaTools = ["nebula", "nebula-cert"];

    public static Task RunAsync(double seconds)
    {
        Console.WriteLine($"Joining a party, load {PartyHeartbeats.Load()}");
        return LabBench.RunAsync(["wireguard-go", "wg"], (lab, directory, stop) =>
            RunAsync(lab, directory, seconds < 1 ? 4 : Rounds, stop));
    }

    private static async Task RunAsync(Laboratory lab, string directory, int rounds, CancellationToken stop)
    {
        var (program, whyNot) = await PublishedCli.PublishAsync(Path.Combine(directory, "cli"), stop);
        if (whyNot.Length > 0)
            LabBench.Tell($"as built, not as published: {whyNot}");
        var narrow = await LabBench.PairAsync(lab, "p", LabNat.PortRestricted);
        var linux = await LabBench.PairAsync(lab, "l", LabNat.Linux);
        await using var server = await SojournServer.StartAsync(
            lab, program, Path.Combine(directory, "server"), 12_500_000, stop);
        List<NetworkSystem> systems =
        [
            new SojournPair(("Sojourn", program), server, narrow, Path.Combine(directory, "published")),
            new SojournPair(
                ("Sojourn, as built", PublishedCli.AsBuilt), server, narrow, Path.Combine(directory, "built")),
            await WireGuardPair.MakeAsync(linux.One, linux.Other, Path.Combine(directory, "wireguard")),
        ];
        if (LabBench.Missing(NebulaTools) is { } missing)
            LabBench.Tell($"nebula is left out: {missing}");
        else
            systems.Add(await NebulaPair.MakeAsync(lab, narrow, Path.Combine(directory, "nebula")));
        await using var nebula = systems[^1];
        LabBench.Tell($"round trip, start, system: ms to the first answer: median (fastest to slowest), over 2 s;");
        LabBench.Tell($"then from there to the direct way: median (slowest), and pings lost of those after the first");
        foreach (var oneWay in (double[])[0, 15])
        {
            foreach (var host in (LabHost[])[narrow.One, narrow.Other, linux.One, linux.Other])
                await host.DelayAsync(TimeSpan.FromMilliseconds(oneWay));
            foreach (var isTogether in (bool[])[true, false])
            {
                var title = $"{oneWay * 4:0} ms, {(isTogether ? "both at once" : "one after the other")}";
                await MeasureAsync(systems, title, isTogether, rounds, stop);
            }
        }
    }

    private static async Task MeasureAsync(
        List<NetworkSystem> systems, string title, bool isTogether, int rounds, CancellationToken stop)
    {
        var done = systems.ToDictionary(system => system, _ => new List<JoinRound>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var system in systems.Where(system => system == systems[0] || round % OthersEvery == 0))
                done[system].Add(await JoinRound.RunAsync(system, isTogether, stop));
        }

        foreach (var system in systems)
            Tell(title, system.Name, done[system]);
        LabBench.Tell($"load {PartyHeartbeats.Load()}");
    }

    private static void Tell(string title, string name, List<JoinRound> rounds)
    {
        var times = rounds.Select(round => round.First).OfType<TimeSpan>().Order().ToList();
        var first = times.Count == 0 ? "never" : FormattableString.Invariant(
            $"{Middle(times):0} ({times[0].TotalMilliseconds:0} to {times[^1].TotalMilliseconds:0})");
        var direct = rounds.Select(round => round.Upgrade).OfType<TimeSpan>().Order().ToList();
        var upgrade = direct.Count == 0 ? "" : FormattableString.Invariant(
            $"; direct after {Middle(direct):0} ({direct[^1].TotalMilliseconds:0}), {direct.Count} of {rounds.Count}");
        var lost = FormattableString.Invariant(
            $"lost {rounds.Sum(round => round.Lost)} of {rounds.Sum(round => round.Sent):N0}");
        LabBench.Tell($"{title}, {name}: {first}, {rounds.Count(IsSlow)} of {rounds.Count} over 2 s{upgrade}; {lost}");
    }

    private static bool IsSlow(JoinRound round) => round.First is not { } first || first > Slow;

    private static double Middle(List<TimeSpan> sorted) => sorted[sorted.Count / 2].TotalMilliseconds;
}
