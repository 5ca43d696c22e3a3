using Sojourn.Stores;
using static Sojourn.Testing.StoreAtWork;

namespace Sojourn.Testing;

/// <summary>What a store promises of streams and of the operations that are remembered.</summary>
internal static class StreamPromises
{
    public static async Task PagesAsync(StoreAtWork work)
    {
        await work.CommitAsync(Save(Record("a")) with
        {
            Entries = [.. Entries("events", 1, 50), .. Entries("pictures", 1, 3)],
        });
        await work.CommitAsync(Save(Record("a", 2), expected: 1) with { Entries = Entries("events", 51, 100) });
        await work.ReopenAsync();

        work.RequireSame(
            await ReadAsync("events", 0, 1000), Enumerable.Range(1, 100).Select(i => (long)i), "All events");
        work.RequireSame(await ReadAsync("events", 97, 2), [98L, 99], "Two events after 97");
        work.RequireSame(await ReadAsync("events", 100, 10), [], "The events after the last");
        work.RequireSame(await ReadAsync("pictures", 0, 10), [1L, 2, 3], "Another stream");
        work.RequireSame(await ReadAsync("none", 0, 10), [], "A stream that is not there");
        work.RequireSame(await ReadAsync("events", 10, 100, bytes: 1), [11L], "One entry at least, however long,");
        work.RequireSame((await work.ReadAsync("a", "events", after: 41))[0].Bytes.ToArray(), "events 42"u8.ToArray(),
            "The 42nd event, in bytes,");

        async Task<long[]> ReadAsync(string stream, long after, int max, int bytes = 1 << 20) =>
        [
            .. (await work.Store.ReadStreamAsync(
                new StreamKey(Key("a"), stream), after, max, bytes, CancellationToken.None))
                .Select(entry => entry.Number),
        ];
    }

    public static async Task OperationsAsync(StoreAtWork work)
    {
        await work.CommitAsync(
            Save(Record("a")) with { Operations = [Operation("old", Noon), Operation("young", Noon.AddHours(20))] });
        await work.ReopenAsync();

        var found = await FindAsync("a", "old");
        work.Require(found is not null, "An operation is not found.");
        work.RequireSame(found!.Hash.ToArray(), Operation("old", Noon).Hash.ToArray(), "The hash");
        work.RequireSame(found.Reply.ToArray(), "7"u8.ToArray(), "The reply, in bytes,");
        work.RequireEqual((found.Version, found.FirstEvent, found.LastEvent, found.At), (3, 4, 5, Noon), "The rest");
        work.Require(await FindAsync("b", "old") is null, "Another session knows the operation.");

        await work.CommitAsync(Save(Record("a", 2), expected: 1) with { TrimOperationsBefore = Noon.AddHours(1) });
        work.Require(await FindAsync("a", "old") is null, "What was to be forgotten is there.");
        work.Require(await FindAsync("a", "young") is not null, "More is forgotten than was to be.");

        ValueTask<OperationRecord?> FindAsync(string id, string operation) =>
            work.Store.FindOperationAsync(Key(id), operation, CancellationToken.None);

        static OperationRecord Operation(string id, DateTimeOffset at) =>
            new(id, new byte[] { 1, 2, 3 }, "7"u8.ToArray(), 3, 4, 5, at);
    }
}
