namespace Sojourn.Tests.Engine;

/// <summary>How much of its logs a session keeps.</summary>
public sealed class RetentionTests
{
    public static TheoryData<Durability> AllDurabilities { get; } =
        [Durability.Durable, Durability.WriteBehind, Durability.Volatile];

    [Theory]
    [MemberData(nameof(AllDurabilities))]
    public async Task A_log_is_kept_by_count_within_a_tenth(Durability durability)
    {
        await using var bench = await StartAsync(durability, new Policy { RetainedEvents = 100 });
        await AddAsync(bench, 1000);

        var first = (await bench.GetAsync()).FirstEvent;
        first.ShouldBeInRange(1001 - 110 + 1, 1001 - 100 + 1);
        await ShouldReadFromAsync(bench, first, 1001);
    }

    [Theory]
    [MemberData(nameof(AllDurabilities))]
    public async Task A_log_is_kept_by_bytes_within_a_tenth(Durability durability)
    {
        await using var bench = await StartAsync(durability, new Policy { RetainedEventBytes = 10_000 });
        await AddAsync(bench, 500);

        var events = await ShouldReadFromAsync(bench, (await bench.GetAsync()).FirstEvent, 501);
        // A portion is closed by the event that fills it, so each may be one event longer.
        events.Sum(happened => happened.Json.Length).ShouldBeInRange(10_000, 11_000 + (11 * events[0].Json.Length));
    }

    [Theory]
    [MemberData(nameof(AllDurabilities))]
    public async Task A_log_is_kept_by_age_within_a_tenth(Durability durability)
    {
        await using var bench = await StartAsync(
            durability, new Policy { RetainedEventAge = TimeSpan.FromMinutes(100) });
        for (var minute = 0; minute < 500; minute++)
        {
            await bench.Sojourn.SendAsync("a", new Add(1));
            bench.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        await bench.Sojourn.SendAsync("a", new Add(1));
        var kept = 502 - (await bench.GetAsync()).FirstEvent + 1;
        kept.ShouldBeInRange(100, 113);
    }

    [Theory]
    [MemberData(nameof(AllDurabilities))]
    public async Task A_named_stream_is_cut_as_the_policy_says_and_others_are_not(Durability durability)
    {
        await using var bench = await StartAsync(durability, new Policy
        {
            Streams = new Dictionary<string, Retention> { ["pictures"] = new() { Entries = 20 } },
        });
        for (var i = 0; i < 100; i++)
        {
            await bench.Sojourn.SendAsync("a", new Draw(10));
        }

        (await bench.Sojourn.ReadEntryAsync(Bench.Key("a"), "pictures", 78)).ShouldBeNull();
        for (var number = 81; number <= 100; number++)
        {
            (await bench.Sojourn.ReadEntryAsync(Bench.Key("a"), "pictures", number))!.Value.Length.ShouldBe(10);
        }

        if (durability != Durability.Volatile)
        {
            var bytes = (await bench.Sojourn.StatisticsAsync()).Kinds.Single().Bytes;
            bytes.ShouldBeLessThan(1000, "what was cut does not count");
        }
    }

    [Fact]
    public async Task What_is_kept_is_the_same_after_it_was_out_of_memory()
    {
        await using var bench = await StartAsync(
            Durability.Durable, new Policy { RetainedEvents = 50, MaxInMemory = 1 });
        for (var round = 0; round < 30; round++)
        {
            await AddAsync(bench, 10);
            await bench.CreateAsync($"other-{round}");
        }

        var first = (await bench.GetAsync()).FirstEvent;
        first.ShouldBeInRange(301 - 55 + 1, 301 - 50 + 1);
        await ShouldReadFromAsync(bench, first, 301);
    }

    private static async Task<Bench> StartAsync(Durability durability, Policy policy)
    {
        var bench = await Bench.StartAsync(
            policy with { Durability = durability, Statuses = TallyKind.DefaultPolicy.Statuses });
        await bench.CreateAsync("a");
        return bench;
    }

    private static async Task AddAsync(Bench bench, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await bench.Sojourn.SendAsync("a", new Add(1));
        }
    }

    private static async Task<IReadOnlyList<SessionEvent>> ShouldReadFromAsync(Bench bench, long first, long last)
    {
        var events = new List<SessionEvent>();
        while (events.Count == 0 || events[^1].Number < last)
        {
            var after = events.Count == 0 ? first - 1 : events[^1].Number;
            events.AddRange(await bench.Sojourn.ReadEventsAsync(Bench.Key("a"), after, 1000));
        }

        events.Select(happened => happened.Number)
            .ShouldBe(Enumerable.Range((int)first, (int)(last - first + 1)).Select(i => (long)i));
        return events;
    }
}
