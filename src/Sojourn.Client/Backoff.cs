namespace Sojourn.Client;

/// <summary>How long to wait before an attempt: doubled each time up to a limit, and spread out.</summary>
internal static class Backoff
{
    /// <param name="attempt">1 for the first repetition.</param>
    /// <param name="options">The first and the longest wait.</param>
    public static TimeSpan Before(int attempt, SojournClientOptions options)
    {
        // 2^20 times any sensible first delay is beyond any sensible limit; more would overflow in the end.
        var doubled = options.FirstRetryDelay * Math.Pow(2, Math.Min(attempt - 1, 20));
        var whole = doubled < options.MaxRetryDelay ? doubled : options.MaxRetryDelay;

        // Half of it is chance: the watchers of a server that restarts shall not all come back in the same instant.
        return whole * (0.5 + (Random.Shared.NextDouble() / 2));
    }
}
