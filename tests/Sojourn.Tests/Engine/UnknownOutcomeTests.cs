using System.Collections.Concurrent;
using Sojourn.Stores;
using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

/// <summary>Commits that were reported as failed and took effect all the same.</summary>
public sealed class UnknownOutcomeTests
{
    [Fact]
    public async Task A_removal_is_counted_and_told_once()
    {
        await using var bench = await Bench.StartAsync();
        await bench.CreateAsync("a");
        await bench.CreateAsync("b");
        var heard = new ConcurrentQueue<(Happening, SessionKey)>();
        await using var hearing = bench.Sojourn.Subscribe((happening, stop) =>
        {
            heard.Enqueue((happening.What, happening.Session));
            return default;
        });

        bench.Store.Fault = StoreFault.AfterWriting;
        (await bench.Sojourn.RemoveAsync(Bench.Key("a"))).Problem!.Type.ShouldBe(ProblemTypes.StoreUnavailable);
        bench.Store.Fault = StoreFault.None;
        await bench.UntilAsync(async () => (await BeginAsync(bench, "c")).IsAccepted);
        var again = await bench.Sojourn.RemoveAsync(Bench.Key("a"));

        again.Problem!.Type.ShouldBe(ProblemTypes.NotFound);
        await CountsAreRightAsync(bench);
        await bench.Sojourn.StopAsync();
        heard.ShouldBe([(Happening.Removed, Bench.Key("a")), (Happening.Created, Bench.Key("c"))]);
    }

    [Fact]
    public async Task A_step_is_seen_as_soon_as_the_store_takes_another()
    {
        await using var bench = await Bench.StartAsync();
        await bench.CreateAsync("a");
        bench.Store.Fault = StoreFault.AfterWriting;
        (await bench.Sojourn.SendAsync("a", new Add(5))).IsAccepted.ShouldBeFalse();
        (await BeginAsync(bench, "b")).IsAccepted.ShouldBeFalse();
        bench.Store.Fault = StoreFault.None;
        await bench.UntilAsync(async () => (await BeginAsync(bench, "c")).IsAccepted);

        (await bench.GetAsync()).State.Total.ShouldBe(5);
        (await bench.WaitForAsync("added", after: 1)).Data<Added>().Total.ShouldBe(5);
        await CountsAreRightAsync(bench);
    }

    [Fact]
    public async Task While_nothing_can_be_read_nothing_is_decided_on_what_may_be_old()
    {
        await using var bench = await Bench.StartAsync();
        await bench.CreateAsync("a");
        await bench.CreateAsync("b");
        bench.Store.Fault = StoreFault.AfterWriting;
        (await bench.Sojourn.RemoveAsync(Bench.Key("a"))).IsAccepted.ShouldBeFalse();
        bench.Store.Fault = StoreFault.None;
        bench.Store.FailReads = true;
        await bench.UntilAsync(async () => (await bench.Sojourn.SendAsync("b", new Add(1))).IsAccepted);

        (await bench.Sojourn.SendAsync("a", new Add(1))).Problem!.Type.ShouldBe(ProblemTypes.StoreUnavailable);
        bench.Store.FailReads = false;
        (await bench.Sojourn.SendAsync("a", new Add(1))).Problem!.Type.ShouldBe(ProblemTypes.NotFound);
        await bench.UntilAsync(async () =>
        {
            await bench.Sojourn.SendAsync("b", new Add(1));
            return (await bench.Sojourn.StatisticsAsync()).Kinds.Single().Sessions == 1;
        });
        await CountsAreRightAsync(bench);
    }

    private static ValueTask<Answer<SessionView<Tally>>> BeginAsync(Bench bench, string id) =>
        bench.Sojourn.CreateAsync(new StartTally(), new CreateOptions { Id = id });

    private static async Task CountsAreRightAsync(Bench bench)
    {
        var counted = (await bench.Sojourn.StatisticsAsync()).Kinds.Single();
        var census = (await bench.Store.CensusAsync(default)).ByStatus;
        var sessions = census.Sum(count => count.Sessions);
        (counted.Sessions, counted.ByStatus["open"], counted.Bytes)
            .ShouldBe((sessions, sessions, census.Sum(count => count.Bytes)));
    }
}
