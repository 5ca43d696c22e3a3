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
