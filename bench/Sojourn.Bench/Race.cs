using System.Diagnostics;
using System.Globalization;

namespace Sojourn.Bench;

/// <summary>One that runs beside others: does its work until told to stop, and says how often it did it.</summary>
internal sealed record Runner(string Name, Func<CancellationToken, Task<long>> RunAsync);

/// <summary>Runs several alternately, and compares the medians of their rates.</summary>
internal static class Race
{
    private const int Rounds = 5;

    /// <param name="title">What is compared.</param>
    /// <param name="seconds">How long each runs in each round.</param>
    /// <param name="runners">The first is the limit that the others are measured by.</param>
    public static async Task RunAsync(string title, double seconds, params Runner[] runners)
    {
        foreach (var runner in runners)
        {
            await MeasureAsync(runner, seconds / 2);
        }

        var rates = runners.ToDictionary(runner => runner, _ => new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var runner in runners)
            {
                rates[runner].Add(await MeasureAsync(runner, seconds));
            }
        }

        Console.WriteLine(title);
        var limit = Median(rates[runners[0]]);
        foreach (var runner in runners)
        {
            var rate = Median(rates[runner]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {runner.Name,-58} {rate,12:N0}/s {1e9 / rate,10:N0} ns {limit / rate,7:0.00}x"));
        }
    }

    private static async Task<double> MeasureAsync(Runner runner, double seconds)
    {
        GC.Collect();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var clock = Stopwatch.StartNew();
        var count = await runner.RunAsync(stop.Token);
        return count / clock.Elapsed.TotalSeconds;
    }

    private static double Median(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);

    /// <summary>Callers who each do one thing after another.</summary>
    public static async Task<long> CallersAsync(
        int callers, Func<Random, ValueTask> callAsync, CancellationToken stop)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var chance = new Random(caller);
            var count = 0L;
            for (; !stop.IsCancellationRequested; count++)
            {
                await callAsync(chance);
                if (callers > 1 && (count & 15) == 15)
                {
                    // More callers than processors: those who never wait for anything must let the others in.
                    await Task.Yield();
                }
            }

            return count;
        })));
        return counts.Sum();
    }
}
