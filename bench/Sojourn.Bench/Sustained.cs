using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;

namespace Sojourn.Bench;

/// <summary>The engine at full speed for minutes: what waits for SQLite must not grow, and memory must not.</summary>
internal static class Sustained
{
    private const int Callers = 1000;
    private const int TextLength = 1_940;
    private static readonly TimeSpan Line = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(double minutes)
    {
        var directory = Directory.CreateTempSubdirectory("sojourn-bench-").FullName;
        var store = new JournaledStore(directory, new JournalOptions(), TimeProvider.System, NullLogger.Instance);
        var (engine, ids) = await Engines.StartWithAsync(
            Durability.Durable, DurableCommands.Sessions, TextLength, options => options.Store = _ => store);
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(minutes));
        var done = 0L;
        var working = Race.CallersAsync(Callers, async chance =>
        {
            var answer = await engine.SendAsync(ids[chance.Next(ids.Length)], new CountAloud(1));
            _ = answer.Reply;
            Interlocked.Increment(ref done);
        }, stop.Token);
        Console.WriteLine($"Sustained, {Callers:N0} callers, {DurableCommands.Sessions:N0} sessions at random");
        var clock = Stopwatch.StartNew();
        for (var (before, at) = (0L, TimeSpan.Zero); !working.IsCompleted;)
        {
            await Task.WhenAny(working, Task.Delay(Line));
            var (now, lag) = (Interlocked.Read(ref done), store.Lag);
            var rate = (now - before) / (clock.Elapsed - at).TotalSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {clock.Elapsed.TotalSeconds,6:0} s {rate,10:N0}/s  lag {lag.Changes,9:N0} changes "
                + $"{lag.Bytes >> 20,4} MiB  managed {GC.GetTotalMemory(false) >> 20,5} MiB  "
                + $"process {Environment.WorkingSet >> 20,5} MiB"));
            (before, at) = (now, clock.Elapsed);
        }

        await working;
        await engine.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }
}
