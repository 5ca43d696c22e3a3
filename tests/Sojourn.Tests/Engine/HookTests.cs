using System.Collections.Concurrent;
using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

/// <summary>What subscribers in the process hear, and what they cannot do to others.</summary>
public sealed class HookTests
{
    [Theory]
    [InlineData(Durability.Durable)]
    [InlineData(Durability.WriteBehind)]
    [InlineData(Durability.Volatile)]
    public async Task A_life_is_told_from_its_beginning_to_its_end(Durability durability)
    {
        await using var bench = await Bench.StartAsync(Policy(durability));
        var heard = Hear(bench);
        await bench.CreateAsync("a");
        await bench.Sojourn.SendAsync("a", new Add(1));
        await bench.Sojourn.SendAsync("a", new Move("working"));
        await bench.Sojourn.SendAsync("a", new Add(1));
        await bench.Sojourn.SendAsync("a", new Move("done"));
        bench.Clock.Advance(TimeSpan.FromHours(1));
        await bench.UntilAsync(async () => (await bench.Sojourn.CountAsync(new())) == 0);
        await bench.CreateAsync("b", "broken");
        await bench.Sojourn.RemoveAsync(Bench.Key("b"));
        await bench.CreateAsync("c");
        await bench.Sojourn.SendAsync("c", new Move("broken"));

        await bench.Sojourn.StopAsync();
        heard.Where(one => one.What != Happening.Passivated)
            .Select(one => $"{one.Session.Id} {one.What}").ShouldBe(
        [
            "a Created", "a Changed", "a Changed", "a Progressed", "a Completed", "a Expired", "b Created",
            "b Removed", "c Created", "c Failed",
        ]);
        var progressed = heard.Single(one => one.What == Happening.Progressed);
        (progressed.View!.Version, progressed.PreviousStatus).ShouldBe((4, "working"));
        progressed.Events.Single().Data<Added>().Total.ShouldBe(2);
    }

    [Fact]
    public async Task Nothing_is_told_that_a_power_cut_could_take_back()
    {
        await using var bench = await Bench.StartAsync();
        var heard = Hear(bench);
        await bench.CreateAsync("a");
        bench.Store.Fault = StoreFault.BeforeWriting;
        (await bench.Sojourn.SendAsync("a", new Add(1))).IsAccepted.ShouldBeFalse();
        bench.Store.Fault = StoreFault.None;

        await bench.Sojourn.StopAsync();
        heard.Select(one => one.What).ShouldBe([Happening.Created]);
    }

    [Fact]
    public async Task One_that_throws_hears_the_rest_and_disturbs_nobody()
    {
        await using var bench = await Bench.StartAsync();
        var calls = 0;
        bench.Sojourn.Subscribe((happening, stop) => ++calls == 1
            ? throw new InvalidOperationException("A subscriber's bug.")
            : default);
        var heard = Hear(bench);

        await bench.CreateAsync("a");
        await bench.Sojourn.SendAsync("a", new Add(1));

        await bench.Sojourn.StopAsync();
        calls.ShouldBe(2);
        heard.Count.ShouldBe(2);
    }

    [Fact]
    public async Task One_that_is_too_slow_holds_up_nobody_and_is_told_how_much_it_missed()
    {
        await using var bench = await Bench.StartAsync();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var heard = new ConcurrentQueue<SessionHappening>();
        bench.Sojourn.Subscribe(
            async (happening, stop) =>
            {
                heard.Enqueue(happening);
                begun.TrySetResult();
                await held.Task.WaitAsync(stop);
            },
            queue: 2);
        await bench.CreateAsync("a");
        await begun.Task.WaitAsync(Bench.Patience());

        for (var i = 0; i < 10; i++)
        {
            await bench.Sojourn.SendAsync("a", new Add(1));
        }

        held.SetResult();
        await bench.UntilAsync(() => Task.FromResult(heard.Count == 4));
        heard.Select(one => one.What).ShouldBe(
            [Happening.Created, Happening.Missed, Happening.Changed, Happening.Changed]);
        heard.ElementAt(1).Missed.ShouldBe(8);
    }

    [Fact]
    public async Task One_that_left_hears_no_more_and_may_leave_while_it_is_told()
    {
        await using var bench = await Bench.StartAsync();
        var calls = 0;
        IAsyncDisposable? subscription = null;
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        subscription = bench.Sojourn.Subscribe(async (happening, stop) =>
        {
            calls++;
            await subscription!.DisposeAsync();
            left.SetResult();
        });

        await bench.CreateAsync("a");
        await left.Task.WaitAsync(Bench.Patience());
        await bench.CreateAsync("b");

        await bench.Sojourn.StopAsync();
        calls.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_crash_left_busy_is_told_when_it_is_taken_up_again()
    {
        var store = new Sojourn.Stores.MemoryStore();
        await using (var before = await Bench.StartAsync(store: store))
        {
            await before.CreateAsync("a", "working");
        }

        var clock = new ManualClock();
        clock.Advance(TimeSpan.FromDays(1));
        var driver = new Reporting();
        await using var bench = await Bench.StartAsync(store: store, clock: clock, driver: () => driver);
        await driver.Begun.Task.WaitAsync(Bench.Patience());

        (await bench.Sojourn.StatisticsAsync()).Kinds.Single().Activity!.Recovered.ShouldBe(1);
    }

    private static Policy Policy(Durability durability) => TallyKind.DefaultPolicy with
    {
        Durability = durability,
        Statuses = [.. TallyKind.DefaultPolicy.Statuses, new("broken") { Final = true, Failed = true }],
    };

    private static ConcurrentQueue<SessionHappening> Hear(Bench bench)
    {
        var heard = new ConcurrentQueue<SessionHappening>();
        bench.Sojourn.Subscribe((happening, stop) =>
        {
            heard.Enqueue(happening);
            return default;
        });
        return heard;
    }

    private sealed class Reporting : IDriver<Tally>
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task DriveAsync(DrivenSession<Tally> session, CancellationToken stop)
        {
            Begun.TrySetResult();
            await new TaskCompletionSource().Task.WaitAsync(stop);
        }
    }
}
