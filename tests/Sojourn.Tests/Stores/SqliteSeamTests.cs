using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Tests.Stores;

/// <summary>What a journal before the file relies on.</summary>
public sealed class SqliteSeamTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _directory = Directory.CreateTempSubdirectory("sojourn-test-").FullName;
    private SqliteStore Store { get; set; } = null!;

    [Fact]
    public async Task Many_steps_of_a_session_arrive_as_one_with_the_mark_and_its_entries_in_few_rows()
    {
        var save = Save("a", 500) with
        {
            Entries = [.. Entries("events", 1, 1000), .. Entries("pictures", 1, 2), .. Entries("events", 1001, 1500)],
            Trims = [new StreamTrim("pictures", 3)],
        };

        (await Store.ApplyAsync([new FoldedChange(save.Key, 7, false, save, 3)], new JournalPosition(42, 11)))
            .ShouldBeEmpty();

        Store.Applied.ShouldBe(new JournalPosition(42, 11));
        await ReopenAsync();
        Store.Applied.ShouldBe(new JournalPosition(42, 11));
        var row = (await Store.FindAsync([save.Key, Key("b")], default));
        (row[0]!.Number, row[0]!.Version, row[0]!.Term).ShouldBe((7, 500, 3));
        row[1].ShouldBeNull();
        var events = await Store.ReadStreamAsync(new StreamKey(save.Key, "events"), 0, 5000, 1 << 20, default);
        events.Select(entry => entry.Number).ShouldBe(Enumerable.Range(1, 1500).Select(i => (long)i));
        (await Store.ReadStreamAsync(new StreamKey(save.Key, "pictures"), 0, 9, 99, default)).ShouldBeEmpty();
        (await Store.CheckAsync(default)).Damaged.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_older_life_goes_with_all_that_it_had_before_the_new_one_comes()
    {
        var first = Save("a", 3) with
        {
            Entries = Entries("events", 1, 5),
            Operations = [new OperationRecord("x", new byte[1], new byte[1], 1, 1, 1, Noon)],
        };
        await Store.ApplyAsync([new FoldedChange(first.Key, 1, false, first, 5)], new JournalPosition(1, 1));
        var second = Save("a", 1) with { Entries = Entries("events", 1, 1) };

        await Store.ApplyAsync([new FoldedChange(first.Key, 2, true, second, null)], new JournalPosition(2, 2));

        (await Store.FindAsync([first.Key], default))[0]!.Number.ShouldBe(2);
        (await Store.ReadStreamAsync(new StreamKey(first.Key, "events"), 0, 9, 999, default)).Count.ShouldBe(1);
        (await Store.FindOperationAsync(first.Key, "x", default)).ShouldBeNull();

        await Store.ApplyAsync([new FoldedChange(first.Key, 2, true, null, null)], new JournalPosition(3, 2));
        (await Store.LoadAsync(first.Key, default)).ShouldBeNull();
        (await Store.CheckAsync(default)).Damaged.ShouldBeEmpty();
    }

    [Fact]
    public async Task Lists_victims_due_and_busy_sessions_come_with_their_numbers()
    {
        var changes = Enumerable.Range(1, 9).Select(i => new FoldedChange(
            Key($"s{i}"), 10 * i, false, Save($"s{i}", 1, isBusy: i % 3 == 0), i)).ToList();
        await Store.ApplyAsync(changes, new JournalPosition(1, 90));

        var page = await Store.ListNumberedAsync(new SessionQuery { Limit = 4 }, 60, default);
        page.Sessions.Select(session => session.Number).ShouldBe([50L, 40, 30, 20]);
        page.Next.ShouldBe(20);
        (await Store.FindBusyAsync("tally", OwnerId.Local, 30, 10, default))
            .Select(busy => (busy.Number, busy.Term)).ShouldBe([(60L, 6L), (90L, 9L)]);
        (await Store.FindDueAsync(["tally"], 2, default)).Select(due => due.Number).ShouldBe([10L, 20]);
        (await Store.FindVictimsAsync(new VictimQuery("tally", null, false, Noon, 2), default))
            .Select(victim => (victim.Number, victim.Rank)).ShouldBe([(10L, 2), (20L, 2)]);
    }

    [Fact]
    public async Task A_number_is_never_given_again_not_even_that_of_a_session_that_is_gone()
    {
        await Store.CommitAsync([Save("a", 1), Save("b", 1)]);
        await Store.CommitAsync([new RemoveSession(Key("b"), 1)]);
        await ReopenAsync();

        await Store.CommitAsync([Save("c", 1)]);

        (await Store.FindAsync([Key("c")], default))[0]!.Number.ShouldBe(3);
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

    private async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        await InitializeAsync();
    }

    private static SessionKey Key(string id) => new("tally", OwnerId.Local, id);

    private static StreamEntry[] Entries(string stream, int from, int to) =>
        [.. Enumerable.Range(from, to - from + 1).Select(i => new StreamEntry(stream, i, new byte[100]))];

    private static SaveSession Save(string id, long version, bool isBusy = false) => new(Key(id), 0, new SessionRecord
    {
        Key = Key(id),
        Version = version,
        Status = isBusy ? "working" : "open",
        IsBusy = isBusy,
        IsFinal = false,
        CreatedAt = Noon,
        LastActivityAt = Noon,
        StatusSince = Noon,
        ExpiresAt = null,
        WakeAt = Noon,
        FirstEvent = 1,
        LastEvent = 0,
        Tails = new Dictionary<string, StreamTail>(),
        Labels = new Dictionary<string, string>(),
        State = new byte[10],
    })
    {
        Entries = [],
        Operations = [],
    };
}
