using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

/// <summary>How many sessions there may be, and who makes place.</summary>
public sealed class CapacityTests
{
    public static TheoryData<Durability> AllDurabilities { get; } =
        [Durability.Durable, Durability.WriteBehind, Durability.Volatile];

    [Theory]
    [InlineData(Durability.Durable)]
    [InlineData(Durability.WriteBehind)]
    [InlineData(Durability.Volatile)]
    public async Task One_that_was_removed_and_begun_anew_is_the_newest_not_the_oldest(Durability durability)
    {
        await using var bench = await Bench.StartAsync(TallyKind.DefaultPolicy with
        {
            Durability = durability,
            MaxSessions = 4,
            WhenFull = WhenFull.EvictOldest,
        });
        foreach (var id in (string[])["a", "b", "c", "d"])
        {
            await BeginAsync(id);
        }

        await BeginAsync("e"); // a makes place; b, c and d are the next ones
        await bench.Sojourn.RemoveAsync(Bench.Key("b"));
        await BeginAsync("b");
        await bench.Sojourn.CreateAsync(new StartTally(), new CreateOptions { Id = "c", Fresh = true });
        await BeginAsync("f");

        var left = new List<string>();
        await foreach (var session in bench.Sojourn.SelectAsync(new()))
        {
            left.Add(session.Id.ToString());
        }

        left.Order(StringComparer.Ordinal).ShouldBe(["b", "c", "e", "f"]);

        async Task BeginAsync(string id)
        {
            await bench.CreateAsync(id);
            bench.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Theory]
    [MemberData(nameof(AllDurabilities))]
    public async Task At_the_limit_one_more_session_is_refused_with_when_to_try_again(Durability durability)
    {
        await using var bench = await Bench.StartAsync(Policy(durability) with
        {
            MaxSessions = 2,
            RetryWhenFull = TimeSpan.FromSeconds(9),
        });
        await bench.CreateAsync("a");
        await bench.CreateAsync("b");

        var refused = await bench.Sojourn.CreateAsync(new StartTally(), new CreateOptions { Id = "c" });

        refused.Problem.ShouldNotBeNull().Type.ShouldBe(ProblemTypes.Full);
        (refused.Problem.Retryable, refused.Problem.RetryAfter).ShouldBe((true, TimeSpan.FromSeconds(9)));
        (await bench.Sojourn.CreateAsync(new StartTally(), new CreateOptions { Id = "b", GetIfExists = true }))
            .IsAccepted.ShouldBeTrue("a session that exists needs no place");
        (await bench.Sojourn.CreateAsync(new StartTally(), new CreateOptions { Id = "b" }))
            .Problem!.Type.ShouldBe(ProblemTypes.AlreadyExists);
        await bench.Sojourn.RemoveAsync(Bench.Key("a"));
        await bench.CreateAsync("c");
        await ShouldHaveAsync(bench, "b", "c");
    }

    [Theory]
    [MemberData(nameof(AllDurabilities))]
    public async Task The_oldest_makes_place(Durability durability)
    {
        await using var bench = await Bench.StartAsync(
            Policy(durability) with { MaxSessions = 3, WhenFull = WhenFull.EvictOldest });
        await CreateThreeAsync(bench);
        await bench.Sojourn.SendAsync("a", new Add(1));

        await bench.CreateAsync("d");

        await ShouldHaveAsync(bench, "b", "c", "d");
    }

    [Theory]
    [MemberData(nameof(AllDurabilities))]
    public async Task The_one_that_took_no_step_for_longest_makes_place_and_reading_is_no_step(Durability durability)
    {
        await using var bench = await Bench.StartAsync(
            Policy(durability) with { MaxSessions = 3, WhenFull = WhenFull.EvictLeastRecentlyUsed });
        await CreateThreeAsync(bench);
        await bench.Sojourn.SendAsync("a", new Add(1));
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await bench.GetAsync("b");

        await bench.CreateAsync("d");
        await bench.CreateAsync("e");

        await ShouldHaveAsync(bench, "a", "d", "e");
    }

    [Theory]
    [MemberData(nameof(AllDurabilities))]
    public async Task Those_that_have_ended_go_before_the_idle_and_the_busy_never(Durability durability)
    {
        await using var bench = await Bench.StartAsync(
            Policy(durability) with { MaxSessions = 3, WhenFull = WhenFull.EvictOldest });
        await bench.CreateAsync("busy", "working");
        await bench.CreateAsync("idle");
        await bench.CreateAsync("ended", "done");

        await bench.CreateAsync("new-1", "working");
        await ShouldHaveAsync(bench, "busy", "idle", "new-1");
        await bench.CreateAsync("new-2", "working");
        await ShouldHaveAsync(bench, "busy", "new-1", "new-2");

        (await bench.Sojourn.CreateAsync(new StartTally(), new CreateOptions { Id = "new-3" }))
            .Problem!.Type.ShouldBe(ProblemTypes.Full, "all are busy");
        await ShouldHaveAsync(bench, "busy", "new-1", "new-2");
    }

    [Theory]
    [MemberData(nameof(AllDurabilities))]
    public async Task An_owner_who_has_its_share_pays_with_its_own_sessions(Durability durability)
    {
        await using var bench = await Bench.StartAsync(
            Policy(durability) with { MaxSessionsPerOwner = 2, WhenFull = WhenFull.EvictOldest });
        var other = OwnerId.Parse("other");
        await bench.Sojourn.CreateAsync(new StartTally(), new CreateOptions { Id = "theirs", Owner = other });
        await CreateThreeAsync(bench);

        await ShouldHaveAsync(bench, "b", "c");
        (await bench.Sojourn.CountAsync(new() { Owner = other })).ShouldBe(1);
    }

    [Fact]
    public async Task An_eviction_is_told_once_to_those_who_watch()
    {
        await using var bench = await Bench.StartAsync(
            Policy(Durability.Durable) with { MaxSessions = 1, WhenFull = WhenFull.EvictOldest });
        await bench.CreateAsync("a");
        await using var news = bench.Sojourn.WatchAsync(Bench.Key("a"), 1, Bench.Patience()).GetAsyncEnumerator();
        var removed = news.MoveNextAsync();

        await bench.CreateAsync("b");

        (await removed).ShouldBeTrue();
        news.Current.ShouldBe(new SessionRemoved(RemovalReason.Evicted));
        (await news.MoveNextAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_hundred_who_come_at_once_find_as_many_places_as_there_are()
    {
        await using var bench = await Bench.StartAsync(Policy(Durability.Durable) with { MaxSessions = 10 });

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(async () =>
            await bench.Sojourn.CreateAsync(new StartTally(), new CreateOptions { Id = $"s{i}" }))));

        answers.Count(answer => answer.IsAccepted).ShouldBe(10);
        answers.Count(answer => answer.Problem?.Type == ProblemTypes.Full).ShouldBe(90);
        (await bench.Sojourn.CountAsync(new())).ShouldBe(10);
    }

    [Fact]
    public async Task A_start_that_is_refused_or_fails_gives_its_place_back()
    {
        await using var bench = await Bench.StartAsync(Policy(Durability.Durable) with { MaxSessions = 1 });

        (await bench.Sojourn.CreateAsync(new StartTally(-1))).Problem!.Type.ShouldBe(ProblemTypes.Invalid);
        bench.Store.Fault = StoreFault.BeforeWriting;
        (await bench.Sojourn.CreateAsync(new StartTally())).Problem!.Type.ShouldBe(ProblemTypes.StoreUnavailable);
        bench.Store.Fault = StoreFault.None;
        await bench.UntilAsync(() => Task.FromResult(bench.Sojourn.Health.Critical is null));

        await bench.CreateAsync("a");
        (await bench.Sojourn.CreateAsync(new StartTally())).Problem!.Type.ShouldBe(ProblemTypes.Full);
    }

    [Fact]
    public async Task A_start_whose_commit_failed_after_it_was_written_is_counted_once_the_store_answers_again()
    {
        await using var bench = await Bench.StartAsync(Policy(Durability.Durable) with { MaxSessions = 2 });
        bench.Store.Fault = StoreFault.AfterWriting;
        (await bench.Sojourn.CreateAsync(new StartTally(), new CreateOptions { Id = "a" }))
            .Problem!.Type.ShouldBe(ProblemTypes.StoreUnavailable);
        bench.Store.Fault = StoreFault.None;
        await bench.UntilAsync(async () => (await bench.Sojourn.CountAsync(new())) == 1);

        await bench.CreateAsync("b");
        (await bench.Sojourn.CreateAsync(new StartTally())).Problem!.Type.ShouldBe(ProblemTypes.Full);
    }

    [Theory]
    [MemberData(nameof(AllDurabilities))]
    public async Task A_smaller_limit_takes_effect_at_once_and_spares_the_busy(Durability durability)
    {
        var policy = Policy(durability) with { MaxSessions = 10, WhenFull = WhenFull.EvictOldest };
        await using var bench = await Bench.StartAsync(policy);
        await bench.CreateAsync("busy", "working");
        await CreateThreeAsync(bench);

        await bench.Sojourn.ReconfigureAsync("tally", policy with { MaxSessions = 2 });

        await ShouldHaveAsync(bench, "busy", "c");
        (await bench.Sojourn.StatisticsAsync()).Kinds.Single().Activity!.Evicted.ShouldBe(2);
        bench.Sojourn.Kinds["tally"].Policy.MaxSessions.ShouldBe(2);
    }

    private static Policy Policy(Durability durability) =>
        TallyKind.DefaultPolicy with { Durability = durability };

    private static async Task CreateThreeAsync(Bench bench)
    {
        foreach (var id in (string[])["a", "b", "c"])
        {
            await bench.CreateAsync(id);
            bench.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private static async Task ShouldHaveAsync(Bench bench, params string[] ids)
    {
        var listed = new List<string>();
        await foreach (var session in bench.Sojourn.SelectAsync(new()))
        {
            listed.Add(session.Id.ToString());
        }

        listed.Order(StringComparer.Ordinal).ShouldBe(ids.Order(StringComparer.Ordinal));
        (await bench.Sojourn.CountAsync(new())).ShouldBe(ids.Length, "the counters agree");
        (await bench.Sojourn.StatisticsAsync(OwnerId.Local)).Kinds.Single().Sessions.ShouldBe(ids.Length);
    }
}
