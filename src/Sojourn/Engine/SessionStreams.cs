using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>Reads the streams of sessions, from memory or from the store, wherever they are.</summary>
internal sealed class SessionStreams(ISessionStore store, Committer committer)
{
    /// <summary>The most bytes that one read returns, unless a single entry is longer.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>Events after a number, in order; from the store a page at a time.</summary>
    public async ValueTask<IReadOnlyList<SessionEvent>> EventsAsync(
        Cell cell, long after, int max, CancellationToken giveUp)
    {
        if (cell.Log?.Read(after, max) is { } recent)
        {
            return recent;
        }

        if (cell.Kind.IsVolatile)
        {
            return [];
        }

        var key = new StreamKey(cell.Key, StreamKey.Events);
        var stored = await store.ReadStreamAsync(key, after, max, MaxBytes, giveUp);
        return [.. stored.Select(entry => new SessionEvent(entry.Number, entry.Bytes))];
    }

    /// <summary>Completes when all that was acknowledged is in the store.</summary>
    public Task FlushAsync() => committer.FlushAsync();

    /// <summary>One entry of a named stream; null if there is none of that number.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadEntryAsync(
        Cell cell, string name, long number, CancellationToken giveUp)
    {
        var page = await ReadAsync(cell, name, number - 1, 1, giveUp);
        return page is [{ } entry] && entry.Number == number ? entry.Bytes : (ReadOnlyMemory<byte>?)null;
    }

    public async ValueTask<IReadOnlyList<StreamEntry>> ReadAsync(
        Cell cell, string name, long after, int max, CancellationToken giveUp)
    {
        switch (cell.Kind.Policy.Durability)
        {
            case Durability.Volatile:
                return cell.Parts?.Streams?.Read(name, after, max) ?? [];
            case Durability.WriteBehind:
                await committer.FlushAsync().WaitAsync(giveUp);
                break;
            case Durability.Durable:
            default:
                break;
        }

        return await store.ReadStreamAsync(new StreamKey(cell.Key, name), after, max, MaxBytes, giveUp);
    }
}
