using Sojourn.Stores;
using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

public sealed class WakeTests
{
    public static TheoryData<Durability> Durabilities =>
        [Durability.Durable, Durability.WriteBehind, Durability.Volatile];

    [Theory]
    [MemberData(nameof(Durabilities))]
    public async Task Rules_are_called_when_they_asked_to_be(Durability durability)
    {
        await using var bench = await Bench.StartAsync(TallyKind.DefaultPolicy with { Durability = durability });
        var id = await bench.CreateAsync();
        await bench.Sojourn.SendAsync(id, new RingAt(bench.Clock.GetUtcNow().AddDays(3)));
        await bench.Sojourn.FlushAsync();

        await UntilAsync(bench, async () => (await bench.GetAsync()).State.Rings == 1);

        var rang = await bench.WaitForAsync("rang");
        rang.At.ShouldBeGreaterThanOrEqualTo(new DateTimeOffset(2026, 1, 4, 12, 0, 0, TimeSpan.Zero));
        rang.Data<Rang>().Times.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Durabilities))]
    public async Task A_final_session_is_kept_for_its_time_and_then_expires(Durability durability)
    {
        await using var bench = await Bench.StartAsync(TallyKind.DefaultPolicy with { Durability = durability });
        var id = await bench.CreateAsync();
        await using var news = bench.Sojourn.WatchAsync(Bench.Key("a"), 0, Bench.Patience()).GetAsyncEnumerator();
        (await news.MoveNextAsync()).ShouldBeTrue();
        await bench.Sojourn.SendAsync(id, new Move("done"));
        await bench.Sojourn.FlushAsync();
        (await bench.GetAsync()).ExpiresAt.ShouldBe(bench.Clock.GetUtcNow().AddHours(1));

        bench.Clock.Advance(TimeSpan.FromMinutes(59));
        (await bench.GetAsync()).IsFinal.ShouldBeTrue();
        await UntilAsync(bench, async () =>
            (await bench.Sojourn.GetAsync<Tally>(id)).Problem is not null);

        (await news.MoveNextAsync()).ShouldBeTrue();
        news.Current.ShouldBe(new SessionRemoved(RemovalReason.Expired));
    }

    [Fact]
    public async Task A_time_that_came_while_nobody_ran_is_not_missed()
    {
        var store = new MemoryStore();
        var clock = new ManualClock();
        await using (var bench = await Bench.StartAsync(store: store, clock: clock))
        {
            var id = await bench.CreateAsync();
            await bench.Sojourn.SendAsync(id, new RingAt(clock.GetUtcNow().AddMinutes(5)));
        }

        clock.Advance(TimeSpan.FromDays(1));
        await using var later = await Bench.StartAsync(store: store, clock: clock);

        (await later.WaitForAsync("rang")).At.ShouldBe(clock.GetUtcNow());
    }

    [Theory]
    [MemberData(nameof(Durabilities))]
    public async Task A_rule_that_does_not_move_its_time_on_is_asked_again_after_a_pause_and_holds_up_nobody(
        Durability durability)
    {
        await using var bench = await Bench.StartAsync(TallyKind.DefaultPolicy with { Durability = durability });
        await bench.CreateAsync("deaf");
        await bench.Sojourn.SendAsync("deaf", new Write("deaf"));
        var now = bench.Clock.GetUtcNow();
        await bench.Sojourn.SendAsync("deaf", new RingAt(now.AddMinutes(1)));
        await bench.CreateAsync();
        await bench.Sojourn.SendAsync("a", new RingAt(now.AddMinutes(2)));

        await UntilAsync(bench, async () => (await bench.GetAsync()).State.Rings == 1);

        (await bench.GetAsync("deaf")).State.Rings.ShouldBe(0);
        await bench.Sojourn.SendAsync("deaf", new Write("listening"));
        await UntilAsync(bench, async () => (await bench.GetAsync("deaf")).State.Rings == 1);
    }

    [Fact]
    public async Task A_time_that_was_put_off_in_memory_is_put_off_in_the_store_once_it_comes_there()
    {
        await using var bench = await Bench.StartAsync(TallyKind.DefaultPolicy with
        {
            Durability = Durability.WriteBehind,
            WriteBehindDelay = TimeSpan.FromMinutes(1),
        });
        var id = await bench.CreateAsync();
        await bench.Sojourn.SendAsync(id, new RingAt(bench.Clock.GetUtcNow().AddSeconds(10)));
        await bench.Sojourn.FlushAsync();
        bench.Clock.Advance(TimeSpan.FromSeconds(9));
        await bench.Sojourn.SendAsync(id, new RingAt(bench.Clock.GetUtcNow().AddHours(1)));
        (await bench.GetAsync()).DurableVersion.ShouldBe(2);

        bench.Clock.Advance(TimeSpan.FromSeconds(2));

        // Without waiting for the delay: until then the store would say again and again that it is due.
        await bench.UntilAsync(async () => (await bench.GetAsync()).DurableVersion == 3, TimeSpan.Zero);
        (await bench.GetAsync()).State.Rings.ShouldBe(0);
        await UntilAsync(bench, async () => (await bench.GetAsync()).State.Rings == 1);
    }

    [Fact]
    public async Task A_rule_that_does_not_move_its_time_on_is_left_alone_for_a_while_also_out_of_memory()
    {
        await using var bench = await Bench.StartAsync(TallyKind.DefaultPolicy with { MaxInMemory = 1 });
        await bench.CreateAsync("deaf");
        await bench.Sojourn.SendAsync("deaf", new Write("deaf"));
        await bench.Sojourn.SendAsync("deaf", new RingAt(bench.Clock.GetUtcNow().AddMinutes(1)));
        await bench.CreateAsync("watched");
        await using var news = bench.Sojourn.WatchAsync(Bench.Key("watched"), 1, Bench.Patience())
            .GetAsyncEnumerator();
        var seen = news.MoveNextAsync();

        bench.Clock.Advance(TimeSpan.FromMinutes(2));
        await bench.Sojourn.SendAsync("watched", new RingAt(bench.Clock.GetUtcNow().AddSeconds(1)));
        await UntilAsync(bench, async () => (await bench.GetAsync("watched")).State.Rings == 1);

        var loaded = (await bench.Sojourn.StatisticsAsync()).Kinds.Single().Activity!.Loaded;
        loaded.ShouldBeLessThan(20);
        (await seen).ShouldBeTrue();
    }

    [Fact]
    public async Task Reading_never_extends_a_life()
    {
        await using var bench = await Bench.StartAsync();
        await bench.CreateAsync("a", "done");
        var before = await bench.GetAsync();
        bench.Clock.Advance(TimeSpan.FromMinutes(30));

        var after = await bench.GetAsync();

        (after.ExpiresAt, after.LastActivityAt, after.Version).ShouldBe(
            (before.ExpiresAt, before.LastActivityAt, before.Version));
    }

    [Fact]
    public async Task Time_within_a_session_never_goes_backwards()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();
        await bench.Sojourn.SendAsync(id, new Add(1));
        var before = (await bench.GetAsync()).LastActivityAt;
        bench.Clock.JumpTo(before.AddHours(-1));

        await bench.Sojourn.SendAsync(id, new Add(1));

        (await bench.GetAsync()).LastActivityAt.ShouldBe(before);
    }

    private static Task UntilAsync(Bench bench, Func<Task<bool>> holdsAsync) =>
        bench.UntilAsync(holdsAsync, pauses: TimeSpan.FromHours(1));
}
