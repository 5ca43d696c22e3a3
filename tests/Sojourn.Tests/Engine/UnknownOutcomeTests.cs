using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Sojourn.Engine;
using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

/// <summary>Commits that were reported as failed and took effect all the same.</summary>
public sealed class UnknownOutcomeTests
{
    private static readonly Policy WriteBehind = TallyKind.DefaultPolicy with
    {
        Durability = Durability.WriteBehind,
        WriteBehindDelay = TimeSpan.FromMinutes(1),
    };

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

    [Fact]
    public async Task A_session_that_is_in_doubt_stays_in_memory_and_is_not_told_as_created_again()
    {
        await using var bench = await Bench.StartAsync(TallyKind.DefaultPolicy with { MaxInMemory = 1 });
        var heard = new ConcurrentQueue<(Happening, SessionKey)>();
        await using var hearing = bench.Sojourn.Subscribe((happening, stop) =>
        {
            heard.Enqueue((happening.What, happening.Session));
            return default;
        });
        await bench.CreateAsync("a");
        await bench.CreateAsync("b");
        await bench.GetAsync("a");
        bench.Store.FailProbes = true;
        bench.Store.Fault = StoreFault.BeforeWriting;
        (await bench.Sojourn.SendAsync("a", new Add(5))).IsAccepted.ShouldBeFalse();
        // Judged on what everybody sees again; without the doubt it could go.
        (await bench.Sojourn.SendAsync("a", new Add(5))).IsAccepted.ShouldBeFalse();
        await bench.GetAsync("b");
        await bench.GetAsync("b");
        bench.Store.FailProbes = false;
        bench.Store.Fault = StoreFault.None;
        await bench.UntilAsync(async () => (await bench.Sojourn.SendAsync("b", new Add(1))).IsAccepted);

        await CountsAreRightAsync(bench);
        await bench.Sojourn.StopAsync();
        heard.Count(told => told == (Happening.Created, Bench.Key("a"))).ShouldBe(1);
    }

    [Fact]
    public async Task What_gathered_during_a_long_failure_comes_to_a_store_that_takes_so_many_changes_at_once()
    {
        const int count = 20_000;
        await using var bench = await Bench.StartAsync(WriteBehind with { MaxInMemory = count });
        bench.Store.MaxChanges = 8192;
        for (var i = 0; i < count; i++)
        {
            await bench.CreateAsync($"s{i}");
        }

        bench.Store.Fault = StoreFault.BeforeWriting;
        await Should.ThrowAsync<SojournException>(() => bench.Sojourn.FlushAsync());
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var before = bench.Store.Commits;
            await bench.UntilAsync(() => Task.FromResult(bench.Store.Commits > before));
        }

        bench.Store.Fault = StoreFault.None;
        await bench.FlushedAsync();

        (await bench.Store.CensusAsync(default)).ByStatus.Sum(status => status.Sessions).ShouldBe(count);
    }

    [Fact]
    public async Task Steps_that_go_to_the_store_in_several_batches_keep_their_order()
    {
        const int count = 3000;
        await using var bench = await Bench.StartAsync(WriteBehind with { MaxInMemory = count });
        var steps = new Func<string, Task>[]
        {
            id => bench.CreateAsync(id),
            id => bench.Sojourn.RemoveAsync(Bench.Key(id)).AsTask(),
            id => bench.CreateAsync(id),
            id => bench.Sojourn.SendAsync(id, new Add(7)).AsTask(),
        };
        foreach (var step in steps)
        {
            for (var i = 0; i < count; i++)
            {
                await step($"s{i}");
            }
        }

        bench.Store.Fault = StoreFault.AfterWriting;
        await Should.ThrowAsync<SojournException>(() => bench.Sojourn.FlushAsync());
        bench.Store.Fault = StoreFault.None;
        await bench.FlushedAsync();

        for (var i = 0; i < count; i++)
        {
            (await bench.Store.LoadAsync(Bench.Key($"s{i}"), default))!.Version.ShouldBe(2);
        }
    }

    [Fact]
    public async Task A_write_behind_step_that_was_written_all_the_same_is_known_to_be()
    {
        await using var bench = await Bench.StartAsync(WriteBehind);
        await bench.CreateAsync("a");
        await bench.Sojourn.SendAsync("a", new Add(5));
        bench.Store.Fault = StoreFault.AfterWriting;
        await Should.ThrowAsync<SojournException>(() => bench.Sojourn.FlushAsync());
        bench.Store.Fault = StoreFault.None;
        await bench.FlushedAsync();

        var known = PartsOf(bench.Sojourn).Kind("tally").CellOf(OwnerId.Local, "a").Parts!;
        (known.Stored?.Version, known.DurableVersion).ShouldBe((2, 2));
        known.Log!.Read(null, 0, 10).ShouldBeNull("the store has them, and nobody watches");
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_parts")]
    private static extern ref EngineParts PartsOf(SojournEngine engine);

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
