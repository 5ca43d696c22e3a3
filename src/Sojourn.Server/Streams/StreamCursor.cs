using System.Globalization;

namespace Sojourn.Server.Streams;

/// <summary>
/// Cursors keep caches from answering a reader with what it has seen: each answer gives one that the reader sends back,
/// and none is given twice to one who sends it. All who read in the same 20 seconds are given the same, so that a cache
/// can answer them with one request of its own.
/// </summary>
internal static class StreamCursor
{
    private const int IntervalSeconds = 20, MostJitterSeconds = 3_600;

    private static readonly DateTimeOffset Epoch = new(2024, 10, 9, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The cursor for a reader.</summary>
    /// <param name="sent">What it sent; null if nothing.</param>
    /// <param name="now">The time.</param>
    public static string Next(string? sent, DateTimeOffset now)
    {
        var current = (now - Epoch).Ticks / TimeSpan.FromSeconds(IntervalSeconds).Ticks;
        var isAhead = long.TryParse(sent, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && last >= current && last < long.MaxValue - MostJitterSeconds;
        return StreamHeaders.Number(
            isAhead ? last + Random.Shared.Next(1, (MostJitterSeconds / IntervalSeconds) + 1) : current);
    }
}
