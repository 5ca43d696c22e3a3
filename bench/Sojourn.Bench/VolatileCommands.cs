using System.Collections.Concurrent;

namespace Sojourn.Bench;

/// <summary>A command on a session in memory, beside the least that anybody could write by hand.</summary>
internal static class VolatileCommands
{
    private const int Sessions = 10_000;
    private const int TextLength = 200;
    private const int Burst = 100;

    public static async Task RunAsync(double seconds)
    {
        var byHand = new ConcurrentDictionary<string, Entity>();
        var names = new string[Sessions];
        for (var i = 0; i < Sessions; i++)
        {
            names[i] = $"m{i}";
            byHand[names[i]] = new Entity(new Meter(0, new string('x', TextLength), DateTimeOffset.UtcNow));
        }

        var (engine, ids) = await Engines.StartAsync(Durability.Volatile, Sessions, TextLength, null);
        await using var running = engine;
        foreach (var callers in (int[])[1, 64])
        {
            await Race.RunAsync(
                $"Volatile commands, {callers} caller(s), {Sessions:N0} sessions at random",
                seconds,
                new Runner("limit: dictionary lookup + lock + record copy", stop => CallAsync(callers, chance =>
                {
                    for (var i = 0; i < Burst; i++)
                    {
                        byHand[names[chance.Next(Sessions)]].Add(1);
                    }

                    return default;
                }, stop)),
                new Runner("Sojourn: SendAsync", stop => CallAsync(callers, async chance =>
                {
                    for (var i = 0; i < Burst; i++)
                    {
                        var answer = await engine.SendAsync(ids[chance.Next(Sessions)], new Count(1));
                        _ = answer.Reply;
                    }
                }, stop)));
        }
    }

    // In bursts, so that what is measured is the call and not the loop around it.
    private static async Task<long> CallAsync(
        int callers, Func<Random, ValueTask> burstAsync, CancellationToken stop) =>
        Burst * await Race.CallersAsync(callers, burstAsync, stop);

    private sealed class Entity(Meter meter)
    {
        private readonly Lock _gate = new();
        private Meter _meter = meter;

        // The time is not read: a record copy is the limit, a clock is what the engine adds.
        public void Add(int by)
        {
            lock (_gate)
            {
                _meter = _meter with { Count = _meter.Count + by };
            }
        }
    }
}
