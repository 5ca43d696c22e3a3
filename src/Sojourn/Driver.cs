namespace Sojourn;

/// <summary>
/// Does a busy session's outside work (calls a model, runs a process) and reports back by commands. One driver object
/// serves all sessions of its kind, several at once; what it knows of a session is in that session's state.
/// </summary>
public interface IDriver<TState>
    where TState : class
{
    /// <summary>
    /// Works until the session is no longer busy, then returns. Called again after a crash or a restart, with the
    /// state that was stored: go on from there. An exception reaches the kind's <c>DriverEnded</c> rule.
    /// </summary>
    /// <param name="session">The session, and the way to report.</param>
    /// <param name="stop">Cancelled when the session has left its busy statuses or is gone, when the lease is lost, and
    /// when the node stops. Return soon then; <see cref="OperationCanceledException"/> is fine.</param>
    Task DriveAsync(DrivenSession<TState> session, CancellationToken stop);
}

/// <summary>How a driver's code ended while the session was still busy.</summary>
/// <param name="Error">The exception's message; null if it simply returned.</param>
/// <param name="Attempts">How often in a row it has ended so on this node, this time included.</param>
public sealed record DriverExit(string? Error, int Attempts);
