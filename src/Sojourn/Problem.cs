namespace Sojourn;

/// <summary>
/// Why something was not done: an expected outcome, not an exception. Nothing has changed, except where the type says
/// that the outcome is unknown.
/// </summary>
/// <param name="Type">One of <see cref="ProblemTypes"/>: stable, for programs.</param>
/// <param name="Message">A sentence for people that says what happened and what helps.</param>
public sealed record Problem(string Type, string Message)
{
    /// <summary>True if the same request may succeed later as it is.</summary>
    public bool Retryable { get; init; }

    /// <summary>When trying again may help, from now; null if nobody knows.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>For a refusal, the rule's own code, in kebab case.</summary>
    public string? Code { get; init; }

    /// <summary>The parameter that is at fault, in camelCase; null if none is.</summary>
    public string? Field { get; init; }

    /// <summary>For <see cref="ProblemTypes.VersionMismatch"/>, the session as it is.</summary>
    public SessionView? Current { get; init; }

    /// <summary>
    /// The exception behind a <see cref="ProblemTypes.RuleFailed"/> or a store's failure; never sent to clients.
    /// </summary>
    public Exception? Cause { get; init; }
}

/// <summary>The stable types of <see cref="Problem"/>.</summary>
public static class ProblemTypes
{
    /// <summary>A rule said no; <see cref="Problem.Code"/> is its reason.</summary>
    public const string Refused = "refused";

    /// <summary>The parameters could never be accepted; <see cref="Problem.Field"/> says which.</summary>
    public const string Invalid = "invalid";

    /// <summary>There is no such session for this owner.</summary>
    public const string NotFound = "not-found";

    /// <summary>A session of this id exists already, and the request asked for a new one.</summary>
    public const string AlreadyExists = "already-exists";

    /// <summary>
    /// The session has another version than expected; <see cref="Problem.Current"/> is how it stands.
    /// </summary>
    public const string VersionMismatch = "version-mismatch";

    /// <summary>The operation id was used before, with another command.</summary>
    public const string OperationReused = "operation-reused";

    /// <summary>The session remembers as many operation ids as it may, all younger than 24 hours. Retryable.</summary>
    public const string TooManyOperations = "too-many-operations";

    /// <summary>Too many commands wait for this session. Retryable.</summary>
    public const string Overloaded = "overloaded";

    /// <summary>Too many watchers of this session. Retryable.</summary>
    public const string TooManyWatchers = "too-many-watchers";

    /// <summary>
    /// The kind, or the owner's share in it, has as many sessions as it may, and none could make place. Retryable.
    /// </summary>
    public const string Full = "full";

    /// <summary>The owner has used up what its quota allows. Retryable once something of it was removed.</summary>
    public const string QuotaExceeded = "quota-exceeded";

    /// <summary>The owner's commands come faster than its quota allows. Retryable.</summary>
    public const string RateLimited = "rate-limited";

    /// <summary>A state, event or stream entry would be larger than the policy allows.</summary>
    public const string TooLarge = "too-large";

    /// <summary>A rule threw an exception; the session is as it was.</summary>
    public const string RuleFailed = "rule-failed";

    /// <summary>
    /// The store could not take it: a full disk, an I/O error. Retryable; with the same operation id it is safe
    /// even where the outcome of the failed commit is unknown.
    /// </summary>
    public const string StoreUnavailable = "store-unavailable";

    /// <summary>The driver has lost its lease; another one drives the session.</summary>
    public const string LeaseLost = "lease-lost";

    /// <summary>The stored record does not match its checksum.</summary>
    public const string Damaged = "damaged";

    /// <summary>The engine is stopping. Retryable, elsewhere or later.</summary>
    public const string Stopping = "stopping";

    /// <summary>The kind has no such command, or it is not for clients.</summary>
    public const string UnknownCommand = "unknown-command";

    /// <summary>There is no such kind.</summary>
    public const string UnknownKind = "unknown-kind";
}

/// <summary>
/// An answer that was asked for its reply but is a <see cref="Sojourn.Problem"/>, or a promise that the engine or its
/// configuration could not keep.
/// </summary>
public sealed class SojournException : Exception
{
    /// <summary>Wraps a problem.</summary>
    public SojournException(Problem problem)
        : base(problem.Message, problem.Cause) => Problem = problem;

    /// <summary>Says what went wrong with the engine itself.</summary>
    public SojournException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    /// <summary>What was answered; null if this is not about one answer.</summary>
    public Problem? Problem { get; }
}
