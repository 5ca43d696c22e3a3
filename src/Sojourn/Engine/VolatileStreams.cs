using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>The named streams of a session that is kept in memory alone.</summary>
internal sealed class VolatileStreams
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<StreamEntry>> _streams = new(StringComparer.Ordinal);

    public void Append(IReadOnlyList<StreamEntry> entries)
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
            }
        }
    }

    public IReadOnlyList<StreamEntry> Read(string name, long after, int max)
    {
        lock (_gate)
        {
            return _streams.GetValueOrDefault(name) is { } stream ? [.. stream.Skip((int)after).Take(max)] : [];
        }
    }
}
