using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Tests.Stores;

public sealed class SqliteStoreTests : StoreContract
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sojourn-test-").FullName;

    protected override bool Outlives => true;

    private string DataFile => Path.Combine(_directory, "sojourn.db");

    [Fact]
    public async Task A_second_process_is_told_that_the_directory_is_in_use()
    {
        await using var second = Make();

        var refused = await Should.ThrowAsync<SojournException>(async () => await second.OpenAsync(default));

        refused.Message.ShouldContain("in use by another process");
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused_and_left_untouched()
    {
        await Store.DisposeAsync();
        Alter("PRAGMA user_version = 99");
        var before = await File.ReadAllBytesAsync(DataFile);
        await using var store = Make();

        var refused = await Should.ThrowAsync<SojournException>(async () => await store.OpenAsync(default));

        refused.Message.ShouldContain("format 99; this one knows 2");
        (await File.ReadAllBytesAsync(DataFile)).ShouldBe(before);
        File.Exists(DataFile + "-wal").ShouldBeFalse();
    }

    [Fact]
    public async Task Another_programs_database_is_refused_and_left_untouched()
    {
        await Store.DisposeAsync();
        File.Delete(DataFile);
        Alter("CREATE TABLE theirs (x)");
        var before = await File.ReadAllBytesAsync(DataFile);
        await using var store = Make();

        (await Should.ThrowAsync<SojournException>(async () => await store.OpenAsync(default))).Message
            .ShouldContain("not one of Sojourn's");

        (await File.ReadAllBytesAsync(DataFile)).ShouldBe(before);
    }

    [Theory]
    [InlineData("UPDATE session SET state = CAST(replace(state, '1', '2') AS BLOB) WHERE id = 'a'")]
    [InlineData("UPDATE session SET state = substr(state, 1, 3) WHERE id = 'a'")]
    [InlineData("UPDATE session SET state = (SELECT state FROM session WHERE id = 'b') WHERE id = 'a'")]
    [InlineData("UPDATE session SET header = x'' WHERE id = 'a'")]
    [InlineData("UPDATE session SET header = x'63' || substr(header, 2) WHERE id = 'a'")]
    public async Task A_damaged_record_is_recognised_and_the_others_are_not_concerned(string damage)
    {
        await CommitAsync(Save(Record("a")), Save(Record("b", 1)));
        await Store.DisposeAsync();
        Alter(damage);
        await InitializeAsync();

        await Should.ThrowAsync<DamagedRecordException>(async () => await Store.LoadAsync(Key("a"), default));

        (await Store.LoadAsync(Key("b"), default)).ShouldNotBeNull();
        (await Store.ListAsync(new SessionQuery { Kind = "tally" }, default)).Sessions.Count.ShouldBe(2);
        var check = await Store.CheckAsync(default);
        check.Damaged.Single().ShouldContain("tally/a");
    }

    [Fact]
    public async Task A_damaged_entry_and_a_damaged_operation_are_recognised()
    {
        var operation = new OperationRecord("x", new byte[32], "1"u8.ToArray(), 1, 1, 0, DateTimeOffset.UnixEpoch);
        await CommitAsync(Save(Record("a"), entries: Entries("events", 1, 3), operations: [operation]));
        await Store.DisposeAsync();
        Alter("UPDATE chunk SET first = 2; UPDATE operation SET id = 'y'");
        await InitializeAsync();

        await Should.ThrowAsync<DamagedRecordException>(async () =>
            await Store.ReadStreamAsync(new StreamKey(Key("a"), "events"), 1, 10, 1000, default));
        await Should.ThrowAsync<DamagedRecordException>(async () =>
            await Store.FindOperationAsync(Key("a"), "y", default));
        (await Store.CheckAsync(default)).Damaged.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Commits_are_flushed_to_a_write_ahead_log()
    {
        await CommitAsync(Save(Record("a")));

        new FileInfo(DataFile + "-wal").Length.ShouldBeGreaterThan(0);
        using var connection = Connections.Open(DataFile, forWriting: true);
        connection.ReadLong("PRAGMA synchronous").ShouldBe(2);
    }

    [Fact]
    public async Task Leases_of_a_process_that_is_gone_end_with_it_and_their_terms_go_on()
    {
        await CommitAsync(Save(Record("a") with { IsBusy = true }));
        var now = DateTimeOffset.UnixEpoch;
        await Store.ClaimAsync(new LeaseClaim("tally", "gone", now, now.AddYears(9), 1));
        await ReopenAsync();

        var lease = (await Store.ClaimAsync(new LeaseClaim("tally", "here", now, now.AddYears(9), 1))).Single();

        lease.Term.ShouldBe(2);
    }

    [Fact]
    public async Task A_lock_that_cannot_be_opened_is_not_taken_for_another_process()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var directory = Directory.CreateDirectory(Path.Combine(_directory, "other")).FullName;
        var link = Path.Combine(directory, "sojourn.lock");
        File.CreateSymbolicLink(link, link);
        await using var store = new SqliteStore(directory, NullLogger.Instance);

        await Should.ThrowAsync<IOException>(async () => await store.OpenAsync(default));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_data_file_that_has_gone_is_not_taken_for_a_first_start(bool isDeleted)
    {
        await CommitAsync(Save(Record("a")));
        await Store.DisposeAsync();
        File.Delete(DataFile);
        if (!isDeleted)
        {
            await File.WriteAllBytesAsync(DataFile, []);
        }

        await using var store = Make();
        var refused = await Should.ThrowAsync<SojournException>(async () => await store.OpenAsync(default));

        refused.Message.ShouldContain("Restore it from a backup");
        new FileInfo(DataFile).Exists.ShouldBe(!isDeleted);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    protected override ISessionStore Make() => new SqliteStore(_directory, NullLogger.Instance);

    private void Alter(string sql)
    {
        SqliteLibrary.EnsureLoaded();
        using var connection = new SqliteConnection($"Data Source={DataFile};Pooling=False");
        connection.Open();
        connection.Run(sql);
    }
}
