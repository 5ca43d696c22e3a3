using Sojourn.Stores;

namespace Sojourn.Bench;

/// <summary>A store without an engine: batches of sessions, each with a new state and an event.</summary>
internal sealed class StoreAlone(ISessionStore store) : IAsyncDisposable
{
    private const int RetainedEvents = 100;

    private readonly Random _chance = new(1);
    private readonly long[] _versions = new long[DurableCommands.Sessions];
    private readonly byte[] _state = new byte[DurableCommands.StateBytes];
    private readonly byte[] _event = new byte[DurableCommands.EventBytes];

    public ValueTask OpenAsync() => store.OpenAsync(default);

    public Task<long> RunAsync(int group, CancellationToken stop) => Task.Run(async () =>
    {
        var count = 0L;
        var chosen = new HashSet<int>();
        for (; !stop.IsCancellationRequested; count += group)
        {
            chosen.Clear();
            while (chosen.Count < group)
            {
                chosen.Add(_chance.Next(DurableCommands.Sessions));
            }

            var results = await store.CommitAsync([.. chosen.Select(Change)]);
            if (results.Any(result => result != CommitResult.Committed))
            {
                throw new InvalidOperationException("A change conflicted.");
            }
        }

        return count;
    });

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private SessionChange Change(int session)
    {
        var version = ++_versions[session];
        // Cut now and then, as the engine does, and not at each step.
        var first = version <= RetainedEvents ? 1 : (version - RetainedEvents) / 25 * 25 + 1;
        var key = new SessionKey("alone", OwnerId.Local, $"a{session}");
        return new SaveSession(key, version - 1, new SessionRecord
        {
            Key = key,
            Version = version,
            Status = "open",
            IsBusy = false,
            IsFinal = false,
            CreatedAt = DateTimeOffset.UnixEpoch,
            LastActivityAt = DateTimeOffset.UnixEpoch.AddTicks(version),
            StatusSince = DateTimeOffset.UnixEpoch,
            ExpiresAt = null,
            WakeAt = null,
            FirstEvent = first,
            LastEvent = version,
            Tails = NoTails,
            Labels = NoLabels,
            State = _state,
        })
        {
            Entries = [new StreamEntry(StreamKey.Events, version, _event)],
            Operations = [],
            Trims = version % 25 == 0 && first > 1 ? [new StreamTrim(StreamKey.Events, first)] : [],
        };
    }

    private static readonly Dictionary<string, StreamTail> NoTails = [];

    private static readonly Dictionary<string, string> NoLabels = [];
}
