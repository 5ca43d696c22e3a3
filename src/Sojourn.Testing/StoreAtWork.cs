using System.Text;
using Sojourn.Engine;
using Sojourn.Stores;

namespace Sojourn.Testing;

/// <summary>A store that a promise is checked on, and the words that its check is written in.</summary>
internal sealed class StoreAtWork : IAsyncDisposable
{
    public const string KindName = "tally";

    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _promise;
    private readonly Func<ISessionStore> _make;
    private readonly bool _outlives;

    private StoreAtWork(string promise, Func<ISessionStore> make, bool outlives) =>
        (_promise, _make, _outlives, Store) = (promise, make, outlives, make());

    public ISessionStore Store { get; private set; }

    public static async Task<StoreAtWork> OpenAsync(string promise, Func<ISessionStore> make, bool outlives)
    {
        var work = new StoreAtWork(promise, make, outlives);
        await work.Store.OpenAsync(CancellationToken.None);
        return work;
    }

    public static SessionKey Key(string id) => new(KindName, OwnerId.Local, id);

    public static SessionRecord Record(string id, long version = 1, SessionKey? key = null) => new()
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
        Tails = Snapshot.NoTails,
        Labels = Snapshot.NoLabels,
        State = State(version),
    };

    public static SessionRecord Busy(string id, long version = 1) =>
        Record(id, version) with { Status = "working", IsBusy = true };

    public static byte[] State(long version) => Encoding.UTF8.GetBytes($$"""{"total":{{version}}}""");

    /// <param name="record">The session's new record.</param>
    /// <param name="expected">The version it replaces; 0 for none.</param>
    public static SaveSession Save(SessionRecord record, long expected = 0) =>
        new(record.Key, expected, record) { Entries = [], Operations = [] };

    public static StreamEntry[] Entries(string stream, int from, int to) =>
    [
        .. Enumerable.Range(from, to - from + 1)
            .Select(number => new StreamEntry(stream, number, Encoding.UTF8.GetBytes($"{stream} {number}"))),
    ];

    public async Task<IReadOnlyList<CommitResult>> CommitAsync(params SessionChange[] batch) =>
        await Store.CommitAsync(batch);

    public async Task<SessionRecord> LoadAsync(SessionKey key) =>
        await Store.LoadAsync(key, CancellationToken.None) ?? throw Broken($"{key} is not there.");

    public async Task<IReadOnlyList<StreamEntry>> ReadAsync(string id, string stream, long after = 0) =>
        await Store.ReadStreamAsync(new StreamKey(Key(id), stream), after, 1000, 1 << 20, CancellationToken.None);

    /// <summary>Another store on the same storage, if this one outlives its object.</summary>
    public async Task ReopenAsync()
    {
        if (!_outlives)
        {
            return;
        }

        await Store.DisposeAsync();
        Store = _make();
        await Store.OpenAsync(CancellationToken.None);
    }

    public void Require(bool isKept, string otherwise)
    {
        if (!isKept)
        {
            throw Broken(otherwise);
        }
    }

    public void RequireEqual<T>(T actual, T expected, string what) => Require(
        EqualityComparer<T>.Default.Equals(actual, expected), $"{what} should be {expected}, but is {actual}.");

    public void RequireSame<T>(IEnumerable<T> actual, IEnumerable<T> expected, string what)
    {
        var (got, wanted) = (actual.ToList(), expected.ToList());
        Require(got.SequenceEqual(wanted), $"{what} should be [{string.Join(", ", wanted)}], but is "
            + $"[{string.Join(", ", got)}].");
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    private StorePromiseException Broken(string says) => new(_promise, says);
}
