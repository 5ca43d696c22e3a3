using System.Globalization;
using Sojourn.Bench;
using Sojourn.Bench.Parties;

if (await OwnProcesses.TryRunAsync(args))
    return;

// Each figure stands beside a limit that was measured in the same run, alternately with it: on a shared machine only
// the ratio means something. `--quick` takes a tenth of the time; names choose what is measured.
var quick = args.Contains("--quick");
var chosen = args.Where(arg => !arg.StartsWith('-')).ToHashSet(StringComparer.OrdinalIgnoreCase);
var seconds = quick ? 0.3 : 2.0;
(string Name, Func<double, Task> Run)[] all =
[
    ("volatile", VolatileCommands.RunAsync),
    ("durable", DurableCommands.RunAsync),
    ("http", HttpCommands.RunAsync),
    ("attack", Attack.RunAsync),
    ("memory", IdleMemory.RunAsync),
    ("streams", Streams.RunAsync),
    ("million", Million.RunAsync),
    ("console", ConsolePages.RunAsync),
    ("explorer", ExplorerBots.RunAsync),
    ("agents", AgentTerminals.RunAsync),
    ("play", PlaySessions.RunAsync),
    ("saves", SaveTimes.RunAsync),
    ("party-heartbeats", PartyHeartbeats.RunAsync),
    ("party-join", PartyJoin.RunAsync),
    ("party-traffic", PartyTraffic.RunAsync),
];
Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}");
// For minutes, so only if asked for: `sustained 5`.
if (Array.IndexOf(args, "sustained") is >= 0 and var at)
{
    var minutes = at + 1 < args.Length ? double.Parse(args[at + 1], CultureInfo.InvariantCulture) : 1;
    await Sustained.RunAsync(minutes);
    return;
}

foreach (var (name, run) in all.Where(bench => chosen.Count == 0 || chosen.Contains(bench.Name)))
{
    Console.WriteLine();
    await run(seconds);
}
