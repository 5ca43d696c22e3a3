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

        (await ApplyAsync(new JournalPosition(42, 11), new FoldedChange(save.Key, 7, false, save, 3))).ShouldBeTrue();

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
        await ApplyAsync(new JournalPosition(1, 1), new FoldedChange(first.Key, 1, false, first, 5));
        var second = Save("a", 1) with { Entries = Entries("events", 1, 1) };

        await ApplyAsync(new JournalPosition(2, 2), new FoldedChange(first.Key, 2, true, second, null));

        (await Store.FindAsync([first.Key], default))[0]!.Number.ShouldBe(2);
        (await Store.ReadStreamAsync(new StreamKey(first.Key, "events"), 0, 9, 999, default)).Count.ShouldBe(1);
        (await Store.FindOperationAsync(first.Key, "x", default)).ShouldBeNull();

        await ApplyAsync(new JournalPosition(3, 2), new FoldedChange(first.Key, 2, true, null, null));
        (await Store.LoadAsync(first.Key, default)).ShouldBeNull();
        (await Store.CheckAsync(default)).Damaged.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_in_the_file_already_is_not_applied_again()
    {
        var first = Save("a", 3) with { Entries = Entries("events", 1, 3) };
        FoldedChange[] changes = [new FoldedChange(first.Key, 1, false, first, null)];
        await ApplyAsync(new JournalPosition(5, 1), changes);

        // Whoever was told that this had failed, though it had not, asks again; also after opening anew.
        (await ApplyAsync(new JournalPosition(5, 1), changes)).ShouldBeFalse();
        await ReopenAsync();
        (await ApplyAsync(new JournalPosition(5, 1), changes)).ShouldBeFalse();

        Store.Applied.ShouldBe(new JournalPosition(5, 1));
        var check = await Store.CheckAsync(default);
        (check.Sessions, check.Entries).ShouldBe((1, 3));
        check.Damaged.ShouldBeEmpty();
        (await Store.CensusAsync(default)).ByStatus.Sum(count => count.Sessions).ShouldBe(1);
    }

    [Fact]
    public async Task Lists_victims_due_and_busy_sessions_come_with_their_numbers()
    {
        var changes = Enumerable.Range(1, 9).Select(i => new FoldedChange(
            Key($"s{i}"), 10 * i, false, Save($"s{i}", 1, isBusy: i % 3 == 0), i)).ToList();
        await ApplyAsync(new JournalPosition(1, 90), [.. changes]);

        var page = await Store.ListNumberedAsync(new SessionQuery { Limit = 4 }, 60, default);
        page.Sessions.Select(session => session.Number).ShouldBe([50L, 40, 30, 20]);
        page.Next.ShouldBe(20);
        (await Store.FindBusyAsync("tally", OwnerId.Local, 30, 10, default))
            .Select(busy => (busy.Number, busy.Term)).ShouldBe([(60L, 6L), (90L, 9L)]);
        var due = await Store.FindDueAsync(["tally"], default, 7, default);
        due.Due.Select(session => session.Number).ShouldBe([10L, 20, 30, 40, 50, 60, 70]);
        due = await Store.FindDueAsync(["tally"], due.Next!.Value, 2, default);
        due.Due.Select(session => session.Number).ShouldBe([80L, 90]);
        due = await Store.FindDueAsync(["tally"], due.Next!.Value, 2, default);
        (due.Due.Count, due.Next).ShouldBe((0, null));
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

    /// <summary>No page is damaged here, so nothing may be left out.</summary>
    private ValueTask<bool> ApplyAsync(JournalPosition upTo, params FoldedChange[] changes) =>
        Store.ApplyAsync(changes, upTo, left => left.ShouldBeEmpty());

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
