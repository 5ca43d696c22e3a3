namespace Sojourn.Mesh.Broadcasts;

/// <summary>
/// How much is carried at most: so many datagrams a second that games send, and so many bytes a second for all copies
/// of them together. What was not used within the last second may come at once. For one thread.
/// </summary>
internal sealed class CarryLimit(TimeProvider time)
{
    /// <summary>Several times what the loudest search for games sends.</summary>
    public const int DatagramsPerSecond = 100;

    /// <summary>An eighth of what a line of 16 Mbit/s takes: a party of 32 has room for 8 kB/s from each.</summary>
    public const int BytesPerSecond = 250_000;

    private readonly long _began = time.GetTimestamp();

    // Since when each would be unused if nothing more came: later than now by what is used.
    private TimeSpan _datagramsFrom = TimeSpan.Zero, _bytesFrom = TimeSpan.Zero;

    /// <summary>Takes a datagram's share, if there is as much.</summary>
    /// <param name="bytes">Of all its copies together; more than a second's count as that, or would never go.</param>
    public bool TryTake(int bytes)
    {
        var now = time.GetElapsedTime(_began);
        var datagrams = Later(_datagramsFrom, now) + TimeSpan.FromTicks(TimeSpan.TicksPerSecond / DatagramsPerSecond);
        var all = Later(_bytesFrom, now) + TimeSpan.FromTicks(
            Math.Min(bytes, BytesPerSecond) * (TimeSpan.TicksPerSecond / BytesPerSecond));
        var last = now + TimeSpan.FromSeconds(1);
        if (datagrams > last || all > last)
            return false;
        (_datagramsFrom, _bytesFrom) = (datagrams, all);
        return true;
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
