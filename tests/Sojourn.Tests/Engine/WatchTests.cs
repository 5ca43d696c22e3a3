using System.Text.Json;
using Sojourn.Stores;

namespace Sojourn.Tests.Engine;

public sealed class WatchTests
{
    public static TheoryData<Durability> Durabilities =>
        [Durability.Durable, Durability.WriteBehind, Durability.Volatile];

    [Theory]
    [MemberData(nameof(Durabilities))]
    public async Task A_watcher_gets_what_was_and_then_what_happens(Durability durability)
    {
        await using var bench = await Bench.StartAsync(TallyKind.DefaultPolicy with { Durability = durability });
        var id = await bench.CreateAsync();
        await bench.Sojourn.SendAsync(id, new Add(1));
        await using var news = bench.Sojourn.WatchAsync(Bench.Key("a"), 0, Bench.Patience()).GetAsyncEnumerator();

        (await NextAsync(news)).ShouldBe(1);
        (await NextAsync(news)).ShouldBe(2);
        var waiting = news.MoveNextAsync();
        waiting.IsCompleted.ShouldBeFalse();
        await bench.Sojourn.SendAsync(id, new Add(1, Events: 3));
        (await waiting).ShouldBeTrue();
        ((SessionEvent)news.Current).Number.ShouldBe(3);
        (await NextAsync(news)).ShouldBe(4);
        (await NextAsync(news)).ShouldBe(5);
    }

    [Theory]
    [MemberData(nameof(Durabilities))]
    public async Task Who_comes_back_after_the_session_was_begun_anew_is_told_how_that_stands(Durability durability)
    {
        await using var bench = await Bench.StartAsync(TallyKind.DefaultPolicy with { Durability = durability });
        await bench.CreateAsync("a");
        await bench.CreateAsync("b");
        var (a, b) = (EventOffset.LastOf(await bench.GetAsync("a")), EventOffset.LastOf(await bench.GetAsync("b")));
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await bench.Sojourn.RemoveAsync(Bench.Key("a"));
        await bench.CreateAsync("a");
        await bench.Sojourn.CreateAsync(new StartTally(), new CreateOptions { Id = "b", Fresh = true });

        foreach (var (id, seen) in new[] { ("a", a), ("b", b) })
        {
            await bench.Sojourn.SendAsync(id, new Add(7));
            await using var news = bench.Sojourn.WatchAsync(Bench.Key(id), seen, Bench.Patience()).GetAsyncEnumerator();
            (await news.MoveNextAsync()).ShouldBeTrue();
            var anew = news.Current.ShouldBeOfType<SessionSnapshot>().View;
            (anew.Version, anew.LastEvent).ShouldBe((2, 2));
            string.CompareOrdinal(EventOffset.LastOf(anew).ToString(), seen.ToString()).ShouldBePositive();
            (await bench.Sojourn.ReadEventsAsync(Bench.Key(id), seen, 10)).ShouldBeEmpty();

            await bench.Sojourn.SendAsync(id, new Add(1));
            (await NextAsync(news)).ShouldBe(3);
            (await bench.Sojourn.ReadEventsAsync(Bench.Key(id), EventOffset.LastOf(anew), 10))
                .ShouldHaveSingleItem().Number.ShouldBe(3);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("0000000000000002")]
    [InlineData("08de48f7c5a9c000-0000000000000002")]
    [InlineData("08de48f7c5a9c00g_0000000000000002")]
    [InlineData("ffffffffffffffff_0000000000000002")]
    [InlineData("7fffffffffffffff_0000000000000002")]
    [InlineData("08de48f7c5a9c000_000000000000000+")]
    [InlineData("08de48f7c5a9c000_00000000000000002")]
    public void What_is_no_offset_is_not_read_as_one(string text) =>
        EventOffset.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Offsets_are_read_as_they_were_written_and_sort_as_text()
    {
        var noon = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        EventOffset[] offsets =
        [
            new(default, 0), new(noon, 0), new(noon, 9), new(noon, 10), new(noon.AddTicks(1), 0),
            new(noon.AddYears(1), 1), new(DateTimeOffset.MaxValue, 9_999_999_999_999_999),
        ];
        foreach (var offset in offsets)
        {
            EventOffset.TryParse(offset.ToString(), out var read).ShouldBeTrue();
            read.ShouldBe(offset);
        }

        offsets.Select(offset => offset.ToString()).ShouldBe(
            offsets.Select(offset => offset.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_event_says_what_when_and_at_which_version()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();
        await bench.Sojourn.SendAsync(id, new Add(7));

        var happened = (await bench.Sojourn.ReadEventsAsync(Bench.Key("a"), 1, 10)).Single();

        (happened.Number, happened.Type, happened.Version).ShouldBe((2, "added", 2));
        happened.At.ShouldBe(bench.Clock.GetUtcNow());
        happened.Data<Added>().ShouldBe(new Added(7, 7));
        using var json = JsonDocument.Parse(happened.Json);
        json.RootElement.GetProperty("offset").GetString()
            .ShouldBe(new EventOffset((await bench.GetAsync()).CreatedAt, 2).ToString());
        json.RootElement.GetProperty("at").GetString().ShouldBe("2026-01-01T12:00:00Z");
    }

    [Theory]
    [MemberData(nameof(Durabilities))]
    public async Task A_hundred_watchers_from_anywhere_miss_nothing_and_get_nothing_twice(Durability durability)
    {
        await using var bench = await Bench.StartAsync(TallyKind.DefaultPolicy with { Durability = durability });
        var id = await bench.CreateAsync();
        const int Total = 1000;
        var watchers = Enumerable.Range(0, 100).Select(i => Task.Run(async () =>
        {
            var seen = new List<long>();
            var from = i % 2;
            await foreach (var news in bench.Sojourn.WatchAsync(Bench.Key("a"), from, Bench.Patience()))
            {
                seen.Add(((SessionEvent)news).Number);
                if (seen[^1] == Total)
                {
                    break;
                }
            }

            return (from, seen);
        })).ToList();

        await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 37; i++)
            {
                (await bench.Sojourn.SendAsync(id, new Add(1, Events: 3))).IsAccepted.ShouldBeTrue();
            }
        })));

        foreach (var (from, seen) in await Task.WhenAll(watchers))
        {
            seen.ShouldBe(Enumerable.Range(from + 1, Total - from).Select(number => (long)number));
        }
    }

    [Theory]
    [MemberData(nameof(Durabilities))]
    public async Task A_reader_who_is_too_far_behind_gets_a_snapshot_and_goes_on(Durability durability)
    {
        await using var bench = await Bench.StartAsync(
            TallyKind.DefaultPolicy with { Durability = durability, RetainedEvents = 10 });
        var id = await bench.CreateAsync();
        for (var i = 0; i < 40; i++)
        {
            await bench.Sojourn.SendAsync(id, new Add(1));
        }

        await using var news = bench.Sojourn.WatchAsync(Bench.Key("a"), 5, Bench.Patience()).GetAsyncEnumerator();
        (await news.MoveNextAsync()).ShouldBeTrue();
        var snapshot = news.Current.ShouldBeOfType<SessionSnapshot>();
        snapshot.View.LastEvent.ShouldBe(41);
        ((Tally)snapshot.View.State).Total.ShouldBe(40);
        var waiting = news.MoveNextAsync();
        await bench.Sojourn.SendAsync(id, new Add(1));
        (await waiting).ShouldBeTrue();
        ((SessionEvent)news.Current).Number.ShouldBe(42);
        var kept = await bench.Sojourn.ReadEventsAsync(Bench.Key("a"), 31, 100);
        kept.Count.ShouldBeInRange(10, 11);
    }

    [Fact]
    public async Task An_offset_ahead_of_the_log_is_answered_with_a_snapshot()
    {
        await using var bench = await Bench.StartAsync();
        await bench.CreateAsync();
        await using var news = bench.Sojourn.WatchAsync(Bench.Key("a"), 99, Bench.Patience()).GetAsyncEnumerator();

        (await news.MoveNextAsync()).ShouldBeTrue();
        news.Current.ShouldBeOfType<SessionSnapshot>().View.LastEvent.ShouldBe(1);
    }

    [Fact]
    public async Task Watchers_of_a_removed_session_get_its_last_events_and_are_told()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();
        await using var news = bench.Sojourn.WatchAsync(Bench.Key("a"), 0, Bench.Patience()).GetAsyncEnumerator();
        (await NextAsync(news)).ShouldBe(1);
        await bench.Sojourn.SendAsync(id, new Add(1));
        await bench.Sojourn.RemoveAsync(Bench.Key("a"));

        (await NextAsync(news)).ShouldBe(2);
        (await news.MoveNextAsync()).ShouldBeTrue();
        news.Current.ShouldBe(new SessionRemoved(RemovalReason.Removed));
        (await news.MoveNextAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Only_so_many_may_watch_at_once()
    {
        await using var bench = await Bench.StartAsync(TallyKind.DefaultPolicy with { MaxWatchers = 1 });
        await bench.CreateAsync();
        await using (var first = bench.Sojourn.WatchAsync(Bench.Key("a"), 0, Bench.Patience()).GetAsyncEnumerator())
        {
            (await NextAsync(first)).ShouldBe(1);
            await using var second = bench.Sojourn.WatchAsync(Bench.Key("a"), 0, Bench.Patience()).GetAsyncEnumerator();
            var refused = await Should.ThrowAsync<SojournException>(async () => await second.MoveNextAsync());
            refused.Problem!.Type.ShouldBe(ProblemTypes.TooManyWatchers);
        }

        await using var third = bench.Sojourn.WatchAsync(Bench.Key("a"), 0, Bench.Patience()).GetAsyncEnumerator();
        (await NextAsync(third)).ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_can_watch_what_is_not_there()
    {
        await using var bench = await Bench.StartAsync();
        await using var news = bench.Sojourn.WatchAsync(Bench.Key("a"), 0, Bench.Patience()).GetAsyncEnumerator();

        var refused = await Should.ThrowAsync<SojournException>(async () => await news.MoveNextAsync());

        refused.Problem!.Type.ShouldBe(ProblemTypes.NotFound);
    }

    [Fact]
    public async Task Events_and_entries_are_read_after_a_restart()
    {
        var store = new MemoryStore();
        await using (var bench = await Bench.StartAsync(store: store))
        {
            var id = await bench.CreateAsync();
            await bench.Sojourn.SendAsync(id, new Add(1));
            await bench.Sojourn.SendAsync(id, new Draw(5));
            await bench.Sojourn.SendAsync(id, new Draw(6));
        }

        await using var later = await Bench.StartAsync(store: store);
        (await later.Sojourn.ReadEventsAsync(Bench.Key("a"), 0, 10)).Select(e => e.Number).ShouldBe([1L, 2]);
        (await later.Sojourn.ReadEntryAsync(Bench.Key("a"), "pictures", 2))!.Value.Length.ShouldBe(6);
        (await later.Sojourn.ReadEntryAsync(Bench.Key("a"), "pictures", 3)).ShouldBeNull();
        (await later.Sojourn.SendAsync("a", new Draw(7))).IsAccepted.ShouldBeTrue();
        (await later.Sojourn.ReadEntryAsync(Bench.Key("a"), "pictures", 3))!.Value.Length.ShouldBe(7);
    }

    private static async Task<long> NextAsync(IAsyncEnumerator<SessionNews> news)
    {
        (await news.MoveNextAsync()).ShouldBeTrue();
        return news.Current.ShouldBeOfType<SessionEvent>().Number;
    }
}
