using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;
using Sojourn.Stores;
using Sojourn.Testing;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.TestKit;

/// <summary>The contract that users run against stores of their own, run against ours.</summary>
public sealed class StoreContractTests
{
    public static TheoryData<string> Promises => [.. StoreContract.Promises];

    [Theory]
    [MemberData(nameof(Promises))]
    public Task The_store_in_memory_keeps(string promise) =>
        StoreContract.CheckAsync(promise, () => new MemoryStore(), outlives: false);

    [Theory]
    [MemberData(nameof(Promises))]
    public async Task The_store_on_sqlite_keeps(string promise)
    {
        using var scratch = new ScratchDirectory();
        await StoreContract.CheckAsync(
            promise, () => new SqliteStore(scratch.Path, NullLogger.Instance), outlives: true);
    }

    [Theory]
    [MemberData(nameof(Promises))]
    public async Task The_store_with_a_journal_keeps(string promise)
    {
        using var scratch = new ScratchDirectory();
        await StoreContract.CheckAsync(promise, () => Journaled(scratch, new JournalOptions()), outlives: true);
    }

    [Theory]
    [MemberData(nameof(Promises))]
    public async Task The_store_whose_journal_is_always_on_its_way_keeps(string promise)
    {
        using var scratch = new ScratchDirectory();
        await StoreContract.CheckAsync(
            promise, () => Journaled(scratch, new JournalOptions { FoldBytes = 1 }), outlives: true);
    }

    [Theory]
    [MemberData(nameof(Promises))]
    public Task The_store_that_fails_on_demand_keeps_while_nothing_is_demanded(string promise) =>
        StoreContract.CheckAsync(promise, () => new FaultyStore(new MemoryStore()), outlives: false);

    [Theory]
    [InlineData("what was committed is loaded as it was")]
    [InlineData("streams are trimmed in the commit that says so")]
    [InlineData("due sessions come earliest first, with the time of the next")]
    [InlineData("sessions are counted by whatever is asked, and all of them by status and age")]
    [InlineData("the expired make place first, then the final, then the idle, and never the busy")]
    [InlineData("only the expected version is replaced")]
    [InlineData("streams are read in order from anywhere, in bounded pages")]
    [InlineData("operations are found and forgotten")]
    public async Task A_store_that_forgets_when_it_is_opened_anew_is_found(string promise)
    {
        var broken = await Should.ThrowAsync<StorePromiseException>(
            () => StoreContract.CheckAsync(promise, () => new MemoryStore(), outlives: true));

        broken.Promise.ShouldBe(promise);
        broken.Message.ShouldStartWith($"Not kept: {promise}. ");
    }

    [Fact]
    public async Task A_store_that_remembers_what_was_before_it_is_found()
    {
        using var scratch = new ScratchDirectory();
        var make = () => new SqliteStore(scratch.Path, NullLogger.Instance);
        await StoreContract.CheckAsync("a lease is given once and fences commits", make, outlives: true);

        // The storage is not empty any more, as the contract asks for.
        foreach (var promise in (string[])["what is not there is null or empty", "a check counts what is there"])
        {
            await Should.ThrowAsync<StorePromiseException>(
                () => StoreContract.CheckAsync(promise, make, outlives: true));
        }
    }

    [Fact]
    public async Task A_store_that_cannot_write_says_so_itself() => await Should.ThrowAsync<IOException>(
        () => StoreContract.CheckAsync(
            "what was committed is loaded as it was",
            () => new FaultyStore(new MemoryStore()) { Fault = StoreFault.BeforeWriting },
            outlives: false));

    [Fact]
    public async Task A_promise_that_nobody_made_is_an_error() => await Should.ThrowAsync<ArgumentException>(
        () => StoreContract.CheckAsync("it is fast", () => new MemoryStore(), outlives: false));

    private static JournaledStore Journaled(ScratchDirectory scratch, JournalOptions options) =>
        new(scratch.Path, options, TimeProvider.System, NullLogger.Instance);
}
