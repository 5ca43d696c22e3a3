namespace Sojourn.Client;

/// <summary>How long to wait before an attempt: doubled each time up to a limit, and spread out.</summary>
internal static class Backoff
{
    // A timer cannot wait for ever, and no server means a month.
    private static readonly TimeSpan LongestRequest = TimeSpan.FromDays(1);

    /// <param name="attempt">1 for the first repetition.</param>
    /// <param name="retryAfter">How long the server asks to wait, at least; null if it does not say.</param>
    /// <param name="options">The first and the longest wait of our own.</param>
    public static TimeSpan Before(int attempt, TimeSpan? retryAfter, SojournClientOptions options)
    {
        // 2^20 times any sensible first delay is beyond any sensible limit; more would overflow in the end.
        var doubled = options.FirstRetryDelay * Math.Pow(2, Math.Min(attempt - 1, 20));
        var whole = doubled < options.MaxRetryDelay ? doubled : options.MaxRetryDelay;

        // Half of it is chance: the watchers of a server that restarts shall not all come back in the same instant.
        var spread = whole * (0.5 + (Random.Shared.NextDouble() / 2));
        var asked = retryAfter < LongestRequest ? retryAfter.Value : retryAfter is null ? spread : LongestRequest;

        // "At once" is no leave to ask without a pause for as long as it fails.
        return asked > spread ? asked : spread;
    }
}
