using Microsoft.Data.Sqlite;
using Sojourn.Sqlite;
using Sojourn.Sqlite.Journal;
using Sojourn.Stores;

namespace Sojourn.Tests.Stores.Journal;

/// <summary>What the journal knows of a session whose record in SQLite went bad.</summary>
public sealed class JournaledRestoreTests : IDisposable
{
    private static readonly SessionKey Key = StoreFolder.Key("a");

    private readonly StoreFolder _folder = new();

    private DateTimeOffset Now => _folder.Clock.GetUtcNow();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("open", "working", 0)]
    [InlineData("working", "open", 1)]
    public async Task A_restored_session_is_driven_exactly_if_it_is_busy(string before, string last, int driven)
    {
        await using var store = await _folder.OpenAsync();
        await StepAsync(store, 1, before);
        await StepAsync(store, 2, last);
        await AlterAsync("UPDATE session SET state = x'00' WHERE id = 'a'");

        var restored = (await store.RestoreAsync(Key, Now))!;

        restored.Status.ShouldBe(before);
        var leases = await ClaimAsync(store);
        leases.Count.ShouldBe(driven);
        foreach (var lease in leases)
        {
            await store.ReleaseAsync(lease, Now);
        }

        (await ClaimAsync(store)).Count.ShouldBe(driven);
    }

    [Fact]
    public async Task Who_drove_a_session_before_it_was_restored_drives_it_no_more()
    {
        await using var store = await _folder.OpenAsync();
        await StepAsync(store, 1, "working");
        await StepAsync(store, 2, "working");
        var lease = (await ClaimAsync(store)).Single();
        await store.CheckAsync(default);
        (await store.RestoreAsync(Key, Now))!.Version.ShouldBe(2);
        (await store.RenewAsync([lease], Now.AddMinutes(1))).ShouldBeEmpty("nothing was wrong with it");
        await AlterAsync("UPDATE session SET state = x'00' WHERE id = 'a'");

        var restored = (await store.RestoreAsync(Key, Now))!;

        (await store.RenewAsync([lease], Now.AddMinutes(1))).ShouldBe([lease]);
        var report = StoreFolder.Step("a", restored.Version + 1, "working") with { Lease = lease };
        (await store.CommitAsync([report])).ShouldBe([CommitResult.LeaseLost]);
        (await ClaimAsync(store)).Single().Term.ShouldBe(lease.Term + 1);
    }

    [Fact]
    public void A_busy_session_that_is_removed_because_its_row_cannot_be_read_is_never_claimed_again()
    {
        var overlay = new Overlay();
        overlay.Open(new JournalPosition(0, 7), [new BusySession(7, Key, 3)]);
        // What stands for the number of such a row.
        overlay.Know([Key], [new SessionRow { Number = -1, Version = long.MaxValue }]);

        overlay.Add([new LoggedRemoval(Key, -1)], 1, 1);

        overlay.Busy(busy => busy.Choose(new LeaseClaim("tally", "me", Now, Now, 10))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_session_that_lies_aside_already_makes_no_one_wait_for_SQLite()
    {
        await using var store = await _folder.OpenAsync();
        await StepAsync(store, 1, "open");
        await AlterAsync("UPDATE session SET state = x'00' WHERE id = 'a'");
        await StoreFolder.CommitAsync(store, StoreFolder.Step("b", 1));

        await store.QuarantineAsync(Key, "found so", Now);
        await store.QuarantineAsync(Key, "found so again", Now);

        store.Lag.Changes.ShouldBe(1, "nothing of it is in the journal, so nothing has to go to SQLite first");
        (await store.ListAsync(new SessionQuery { IsDamaged = true }, default)).Sessions.Single().Key.ShouldBe(Key);
        using var held = await HoldSqliteAsync();
        await store.QuarantineAsync(Key, "and again, while SQLite takes nothing", Now);
    }

    [Fact]
    public async Task Counting_and_claiming_wait_for_no_fold()
    {
        await using var store = await _folder.OpenAsync();
        await StepAsync(store, 1, "working");
        await StoreFolder.CommitAsync(store, StoreFolder.Step("b", 1, "working"), StoreFolder.Step("c", 1));
        var held = await HoldSqliteAsync();
        var folding = store.CheckAsync(default).AsTask();
        var stuck = new SessionQuery { IsBusy = true, ActiveBefore = Now };

        for (var i = 0; i < 100; i++)
        {
            (await store.CountAsync(stuck, 100, default)).ShouldBe(2);
            (await store.CountAsync(new SessionQuery { Status = "open" }, 100, default)).ShouldBe(1);
            (await store.CensusAsync(default)).ByStatus.Sum(count => count.Sessions).ShouldBe(3);
        }

        (await ClaimAsync(store)).Count.ShouldBe(2);
        folding.IsCompleted.ShouldBeFalse();
        held.Dispose();
        (await folding).Sessions.ShouldBe(3);
        (await store.CountAsync(stuck, 100, default)).ShouldBe(2);
    }

    [Fact]
    public async Task A_drain_that_is_asked_for_after_the_end_is_refused()
    {
        var store = await _folder.OpenAsync();
        await store.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(async () => await store.CheckAsync(default));
    }

    /// <summary>A step that is in SQLite, an hour after the last, so that each leaves a snapshot.</summary>
    private static async Task StepAsync(JournaledStore store, long version, string status)
    {
        var step = StoreFolder.Step("a", version, status);
        var at = step.Record.LastActivityAt.AddHours(version);
        await StoreFolder.CommitAsync(store, step with
        {
            Record = step.Record with { LastActivityAt = at },
            KeepSnapshots = 2,
            SnapshotEvery = TimeSpan.Zero,
        });
        await store.CheckAsync(default);
    }

    private ValueTask<IReadOnlyList<Lease>> ClaimAsync(JournaledStore store) =>
        store.ClaimAsync(new LeaseClaim("tally", "me", Now, Now.AddMinutes(1), 10));

    private async Task<SqliteConnection> ConnectAsync()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "sojourn.db")};Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    private async Task AlterAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        connection.Run(sql);
    }

    /// <summary>Until this is disposed of, SQLite takes no change.</summary>
    private async Task<SqliteConnection> HoldSqliteAsync()
    {
        var connection = await ConnectAsync();
        connection.Run("BEGIN IMMEDIATE");
        return connection;
    }
}
