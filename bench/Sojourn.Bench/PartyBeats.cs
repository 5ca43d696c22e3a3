using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Sojourn.Kinds.Parties;
using Sojourn.Parties;

namespace Sojourn.Bench;

/// <summary>
/// Heartbeats straight at an engine on the embedded store, in a process of its own whose flushes of the disk are
/// counted from outside: <c>sojourn-bench party-beats DIRECTORY WAY SECONDS</c>.
/// </summary>
internal static class PartyBeats
{
    public const string Verb = "party-beats", Behind = "behind", Flushed = "flushed", OneByOne = "one-by-one";

    // Of so many members each is heard of every 1.6 s: what comes within a second of the last takes no step.
    private const int Parties = 2_000, PerSecond = 10_000, TicksPerSecond = 100;

    private static readonly TimeSpan OneTick = TimeSpan.FromSeconds(1.0 / TicksPerSecond);

    /// <summary>Runs that process, under strace if there is one, and tells what it cost.</summary>
    public static async Task TellAsync(string directory, string way, double seconds)
    {
        var calls = directory + ".strace";
        string[] own = [Environment.ProcessPath!, Verb, directory, way, seconds.ToString(CultureInfo.InvariantCulture)];
        string[] traced =
        [
            "strace", "-f", "--seccomp-bpf", "-ttt", "-e", "trace=fsync,fdatasync,sync_file_range", "-o", calls, .. own,
        ];
        Process process;
        try
        {
            process = Start(traced);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            process = Start(own);
        }

        using (process)
        {
            var line = await process.StandardOutput.ReadLineAsync() ?? throw new IOException("It ended at once.");
            await process.WaitForExitAsync();
            var told = line.Split('|');
            var from = double.Parse(told[0], CultureInfo.InvariantCulture);
            var to = double.Parse(told[1], CultureInfo.InvariantCulture);
            var flushes = !File.Exists(calls) ? "not counted, without strace"
                : string.Create(CultureInfo.InvariantCulture, $"{CountIn(calls, from, to) / (to - from):0.0}/s");
            Console.WriteLine($"  {told[2]}, flushes of the disk {flushes}, load {PartyHeartbeats.Load()}");
        }
    }

    public static async Task RunAsync(string directory, string way, double seconds)
    {
        var commits = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "sojourn.commit.duration")
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref commits));
        listener.Start();
        var services = new ServiceCollection();
        services.AddSojourn(options => options.UseSqlite(directory)).AddParties();
        await using var provider = services.BuildServiceProvider();
        var engine = provider.GetRequiredService<SojournEngine>();
        await engine.StartAsync();
        await SimulatedParties.SeedAsync(engine, Parties);
        var ids = Enumerable.Range(0, Parties * SimulatedParties.Members).Select(at => (
            Party: (SessionId)$"p{at / SimulatedParties.Members}",
            Beat: new Heartbeat(SimulatedParties.IdOf(at / SimulatedParties.Members, at % SimulatedParties.Members))))
            .ToArray();

        var (began, cpu, from) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, Now());
        commits = 0;
        var times = way == OneByOne
            ? await OneByOneAsync(began, seconds, BeatAsync) : await PacedAsync(began, seconds, BeatAsync);
        var (took, to) = (Stopwatch.GetElapsedTime(began).TotalSeconds, Now());
        times.Sort();
        var busy = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds / took * 100;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{from:F6}|{to:F6}|heartbeats, {way}: {times.Count / took:N0}/s, p50 {times[times.Count / 2]:0.000} ms, "
            + $"p99 {times[times.Count * 99 / 100]:0.000} ms, {busy:0} % of a processor, "
            + $"commits {commits / took:0.0}/s"));

        async Task<double> BeatAsync(int number)
        {
            var asked = Stopwatch.GetTimestamp();
            var (party, beat) = ids[number % ids.Length];
            var answer = await engine.SendAsync(party, beat);
            _ = answer.Reply;
            if (way != Behind)
                await engine.FlushAsync();
            return Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
        }
    }

    private static async Task<List<double>> OneByOneAsync(long began, double seconds, Func<int, Task<double>> beatAsync)
    {
        var times = new List<double>();
        for (var number = 0; Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; number++)
            times.Add(await beatAsync(number));
        return times;
    }

    /// <summary>As many as are due, none of which waits for another.</summary>
    private static async Task<List<double>> PacedAsync(long began, double seconds, Func<int, Task<double>> beatAsync)
    {
        var beats = new List<Task<double>>();
        using var timer = new PeriodicTimer(OneTick);
        while (Stopwatch.GetElapsedTime(began).TotalSeconds is var now && now < seconds)
        {
            for (var due = (int)(now * PerSecond); beats.Count < due;)
                beats.Add(beatAsync(beats.Count));
            await timer.WaitForNextTickAsync();
        }

        return [.. await Task.WhenAll(beats)];
    }

    private static int CountIn(string calls, double from, double to) => File.ReadLines(calls)
        // Process, time, and call; one that another's comes between goes on in a line of its own.
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Count(words => words.Length > 2 && words[2].Contains("sync", StringComparison.Ordinal) && words[2][0] != '<'
            && double.Parse(words[1], CultureInfo.InvariantCulture) is var at && at >= from && at <= to);

    private static double Now() => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;

    private static Process Start(string[] words)
    {
        var start = new ProcessStartInfo(words[0]) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var word in words.Skip(1))
            start.ArgumentList.Add(word);
        return Process.Start(start)!;
    }
}
