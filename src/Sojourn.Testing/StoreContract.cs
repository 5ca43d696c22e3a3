using Sojourn.Stores;

namespace Sojourn.Testing;

/// <summary>
/// What every <see cref="ISessionStore"/> promises, as named checks for whatever test framework there is. Give each its
/// own empty storage.
/// </summary>
/// <example>
/// <code>
/// public static TheoryData&lt;string&gt; Promises => [.. StoreContract.Promises];
///
/// [Theory, MemberData(nameof(Promises))]
/// public Task My_store_keeps(string promise) =>
///     StoreContract.CheckAsync(promise, () => new MyStore(_emptyDirectory), outlives: true);
/// </code>
/// </example>
public static class StoreContract
{
    private static readonly Dictionary<string, Func<StoreAtWork, Task>> Checks = new(StringComparer.Ordinal)
    {
        ["what was committed is loaded as it was"] = SessionPromises.LoadedAsItWasAsync,
        ["what is not there is null or empty"] = SessionPromises.NothingThereAsync,
        ["only the expected version is replaced"] = SessionPromises.ExpectedVersionAsync,
        ["one conflict leaves the rest of its batch alone"] = SessionPromises.ConflictAloneAsync,
        ["the same id of another owner or kind is another session"] = SessionPromises.OtherOwnerAsync,
        ["a removed session takes its streams and operations along"] = SessionPromises.RemovedWholeAsync,
        ["another life takes the place of a session whole"] = SessionPromises.ReplacedWholeAsync,
        ["sessions are listed newest first, in pages"] = SessionPromises.ListedInPagesAsync,
        ["a check counts what is there"] = SessionPromises.CheckedAsync,
        ["reads and commits go on at the same time"] = SessionPromises.ReadWhileWritingAsync,
        ["streams are read in order from anywhere, in bounded pages"] = StreamPromises.PagesAsync,
        ["operations are found and forgotten"] = StreamPromises.OperationsAsync,
        ["streams are trimmed in the commit that says so"] = AskingPromises.TrimmedAsync,
        ["due sessions come earliest first, with the time of the next"] = AskingPromises.DueAsync,
        ["sessions are counted by whatever is asked, and all of them by status and age"] = AskingPromises.CountedAsync,
        ["the expired make place first, then the final, then the idle, and never the busy"] =
            AskingPromises.VictimsAsync,
        ["a backup is whole and goes over nothing, or is refused"] = AskingPromises.BackedUpAsync,
        ["a lease is given once and fences commits"] = LeasePromises.FencingAsync,
        ["a lease that has run out is given on with a higher term"] = LeasePromises.RunOutAsync,
        ["a lease that was given back can be claimed from the time that was said"] = LeasePromises.GivenBackAsync,
    };

    /// <summary>The names of all checks, as sentences.</summary>
    public static IReadOnlyCollection<string> Promises => Checks.Keys;

    /// <summary>Runs one check.</summary>
    /// <param name="promise">One of <see cref="Promises"/>.</param>
    /// <param name="make">
    /// Makes a store that is not yet opened. Each call gives another object on the same storage, which is empty before
    /// the first. The check opens and disposes them, one at a time.
    /// </param>
    /// <param name="outlives">
    /// True if a store sees what another object has stored there before: the check then looks again after opening anew.
    /// </param>
    /// <exception cref="StorePromiseException">The promise is not kept; the message says how.</exception>
    /// <exception cref="ArgumentException">There is no such promise.</exception>
    public static async Task CheckAsync(string promise, Func<ISessionStore> make, bool outlives)
    {
        ArgumentNullException.ThrowIfNull(make);
        var check = Checks.GetValueOrDefault(promise)
            ?? throw new ArgumentException($"There is no promise '{promise}'.", nameof(promise));
        await using var store = await StoreAtWork.OpenAsync(promise, make, outlives);
        await check(store);
    }
}

/// <summary>A store does not keep what <see cref="ISessionStore"/> promises.</summary>
public sealed class StorePromiseException : Exception
{
    internal StorePromiseException(string promise, string says)
        : base($"Not kept: {promise}. {says}") => Promise = promise;

    /// <summary>One of <see cref="StoreContract.Promises"/>.</summary>
    public string Promise { get; }
}
