using Sojourn.Stores;
using static Sojourn.Testing.StoreAtWork;

namespace Sojourn.Testing;

/// <summary>What a store promises of leases.</summary>
internal static class LeasePromises
{
    public static async Task FencingAsync(StoreAtWork work)
    {
        await work.CommitAsync(Save(Busy("a")), Save(Busy("b")), Save(Record("idle")));

        var mine = await work.Store.ClaimAsync(Claim("me", Noon, 1));
        var yours = await work.Store.ClaimAsync(Claim("you", Noon, 10));

        work.RequireSame(mine.Select(lease => (lease.Key, lease.Term)), [(Key("a"), 1L)], "The first claim");
        work.RequireSame(yours.Select(lease => (lease.Key, lease.Term)), [(Key("b"), 1L)], "The second claim");
        work.RequireSame(
            await work.CommitAsync(Save(Busy("a", 2), expected: 1) with { Lease = mine[0] }),
            [CommitResult.Committed], "A commit under the lease");
        work.RequireSame(
            await work.CommitAsync(Save(Busy("a", 3), expected: 2) with { Lease = yours[0] with { Key = Key("a") } }),
            [CommitResult.LeaseLost], "A commit under another's lease");
        work.RequireSame(
            await work.CommitAsync(Save(Busy("a", 3), expected: 2)),
            [CommitResult.Committed], "A commit that needs no lease");
    }

    public static async Task RunOutAsync(StoreAtWork work)
    {
        await work.CommitAsync(Save(Busy("a")), Save(Busy("b")));
        var mine = await work.Store.ClaimAsync(Claim("me", Noon, 10));
        var kept = mine.Where(lease => lease.Key == Key("b")).ToList();
        work.RequireSame(await work.Store.RenewAsync(kept, Noon.AddHours(1)), [], "What could not be renewed");

        // A minute later only one of them has been renewed.
        var taken = await work.Store.ClaimAsync(Claim("you", Noon.AddMinutes(2), 10));

        work.RequireSame(taken.Select(lease => (lease.Key, lease.Term)), [(Key("a"), 2L)], "What has run out");
        var lost = mine.Single(lease => lease.Key == Key("a"));
        work.RequireSame(
            await work.CommitAsync(Save(Busy("a", 2), expected: 1) with { Lease = lost }),
            [CommitResult.LeaseLost], "A commit under a lease that was given on");
        work.RequireSame(await work.Store.RenewAsync([lost], Noon.AddHours(1)), [lost], "What could not be renewed");
    }

    public static async Task GivenBackAsync(StoreAtWork work)
    {
        await work.CommitAsync(Save(Busy("a")));
        var lease = (await work.Store.ClaimAsync(Claim("me", Noon, 1))).Single();
        await work.Store.ReleaseAsync(lease, Noon.AddSeconds(30));
        // Harmless if it is lost.
        await work.Store.ReleaseAsync(lease, Noon.AddDays(9));

        var early = await work.Store.ClaimAsync(Claim("you", Noon.AddSeconds(29), 1));
        var later = await work.Store.ClaimAsync(Claim("you", Noon.AddSeconds(30), 1));

        work.RequireSame(early, [], "What can be claimed before that time");
        work.RequireSame(later.Select(each => (each.Key, each.Term)), [(Key("a"), 2L)], "What can be claimed then");
        work.RequireSame(await work.Store.RenewAsync([lease], Noon.AddHours(1)), [lease], "What could not be renewed");
    }

    private static LeaseClaim Claim(string node, DateTimeOffset now, int limit) =>
        new(KindName, node, now, now.AddMinutes(1), limit);
}
