namespace Sojourn.Kinds.Agents.Terminals;

/// <summary>Holds what goes on and on to so many bytes a second; a burst of a second's worth is let through.</summary>
internal sealed class Pace(long bytesPerSecond, TimeProvider time)
{
    private long _since = time.GetTimestamp();
    private long _bytes;

    /// <summary>Completes when more may come.</summary>
    public async ValueTask KeepAsync(long bytes, CancellationToken stop)
    {
        _bytes += bytes;
        var due = TimeSpan.FromSeconds((double)_bytes / bytesPerSecond);
        var elapsed = time.GetElapsedTime(_since);
        if (due - elapsed > TimeSpan.FromSeconds(1))
            await Task.Delay(due - elapsed - TimeSpan.FromSeconds(1), time, stop);
        else if (elapsed > due)
            // What was not used is not saved up.
            (_since, _bytes) = (time.GetTimestamp(), 0);
    }
}
