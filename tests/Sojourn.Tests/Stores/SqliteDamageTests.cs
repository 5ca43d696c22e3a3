using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Tests.Stores;

/// <summary>What happens to sessions whose records are damaged, and to those whose are not.</summary>
public sealed class SqliteDamageTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SessionKey Key = new("tally", OwnerId.Local, "a");
    private static readonly SessionQuery InQuarantine = new() { IsDamaged = true };

    private readonly string _directory = Directory.CreateTempSubdirectory("sojourn-test-").FullName;
    private SqliteStore Store { get; set; } = null!;

    private string DataFile => Path.Combine(_directory, "sojourn.db");

    [Fact]
    public async Task A_damaged_session_comes_back_from_its_newest_snapshot_with_its_whole_log()
    {
        await StepAsync(1, Noon);
        await StepAsync(2, Noon.AddMinutes(10));
        await StepAsync(3, Noon.AddMinutes(11));
        await AlterAsync("UPDATE session SET state = x'00' WHERE id = 'a'");
        await Should.ThrowAsync<DamagedRecordException>(async () => await Store.LoadAsync(Key, default));

        await Store.QuarantineAsync(Key, "found so", Noon);
        await Store.QuarantineAsync(Key, "found so again", Noon);
        (await Store.ListAsync(InQuarantine, default)).Sessions.Single().Key.ShouldBe(Key);
        (await Store.CountAsync(InQuarantine, 9, default)).ShouldBe(1);
        var restored = (await Store.RestoreAsync(Key, Noon.AddHours(2)))!;

        Encoding.UTF8.GetString(restored.State.Span).ShouldBe("state 2");
        (restored.Version, restored.FirstEvent, restored.LastEvent).ShouldBe((4, 1, 6));
        restored.LastActivityAt.ShouldBe(Noon.AddHours(2));
        restored.ExpiresAt.ShouldBe(Noon.AddHours(3), "it had an hour left");
        (await ReadEventsAsync(0)).ShouldBe(Enumerable.Range(1, 6).Select(i => (long)i));
        var loaded = (await Store.LoadAsync(Key, default))!;
        (loaded.Version, loaded.EventMarks.Single().First).ShouldBe((4, 1));
        (await Store.ListAsync(InQuarantine, default)).Sessions.ShouldBeEmpty();
        (await AskAsync("SELECT count(*) FROM quarantine_piece WHERE bytes = x'00'")).ShouldBe(1);
        (await Store.CheckAsync(default)).Damaged.ShouldBeEmpty();
    }

    [Fact]
    public async Task Snapshots_are_as_far_apart_as_asked_and_no_more_are_kept()
    {
        for (var version = 1; version <= 30; version++)
        {
            await StepAsync(version, Noon.AddMinutes(2 * version));
        }

        // Every fifth minute at least: each third step. Two are kept.
        (await AskAsync("SELECT count(*) FROM snapshot")).ShouldBe(2);
        (await AskAsync("SELECT min(version) FROM snapshot")).ShouldBe(25);
        (await AskAsync("SELECT max(version) FROM snapshot")).ShouldBe(28);
    }

    [Fact]
    public async Task A_snapshot_that_is_damaged_itself_is_passed_over()
    {
        await StepAsync(1, Noon);
        await StepAsync(2, Noon.AddMinutes(10));
        await StepAsync(3, Noon.AddMinutes(20));
        await AlterAsync("UPDATE session SET header = x'01'; UPDATE snapshot SET state = x'' WHERE version = 2");

        var restored = (await Store.RestoreAsync(Key, Noon.AddHours(1)))!;

        Encoding.UTF8.GetString(restored.State.Span).ShouldBe("state 1");
        restored.Version.ShouldBe(4);
    }

    [Fact]
    public async Task Without_a_good_snapshot_nothing_is_changed_and_nothing_is_lost()
    {
        await StepAsync(1, Noon);
        await AlterAsync("UPDATE session SET header = x'0A0B'");

        (await Store.RestoreAsync(Key, Noon)).ShouldBeNull();

        await Should.ThrowAsync<DamagedRecordException>(async () => await Store.LoadAsync(Key, default));
        (await AskAsync("SELECT count(*) FROM session WHERE header = x'0A0B'")).ShouldBe(1);
        (await Store.ListAsync(InQuarantine, default)).Sessions.Single().Key.ShouldBe(Key);
        (await Store.RestoreAsync(Key with { Id = "b" }, Noon)).ShouldBeNull();
    }

    [Fact]
    public async Task A_session_that_can_be_read_after_all_is_left_as_it_is()
    {
        await StepAsync(1, Noon);
        await Store.QuarantineAsync(Key, "a mistake", Noon);

        (await Store.RestoreAsync(Key, Noon))!.Version.ShouldBe(1);

        (await Store.ListAsync(InQuarantine, default)).Sessions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_a_damaged_log_the_part_behind_the_damage_is_kept()
    {
        await StepAsync(1, Noon);
        await StepAsync(2, Noon.AddMinutes(10));
        await StepAsync(3, Noon.AddMinutes(20));
        await AlterAsync("UPDATE session SET header = x''; UPDATE chunk SET bytes = x'0C' WHERE first = 3");
        await Should.ThrowAsync<DamagedRecordException>(async () => await ReadEventsAsync(0));

        var restored = (await Store.RestoreAsync(Key, Noon.AddHours(1)))!;

        (restored.FirstEvent, restored.LastEvent).ShouldBe((5, 6));
        (await ReadEventsAsync(0)).ShouldBe([5L, 6]);
        (await AskAsync("SELECT count(*) FROM quarantine_piece WHERE bytes = x'0C'")).ShouldBe(1);
        (await Store.CheckAsync(default)).Damaged.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_gap_in_a_log_is_damage_and_not_a_shorter_log()
    {
        await StepAsync(1, Noon);
        await StepAsync(2, Noon.AddMinutes(10));
        await StepAsync(3, Noon.AddMinutes(20));
        await AlterAsync("DELETE FROM chunk WHERE first = 3");

        await Should.ThrowAsync<DamagedRecordException>(async () => await ReadEventsAsync(0));
        (await ReadEventsAsync(4)).ShouldBe([5L, 6]);
        await AlterAsync("DELETE FROM chunk WHERE first = 5");
        await Should.ThrowAsync<DamagedRecordException>(async () => await ReadEventsAsync(4));
    }

    [Fact]
    public async Task A_damaged_session_can_be_removed_and_its_bytes_stay_in_quarantine()
    {
        await StepAsync(1, Noon);
        await AlterAsync("UPDATE session SET header = x'0E'");
        await Store.QuarantineAsync(Key, "found so", Noon);

        (await Store.CommitAsync([new RemoveSession(Key, RemoveSession.AnyVersion)]))
            .ShouldBe([CommitResult.Committed]);

        (await Store.LoadAsync(Key, default)).ShouldBeNull();
        (await Store.ListAsync(InQuarantine, default)).Sessions.ShouldBeEmpty();
        (await AskAsync("SELECT count(*) FROM quarantine_piece WHERE bytes = x'0E'")).ShouldBe(1);
        (await Store.CheckAsync(default)).Damaged.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("UPDATE session SET active = active + 1", "its columns")]
    [InlineData("UPDATE label SET value = 'other'", "its labels")]
    [InlineData("INSERT INTO label (session, name, value) VALUES (99, 'a', 'b')", "belong to no session")]
    [InlineData("UPDATE chunk SET session = 99", "belongs to session 99")]
    [InlineData("UPDATE chunk SET last = last + 1", "checksum")]
    [InlineData("UPDATE operation SET record = x''", "cut off")]
    [InlineData("UPDATE snapshot SET header = x''", "snapshot of")]
    public async Task A_check_finds(string damage, string sentence)
    {
        await StepAsync(1, Noon);
        await StepAsync(2, Noon.AddMinutes(10));
        (await Store.CheckAsync(default)).Damaged.ShouldBeEmpty();

        await AlterAsync(damage);

        (await Store.CheckAsync(default)).Damaged.ShouldContain(finding => finding.Contains(sentence));
        (await Store.LoadAsync(Key, default))!.Status.ShouldBe("open", "the record itself is whole");
    }

    [Theory]
    [InlineData("UPDATE session SET status = 'other'", "its columns")]
    [InlineData("UPDATE session SET created = created * 4", "its columns")]
    [InlineData("UPDATE tally SET sessions = sessions + 1", "counter tally")]
    [InlineData("UPDATE tally SET size = size + 1", "counter tally")]
    [InlineData("DELETE FROM age", "counter age")]
    public async Task Columns_and_counters_that_do_not_agree_are_found_by_a_check_and_mended_by_the_next_start(
        string damage, string sentence)
    {
        await StepAsync(1, Noon);

        Run(connection => connection.Run(damage));
        (await Store.CheckAsync(default)).Damaged.ShouldContain(finding => finding.Contains(sentence));

        await Store.DisposeAsync();
        await InitializeAsync();
        (await Store.CheckAsync(default)).Damaged.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_check_says_no_more_than_anybody_reads()
    {
        await StepAsync(1, Noon);
        await AlterAsync("""
            WITH RECURSIVE many (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM many WHERE i < 3000)
            INSERT INTO chunk (session, stream, first, last, bytes) SELECT i, 'events', 1, 1, x'' FROM many
            """);

        var damaged = (await Store.CheckAsync(default)).Damaged;

        damaged.Count.ShouldBe(StoreChecker.MaxSentences + 1);
        damaged[^1].ShouldBe("There is more.");
    }

    public async Task InitializeAsync()
    {
        Store = new SqliteStore(_directory, NullLogger.Instance);
        await Store.OpenAsync(default);
    }

    public async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Two events a step; snapshots five minutes apart, two of them.</summary>
    private async Task StepAsync(int version, DateTimeOffset now)
    {
        var record = new SessionRecord
        {
            Key = Key,
            Version = version,
            Status = "open",
            IsBusy = false,
            IsFinal = false,
            CreatedAt = Noon,
            LastActivityAt = now,
            StatusSince = Noon,
            ExpiresAt = now.AddHours(1),
            WakeAt = null,
            FirstEvent = 1,
            LastEvent = 2 * version,
            Tails = new Dictionary<string, StreamTail>(),
            Labels = new Dictionary<string, string> { ["team"] = "red" },
            State = Encoding.UTF8.GetBytes($"state {version}"),
        };
        var save = new SaveSession(Key, version - 1, record)
        {
            Entries = [Event((2 * version) - 1), Event(2 * version)],
            Operations = [new OperationRecord($"op{version}", new byte[1], new byte[1], version, 1, 2, now)],
            KeepSnapshots = 2,
            SnapshotEvery = TimeSpan.FromMinutes(5),
        };
        (await Store.CommitAsync([save])).ShouldBe([CommitResult.Committed]);
    }

    private static StreamEntry Event(long number) =>
        new(StreamKey.Events, number, Encoding.UTF8.GetBytes($"event {number}"));

    private async Task<long[]> ReadEventsAsync(long after) =>
        [.. (await Store.ReadStreamAsync(new StreamKey(Key, StreamKey.Events), after, 100, 1 << 20, default))
            .Select(entry => entry.Number)];

    /// <summary>Between two lives of the store, so that nothing is remembered.</summary>
    private async Task AlterAsync(string sql)
    {
        await Store.DisposeAsync();
        Run(connection => connection.Run(sql));
        await InitializeAsync();
    }

    private async Task<long> AskAsync(string sql)
    {
        await Store.DisposeAsync();
        var answer = 0L;
        Run(connection => answer = connection.ReadLong(sql));
        await InitializeAsync();
        return answer;
    }

    private void Run(Action<SqliteConnection> act)
    {
        using var connection = new SqliteConnection($"Data Source={DataFile};Pooling=False");
        connection.Open();
        act(connection);
    }
}
