using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sojourn.NatLab;

namespace Sojourn.Bench.Parties;

/// <summary>
/// What a network between two machines costs: how long a packet takes there and back, and how much TCP gets through;
/// beside the bare path and others that make networks, in the same laboratory and in turn.
/// </summary>
internal static partial class PartyTraffic
{
    private const int Rounds = 3, Pings = 300;

    // As it comes a relay passes on a tenth of that, so as not to be abused.
    private const long RelayBytesPerSecond = 1_000_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string[] NebulaTools = ["nebula", "nebula-cert"];

    public static Task RunAsync(double seconds)
    {
        Console.WriteLine($"Traffic in a party, load {PartyHeartbeats.Load()}");
        return LabBench.RunAsync(["wireguard-go", "wg", "iperf3", "ping"], (lab, directory, stop) =>
            RunAsync(lab, directory, seconds < 1, stop));
    }

    /// <summary>A way between two machines, and what was measured on it.</summary>
    private sealed record Line(string Name, LabHost From, LabHost To, IPAddress Place)
    {
        public List<double> RoundTrips { get; } = [];

        public List<double> Rates { get; } = [];
    }

    private static async Task RunAsync(Laboratory lab, string directory, bool isQuick, CancellationToken stop)
    {
        var (program, whyNot) = await PublishedCli.PublishAsync(Path.Combine(directory, "cli"), stop);
        if (whyNot.Length > 0)
            LabBench.Tell($"as built, not as published: {whyNot}");
        var open = await LabBench.PairAsync(lab, "o", LabNat.Open);
        await using var server = await SojournServer.StartAsync(
            lab, program, Path.Combine(directory, "server"), RelayBytesPerSecond, stop);
        var systems = await SystemsAsync(lab, program, server, directory);
        List<LabProgram> programs = [];
        try
        {
            List<Line> lines = [new("bare path", open.One, open.Other, IPAddress.Parse(open.Other.Address))];
            foreach (var system in systems)
                lines.Add(await ConnectAsync(system, programs, stop));
            for (var round = 0; round < (isQuick ? 1 : Rounds); round++)
            {
                foreach (var line in lines)
                    await MeasureAsync(line, isQuick ? 1 : 4, stop);
            }

            Tell(lines);
        }
        finally
        {
            foreach (var each in programs)
                await each.DisposeAsync();
            foreach (var system in systems)
                await system.DisposeAsync();
        }
    }

    private static async Task<List<NetworkSystem>> SystemsAsync(
        Laboratory lab, IReadOnlyList<string> program, SojournServer server, string directory)
    {
        Task<(LabHost One, LabHost Other)> PairAsync(string name) =>
            LabBench.PairAsync(lab, name, LabNat.PortRestricted);

        var linux = await LabBench.PairAsync(lab, "l", LabNat.Linux);
        List<NetworkSystem> systems =
        [
            await WireGuardPair.MakeAsync(linux.One, linux.Other, Path.Combine(directory, "wireguard")),
            new SojournPair(
                ("Sojourn, direct", program), server, await PairAsync("s"), Path.Combine(directory, "direct")),
            new SojournPair(
                ("Sojourn, relayed", program), server, await PairAsync("r"), Path.Combine(directory, "relayed"),
                isRelayed: true),
        ];
        if (LabBench.Missing(NebulaTools) is { } missing)
        {
            LabBench.Tell($"nebula is left out: {missing}");
            return systems;
        }

        systems.Add(await NebulaPair.MakeAsync(lab, await PairAsync("n"), Path.Combine(directory, "nebula")));
        systems.Add(await NebulaPair.MakeAsync(
            lab, await PairAsync("m"), Path.Combine(directory, "nebula-relayed"), isRelayed: true));
        return systems;
    }

    /// <summary>Has both join, and waits until the way is what it is to be.</summary>
    private static async Task<Line> ConnectAsync(
        NetworkSystem system, List<LabProgram> programs, CancellationToken stop)
    {
        await system.PrepareAsync(stop);
        await using var pinger = await Pinger.BeginAsync(system.One.Machine, system.Places);
        var others = system.Begin(system.Other);
        programs.Add(others);
        var ones = system.Begin(system.One);
        programs.Add(ones);
        var place = await system.FindOtherAsync(ones, Patience, stop);
        await pinger.FirstAnswerAsync(place, Patience, stop);
        await system.FindDirectAsync(ones, others, Patience, stop);
        return new Line(system.Name, system.One, system.Other, place);
    }

    private static async Task MeasureAsync(Line line, int seconds, CancellationToken stop)
    {
        var place = line.Place.ToString();
        var said = await LabProgram.RunAsync(line.From.Machine, stop,
            "ping", "-n", "-i", "0.01", "-c", Text(Pings), "-w", "10", place);
        line.RoundTrips.AddRange(Time().Matches(said).Select(match => Number(match.Groups["ms"].Value)));
        await using var taking = LabProgram.Start(line.To.Machine, "iperf3", "-s", "-1", "--forceflush");
        await taking.WaitForAsync(
            each => each.Contains("listening", StringComparison.OrdinalIgnoreCase), Patience, stop);
        var told = await LabProgram.RunAsync(line.From.Machine, stop,
            "iperf3", "-c", place, "-t", Text(seconds), "-J", "--connect-timeout", "5000");
        line.Rates.Add(JsonElement.Parse(told).GetProperty("end").GetProperty("sum_received")
            .GetProperty("bits_per_second").GetDouble() / 1e6);
    }

    private static void Tell(List<Line> lines)
    {
        LabBench.Tell(
            $"there and back: median, 95 of 100 within; TCP: median (least to most); load {PartyHeartbeats.Load()}");
        foreach (var line in lines)
        {
            var (times, rates) = (line.RoundTrips.Order().ToList(), line.Rates.Order().ToList());
            var there = FormattableString.Invariant(
                $"{times[times.Count / 2]:0.00} ms, {times[times.Count * 95 / 100]:0.00} ms of {times.Count}");
            LabBench.Tell(
                $"{line.Name}: {there}; {rates[rates.Count / 2]:N0} Mbit/s ({rates[0]:N0} to {rates[^1]:N0})");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"time=(?<ms>[0-9.]+) ms", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Time();
}
