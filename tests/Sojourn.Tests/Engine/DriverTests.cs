using System.Collections.Concurrent;
using System.Threading.Channels;
using Sojourn.Stores;
using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

public sealed class DriverTests
{
    private static readonly Policy Working = TallyKind.DefaultPolicy with { MaxDriven = 2 };

    public static TheoryData<Durability> Durabilities =>
        [Durability.Durable, Durability.WriteBehind, Durability.Volatile];

    [Theory]
    [MemberData(nameof(Durabilities))]
    public async Task A_busy_session_is_driven_until_it_is_done(Durability durability)
    {
        var driver = new ScriptedDriver(async (session, stop) =>
        {
            await session.SendAsync(new Report(4), stop);
            await session.SendAsync(new Move("done"), stop);
        });
        await using var bench = await Bench.StartAsync(
            Working with { Durability = durability }, driver: () => driver);
        await bench.CreateAsync("a", "working");
        await bench.Sojourn.FlushAsync();

        (await bench.WaitForAsync("reported")).Data<Reported>().Part.ShouldBe(4);
        await driver.Ended();

        var seen = await bench.GetAsync();
        (seen.Status, seen.State.Total, seen.State.Note).ShouldBe(("done", 4, ""));
    }

    [Fact]
    public async Task Only_so_many_are_driven_at_once_and_the_oldest_first()
    {
        var started = Channel.CreateUnbounded<SessionKey>();
        using var gate = new SemaphoreSlim(0);
        var driver = new ScriptedDriver(async (session, stop) =>
        {
            await started.Writer.WriteAsync(session.Key, stop);
            await gate.WaitAsync(stop);
            await session.SendAsync(new Move("done"), stop);
        });
        await using var bench = await Bench.StartAsync(Working, driver: () => driver);
        bench.Store.Hold();
        var creating = Enumerable.Range(0, 4).Select(i => bench.CreateAsync($"s{i}", "working")).ToList();
        await bench.Store.Held();
        bench.Store.Release();
        await Task.WhenAll(creating);

        var first = new[] { await NextAsync(), await NextAsync() };
        started.Reader.TryRead(out _).ShouldBeFalse();
        gate.Release(2);
        var then = new[] { await NextAsync(), await NextAsync() };
        gate.Release(2);

        first.Concat(then).Distinct().Count().ShouldBe(4);
        first.Select(key => key.Id.ToString()).Order(StringComparer.Ordinal).ShouldBe(["s0", "s1"]);
        ValueTask<SessionKey> NextAsync() => started.Reader.ReadAsync(Bench.Patience());
    }

    [Fact]
    public async Task Cancellation_reaches_the_driver_when_the_session_leaves_its_busy_status_or_is_removed()
    {
        var started = Channel.CreateUnbounded<string>();
        var cancelled = Channel.CreateUnbounded<string>();
        var driver = new ScriptedDriver(async (session, stop) =>
        {
            await started.Writer.WriteAsync(session.Key.Id.ToString(), stop);
            try
            {
                await Forever(stop);
            }
            finally
            {
                await cancelled.Writer.WriteAsync(session.Key.Id.ToString(), CancellationToken.None);
            }
        });
        await using var bench = await Bench.StartAsync(Working, driver: () => driver);
        await bench.CreateAsync("a", "working");
        await bench.CreateAsync("b", "working");
        await started.Reader.ReadAsync(Bench.Patience());
        await started.Reader.ReadAsync(Bench.Patience());

        await bench.Sojourn.SendAsync("a", new Move("open"));
        (await cancelled.Reader.ReadAsync(Bench.Patience())).ShouldBe("a");
        await bench.Sojourn.RemoveAsync(Bench.Key("b"));
        (await cancelled.Reader.ReadAsync(Bench.Patience())).ShouldBe("b");

        (await bench.GetAsync()).State.Note.ShouldBe("");
    }

    [Fact]
    public async Task A_driver_that_fails_is_reported_to_the_rules_and_tried_again_after_a_pause()
    {
        var attempts = 0;
        var driver = new ScriptedDriver(async (session, stop) =>
        {
            if (Interlocked.Increment(ref attempts) == 1)
            {
                throw new InvalidOperationException("The model is asleep.");
            }

            await session.SendAsync(new Move("done"), stop);
        });
        await using var bench = await Bench.StartAsync(Working, driver: () => driver);
        await bench.CreateAsync("a", "working");

        var ended = (await bench.WaitForAsync("ended")).Data<Ended>();
        ended.ShouldBe(new Ended("The model is asleep.", 1));
        await bench.UntilAsync(async () => (await bench.GetAsync()).Status == "done");

        attempts.ShouldBe(2);
    }

    [Fact]
    public async Task Those_whose_drivers_failed_are_each_tried_again_after_a_pause_of_their_own()
    {
        var attempts = new ConcurrentDictionary<SessionId, int>();
        var driver = new ScriptedDriver(async (session, stop) =>
        {
            var attempt = attempts.AddOrUpdate(session.Key.Id, 1, (_, before) => before + 1);
            if (session.Key.Id.ToString() == "short")
            {
                await session.SendAsync(new Move("done"), stop);
            }
            else if (attempt == 1)
            {
                throw new InvalidOperationException("The model is asleep.");
            }
            else
            {
                await Forever(stop);
            }
        });
        await using var bench = await Bench.StartAsync(Working, driver: () => driver);
        await bench.CreateAsync("long", "working");
        (await bench.WaitForAsync("ended", "long")).Data<Ended>().Attempts.ShouldBe(1);

        // Its driver returns at once, and asks for no pause.
        await bench.CreateAsync("short", "working");
        await bench.UntilAsync(async () => (await bench.GetAsync("short")).IsFinal, TimeSpan.Zero);

        await bench.UntilAsync(
            () => Task.FromResult(attempts.GetValueOrDefault("long") == 2), TimeSpan.FromSeconds(2));
        bench.Clock.GetUtcNow().ShouldBeLessThan(new DateTimeOffset(2026, 1, 1, 12, 0, 5, TimeSpan.Zero));
    }

    [Fact]
    public async Task Attempts_are_those_of_one_run_also_if_it_ended_while_nobody_drove_it()
    {
        var driver = new ScriptedDriver((session, stop) =>
            throw new InvalidOperationException("The model is asleep."));
        await using var bench = await Bench.StartAsync(Working, driver: () => driver);
        var dispatcher = bench.Sojourn.DispatcherOf("tally")!;
        await bench.CreateAsync("a", "working");
        (await bench.WaitForAsync("ended")).Data<Ended>().Attempts.ShouldBe(1);
        await bench.UntilAsync(() => Task.FromResult(dispatcher.Driven == 0), TimeSpan.Zero);
        dispatcher.Remembered.ShouldBe(1);

        await bench.Sojourn.SendAsync("a", new Move("open"));
        await bench.UntilAsync(() => Task.FromResult(dispatcher.Remembered == 0), TimeSpan.Zero);
        await bench.Sojourn.SendAsync("a", new Move("working"));
        var before = (await bench.GetAsync()).LastEvent;
        await bench.UntilAsync(async () => (await bench.GetAsync()).LastEvent > before);

        (await bench.WaitForAsync("ended", after: before)).Data<Ended>().Attempts.ShouldBe(1);
        await bench.UntilAsync(() => Task.FromResult(dispatcher.Driven == 0), TimeSpan.Zero);
        await bench.Sojourn.RemoveAsync(Bench.Key("a"));
        await bench.UntilAsync(() => Task.FromResult(dispatcher.Remembered == 0), TimeSpan.Zero);
    }

    [Fact]
    public async Task A_stop_parks_the_driver_and_the_next_start_goes_on_under_a_new_term()
    {
        var store = new MemoryStore();
        var terms = new List<long>();
        var started = Channel.CreateUnbounded<long>();
        var first = new ScriptedDriver(async (session, stop) =>
        {
            await session.SendAsync(new Report(1), stop);
            await started.Writer.WriteAsync(session.Term, stop);
            await Forever(stop);
        });
        await using (var bench = await Bench.StartAsync(Working, store, driver: () => first))
        {
            await bench.CreateAsync("a", "working");
            terms.Add(await started.Reader.ReadAsync(Bench.Patience()));
            (await bench.Sojourn.StopAsync()).StillDriven.ShouldBeEmpty();
        }

        var second = new ScriptedDriver(async (session, stop) =>
        {
            (await session.ReadAsync(stop)).State.Total.ShouldBe(1);
            terms.Add(session.Term);
            await session.SendAsync(new Report(2), stop);
            await session.SendAsync(new Move("done"), stop);
        });
        await using var later = await Bench.StartAsync(Working, store, driver: () => second);
        await second.Ended();

        terms.ShouldBe([1L, 2]);
        (await later.GetAsync()).State.ShouldBe(new Tally(3, "done"));
    }

    [Fact]
    public async Task A_driver_whose_lease_was_taken_cannot_commit_and_is_told_to_stop()
    {
        var store = new MemoryStore();
        var answer = new TaskCompletionSource<Answer<Nothing>>();
        var started = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        var driver = new ScriptedDriver(async (session, stop) =>
        {
            started.TrySetResult();
            await go.Task;
            answer.TrySetResult(await session.SendAsync(new Report(1), CancellationToken.None));
        });
        await using var bench = await Bench.StartAsync(Working, store, driver: () => driver);
        await bench.CreateAsync("a", "working");
        await started.Task;

        // Another node, for which this one has been silent too long.
        var late = bench.Clock.GetUtcNow().AddMinutes(11);
        var taken = await store.ClaimAsync(new LeaseClaim("tally", "other-node", late, late.AddMinutes(1), 10));
        go.SetResult();

        taken.Single().Term.ShouldBe(2);
        (await answer.Task).Problem!.Type.ShouldBe(ProblemTypes.LeaseLost);
        (await bench.GetAsync()).State.Total.ShouldBe(0);
    }

    [Fact]
    public async Task A_report_whose_commit_had_an_unknown_outcome_counts_once()
    {
        var go = new TaskCompletionSource();
        var driver = new ScriptedDriver(async (session, stop) =>
        {
            await go.Task;
            await session.SendAsync(new Report(5), stop);
            await session.SendAsync(new Report(7), stop);
            await session.SendAsync(new Move("done"), stop);
        });
        await using var bench = await Bench.StartAsync(Working, driver: () => driver);
        await bench.CreateAsync("a", "working");
        bench.Store.Fault = StoreFault.AfterWriting;
        go.SetResult();
        await bench.UntilAsync(() => Task.FromResult(bench.Sojourn.Health.Critical is not null));

        bench.Store.Fault = StoreFault.None;
        await bench.UntilAsync(async () => (await bench.GetAsync()).Status == "done");

        (await bench.GetAsync()).State.Total.ShouldBe(12);
        (await bench.Sojourn.ReadEventsAsync(Bench.Key("a"), 1, 10)).Select(e => e.Type)
            .ShouldBe(["reported", "reported"]);
    }

    [Fact]
    public async Task One_that_is_taken_up_while_memory_is_full_stays_there_and_is_driven()
    {
        var attempts = new ConcurrentDictionary<SessionId, bool>();
        var started = Channel.CreateUnbounded<SessionKey>();
        using var gate = new SemaphoreSlim(0);
        var answers = Channel.CreateUnbounded<Answer<Nothing>>();
        var driver = new ScriptedDriver(async (session, stop) =>
        {
            if (attempts.TryAdd(session.Key.Id, true))
            {
                await started.Writer.WriteAsync(session.Key, stop);
                await gate.WaitAsync(stop);
                throw new InvalidOperationException("The model is asleep.");
            }

            var answer = await session.SendAsync(new Report(1), CancellationToken.None);
            await answers.Writer.WriteAsync(answer, CancellationToken.None);
            await Forever(stop);
        });
        await using var bench = await Bench.StartAsync(Working with { MaxInMemory = 1 }, driver: () => driver);
        var heard = new ConcurrentDictionary<string, bool>();
        bench.Sojourn.Subscribe((happening, stop) =>
        {
            heard[$"{happening.What} {happening.Session.Id}"] = true;
            return default;
        });
        await bench.CreateAsync("watched");
        await using var news = bench.Sojourn.WatchAsync(Bench.Key("watched"), 1, Bench.Patience())
            .GetAsyncEnumerator();
        var seen = news.MoveNextAsync().AsTask();
        for (var round = 0; round < 20; round++)
        {
            var (id, others) = ($"s{round}", 0);
            await bench.CreateAsync(id, "working");
            await started.Reader.ReadAsync(Bench.Patience());
            await bench.CreateAsync($"mark{round}");
            await bench.UntilAsync(
                () => Task.FromResult(heard.ContainsKey($"Created mark{round}")), TimeSpan.Zero);
            // It may have left memory before it was driven. From here on it does when its driver has failed.
            heard.Clear();
            gate.Release();
            await bench.UntilAsync(async () =>
            {
                await bench.CreateAsync($"other{round}-{others++}");
                return heard.ContainsKey($"Passivated {id}");
            }, TimeSpan.Zero);

            // Whoever comes into memory now is the one that has to leave it: the other one is watched.
            bench.Store.HoldLoads();
            var held = bench.Store.Held();
            await bench.UntilAsync(() => Task.FromResult(held.IsCompleted));
            bench.Store.Release();

            (await answers.Reader.ReadAsync(Bench.Patience())).Problem.ShouldBeNull();
            await bench.Sojourn.RemoveAsync(Bench.Key(id));
        }

        await bench.Sojourn.SendAsync("watched", new Add(1));
        (await seen).ShouldBeTrue();
    }

    private static Task Forever(CancellationToken stop) => new TaskCompletionSource().Task.WaitAsync(stop);

    private sealed class ScriptedDriver(Func<DrivenSession<Tally>, CancellationToken, Task> script) : IDriver<Tally>
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task DriveAsync(DrivenSession<Tally> session, CancellationToken stop)
        {
            try
            {
                await script(session, stop);
            }
            finally
            {
                _ended.TrySetResult();
            }
        }

        public Task Ended() => _ended.Task.WaitAsync(Bench.Patience());
    }
}
