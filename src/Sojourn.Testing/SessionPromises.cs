using Sojourn.Engine;
using Sojourn.Stores;
using static Sojourn.Testing.StoreAtWork;

namespace Sojourn.Testing;

/// <summary>What a store promises of sessions.</summary>
internal static class SessionPromises
{
    public static async Task LoadedAsItWasAsync(StoreAtWork work)
    {
        var record = Record("a") with
        {
            ExpiresAt = Noon.AddHours(1),
            WakeAt = Noon.AddMinutes(5),
            LastEvent = 2,
            Labels = new Dictionary<string, string> { ["team"] = "blau & grün" },
            Operations = new OperationWindow(Noon, 3, 4),
            Reported = new DriverReport(2, 9),
        };
        work.RequireSame(await work.CommitAsync(Save(record)), [CommitResult.Committed], "The answer");

        await work.ReopenAsync();

        var loaded = await work.LoadAsync(record.Key);
        work.RequireSame(loaded.State.ToArray(), record.State.ToArray(), "The state, in bytes,");
        work.RequireSame(loaded.Labels, record.Labels, "The labels");
        var (before, after) = (Plain(record), Plain(loaded));
        work.Require(before == after, $"Written: {before}; read: {after}.");

        static string Plain(SessionRecord record) => (record with
        {
            State = default,
            Labels = Snapshot.NoLabels,
            Tails = Snapshot.NoTails,
        }).ToString();
    }

    public static async Task NothingThereAsync(StoreAtWork work)
    {
        var none = CancellationToken.None;
        work.Require(await work.Store.LoadAsync(Key("a"), none) is null, "A session that was never stored is there.");
        work.Require(
            await work.Store.FindOperationAsync(Key("a"), "x", none) is null, "An operation nobody used is there.");
        work.RequireEqual((await work.ReadAsync("a", StreamKey.Events)).Count, 0, "The events of what is not there");
        var page = await work.Store.ListAsync(new SessionQuery { Kind = KindName }, none);
        work.Require(page is { Sessions.Count: 0, Next: null }, "An empty store lists something.");
    }

    public static async Task ExpectedVersionAsync(StoreAtWork work)
    {
        await work.CommitAsync(Save(Record("a")));

        await JudgedAsync(Save(Record("a")), CommitResult.Conflict, "Making what is there already");
        await JudgedAsync(Save(Record("a", 3), expected: 2), CommitResult.Conflict, "Replacing version 2 of 1");
        await JudgedAsync(new RemoveSession(Key("a"), 2), CommitResult.Conflict, "Removing version 2 of 1");
        await JudgedAsync(Save(Record("b", 2), expected: 1), CommitResult.Conflict, "Replacing what is not there");
        work.RequireEqual((await work.LoadAsync(Key("a"))).Version, 1, "The version");

        await JudgedAsync(Save(Record("a", 4), expected: 1), CommitResult.Committed, "Replacing version 1 of 1");
        await work.ReopenAsync();
        var stored = await work.LoadAsync(Key("a"));
        work.RequireEqual(stored.Version, 4, "The version");
        work.RequireSame(stored.State.ToArray(), State(4), "The state, in bytes,");

        async Task JudgedAsync(SessionChange change, CommitResult result, string what) =>
            work.RequireSame(await work.CommitAsync(change), [result], what);
    }

    public static async Task ConflictAloneAsync(StoreAtWork work)
    {
        await work.CommitAsync(Save(Record("a")), Save(Record("b")));

        var results = await work.CommitAsync(
            Save(Record("a", 2), expected: 1),
            Save(Record("b", 5), expected: 4) with { Entries = Entries("events", 1, 3) },
            Save(Record("c")),
            new RemoveSession(Key("d"), 1));

        work.RequireSame(
            results,
            [CommitResult.Committed, CommitResult.Conflict, CommitResult.Committed, CommitResult.Conflict],
            "The answers");
        work.RequireEqual((await work.LoadAsync(Key("a"))).Version, 2, "The version of what did not conflict");
        work.RequireEqual((await work.LoadAsync(Key("b"))).Version, 1, "The version of what conflicted");
        work.Require(
            (await work.ReadAsync("b", StreamKey.Events)).Count == 0, "The events of what conflicted were written.");
        await work.LoadAsync(Key("c"));
    }

    public static async Task OtherOwnerAsync(StoreAtWork work)
    {
        var other = new SessionKey(KindName, OwnerId.Parse("other"), "a");
        var kind = new SessionKey("counter", OwnerId.Local, "a");
        await work.CommitAsync(Save(Record("a")), Save(Record("a", 1, other)), Save(Record("a", 1, kind)));
        await work.CommitAsync(new RemoveSession(other, 1));

        work.Require(await work.Store.LoadAsync(other, CancellationToken.None) is null, "What was removed is there.");
        await work.LoadAsync(Key("a"));
        await work.LoadAsync(kind);
    }

    public static async Task RemovedWholeAsync(StoreAtWork work)
    {
        var operation = new OperationRecord("x", new byte[] { 1 }, "7"u8.ToArray(), 1, 1, 5, Noon);
        await work.CommitAsync(
            Save(Record("a")) with { Entries = Entries("events", 1, 5), Operations = [operation] });
        work.RequireSame(
            await work.CommitAsync(new RemoveSession(Key("a"), 1)), [CommitResult.Committed], "Removing");
        await work.CommitAsync(Save(Record("a")) with { Entries = Entries("events", 1, 1) });
        await work.ReopenAsync();

        work.RequireEqual((await work.ReadAsync("a", StreamKey.Events)).Count, 1, "The events of the new session");
        work.Require(
            await work.Store.FindOperationAsync(Key("a"), "x", CancellationToken.None) is null,
            "The new session knows an operation of the old one.");
    }

    public static async Task ReplacedWholeAsync(StoreAtWork work)
    {
        var operation = new OperationRecord("x", new byte[] { 1 }, "7"u8.ToArray(), 1, 1, 5, Noon);
        await work.CommitAsync(
            Save(Record("a")) with { Entries = Entries("events", 1, 5), Operations = [operation] });
        var anew = Save(Record("a") with { CreatedAt = Noon.AddHours(1) }, expected: 1) with
        {
            Replaces = true,
            Entries = Entries("events", 1, 1),
        };
        work.RequireSame(await work.CommitAsync(anew), [CommitResult.Committed], "Beginning anew");
        await work.ReopenAsync();

        var stored = await work.LoadAsync(Key("a"));
        work.RequireEqual(stored.Version, 1, "The version of the new life");
        work.RequireEqual(stored.CreatedAt.UtcTicks, Noon.AddHours(1).UtcTicks, "When the new life began");
        work.RequireEqual((await work.ReadAsync("a", StreamKey.Events)).Count, 1, "The events of the new life");
        work.Require(
            await work.Store.FindOperationAsync(Key("a"), "x", CancellationToken.None) is null,
            "The new life knows an operation of the old one.");
    }

    public static async Task ListedInPagesAsync(StoreAtWork work)
    {
        for (var i = 0; i < 25; i++)
        {
            await work.CommitAsync(Save(Record($"s{i:00}") with { Status = i % 5 == 0 ? "done" : "open" }));
        }

        work.RequireSame(
            await ListAsync(work, new SessionQuery { Kind = KindName, Limit = 10 }),
            Enumerable.Range(0, 25).Reverse().Select(i => $"s{i:00}"), "The list");
        work.RequireSame(
            await ListAsync(work, new SessionQuery { Kind = KindName, Status = "done", Limit = 2 }),
            ["s20", "s15", "s10", "s05", "s00"], "The list of one status");
        work.RequireSame(await ListAsync(work, new SessionQuery { Kind = "other" }), [], "The list of another kind");
        try
        {
            await ListAsync(work, new SessionQuery { Kind = KindName, Cursor = "x'; DROP TABLE session" });
        }
        catch (FormatException)
        {
            return;
        }

        work.Require(false, "A cursor that is none should be answered with a FormatException.");
    }

    public static async Task CheckedAsync(StoreAtWork work)
    {
        await work.CommitAsync(Save(Record("a")) with { Entries = Entries("events", 1, 7) }, Save(Record("b")));
        await work.Store.ProbeAsync();

        var check = await work.Store.CheckAsync(CancellationToken.None);

        work.RequireEqual((check.Sessions, check.Entries), (2, 7), "What was counted (sessions, entries)");
        work.RequireSame(check.Damaged, [], "What is damaged");
    }

    public static async Task ReadWhileWritingAsync(StoreAtWork work)
    {
        await work.CommitAsync(Save(Record("a")));
        var reads = Enumerable.Range(0, 8).Select(_ => Task.Run(() => ReadOftenAsync(work))).ToList();
        for (var version = 2; version <= 200; version++)
        {
            work.RequireSame(
                await work.CommitAsync(Save(Record("a", version), expected: version - 1)),
                [CommitResult.Committed], $"Version {version}");
        }

        await Task.WhenAll(reads);
    }

    private static async Task ReadOftenAsync(StoreAtWork work)
    {
        for (var i = 0; i < 200; i++)
        {
            var seen = await work.LoadAsync(Key("a"));
            work.RequireSame(seen.State.ToArray(), State(seen.Version), $"The bytes of version {seen.Version}");
        }
    }

    private static async Task<List<string>> ListAsync(StoreAtWork work, SessionQuery query)
    {
        var seen = new List<string>();
        do
        {
            var page = await work.Store.ListAsync(query, CancellationToken.None);
            work.Require(page.Sessions.All(session => session.State.IsEmpty), "A list comes with states.");
            work.Require(page.Sessions.Count <= query.Limit, "A page is longer than was asked for.");
            seen.AddRange(page.Sessions.Select(session => session.Key.Id.ToString()));
            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);

        return seen;
    }
}
