using System.Collections.Concurrent;
using Sojourn.Stores;
using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

/// <summary>A session that cannot be read, seen by those who want it, and by those who do not.</summary>
public sealed class DamageTests
{
    [Fact]
    public async Task A_damaged_session_that_is_read_again_and_again_is_told_and_kept_aside_once()
    {
        var store = new MemoryStore();
        await using (var before = await Bench.StartAsync(store: store))
        {
            await before.CreateAsync("a", "working");
        }

        // The status of the stored session is none of this kind's any more: it cannot be read.
        await using var bench = await Bench.StartAsync(new Policy(), store: store);
        var heard = new ConcurrentQueue<Happening>();
        bench.Sojourn.Subscribe((happening, stop) =>
        {
            heard.Enqueue(happening.What);
            return default;
        });
        for (var i = 0; i < 20; i++)
        {
            (await bench.Sojourn.GetAsync<Tally>("a")).Problem!.Type.ShouldBe(ProblemTypes.Damaged);
        }

        (await bench.Sojourn.StatisticsAsync()).Kinds.Single().Activity!.Damaged.ShouldBe(1);
        await bench.Sojourn.StopAsync();
        heard.Count(what => what == Happening.Damaged).ShouldBe(1);
    }
}
