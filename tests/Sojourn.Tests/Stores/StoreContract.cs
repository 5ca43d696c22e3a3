using Sojourn.Stores;

namespace Sojourn.Tests.Stores;

/// <summary>What every store promises. One suite for all of them.</summary>
public abstract partial class StoreContract : IAsyncLifetime
{
    protected static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Tally = ["tally"];

    protected ISessionStore Store { get; private set; } = null!;

    protected abstract ISessionStore Make();

    /// <summary>True if another object made by <see cref="Make"/> sees what this one stored.</summary>
    protected virtual bool Outlives => false;

    public async Task InitializeAsync()
    {
        Store = Make();
        await Store.OpenAsync(default);
    }

    public virtual async Task DisposeAsync() => await Store.DisposeAsync();

    [Fact]
    public async Task What_was_committed_is_loaded_as_it_was()
    {
        var record = Record("a") with
        {
            ExpiresAt = Noon.AddHours(1),
            WakeAt = Noon.AddMinutes(5),
            LastEvent = 2,
            EventMarks = [new LogMark(1, Noon, 40)],
            Tails = new Dictionary<string, StreamTail> { ["pictures"] = new(1, 1, [new LogMark(1, Noon, 10)]) },
            Bytes = 100,
            Labels = new Dictionary<string, string> { ["team"] = "blau & grün" },
            Operations = new OperationWindow(Noon, 3, 4),
            Reported = new DriverReport(2, 9),
        };

        (await CommitAsync(Save(record))).ShouldBe([CommitResult.Committed]);

        await ReopenAsync();
        var loaded = (await Store.LoadAsync(record.Key, default))!;
        loaded.State.ToArray().ShouldBe(record.State.ToArray());
        loaded.Labels.ShouldBe(record.Labels);
        loaded.EventMarks.ShouldBe(record.EventMarks);
        var tail = loaded.Tails.ShouldHaveSingleItem();
        (tail.Key, tail.Value.First, tail.Value.Last).ShouldBe(("pictures", 1, 1));
        tail.Value.Marks.ShouldBe([new LogMark(1, Noon, 10)]);
        (loaded with
        {
            State = default,
            Labels = record.Labels,
            Tails = record.Tails,
            EventMarks = record.EventMarks,
        }).ShouldBe(record with { State = default });
    }

    [Fact]
    public async Task A_session_that_is_not_there_is_null()
    {
        (await Store.LoadAsync(Key("a"), default)).ShouldBeNull();
        (await Store.FindOperationAsync(Key("a"), "x", default)).ShouldBeNull();
        (await Store.ReadStreamAsync(new StreamKey(Key("a"), "events"), 0, 10, 1000, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_the_expected_version_is_replaced_and_one_conflict_leaves_the_others_alone()
    {
        await CommitAsync(Save(Record("a")), Save(Record("b")));

        var results = await CommitAsync(
            Save(Record("a", 2), expected: 1),
            Save(Record("b", 5), expected: 4),
            Save(Record("c", 2), expected: 1),
            Save(Record("d")),
            new RemoveSession(Key("e"), 1));

        results.ShouldBe(
        [
            CommitResult.Committed, CommitResult.Conflict, CommitResult.Conflict, CommitResult.Committed,
            CommitResult.Conflict,
        ]);
        (await CommitAsync(Save(Record("a"), expected: 0))).ShouldBe([CommitResult.Conflict]);
        (await Store.LoadAsync(Key("a"), default))!.Version.ShouldBe(2);
        (await Store.LoadAsync(Key("b"), default))!.Version.ShouldBe(1);
        (await Store.LoadAsync(Key("c"), default)).ShouldBeNull();
    }

    [Fact]
    public async Task The_same_id_of_another_owner_or_kind_is_another_session()
    {
        var other = new SessionKey("tally", OwnerId.Parse("other"), "a");
        var kind = new SessionKey("counter", OwnerId.Local, "a");
        await CommitAsync(Save(Record("a")), Save(Record("a", 1, other)), Save(Record("a", 1, kind)));
        await CommitAsync(new RemoveSession(other, 1));

        (await Store.LoadAsync(other, default)).ShouldBeNull();
        (await Store.LoadAsync(Key("a"), default)).ShouldNotBeNull();
        (await Store.LoadAsync(kind, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Streams_are_read_in_order_from_anywhere_in_bounded_pages()
    {
        await CommitAsync(Save(Record("a"), entries: [.. Entries("events", 1, 50), .. Entries("pictures", 1, 3)]));
        await CommitAsync(Save(Record("a", 2), expected: 1, entries: Entries("events", 51, 100)));
        await ReopenAsync();

        async Task<long[]> ReadAsync(string stream, long after, int max, int bytes = 1 << 20) =>
            [.. (await Store.ReadStreamAsync(new StreamKey(Key("a"), stream), after, max, bytes, default))
                .Select(entry => entry.Number)];
        (await ReadAsync("events", 0, 1000)).ShouldBe(Enumerable.Range(1, 100).Select(i => (long)i));
        (await ReadAsync("events", 97, 2)).ShouldBe([98L, 99]);
        (await ReadAsync("events", 100, 10)).ShouldBeEmpty();
        (await ReadAsync("pictures", 0, 10)).ShouldBe([1L, 2, 3]);
        (await ReadAsync("none", 0, 10)).ShouldBeEmpty();
        (await ReadAsync("events", 10, 100, bytes: 1)).ShouldBe([11L], "one entry at least, however long");
        (await Store.ReadStreamAsync(new StreamKey(Key("a"), "events"), 41, 1, 100, default)).Single().Bytes.ToArray()
            .ShouldBe("events 42"u8.ToArray());
    }

    [Fact]
    public async Task Events_are_trimmed_in_the_same_commit()
    {
        await CommitAsync(Save(Record("a"), entries: [.. Entries("events", 1, 20), .. Entries("pictures", 1, 2)]));
        var trimmed = Record("a", 2) with { FirstEvent = 20, LastEvent = 22 };
        await CommitAsync(Save(trimmed, expected: 1, entries: Entries("events", 21, 22)) with
        {
            Trims = [new StreamTrim("events", 20)],
        });

        (await Store.ReadStreamAsync(new StreamKey(Key("a"), "events"), 0, 100, 1 << 20, default))
            .Select(entry => entry.Number).ShouldBe([20L, 21, 22]);
        (await Store.ReadStreamAsync(new StreamKey(Key("a"), "pictures"), 0, 100, 1 << 20, default)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Operations_are_found_and_forgotten()
    {
        var old = Operation("old", Noon);
        var young = Operation("young", Noon.AddHours(20));
        await CommitAsync(Save(Record("a"), operations: [old, young]));
        await ReopenAsync();

        var found = (await Store.FindOperationAsync(Key("a"), "old", default))!;
        found.Hash.ToArray().ShouldBe(old.Hash.ToArray());
        found.Reply.ToArray().ShouldBe(old.Reply.ToArray());
        (found with { Hash = default, Reply = default }).ShouldBe(old with { Hash = default, Reply = default });
        (await Store.FindOperationAsync(Key("b"), "old", default)).ShouldBeNull();

        await CommitAsync(Save(Record("a", 2), expected: 1) with { TrimOperationsBefore = Noon.AddHours(1) });
        (await Store.FindOperationAsync(Key("a"), "old", default)).ShouldBeNull();
        (await Store.FindOperationAsync(Key("a"), "young", default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_removed_session_takes_its_streams_and_operations_along()
    {
        await CommitAsync(Save(Record("a"), entries: Entries("events", 1, 5), operations: [Operation("x", Noon)]));
        (await CommitAsync(new RemoveSession(Key("a"), 1))).ShouldBe([CommitResult.Committed]);
        await CommitAsync(Save(Record("a"), entries: Entries("events", 1, 1)));

        (await Store.ReadStreamAsync(new StreamKey(Key("a"), "events"), 0, 10, 1000, default)).Count.ShouldBe(1);
        (await Store.FindOperationAsync(Key("a"), "x", default)).ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_life_takes_the_place_of_another_in_one_commit(bool restarts)
    {
        await CommitAsync(
            Save(
                Busy("a") with { LastEvent = 3, Bytes = 70, CreatedAt = Noon.AddHours(-5) },
                entries: [.. Entries("events", 1, 3), .. Entries("pictures", 1, 2)],
                operations: [Operation("x", Noon)]),
            Save(Record("b")));
        var lease = (await Store.ClaimAsync(Claim("one", Noon, 1))).Single();
        if (restarts)
        {
            await ReopenAsync();
        }

        var life = Record("a") with { LastEvent = 1, Bytes = 9 };
        var anew = Save(life, 1, Entries("events", 1, 1), [Operation("y", Noon)]) with { Replaces = true };
        (await CommitAsync(anew with { ExpectedVersion = 2 })).ShouldBe([CommitResult.Conflict]);
        (await Store.ReadStreamAsync(new StreamKey(Key("a"), "events"), 0, 10, 1000, default)).Count.ShouldBe(3);
        (await CommitAsync(anew)).ShouldBe([CommitResult.Committed]);
        if (restarts)
        {
            await ReopenAsync();
        }

        (await Store.LoadAsync(Key("a"), default))!.CreatedAt.ShouldBe(Noon);
        (await Store.ReadStreamAsync(new StreamKey(Key("a"), "events"), 0, 10, 1000, default)).Count.ShouldBe(1);
        (await Store.ReadStreamAsync(new StreamKey(Key("a"), "pictures"), 0, 10, 1000, default)).ShouldBeEmpty();
        (await Store.FindOperationAsync(Key("a"), "x", default)).ShouldBeNull();
        (await Store.FindOperationAsync(Key("a"), "y", default)).ShouldNotBeNull();
        (await Store.RenewAsync([lease], Noon.AddHours(1))).ShouldBe([lease], "the lease has gone with its session");
        (await Store.ListAsync(new SessionQuery(), default)).Sessions.Select(session => session.Key)
            .ShouldBe([Key("a"), Key("b")], "it is the newest now");
        var census = await Store.CensusAsync(default);
        census.ByStatus.ShouldBe([new SessionCount("tally", OwnerId.Local, "open", 2, 9)]);
        census.ByAge.Sum(age => age.Sessions).ShouldBe(2);
        (await CommitAsync(Save(life with { Version = 2 }, 1))).ShouldBe([CommitResult.Committed]);
        (await Store.CheckAsync(default)).Damaged.ShouldBeEmpty();
    }

    [Fact]
    public async Task Sessions_are_listed_newest_first_page_by_page_and_by_status()
    {
        for (var i = 0; i < 25; i++)
        {
            await CommitAsync(Save(Record($"s{i:00}") with { Status = i % 5 == 0 ? "done" : "open" }));
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await Store.ListAsync(new SessionQuery { Kind = "tally", Limit = 10, Cursor = cursor }, default);
            seen.AddRange(page.Sessions.Select(session => session.Key.Id.ToString()));
            cursor = page.Next;
        }
        while (cursor is not null);

        seen.ShouldBe(Enumerable.Range(0, 25).Reverse().Select(i => $"s{i:00}"));
        var done = await Store.ListAsync(new SessionQuery { Kind = "tally", Status = "done", Limit = 5 }, default);
        done.Sessions.Select(session => session.Key.Id.ToString()).ShouldBe(["s20", "s15", "s10", "s05", "s00"]);
        done.Next.ShouldBeNull();
        done.Sessions.ShouldAllBe(session => session.State.IsEmpty);
        (await Store.ListAsync(new SessionQuery { Kind = "other" }, default)).Sessions.ShouldBeEmpty();
        await Should.ThrowAsync<FormatException>(async () =>
            await Store.ListAsync(new SessionQuery { Kind = "tally", Cursor = "x'; DROP TABLE session" }, default));
    }

    [Fact]
    public async Task Due_sessions_come_earliest_first_with_the_time_of_the_next()
    {
        await CommitAsync(
            Save(Record("late") with { WakeAt = Noon.AddHours(3) }),
            Save(Record("first") with { ExpiresAt = Noon.AddHours(1), WakeAt = Noon.AddHours(9) }),
            Save(Record("second") with { WakeAt = Noon.AddHours(2) }),
            Save(Record("never")));

        var none = await Store.DueAsync(Tally, Noon, 10, default);
        (none.Due.Count, none.Next).ShouldBe((0, Noon.AddHours(1)));
        var due = await Store.DueAsync(Tally, Noon.AddHours(2), 10, default);
        due.Due.Select(key => key.Id.ToString()).ShouldBe(["first", "second"]);
        due.Next.ShouldBe(Noon.AddHours(3));
        (await Store.DueAsync(Tally, Noon.AddHours(2), 1, default)).Next.ShouldBe(Noon.AddHours(2));
        await CommitAsync(Save(Record("first", 2), expected: 1), new RemoveSession(Key("second"), 1));
        var left = await Store.DueAsync(Tally, Noon.AddHours(5), 10, default);
        left.Due.Select(key => key.Id.ToString()).ShouldBe(["late"]);
    }

    [Fact]
    public async Task A_lease_is_given_once_grows_in_term_and_fences_commits()
    {
        await CommitAsync(Save(Busy("a")), Save(Busy("b")), Save(Record("idle")));
        var mine = await Store.ClaimAsync(Claim("me", Noon, 1));
        var yours = await Store.ClaimAsync(Claim("you", Noon, 10));

        mine.Single().Key.ShouldBe(Key("a"));
        yours.Single().Key.ShouldBe(Key("b"));
        mine[0].Term.ShouldBe(1);
        (await CommitAsync(Save(Busy("a", 2), expected: 1) with { Lease = mine[0] }))
            .ShouldBe([CommitResult.Committed]);
        (await CommitAsync(Save(Busy("a", 3), expected: 2) with { Lease = yours[0] with { Key = Key("a") } }))
            .ShouldBe([CommitResult.LeaseLost]);

        // A minute later neither has been renewed.
        var taken = await Store.ClaimAsync(Claim("you", Noon.AddMinutes(2), 10));
        taken.Select(lease => (lease.Key.Id.ToString(), lease.Term)).ShouldBe([("a", 2L), ("b", 2L)]);
        (await CommitAsync(Save(Busy("a", 3), expected: 2) with { Lease = mine[0] }))
            .ShouldBe([CommitResult.LeaseLost]);
        (await Store.RenewAsync([mine[0], taken[1]], Noon.AddHours(1))).ShouldBe([mine[0]]);
        (await CommitAsync(Save(Busy("a", 3), expected: 2)))
            .ShouldBe([CommitResult.Committed], "without a lease none is asked for");
    }

    [Fact]
    public async Task A_lease_that_was_given_back_can_be_claimed_from_the_time_that_was_said()
    {
        await CommitAsync(Save(Busy("a")));
        var lease = (await Store.ClaimAsync(Claim("me", Noon, 1))).Single();
        await Store.ReleaseAsync(lease, Noon.AddSeconds(30));
        await Store.ReleaseAsync(lease, Noon.AddDays(9));

        (await Store.ClaimAsync(Claim("you", Noon.AddSeconds(29), 1))).ShouldBeEmpty();
        (await Store.ClaimAsync(Claim("you", Noon.AddSeconds(30), 1))).Single().Term.ShouldBe(2);
        (await Store.RenewAsync([lease], Noon.AddHours(1))).ShouldBe([lease]);
    }

    [Fact]
    public async Task A_check_counts_and_finds_nothing_wrong()
    {
        await CommitAsync(Save(Record("a"), entries: Entries("events", 1, 7)), Save(Record("b")));

        var check = await Store.CheckAsync(default);

        (check.Sessions, check.Entries).ShouldBe((2, 7));
        check.Damaged.ShouldBeEmpty();
        await Store.ProbeAsync();
    }

    [Fact]
    public async Task Reads_and_commits_go_on_at_the_same_time()
    {
        await CommitAsync(Save(Record("a")));
        var reads = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                var seen = (await Store.LoadAsync(Key("a"), default))!;
                seen.State.Span.SequenceEqual(State(seen.Version)).ShouldBeTrue();
            }
        })).ToList();
        for (var version = 2; version <= 200; version++)
        {
            (await CommitAsync(Save(Record("a", version), expected: version - 1))).ShouldBe([CommitResult.Committed]);
        }

        await Task.WhenAll(reads);
    }

    protected static SessionKey Key(string id) => new("tally", OwnerId.Local, id);

    protected static SessionRecord Record(string id, long version = 1, SessionKey? key = null) => new()
    {
        Key = key ?? Key(id),
        Version = version,
        Status = "open",
        IsBusy = false,
        IsFinal = false,
        CreatedAt = Noon,
        LastActivityAt = Noon.AddTicks(version),
        StatusSince = Noon,
        ExpiresAt = null,
        WakeAt = null,
        FirstEvent = 1,
        LastEvent = 0,
        Tails = new Dictionary<string, StreamTail>(),
        Labels = new Dictionary<string, string>(),
        State = State(version),
    };

    protected static SaveSession Save(
        SessionRecord record, long expected = 0, StreamEntry[]? entries = null, OperationRecord[]? operations = null) =>
        new(record.Key, expected, record) { Entries = entries ?? [], Operations = operations ?? [] };

    protected static StreamEntry[] Entries(string stream, int from, int to) =>
        [.. Enumerable.Range(from, to - from + 1).Select(i =>
            new StreamEntry(stream, i, System.Text.Encoding.UTF8.GetBytes($"{stream} {i}")))];

    protected async Task<IReadOnlyList<CommitResult>> CommitAsync(params SessionChange[] batch) =>
        await Store.CommitAsync(batch);

    protected async Task ReopenAsync()
    {
        if (Outlives)
        {
            await Store.DisposeAsync();
            await InitializeAsync();
        }
    }

    private static byte[] State(long version) => System.Text.Encoding.UTF8.GetBytes($$"""{"total":{{version}}}""");

    protected static SessionRecord Busy(string id, long version = 1) =>
        Record(id, version) with { Status = "working", IsBusy = true };

    protected static LeaseClaim Claim(string node, DateTimeOffset now, int limit) =>
        new("tally", node, now, now.AddMinutes(1), limit);

    protected static OperationRecord Operation(string id, DateTimeOffset at) =>
        new(id, new byte[] { 1, 2, 3 }, "7"u8.ToArray(), 3, 4, 5, at);
}

public sealed class MemoryStoreTests : StoreContract
{
    protected override ISessionStore Make() => new MemoryStore();
}
