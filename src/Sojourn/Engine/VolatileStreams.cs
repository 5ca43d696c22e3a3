using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>The named streams of a session that is kept in memory alone.</summary>
internal sealed class VolatileStreams
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<StreamEntry>> _streams = new(StringComparer.Ordinal);

    /// <param name="entries">What is added.</param>
    /// <param name="tails">What is kept afterwards.</param>
    public void Append(IReadOnlyList<StreamEntry> entries, IReadOnlyDictionary<string, StreamTail>? tails)
    {
        lock (_gate)
        {
            foreach (var entry in entries)
            {
                if (!_streams.TryGetValue(entry.Stream, out var stream))
                {
                    _streams[entry.Stream] = stream = [];
                }

                stream.Add(entry);
                if (tails?.GetValueOrDefault(entry.Stream) is { } tail && stream[0].Number < tail.First)
                {
                    stream.RemoveAll(old => old.Number < tail.First);
                }
            }
        }
    }

    public IReadOnlyList<StreamEntry> Read(string name, long after, int max)
    {
        lock (_gate)
        {
            return _streams.GetValueOrDefault(name) is { } stream
                ? [.. stream.SkipWhile(entry => entry.Number <= after).Take(max)]
                : [];
        }
    }
}
