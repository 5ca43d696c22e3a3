using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Tests.Stores;

/// <summary>Backups: made while work goes on, tried before they are needed, restored whole or not at all.</summary>
public sealed class SqliteBackupTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sojourn-test-").FullName;

    private SqliteStore Store { get; set; } = null!;

    private string Data => Path.Combine(_directory, "data");

    private string Backup => Path.Combine(_directory, "backup");

    [Fact]
    public async Task A_backup_is_of_one_moment_though_commits_go_on()
    {
        await SaveBothAsync(1);
        using var stop = new CancellationTokenSource();
        var steps = Task.Run(async () =>
        {
            var version = 1L;
            while (!stop.IsCancellationRequested)
            {
                await SaveBothAsync(++version);
            }

            return version;
        });

        var report = await Store.BackupAsync(Backup, default);
        await stop.CancelAsync();

        (await steps).ShouldBeGreaterThan(1);
        (report.Sessions, report.Directory).ShouldBe((2, Backup));
        report.Damaged.ShouldBeEmpty();
        report.Bytes.ShouldBe(new FileInfo(Path.Combine(Backup, "sojourn.db")).Length);
        Directory.GetFiles(Backup).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .ShouldBe(["backup.json", "sojourn.db"]);
        var restored = Path.Combine(_directory, "restored");
        (await SqliteBackups.RestoreAsync(Backup, restored)).Entries.ShouldBe(report.Entries);
        await using var store = new SqliteStore(restored, NullLogger.Instance);
        await store.OpenAsync(default);
        var (one, other) = (await store.LoadAsync(Key("a"), default), await store.LoadAsync(Key("b"), default));
        one!.Version.ShouldBe(other!.Version, "both are written in one commit");
        (await store.ReadStreamAsync(new StreamKey(Key("a"), "events"), 0, 1 << 20, 1 << 30, default)).Count
            .ShouldBe((int)one.Version);
    }

    [Fact]
    public async Task A_drill_restores_aside_compares_and_leaves_nothing_behind()
    {
        await SaveBothAsync(1);
        await Store.BackupAsync(Backup, default);
        var before = await File.ReadAllBytesAsync(Path.Combine(Backup, "sojourn.db"));

        var drill = await SqliteBackups.DrillAsync(Backup);

        (drill.Sessions, drill.Entries).ShouldBe((2, 2));
        drill.Damaged.ShouldBeEmpty();
        drill.Differences.ShouldBeEmpty();
        Directory.GetFiles(Backup).Length.ShouldBe(2);
        (await File.ReadAllBytesAsync(Path.Combine(Backup, "sojourn.db"))).ShouldBe(before);
    }

    [Fact]
    public async Task A_directory_that_has_something_in_it_is_refused_and_an_empty_one_is_not()
    {
        await SaveBothAsync(1);
        Directory.CreateDirectory(Backup);
        await Store.BackupAsync(Backup, default);

        (await Should.ThrowAsync<SojournException>(async () => await Store.BackupAsync(Backup, default)))
            .Message.ShouldContain("not empty");
        (await Should.ThrowAsync<SojournException>(async () => await SqliteBackups.RestoreAsync(Backup, Data)))
            .Message.ShouldContain("not empty", customMessage: "it is in use, even");
        (await Should.ThrowAsync<SojournException>(async () => await SqliteBackups.DrillAsync(_directory)))
            .Message.ShouldContain("holds no backup");
    }

    [Fact]
    public async Task A_backup_that_was_changed_is_not_restored_and_nothing_is_left_of_the_attempt()
    {
        await SaveBothAsync(1);
        await Store.BackupAsync(Backup, default);
        var file = Path.Combine(Backup, "sojourn.db");
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        var restored = Path.Combine(_directory, "restored");

        (await Should.ThrowAsync<SojournException>(async () => await SqliteBackups.RestoreAsync(Backup, restored)))
            .Message.ShouldContain("checksum");

        Directory.Exists(restored).ShouldBeFalse();
        Directory.GetDirectories(_directory).Length.ShouldBe(2, "the data and the backup");
    }

    [Fact]
    public async Task What_another_backup_left_half_done_is_in_nobodys_way()
    {
        await SaveBothAsync(1);
        Directory.CreateDirectory(Backup + ".partial");
        await File.WriteAllTextAsync(Path.Combine(Backup + ".partial", "sojourn.db"), "half of it");

        (await Store.BackupAsync(Backup, default)).Sessions.ShouldBe(2);

        Directory.Exists(Backup + ".partial").ShouldBeFalse();
    }

    [Fact]
    public async Task A_damaged_session_is_backed_up_as_it_is_and_the_report_says_so()
    {
        await SaveBothAsync(1);
        await Store.DisposeAsync();
        using (var connection = Connections.Open(Path.Combine(Data, "sojourn.db"), forWriting: true))
        {
            connection.Run("UPDATE session SET state = x'' WHERE id = 'a'");
        }

        await InitializeAsync();

        (await Store.BackupAsync(Backup, default)).Damaged.Single().ShouldContain("tally/a");

        var drill = await SqliteBackups.DrillAsync(Backup);
        drill.Damaged.Single().ShouldContain("tally/a");
        drill.Differences.ShouldBeEmpty();
    }

    public async Task InitializeAsync()
    {
        Store = new SqliteStore(Data, NullLogger.Instance);
        await Store.OpenAsync(default);
    }

    public async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static SessionKey Key(string id) => new("tally", OwnerId.Local, id);

    private async Task SaveBothAsync(long version)
    {
        var results = await Store.CommitAsync([Save("a", version), Save("b", version)]);
        results.ShouldAllBe(result => result == CommitResult.Committed);
    }

    private static SaveSession Save(string id, long version) => new(Key(id), version - 1, new SessionRecord
    {
        Key = Key(id),
        Version = version,
        Status = "open",
        IsBusy = false,
        IsFinal = false,
        CreatedAt = DateTimeOffset.UnixEpoch,
        LastActivityAt = DateTimeOffset.UnixEpoch,
        StatusSince = DateTimeOffset.UnixEpoch,
        ExpiresAt = null,
        WakeAt = null,
        FirstEvent = 1,
        LastEvent = version,
        Tails = new Dictionary<string, StreamTail>(),
        Labels = new Dictionary<string, string> { ["team"] = id },
        State = Encoding.UTF8.GetBytes($"state {version}"),
    })
    {
        Entries = [new StreamEntry(StreamKey.Events, version, new byte[300])],
        Operations = [],
    };
}
