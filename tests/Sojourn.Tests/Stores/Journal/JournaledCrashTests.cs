using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;
using Sojourn.Sqlite.Journal;
using Sojourn.Stores;

namespace Sojourn.Tests.Stores.Journal;

public sealed class JournaledCrashTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_kill_before_anything_came_to_SQLite_loses_nothing_that_was_acknowledged()
    {
        await using var store = await _folder.OpenAsync();
        await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 1), StoreFolder.Step("b", 1));
        await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 2));
        await StoreFolder.CommitAsync(store, new RemoveSession(StoreFolder.Key("b"), 1), StoreFolder.Step("c", 1));
        store.Lag.Changes.ShouldBe(5);

        await using var after = await _folder.OpenAsync(_folder.Image());

        (await StoreFolder.VersionAsync(after, "a")).ShouldBe(2);
        (await StoreFolder.VersionAsync(after, "b")).ShouldBe(0);
        (await StoreFolder.VersionAsync(after, "c")).ShouldBe(1);
        (await after.CheckAsync(default)).Damaged.ShouldBeEmpty();
        after.Lag.Changes.ShouldBe(0, "a check brings all of it into SQLite first");
    }

    [Fact]
    public async Task A_kill_after_a_part_came_to_SQLite_applies_nothing_twice()
    {
        await using var store = await _folder.OpenAsync();
        await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 1), StoreFolder.Step("b", 1));
        await store.CheckAsync(default);
        await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 2));

        var image = _folder.Image();
        for (var start = 0; start < 3; start++)
        {
            var after = await _folder.OpenAsync(image);
            (await StoreFolder.VersionAsync(after, "a")).ShouldBe(2);
            (await StoreFolder.VersionAsync(after, "b")).ShouldBe(1);
            (await after.CensusAsync(default)).ByStatus.Sum(count => count.Sessions).ShouldBe(2);
            await after.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_last_batch_that_is_cut_anywhere_is_there_whole_or_not_at_all()
    {
        await using var store = await _folder.OpenAsync();
        await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 1), StoreFolder.Step("b", 1));
        var whole = _folder.Image();
        await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 2), StoreFolder.Step("b", 2));

        // Every byte is cut by the log's own tests; here with a whole store above it, at some.
        for (var cut = 2 * 4096; cut < (2 * 4096) + 700; cut += 97)
        {
            var image = _folder.Image();
            using (var file = File.OpenWrite(StoreFolder.NewestSegment(image)))
            {
                file.SetLength(cut);
            }

            await using var after = await _folder.OpenAsync(image);
            var versions = (await StoreFolder.VersionAsync(after, "a"), await StoreFolder.VersionAsync(after, "b"));
            (versions is (1, 1) or (2, 2)).ShouldBeTrue($"cut at {cut}: {versions}");
            (await after.CheckAsync(default)).Damaged.ShouldBeEmpty();
        }

        await using var before = await _folder.OpenAsync(whole);
        (await StoreFolder.VersionAsync(before, "a")).ShouldBe(1);
    }

    [Fact]
    public async Task Terms_go_on_growing_after_a_kill_and_leases_are_over()
    {
        var now = DateTimeOffset.UnixEpoch;
        await using var store = await _folder.OpenAsync();
        await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 1, "working"));
        (await store.ClaimAsync(new LeaseClaim("tally", "gone", now, now.AddYears(9), 1))).Single().Term.ShouldBe(1);

        await using var after = await _folder.OpenAsync(_folder.Image());

        (await after.ClaimAsync(new LeaseClaim("tally", "here", now, now.AddYears(9), 1))).Single().Term.ShouldBe(2);
    }

    [Fact]
    public async Task Numbers_are_never_used_again_also_after_a_kill()
    {
        await using var store = await _folder.OpenAsync();
        await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 1));
        await StoreFolder.CommitAsync(store, StoreFolder.Step("b", 1));
        await StoreFolder.CommitAsync(store, new RemoveSession(StoreFolder.Key("b"), 1));

        await using var after = await _folder.OpenAsync(_folder.Image());
        await StoreFolder.CommitAsync(after, StoreFolder.Step("c", 1));

        var first = await after.ListAsync(new SessionQuery { Limit = 1 }, default);
        first.Next.ShouldBe("3", "the cursor is the number of the last one on the page");
    }

    [Fact]
    public async Task A_file_with_a_journal_that_was_not_ended_in_order_is_not_opened_without_it()
    {
        await using var store = await _folder.OpenAsync();
        await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 1));
        var image = _folder.Image();

        await using var without = new SqliteStore(image, NullLogger.Instance);
        (await Should.ThrowAsync<SojournException>(async () => await without.OpenAsync(default))).Message
            .ShouldContain("has a journal");
    }

    [Fact]
    public async Task A_stop_in_order_leaves_everything_in_the_file_and_no_journal()
    {
        var store = await _folder.OpenAsync();
        await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 1));
        await store.DisposeAsync();

        await using var without = new SqliteStore(
            _folder.Path, NullLogger.Instance);
        await without.OpenAsync(default);

        (await StoreFolder.VersionAsync(without, "a")).ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_newer_version_wrote_is_refused_and_nothing_of_it_is_touched(bool isJournalNewer)
    {
        string image;
        await using (var store = await _folder.OpenAsync())
        {
            await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 1));
            image = _folder.Image();
        }

        if (isJournalNewer)
        {
            var header = new SegmentHeader(SegmentHeader.Newest + 1, 2, 2).Write();
            await File.WriteAllBytesAsync(Path.Combine(image, "journal", Segment.NameOf(2)), header);
        }
        else
        {
            await using var connection = new SqliteConnection($"Data Source={image}/sojourn.db;Pooling=False");
            await connection.OpenAsync();
            connection.Run($"PRAGMA user_version = {Schema.Version + 1}");
        }

        await File.WriteAllTextAsync(Path.Combine(image, "journal", "ahead-9.tmp"), "another version may want it");
        var before = Contents(image);

        var refused = await Should.ThrowAsync<SojournException>(() => _folder.OpenAsync(image));

        refused.Message.ShouldContain("newer Sojourn");
        refused.Message.ShouldContain("left untouched");
        Contents(image).ShouldBe(before);
    }

    [Fact]
    public async Task A_segment_that_was_being_made_ahead_is_gone_after_the_next_start()
    {
        string image;
        await using (var store = await _folder.OpenAsync())
        {
            await StoreFolder.CommitAsync(store, StoreFolder.Step("a", 1));
            image = _folder.Image();
        }

        var left = Path.Combine(image, "journal", "ahead-1.tmp");
        await File.WriteAllTextAsync(left, "half of it");
        await using var after = await _folder.OpenAsync(image);

        File.Exists(left).ShouldBeFalse();
        (await StoreFolder.VersionAsync(after, "a")).ShouldBe(1);
    }

    /// <summary>All files but the lock, and SQLite's index of its log, which a reader makes.</summary>
    private static List<string> Contents(string directory) =>
    [
        .. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".db" or ".log" or ".tmp" or ".json")
            .Order(StringComparer.Ordinal)
            .Select(file => $"{file} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"),
    ];
}
