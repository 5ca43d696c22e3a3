using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;
using Sojourn.Sqlite.Journal;
using Sojourn.Stores;
using Sojourn.Tests.Engine;

namespace Sojourn.Tests.Stores.Journal;

public sealed class FoldTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lists_counts_and_the_census_see_the_journal_and_SQLite_as_one()
    {
        await using var store = await _folder.OpenAsync();
        await StoreFolder.CommitAsync(store, [.. Enumerable.Range(0, 20).Select(i => StoreFolder.Step($"s{i:00}", 1))]);
        await store.CheckAsync(default);
        await StoreFolder.CommitAsync(
            store, StoreFolder.Step("s05", 2, "done"), new RemoveSession(StoreFolder.Key("s06"), 1));
        await StoreFolder.CommitAsync(store, StoreFolder.Step("t", 1, "done"));

        (await ListAsync(store, new SessionQuery { Limit = 6 })).ShouldBe(
            ["t", .. Enumerable.Range(0, 20).Reverse().Where(i => i != 6).Select(i => $"s{i:00}")]);
        (await ListAsync(store, new SessionQuery { Status = "done", Limit = 1 })).ShouldBe(["t", "s05"]);
        (await store.CountAsync(new SessionQuery { Status = "open" }, 100, default)).ShouldBe(18);
        (await store.CountAsync(new SessionQuery(), 7, default)).ShouldBe(7);
        (await store.CountAsync(new SessionQuery { Text = "S0" }, 100, default)).ShouldBe(9);
        var census = await store.CensusAsync(default);
        census.ByStatus.OrderBy(count => count.Status).Select(count => (count.Status, count.Sessions))
            .ShouldBe([("done", 2L), ("open", 18L)]);
        census.ByAge.Sum(count => count.Sessions).ShouldBe(20);
    }

    [Fact]
    public async Task A_session_that_begins_anew_shows_nothing_of_its_older_life_in_any_layer()
    {
        await using var store = await _folder.OpenAsync();
        await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 1));
        await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 2));
        await store.CheckAsync(default);
        await StoreFolder.CommitAsync(store, new RemoveSession(StoreFolder.Key("a"), 2));
        await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 1));

        (await StoreFolder.VersionAsync(store, "a")).ShouldBe(1);
        (await store.CheckAsync(default)).Damaged.ShouldBeEmpty();
        (await StoreFolder.VersionAsync(store, "a")).ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whoever_asks_while_sessions_change_and_folds_come_and_go_misses_none_and_sees_none_twice(int seed)
    {
        const int Sessions = 40;
        _folder.Options.FoldBytes = 1;
        await using var store = await _folder.OpenAsync();
        await StoreFolder.CommitAsync(store, [.. Enumerable.Range(0, Sessions).Select(i => Due($"s{i}", 1, "open"))]);
        var changing = Task.Run(async () =>
        {
            var chance = new Random(seed);
            var versions = Enumerable.Repeat(1L, Sessions).ToArray();
            for (var step = 0; step < 400; step++)
            {
                var i = chance.Next(Sessions);
                await StoreFolder.CommitAsync(
                    store, Due($"s{i}", ++versions[i], chance.Next(2) == 0 ? "open" : "done"));
            }
        });
        var late = DateTimeOffset.UnixEpoch.AddYears(1);
        var isLast = false;
        do
        {
            isLast = changing.IsCompleted;
            var listed = await store.ListAsync(new SessionQuery { Limit = 100 }, default);
            listed.Sessions.Select(session => session.Key).ToHashSet().Count.ShouldBe(Sessions, "listed");
            listed.Sessions.Count.ShouldBe(Sessions, "listed twice");
            (await store.CountAsync(new SessionQuery(), 100, default)).ShouldBe(Sessions, "counted");
            var old = new SessionQuery { CreatedBefore = late };
            (await store.CountAsync(old, 100, default)).ShouldBe(Sessions, "counted one by one");
            (await store.CensusAsync(default)).ByStatus.Sum(count => count.Sessions).ShouldBe(Sessions, "the census");
            (await store.DueAsync(["tally"], late, 100, default)).Due.ToHashSet().Count.ShouldBe(Sessions, "due");
            var query = new VictimQuery("tally", null, false, late, 100);
            (await store.VictimsAsync(query, default)).Count.ShouldBe(Sessions, "victims");
        }
        while (!isLast);

        await changing;

        static SaveSession Due(string id, long version, string status)
        {
            var step = StoreFolder.Step(id, version, status);
            var due = DateTimeOffset.UnixEpoch.AddMinutes(version);
            return step with { Record = step.Record with { WakeAt = due } };
        }
    }

    [Fact]
    public async Task What_was_folded_is_not_held_on_to()
    {
        await using var thread = new WriterThread();
        var folded = await RunAsync(thread);

        var patience = Bench.Patience();
        while (folded.IsAlive)
        {
            patience.ThrowIfCancellationRequested();
            GC.Collect();
            await Task.Yield();
        }

        static async Task<WeakReference> RunAsync(WriterThread thread)
        {
            var changes = new byte[1000];
            return await thread.RunAsync(() => new WeakReference(changes));
        }
    }

    [Fact]
    public async Task What_waits_comes_to_SQLite_in_time_without_being_asked()
    {
        await using var store = await _folder.OpenAsync();
        await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 1));
        store.Lag.Changes.ShouldBe(1);

        _folder.Clock.Advance(_folder.Options.FoldAfter);

        // A count waits for a fold that is under way.
        while (store.Lag.Changes > 0)
        {
            await store.CountAsync(new SessionQuery(), 1, default);
        }

        (await StoreFolder.VersionAsync(store, "a")).ShouldBe(1);
    }

    [Fact]
    public async Task At_the_bound_commits_wait_for_SQLite_and_segments_are_used_again()
    {
        _folder.Options.FoldBytes = 16 << 10;
        _folder.Options.MaxLagBytes = 32 << 10;
        await using var store = await _folder.OpenAsync();
        for (var version = 1; version <= 300; version++)
        {
            await StoreFolder.CommitAsync(store, StoreFolder.Step("a", version));
            store.Lag.Bytes.ShouldBeLessThanOrEqualTo((32 << 10) + 4096);
        }

        Directory.EnumerateFiles(Path.Combine(_folder.Path, "journal"), "*.log").Count().ShouldBeLessThan(5);
        (await StoreFolder.VersionAsync(store, "a")).ShouldBe(300);
    }

    [Fact]
    public async Task After_a_flush_that_failed_the_commit_is_not_there_and_a_probe_heals()
    {
        await using var store = await _folder.OpenAsync();
        await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 1));
        _folder.Options.Flush = file => throw new IOException("The disk is broken (injected).");

        await Should.ThrowAsync<IOException>(async () => await store.CommitAsync([StoreFolder.Step("a", 2)]));
        _folder.Options.Flush = Disk.FlushBytes;
        await Should.ThrowAsync<IOException>(async () => await store.CommitAsync([StoreFolder.Step("a", 2)]));
        (await StoreFolder.VersionAsync(store, "a")).ShouldBe(1);
        await store.ProbeAsync();
        await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 2));

        await using var after = await _folder.OpenAsync(_folder.Image());
        (await StoreFolder.VersionAsync(after, "a")).ShouldBe(2);
    }

    [SmallDiskFact]
    public async Task On_a_full_disk_commits_are_refused_nothing_acknowledged_is_lost_and_space_heals()
    {
        using var disk = SmallDisk.Mount("4m");
        var filler = Path.Combine(disk.Path, "filler");
        await File.WriteAllBytesAsync(filler, new byte[1 << 20]);
        var data = Path.Combine(disk.Path, "data");
        _folder.Options.SegmentBytes = 256 << 10;
        _folder.Options.FoldBytes = 64 << 10;
        _folder.Options.MaxLagBytes = 512 << 10;
        var acknowledged = 0;
        await using (var store = await _folder.OpenAsync(data))
        {
            acknowledged = await FillAsync(store, 0);
            (await store.LoadAsync(StoreFolder.Key("s0"), default)).ShouldNotBeNull("reading goes on");
            await Should.ThrowAsync<Exception>(async () => await store.CommitAsync([Long(acknowledged)]));

            File.Delete(filler);
            await store.ProbeAsync();
            acknowledged.ShouldBeLessThan(acknowledged = await FillAsync(store, acknowledged));
            await Should.ThrowAsync<Exception>(async () => await store.CommitAsync([Long(acknowledged)]));
        }

        _folder.Options.FoldBytes = 1 << 20;
        _folder.Options.MaxLagBytes = 1 << 20;
        await using var later = await _folder.OpenAsync(data);
        for (var i = 0; i < acknowledged; i++)
        {
            (await later.LoadAsync(StoreFolder.Key($"s{i}"), default)).ShouldNotBeNull($"{i} of {acknowledged}");
        }
    }

    [Fact]
    public void Nonsense_is_named_when_the_store_is_made()
    {
        _folder.Options.SegmentBytes = 1;
        _folder.Options.MaxLagBytes = 1;

        var refused = Should.Throw<SojournException>(() => new JournaledStore(
            _folder.Path, _folder.Options, _folder.Clock, NullLogger.Instance));

        refused.Message.ShouldContain("SegmentBytes");
        refused.Message.ShouldContain("MaxLagBytes");
    }

    private static SaveSession Long(int i) => StoreFolder.Step($"s{i}", 1) with
    {
        Entries = [new StreamEntry("events", 1, new byte[10_000])],
    };

    /// <summary>Commits until it is refused.</summary>
    /// <returns>How many sessions are there in all.</returns>
    private static async Task<int> FillAsync(JournaledStore store, int from)
    {
        for (var i = from; i < 10_000; i++)
        {
            try
            {
                await StoreFolder.CommitAsync(store, Long(i));
            }
            catch (IOException)
            {
                return i;
            }
        }

        throw new InvalidOperationException("The disk did not fill up.");
    }

    private static async Task<List<string>> ListAsync(JournaledStore store, SessionQuery query)
    {
        var ids = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await store.ListAsync(query with { Cursor = cursor }, default);
            ids.AddRange(page.Sessions.Select(session => session.Key.Id.ToString()));
            cursor = page.Next;
            if (cursor is null)
            {
                return ids;
            }
        }
    }
}
