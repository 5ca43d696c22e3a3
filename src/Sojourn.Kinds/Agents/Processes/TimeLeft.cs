namespace Sojourn.Kinds.Agents.Processes;

/// <summary>A deadline that is not moved when somebody sets the clock.</summary>
internal readonly struct TimeLeft(TimeProvider time, TimeSpan within)
{
    private readonly long _since = time.GetTimestamp();

    /// <summary>So long, or what is left if that is less; never below zero.</summary>
    public TimeSpan AtMost(TimeSpan most)
    {
        var left = within == TimeSpan.MaxValue ? most : within - time.GetElapsedTime(_since);
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < most ? left : most;
    }
}
