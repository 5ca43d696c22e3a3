namespace Sojourn.Tests.Engine;

/// <summary>Who leaves memory, who stays, and that nobody notices.</summary>
public sealed class PassivationTests
{
    [Theory]
    [InlineData(Durability.Durable)]
    [InlineData(Durability.WriteBehind)]
    public async Task Only_so_many_are_in_memory_and_all_are_there(Durability durability)
    {
        await using var bench = await StartAsync(durability, inMemory: 10);
        for (var i = 0; i < 100; i++)
        {
            await bench.CreateAsync($"s{i}");
            await bench.Sojourn.SendAsync($"s{i}", new Add(i + 1));
            await bench.Sojourn.FlushAsync();
        }

        await bench.UntilAsync(() => Task.FromResult(bench.Sojourn.InMemory("tally") <= 10));
        for (var i = 0; i < 100; i++)
        {
            var seen = await bench.GetAsync($"s{i}");
            (seen.State.Total, seen.Version, seen.LastEvent).ShouldBe((i + 1, 2, 2));
            bench.Sojourn.InMemory("tally").ShouldBeLessThanOrEqualTo(11);
        }

        var activity = (await bench.Sojourn.StatisticsAsync()).Kinds.Single().Activity!;
        activity.Passivated.ShouldBeGreaterThanOrEqualTo(90);
        activity.InMemory.ShouldBeLessThanOrEqualTo(11);
    }

    [Fact]
    public async Task The_one_that_was_used_longest_ago_goes_and_a_read_is_a_use()
    {
        await using var bench = await StartAsync(Durability.Durable, inMemory: 3);
        var gone = new List<string>();
        await using var subscription = bench.Sojourn.Subscribe((happening, stop) =>
        {
            if (happening.What == Happening.Passivated)
            {
                gone.Add(happening.Session.Id.ToString());
            }

            return default;
        });
        foreach (var id in (string[])["a", "b", "c"])
        {
            await bench.CreateAsync(id);
            bench.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        await bench.GetAsync("a");
        bench.Clock.Advance(TimeSpan.FromSeconds(2));
        await bench.CreateAsync("d");
        bench.Clock.Advance(TimeSpan.FromSeconds(2));
        await bench.CreateAsync("e");

        await bench.Sojourn.StopAsync();
        gone.ShouldBe(["b", "c"]);
    }

    [Fact]
    public async Task Of_those_of_one_moment_the_first_to_come_goes_first()
    {
        await using var bench = await StartAsync(Durability.Durable, inMemory: 3);
        var gone = new List<string>();
        await using var subscription = bench.Sojourn.Subscribe((happening, stop) =>
        {
            if (happening.What == Happening.Passivated)
            {
                gone.Add(happening.Session.Id.ToString());
            }

            return default;
        });
        foreach (var id in (string[])["a", "b", "c", "d", "e", "f"])
        {
            await bench.CreateAsync(id);
        }

        await bench.Sojourn.StopAsync();
        gone.ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task One_that_nobody_used_for_a_while_leaves_memory()
    {
        await using var bench = await Bench.StartAsync(
            TallyKind.DefaultPolicy with { PassivateAfter = TimeSpan.FromMinutes(10) });
        var began = bench.Clock.GetUtcNow();
        await bench.CreateAsync("a");
        bench.Clock.Advance(TimeSpan.FromMinutes(9));
        await bench.Sojourn.SendAsync("a", new Add(5));
        bench.Clock.Advance(TimeSpan.FromMinutes(9));
        bench.Sojourn.InMemory("tally").ShouldBe(1);

        await bench.UntilAsync(() => Task.FromResult(bench.Sojourn.InMemory("tally") == 0));

        bench.Clock.GetUtcNow().ShouldBeLessThan(began.AddMinutes(21));
        (await bench.GetAsync("a")).State.Total.ShouldBe(5);
    }

    [Theory]
    [InlineData(49)]
    [InlineData(50)] // More than a timer takes.
    [InlineData(3653)]
    public async Task A_session_may_be_left_alone_in_memory_for_longer_than_a_timer_lasts(int days)
    {
        var idle = TimeSpan.FromDays(days);
        await using var bench = await Bench.StartAsync(TallyKind.DefaultPolicy with { PassivateAfter = idle });
        await bench.CreateAsync("a").WaitAsync(Bench.Patience());
        await bench.Sojourn.SendAsync("a", new Add(5)).AsTask().WaitAsync(Bench.Patience());
        bench.Clock.Advance(idle - TimeSpan.FromHours(2));
        bench.Sojourn.InMemory("tally").ShouldBe(1);

        await bench.UntilAsync(() => Task.FromResult(bench.Sojourn.InMemory("tally") == 0), TimeSpan.FromHours(1));

        (await bench.GetAsync("a")).State.Total.ShouldBe(5);
    }

    [Theory]
    [InlineData(Durability.Durable, false)]
    [InlineData(Durability.WriteBehind, false)]
    [InlineData(Durability.Durable, true)]
    [InlineData(Durability.WriteBehind, true)]
    public async Task Those_asked_for_just_when_they_have_to_leave_memory_are_not_counted_for_ever(
        Durability durability, bool looks)
    {
        await using var bench = await StartAsync(durability, inMemory: 2);
        for (var round = 0; round < 10; round++)
        {
            var id = $"asked{round}";
            await bench.CreateAsync(id);
            await bench.Sojourn.SendAsync(id, new Add(1), new SendOptions { OperationId = "one" });
            await bench.Sojourn.FlushAsync();
            bench.Clock.Advance(TimeSpan.FromSeconds(5));
            bench.Store.HoldOperations();
            var options = new SendOptions { OperationId = "two" };
            var asked = looks
                ? bench.Sojourn.SendAsync(id, new Look(), options).AsTask()
                : bench.Sojourn.SendAsync(id, new Add(1), options).AsTask();
            await bench.Store.Held().WaitAsync(Bench.Patience());
            for (var i = 0; i < 4; i++)
            {
                await bench.CreateAsync($"other{round}-{i}");
                await bench.Sojourn.FlushAsync();
                bench.Clock.Advance(TimeSpan.FromSeconds(5));
            }

            bench.Store.Release();
            (await asked).IsAccepted.ShouldBeTrue();
        }

        for (var i = 0; i < 50; i++)
        {
            await bench.CreateAsync($"last{i}");
            await bench.Sojourn.FlushAsync();
            bench.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        await bench.UntilAsync(() => Task.FromResult(bench.Sojourn.InMemory("tally") <= 3));
        (await bench.Sojourn.StatisticsAsync()).Kinds.Single().Activity!.InMemory.ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public async Task What_has_left_memory_is_not_kept_there_for_the_day_on_which_it_is_due()
    {
        await using var bench = await Bench.StartAsync(new Policy
        {
            Durability = Durability.WriteBehind,
            MaxInMemory = 10,
            Statuses = [new("open") { KeepFor = TimeSpan.FromDays(30) }],
        });
        var states = await MakeAsync(bench, 300);
        await bench.UntilAsync(() => Task.FromResult(bench.Sojourn.InMemory("tally") <= 11), TimeSpan.Zero);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        // Those in memory, and some that locals of what ran last may still hold.
        states.Count(state => state.IsAlive).ShouldBeLessThan(50);
    }

    private static async Task<List<WeakReference>> MakeAsync(Bench bench, int count)
    {
        var states = new List<WeakReference>();
        for (var i = 0; i < count; i++)
        {
            await bench.CreateAsync($"s{i}");
            states.Add(new WeakReference((await bench.GetAsync($"s{i}")).State));
            await bench.Sojourn.FlushAsync();
            bench.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        return states;
    }

    [Fact]
    public async Task One_that_was_busy_when_it_had_to_leave_does_so_when_its_time_comes_again()
    {
        await using var bench = await Bench.StartAsync(
            TallyKind.DefaultPolicy with { PassivateAfter = TimeSpan.FromMinutes(10) });
        await bench.CreateAsync("a");
        await bench.Sojourn.SendAsync("a", new Add(1), new() { OperationId = "first" });
        bench.Store.HoldOperations();
        var sent = bench.Sojourn.SendAsync("a", new Add(5), new() { OperationId = "second" });
        await bench.Store.Held().WaitAsync(Bench.Patience());
        bench.Clock.Advance(TimeSpan.FromMinutes(10));
        bench.Store.Release();
        (await sent).IsAccepted.ShouldBeTrue();

        bench.Clock.Advance(TimeSpan.FromMinutes(10));
        bench.Clock.Advance(TimeSpan.FromMinutes(10));

        await bench.UntilAsync(() => Task.FromResult(bench.Sojourn.InMemory("tally") == 0));
    }

    [Fact]
    public async Task One_that_is_watched_stays_and_its_watcher_misses_nothing()
    {
        await using var bench = await StartAsync(Durability.Durable, inMemory: 1);
        await bench.CreateAsync("watched");
        await using var news = bench.Sojourn.WatchAsync(Bench.Key("watched"), 1, Bench.Patience())
            .GetAsyncEnumerator();
        var next = news.MoveNextAsync();
        for (var i = 0; i < 10; i++)
        {
            await bench.CreateAsync($"s{i}");
        }

        await bench.Sojourn.SendAsync("watched", new Add(3));

        (await next).ShouldBeTrue();
        ((SessionEvent)news.Current).Data<Added>().Total.ShouldBe(3);
    }

    [Fact]
    public async Task One_that_is_driven_stays()
    {
        var driver = new HeldDriver();
        await using var bench = await Bench.StartAsync(
            TallyKind.DefaultPolicy with { MaxInMemory = 1 }, driver: () => driver);
        await bench.CreateAsync("driven", "working");
        await driver.Begun.Task.WaitAsync(Bench.Patience());
        for (var i = 0; i < 10; i++)
        {
            await bench.CreateAsync($"s{i}");
        }

        driver.GoOn.SetResult();

        (await bench.WaitForAsync("reported", "driven")).Data<Reported>().Part.ShouldBe(7);
    }

    [Theory]
    [InlineData(Durability.Durable)]
    [InlineData(Durability.WriteBehind)]
    public async Task One_out_of_memory_is_woken_on_time(Durability durability)
    {
        await using var bench = await StartAsync(durability, inMemory: 1);
        await bench.CreateAsync("a");
        await bench.Sojourn.SendAsync("a", new RingAt(bench.Clock.GetUtcNow().AddHours(1)));
        await bench.Sojourn.FlushAsync();
        for (var i = 0; i < 10; i++)
        {
            await bench.CreateAsync($"s{i}");
            await bench.Sojourn.FlushAsync();
        }

        await bench.UntilAsync(async () => (await bench.GetAsync()).State.Rings == 1, TimeSpan.FromHours(1));
    }

    private static Task<Bench> StartAsync(Durability durability, int inMemory) => Bench.StartAsync(
        TallyKind.DefaultPolicy with { Durability = durability, MaxInMemory = inMemory });

    private sealed class HeldDriver : IDriver<Tally>
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task DriveAsync(DrivenSession<Tally> session, CancellationToken stop)
        {
            Begun.TrySetResult();
            await GoOn.Task.WaitAsync(stop);
            await session.SendAsync(new Report(7), stop);
            await new TaskCompletionSource().Task.WaitAsync(stop);
        }
    }
}
