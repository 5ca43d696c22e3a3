using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

/// <summary>Limits that change while the engine runs.</summary>
public sealed class ReconfigurationTests
{
    [Theory]
    [InlineData(Durability.Durable)]
    [InlineData(Durability.WriteBehind)]
    [InlineData(Durability.Volatile)]
    public async Task A_shorter_life_ends_those_that_have_begun_and_a_longer_one_spares_them(Durability durability)
    {
        var policy = TallyKind.DefaultPolicy with { Durability = durability };
        await using var bench = await Bench.StartAsync(policy);
        await bench.CreateAsync("a", "done");
        bench.Clock.Advance(TimeSpan.FromMinutes(10));

        await bench.Sojourn.ReconfigureAsync("tally", Keeping(policy, TimeSpan.FromHours(3)));
        bench.Clock.Advance(TimeSpan.FromHours(2));
        (await bench.GetAsync()).ExpiresAt.ShouldBe(bench.Clock.GetUtcNow().AddMinutes(50));

        await bench.Sojourn.ReconfigureAsync("tally", Keeping(policy, TimeSpan.FromHours(1)));
        await bench.UntilAsync(async () => (await bench.Sojourn.CountAsync(new())) == 0);
        (await bench.Sojourn.StatisticsAsync()).Kinds.Single().Activity!.Expired.ShouldBe(1);
    }

    [Fact]
    public async Task A_smaller_memory_is_kept_at_once()
    {
        await using var bench = await Bench.StartAsync();
        for (var i = 0; i < 50; i++)
        {
            await bench.CreateAsync($"s{i}");
        }

        await bench.Sojourn.ReconfigureAsync("tally", TallyKind.DefaultPolicy with { MaxInMemory = 5 });

        await bench.UntilAsync(() => Task.FromResult(bench.Sojourn.InMemory("tally") == 5));
    }

    [Fact]
    public async Task Memory_for_fewer_than_are_watched_is_asked_for_in_vain_and_not_for_ever()
    {
        await using var bench = await Bench.StartAsync();
        await bench.CreateAsync("a");
        await bench.CreateAsync("b");
        await using var first = bench.Sojourn.WatchAsync(Bench.Key("a"), 1, Bench.Patience()).GetAsyncEnumerator();
        await using var second = bench.Sojourn.WatchAsync(Bench.Key("b"), 1, Bench.Patience()).GetAsyncEnumerator();
        var (seen, seenToo) = (first.MoveNextAsync().AsTask(), second.MoveNextAsync().AsTask());
        await bench.CreateAsync("c");

        await Task.Run(() => bench.Sojourn.ReconfigureAsync(
            "tally", TallyKind.DefaultPolicy with { MaxInMemory = 1 })).WaitAsync(Bench.Patience());

        bench.Sojourn.InMemory("tally").ShouldBe(2);
        await bench.Sojourn.SendAsync("a", new Add(1));
        await bench.Sojourn.SendAsync("b", new Add(1));
        (await seen && await seenToo).ShouldBeTrue();
    }

    [Fact]
    public async Task A_smaller_memory_is_kept_at_once_also_by_those_that_were_used_since_they_came()
    {
        await using var bench = await Bench.StartAsync();
        for (var i = 0; i < 50; i++)
        {
            await bench.CreateAsync($"s{i}");
        }

        bench.Clock.Advance(TimeSpan.FromSeconds(5));
        for (var i = 0; i < 50; i++)
        {
            await bench.Sojourn.SendAsync($"s{i}", new Add(1));
        }

        await bench.Sojourn.ReconfigureAsync("tally", TallyKind.DefaultPolicy with { MaxInMemory = 5 });

        await bench.UntilAsync(
            () => Task.FromResult(bench.Sojourn.InMemory("tally") == 5), TimeSpan.Zero);
    }

    [Theory]
    [InlineData(Durability.Durable)]
    [InlineData(Durability.WriteBehind)]
    public async Task A_shorter_life_is_also_that_of_a_session_whose_commit_is_under_way(Durability durability)
    {
        var policy = TallyKind.DefaultPolicy with { Durability = durability };
        await using var bench = await Bench.StartAsync(policy);
        bench.Store.Hold();
        var creating = bench.CreateAsync("a", "done");
        var flushing = bench.Sojourn.FlushAsync();
        await bench.Store.Held().WaitAsync(Bench.Patience());

        var changing = bench.Sojourn.ReconfigureAsync("tally", Keeping(policy, TimeSpan.FromMinutes(1)));
        bench.Store.Release();
        await Task.WhenAll(creating, flushing, changing).WaitAsync(Bench.Patience());

        await bench.UntilAsync(
            async () => (await bench.Sojourn.CountAsync(new())) == 0, TimeSpan.FromMinutes(2));
        (await bench.Sojourn.StatisticsAsync()).Kinds.Single().Activity!.Expired.ShouldBe(1);
    }

    [Theory]
    [InlineData(Durability.Durable)]
    [InlineData(Durability.WriteBehind)]
    public async Task A_shorter_life_that_the_store_cannot_take_is_told_and_taken_when_asked_for_again(
        Durability durability)
    {
        var policy = TallyKind.DefaultPolicy with { Durability = durability };
        await using var bench = await Bench.StartAsync(policy);
        await bench.CreateAsync("a", "done");
        await bench.Sojourn.FlushAsync();
        bench.Store.Fault = StoreFault.BeforeWriting;
        await bench.Sojourn.SendAsync("a", new Add(1));
        await bench.UntilAsync(() => Task.FromResult(bench.Sojourn.Health.Critical is not null));

        var shorter = Keeping(policy, TimeSpan.FromMinutes(1));
        var failure = await Should.ThrowAsync<SojournException>(
            () => bench.Sojourn.ReconfigureAsync("tally", shorter).WaitAsync(Bench.Patience()));

        failure.Problem!.Type.ShouldBe(ProblemTypes.StoreUnavailable);
        failure.Problem.Retryable.ShouldBeTrue();
        failure.Message.ShouldContain("again");
        bench.Store.Fault = StoreFault.None;
        await bench.UntilAsync(() => Task.FromResult(bench.Sojourn.Health.Critical is null), TimeSpan.FromSeconds(5));
        await bench.Sojourn.ReconfigureAsync("tally", shorter).WaitAsync(Bench.Patience());
        await bench.UntilAsync(
            async () => (await bench.Sojourn.CountAsync(new())) == 0, TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task What_cannot_be_changed_is_refused_with_all_reasons_and_changes_nothing()
    {
        await using var bench = await Bench.StartAsync();

        var refused = await Should.ThrowAsync<SojournException>(() => bench.Sojourn.ReconfigureAsync(
            "tally", new Policy { Durability = Durability.Volatile, MaxInMemory = 0 }));

        refused.Message.ShouldContain("durability");
        refused.Message.ShouldContain("statuses");
        refused.Message.ShouldContain("MaxInMemory");
        bench.Sojourn.Kinds["tally"].Policy.ShouldBe(TallyKind.DefaultPolicy);
    }

    private static Policy Keeping(Policy policy, TimeSpan time) => policy with
    {
        Statuses = [.. policy.Statuses.Select(
            status => status.Name == "done" ? status with { KeepFor = time } : status)],
    };
}
