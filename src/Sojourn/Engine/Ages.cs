using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>A kind's sessions, counted by the hour in which they began.</summary>
internal sealed class Ages
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, long> _byHour = [];

    public void Add(DateTimeOffset createdAt, int sessions)
    {
        var hour = createdAt.UtcTicks / TimeSpan.TicksPerHour;
        lock (_gate)
        {
            var count = _byHour.GetValueOrDefault(hour) + sessions;
            if (count == 0)
            {
                _byHour.Remove(hour);
            }
            else
            {
                _byHour[hour] = count;
            }
        }
    }

    public void Reset(IEnumerable<AgeCount> counts)
    {
        lock (_gate)
        {
            _byHour.Clear();
            foreach (var count in counts)
            {
                _byHour[count.Hour.UtcTicks / TimeSpan.TicksPerHour] = count.Sessions;
            }
        }
    }

    /// <summary>Sorts them by age. An hour is not divided: it counts as old as its beginning.</summary>
    public AgeStatistics Sort(DateTimeOffset now)
    {
        var sorted = new long[5];
        lock (_gate)
        {
            foreach (var (hour, sessions) in _byHour)
            {
                var hours = (now.UtcTicks / TimeSpan.TicksPerHour) - hour;
                sorted[hours switch { < 1 => 0, < 24 => 1, < 24 * 7 => 2, < 24 * 30 => 3, _ => 4 }] += sessions;
            }
        }

        return new AgeStatistics(sorted[0], sorted[1], sorted[2], sorted[3], sorted[4]);
    }
}
