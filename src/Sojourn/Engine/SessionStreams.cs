using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>Reads the streams of sessions, from memory or from the store, wherever they are.</summary>
internal sealed class SessionStreams(ISessionStore store, Committer committer)
{
    /// <summary>The most bytes that one read returns, unless a single entry is longer.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>
    /// Events after a number, in order; from the store a page at a time. Null if another life has begun in the store,
    /// and is about to be seen.
    /// </summary>
    public async ValueTask<IReadOnlyList<SessionEvent>?> EventsAsync(
        Cell cell, Seen seen, long after, int max, CancellationToken giveUp)
    {
        if (cell.Log?.Read(seen.Life, after, max) is { } recent)
        {
            return recent;
        }

        if (cell.Kind.IsVolatile)
        {
            return [];
        }

        var key = new StreamKey(cell.Key, StreamKey.Events);
        var stored = await store.ReadStreamAsync(key, after, max, MaxBytes, giveUp).ConfigureAwait(false);
        var events = stored.Select(entry => new SessionEvent(entry.Number, entry.Bytes)).ToList();
        // Numbers begin anew with another life; time does not.
        return events is [var first, ..] && first.Number <= seen.LastEvent && first.At > seen.At ? null : events;
    }

    /// <summary>A life of a session, as far as it was seen.</summary>
    /// <param name="Life">When it began.</param>
    /// <param name="At">When it took its last step.</param>
    /// <param name="LastEvent">Its newest event.</param>
    public readonly record struct Seen(DateTimeOffset Life, DateTimeOffset At, long LastEvent);

    /// <summary>Completes when all that was acknowledged is in the store.</summary>
    public Task FlushAsync() => committer.FlushAsync();

    /// <summary>One entry of a named stream; null if there is none of that number.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadEntryAsync(
        Cell cell, string name, long number, CancellationToken giveUp)
    {
        var page = await ReadAsync(cell, name, number - 1, new(1, MaxBytes), giveUp).ConfigureAwait(false);
        return page is [{ } entry] && entry.Number == number ? entry.Bytes : (ReadOnlyMemory<byte>?)null;
    }

    public async ValueTask<IReadOnlyList<StreamEntry>> ReadAsync(
        Cell cell, string name, long after, StreamLimits most, CancellationToken giveUp)
    {
        switch (cell.Kind.Policy.Durability)
        {
            case Durability.Volatile:
                return cell.Parts?.Streams?.Read(name, after, most.Entries) ?? [];
            case Durability.WriteBehind:
                await committer.FlushAsync().WaitAsync(giveUp).ConfigureAwait(false);
                break;
            case Durability.Durable:
            default:
                break;
        }

        return await store.ReadStreamAsync(
            new StreamKey(cell.Key, name), after, most.Entries, Math.Min(most.Bytes, MaxBytes), giveUp)
            .ConfigureAwait(false);
    }
}
