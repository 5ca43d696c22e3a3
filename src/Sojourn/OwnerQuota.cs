namespace Sojourn;

/// <summary>
/// How much one owner may take up, so that nobody else pays for it. What is null does not limit. Beyond it, requests
/// are answered <see cref="ProblemTypes.QuotaExceeded"/> or, for the rate, <see cref="ProblemTypes.RateLimited"/>.
/// Drivers' reports and wake-ups are never refused for a quota, nor is removing a session: what was begun may end. What
/// belongs to <see cref="OwnerId.System"/> has none.
/// </summary>
public sealed record OwnerQuota
{
    /// <summary>Nothing is limited.</summary>
    public static OwnerQuota Unlimited { get; } = new();

    /// <summary>Sessions of all kinds together; at least 0.</summary>
    public long? MaxSessions { get; init; }

    /// <summary>
    /// Bytes of all its sessions' states and logs together; at least 0. A step that makes a session smaller, or that
    /// ends it (brings it into a final status from one that is not), is always allowed, so that there is a way back.
    /// Volatile sessions are not counted.
    /// </summary>
    public long? MaxBytes { get; init; }

    /// <summary>Starts and commands a second, on average; more than 0.</summary>
    public double? CommandsPerSecond { get; init; }

    /// <summary>
    /// How many starts and commands may come at once before <see cref="CommandsPerSecond"/> holds; at least 1. Null
    /// (the default) for what two seconds allow.
    /// </summary>
    public int? Burst { get; init; }

    /// <summary>Event streams that are followed at once, over all its sessions; at least 0.</summary>
    public int? MaxStreams { get; init; }

    internal static string NotForSystem => $"{nameof(OwnerId)}.{nameof(OwnerId.System)} has no quota.";

    internal double Capacity => Burst ?? Math.Max(1, 2 * (CommandsPerSecond ?? 0));

    /// <summary>All that is wrong with it, in sentences; empty if nothing is.</summary>
    public IEnumerable<string> Faults()
    {
        if (MaxSessions < 0 || MaxBytes < 0 || MaxStreams < 0)
        {
            yield return "a quota's numbers must not be negative.";
        }

        if (CommandsPerSecond is { } rate && (!double.IsFinite(rate) || rate <= 0))
        {
            yield return $"{nameof(CommandsPerSecond)} must be more than 0.";
        }

        if (Burst < 1)
        {
            yield return $"{nameof(Burst)} must be at least 1.";
        }
    }
}
