using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace Sojourn.Bench;

/// <summary>What an idle session costs in memory beyond its state, beside an entry with a lock in a
/// dictionary.</summary>
internal static class IdleMemory
{
    private const int Sessions = 200_000;
    private const int TextLength = 200;

    public static async Task RunAsync(double seconds)
    {
        _ = seconds;
        Console.WriteLine($"Memory of an idle session, {Sessions:N0} sessions, bytes a session");
        var (states, stateBytes) = Measure(() =>
            Enumerable.Range(0, Sessions).Select(_ => NewState()).ToArray());
        GC.KeepAlive(states);
        // The array's own slot is not the state's.
        stateBytes -= 8;
        Tell("its state alone", stateBytes, null);
        var (byHand, handBytes) = Measure(() =>
        {
            var all = new ConcurrentDictionary<string, Entry>();
            for (var i = 0; i < Sessions; i++)
            {
                all[Name(i)] = new Entry(NewState());
            }

            return all;
        });
        GC.KeepAlive(byHand);
        Tell("limit: dictionary entry with a lock, its name included", handBytes, stateBytes);
        await TellEngineAsync("Sojourn, volatile, in memory", Durability.Volatile, int.MaxValue, stateBytes);
        await TellEngineAsync("Sojourn, durable, in memory", Durability.Durable, int.MaxValue, stateBytes);
        await TellEngineAsync("Sojourn, durable, passivated", Durability.Durable, 1, stateBytes);
    }

    private static async Task TellEngineAsync(string name, Durability durability, int inMemory, double stateBytes)
    {
        var directory = Directory.CreateTempSubdirectory("sojourn-bench-");
        try
        {
            var services = new ServiceCollection();
            services.AddSojourn(options =>
            {
                if (durability != Durability.Volatile)
                {
                    options.UseSqlite(directory.FullName);
                }
            }).AddKind(new MeterKind(durability, inMemory));
            await using var provider = services.BuildServiceProvider();
            var engine = provider.GetRequiredService<SojournEngine>();
            await engine.StartAsync();
            // Whatever is made once is made before.
            await FillAsync(engine, "w", 1000);
            var before = await SettledAsync(engine);
            await FillAsync(engine, "m", Sessions);
            var bytes = (double)(await SettledAsync(engine) - before) / Sessions;
            Tell(name, bytes, inMemory == 1 ? 0 : stateBytes);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static Task FillAsync(SojournEngine engine, string prefix, int count) =>
        Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (i, stop) =>
        {
            var options = new CreateOptions { Id = $"{prefix}{i}" };
            _ = (await engine.CreateAsync(new StartMeter(TextLength), options, stop)).Reply;
        });

    /// <summary>The heap once nothing is on its way to the store any more.</summary>
    private static async Task<long> SettledAsync(SojournEngine engine)
    {
        await engine.FlushAsync();
        while ((await engine.StatisticsAsync()).Store is { LagChanges: > 0 } or { PendingSteps: > 0 })
        {
            await Task.Delay(100);
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static (T Made, double BytesEach) Measure<T>(Func<T> make)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var made = make();
        return (made, (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Sessions);
    }

    private static void Tell(string name, double bytes, double? state)
    {
        var above = state is null
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"   {bytes - state,8:N0} above its state");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-58} {bytes,8:N0}{above}"));
    }

    private static Meter NewState() => new(0, new string('x', TextLength), DateTimeOffset.UnixEpoch);

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"m{i}");

    private sealed class Entry(Meter meter)
    {
        public Lock Gate { get; } = new();

        public Meter Meter { get; set; } = meter;
    }
}
