using Sojourn.Stores;
using static Sojourn.Testing.StoreAtWork;

namespace Sojourn.Testing;

/// <summary>What a store promises to whoever asks about many sessions, or wants a copy of all.</summary>
internal static class AskingPromises
{
    public static async Task DueAsync(StoreAtWork work)
    {
        var other = new SessionKey("counter", OwnerId.Local, "other");
        await work.CommitAsync(
            Save(Record("second") with { WakeAt = Noon.AddMinutes(2) }),
            Save(Record("never")),
            Save(Record("first") with { WakeAt = Noon.AddMinutes(9), ExpiresAt = Noon.AddMinutes(1) }),
            Save(Record("third") with { ExpiresAt = Noon.AddMinutes(3) }),
            Save(Record("", 1, other) with { WakeAt = Noon }));
        await work.ReopenAsync();

        await FoundAsync(Noon, 9, [], Noon.AddMinutes(1));
        await FoundAsync(Noon.AddMinutes(2), 9, ["first", "second"], Noon.AddMinutes(3));
        await FoundAsync(Noon.AddMinutes(9), 9, ["first", "second", "third"], null);
        await FoundAsync(Noon.AddMinutes(9), 1, ["first"], Noon.AddMinutes(2));

        await work.CommitAsync(
            Save(Record("first", 2) with { WakeAt = Noon.AddMinutes(8) }, expected: 1),
            Save(Record("third", 2) with { WakeAt = Noon.AddMinutes(1) }, expected: 1),
            new RemoveSession(Key("second"), 1));
        await FoundAsync(Noon.AddMinutes(7), 9, ["third"], Noon.AddMinutes(8));
        await work.CommitAsync(Save(Record("third", 3), expected: 2));
        await FoundAsync(Noon.AddMinutes(8), 9, ["first"], null);

        async Task FoundAsync(DateTimeOffset now, int limit, string[] due, DateTimeOffset? next)
        {
            var found = await work.Store.DueAsync([KindName], now, limit, CancellationToken.None);
            var what = $"at {now:HH:mm}, at most {limit},";
            work.RequireSame(found.Due.Select(key => key.Id.ToString()), due, $"What is due {what}");
            work.RequireEqual(found.Next, next, $"The time of the next one {what}");
        }
    }

    public static async Task TrimmedAsync(StoreAtWork work)
    {
        await work.CommitAsync(Save(Record("a") with { LastEvent = 9 }) with
        {
            Entries = [.. Entries("events", 1, 9), .. Entries("pictures", 1, 3)],
        });
        var record = Record("a", 2) with
        {
            FirstEvent = 8,
            LastEvent = 11,
            Tails = new Dictionary<string, StreamTail> { ["pictures"] = new(6, 6, []) },
        };
        await work.CommitAsync(Save(record, expected: 1) with
        {
            Entries = [.. Entries("events", 10, 11), .. Entries("pictures", 4, 6)],
            Trims = [new StreamTrim("events", 8), new StreamTrim("pictures", 6)],
        });

        await SeenAsync();
        await work.ReopenAsync();
        await SeenAsync();

        async Task SeenAsync()
        {
            work.RequireSame(await NumbersAsync("events", 0), [8L, 9, 10, 11], "The events");
            work.RequireSame(await NumbersAsync("events", 9), [10L, 11], "The events after 9");
            work.RequireSame(await NumbersAsync("pictures", 0), [6L], "What is left of a stream's new entries");
        }

        async Task<IEnumerable<long>> NumbersAsync(string stream, long after) =>
            (await work.ReadAsync("a", stream, after)).Select(entry => entry.Number);
    }

    public static async Task CountedAsync(StoreAtWork work)
    {
        var anna = OwnerId.Parse("anna");
        await work.CommitAsync(
            Save(Busy("a") with { Bytes = 5 }),
            Save(Record("b") with { Bytes = 7, LastActivityAt = Noon.AddHours(-1) }),
            Save(Record("c") with { Bytes = 8, Labels = new Dictionary<string, string> { ["team"] = "red" } }),
            Save(Record("d")),
            Save(Record("", 1, new SessionKey(KindName, anna, "a")) with { Bytes = 9 }));
        await work.CommitAsync(
            Save(Record("d", 2) with { Status = "done", IsFinal = true, CreatedAt = Noon.AddHours(-2) }, expected: 1),
            Save(Record("e")));
        await work.CommitAsync(new RemoveSession(Key("e"), 1));
        await work.ReopenAsync();

        var all = new SessionQuery { Kind = KindName };
        await CountedAsync(all, 4);
        await CountedAsync(all with { Owner = null }, 5);
        await CountedAsync(all with { Owner = anna }, 1);
        await CountedAsync(all with { Kind = "other" }, 0);
        await CountedAsync(all with { Status = "open" }, 2);
        await CountedAsync(all with { IsBusy = true }, 1);
        await CountedAsync(all with { IsFinal = true }, 1);
        await CountedAsync(all with { ActiveBefore = Noon }, 1);
        await CountedAsync(all with { CreatedBefore = Noon }, 1);
        await CountedAsync(all with { Labels = new Dictionary<string, string> { ["team"] = "red" } }, 1);
        await CountedAsync(all with { Text = "C" }, 1);
        work.RequireEqual(await work.Store.CountAsync(all, 3, CancellationToken.None), 3, "A count up to 3");

        var census = await work.Store.CensusAsync(CancellationToken.None);
        var local = OwnerId.Local;
        work.RequireSame(
            census.ByStatus.OrderBy(count => count.Owner.ToString() + count.Status, StringComparer.Ordinal),
            [
                new SessionCount(KindName, anna, "open", 1, 9),
                new SessionCount(KindName, local, "done", 1, 0),
                new SessionCount(KindName, local, "open", 2, 15),
                new SessionCount(KindName, local, "working", 1, 5),
            ],
            "The census by status");
        work.RequireSame(
            census.ByAge.OrderBy(count => count.Hour),
            [new AgeCount(KindName, Noon.AddHours(-2), 1), new AgeCount(KindName, Noon, 4)],
            "The census by age");

        async Task CountedAsync(SessionQuery query, long count) => work.RequireEqual(
            await work.Store.CountAsync(query, long.MaxValue, CancellationToken.None), count, $"The count of {query}");
    }

    public static async Task VictimsAsync(StoreAtWork work)
    {
        var anna = new SessionKey(KindName, OwnerId.Parse("anna"), "hers");
        await work.CommitAsync(
            Save(Busy("busy") with { ExpiresAt = Noon }),
            Save(Record("idle") with { LastActivityAt = Noon.AddMinutes(5) }),
            Save(Record("older") with { LastActivityAt = Noon }),
            Save(Record("final") with { Status = "done", IsFinal = true }),
            Save(Record("", 1, anna)),
            Save(Record("expired") with { ExpiresAt = Noon.AddMinutes(1) }));
        await work.ReopenAsync();
        var local = new VictimQuery(KindName, OwnerId.Local, ByActivity: false, Noon.AddMinutes(1), 9);

        await FoundAsync(local, "expired", "final", "idle", "older");
        await FoundAsync(local with { ByActivity = true }, "expired", "final", "older", "idle");
        await FoundAsync(local with { Limit = 2 }, "expired", "final");
        await FoundAsync(local with { Now = Noon }, "final", "idle", "older", "expired");
        await FoundAsync(local with { Owner = null }, "expired", "final", "idle", "older", "hers");
        await FoundAsync(local with { Kind = "other" });

        await work.CommitAsync(
            Save(Busy("older", 2), expected: 1), Save(Record("idle", 2), expected: 1),
            new RemoveSession(Key("expired"), 1));
        await FoundAsync(local, "final", "idle");
        var last = (await work.Store.VictimsAsync(local, CancellationToken.None))[^1];
        work.RequireEqual(last.Version, 2, "The version of one that could make place");

        async Task FoundAsync(VictimQuery query, params string[] ids) => work.RequireSame(
            (await work.Store.VictimsAsync(query, CancellationToken.None)).Select(victim => victim.Key.Id.ToString()),
            ids, $"What could make place, for {query},");
    }

    public static async Task BackedUpAsync(StoreAtWork work)
    {
        await work.CommitAsync(Save(Record("a")) with { Entries = Entries("events", 1, 7) }, Save(Record("b")));
        var aside = Directory.CreateTempSubdirectory("sojourn-promise-").FullName;
        try
        {
            var directory = Path.Combine(aside, "backup");
            if (await TryBackUpAsync(work, directory) is not { } report)
            {
                work.Require(!Directory.Exists(directory), "Something is left of a backup that was refused.");
                return;
            }

            work.RequireEqual((report.Sessions, report.Entries), (2, 7), "What was copied (sessions, entries)");
            work.RequireSame(report.Damaged, [], "What is damaged");
            work.Require(report.Bytes > 0, "The backup has no bytes.");
            work.Require(await TryBackUpAsync(work, directory) is null, "A backup went over what was there.");
        }
        finally
        {
            Directory.Delete(aside, recursive: true);
        }
    }

    /// <summary>Null if it was refused.</summary>
    private static async Task<BackupReport?> TryBackUpAsync(StoreAtWork work, string directory)
    {
        try
        {
            return await work.Store.BackupAsync(directory, CancellationToken.None);
        }
        catch (SojournException)
        {
            return null;
        }
    }
}
