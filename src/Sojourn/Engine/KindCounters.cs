namespace Sojourn.Engine;

/// <summary>What a kind has done since the engine started. Counted with each command, so no two cores share a
/// line.</summary>
internal sealed class KindCounters
{
    private const int Stripes = 8;

    // A cache line is 64 bytes, and cores fetch them in pairs.
    private const int Stride = 16;

    private readonly long[] _counts = new long[Stripes * Stride];

    /// <summary>Adds one.</summary>
    public void Count(Counted what) =>
        Interlocked.Increment(ref _counts[((Thread.GetCurrentProcessorId() & (Stripes - 1)) * Stride) + (int)what]);

    public long Of(Counted what)
    {
        var sum = 0L;
        for (var i = 0; i < Stripes; i++)
        {
            sum += Volatile.Read(ref _counts[(i * Stride) + (int)what]);
        }

        return sum;
    }
}

/// <summary>What is counted.</summary>
internal enum Counted
{
    Commands,
    Refused,
    Failed,
    Created,
    Removed,
    Expired,
    Evicted,
    Passivated,
    Loaded,
    Woken,
    Recovered,
    Damaged,
}
