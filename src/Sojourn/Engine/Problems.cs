using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>The engine's own sentences.</summary>
internal static class Problems
{
    public const string NoLongerMatchesCode = "no-longer-matches";

    public static Problem NotFound(Cell cell) => NotFound(cell.Key);

    public static Problem NotFound(SessionKey key) =>
        new(
            ProblemTypes.NotFound,
            $"There is no session '{key.Id}' of kind '{key.Kind}'. It may have been removed or have expired.");

    public static Problem AlreadyExists(Cell cell, Snapshot latest) => new(
        ProblemTypes.AlreadyExists,
        $"A session '{cell.Id}' of kind '{cell.Kind.Name}' exists already. Choose another id, or ask to get it.")
    {
        Current = cell.View(latest),
    };

    public static Problem VersionMismatch(Cell cell, Snapshot latest, long expected) => new(
        ProblemTypes.VersionMismatch,
        $"The session is at version {latest.Version}, not {expected}. Read it again and decide anew.")
    {
        Current = cell.View(latest),
    };

    public static Problem NoLongerMatches(Cell cell) => new(
        ProblemTypes.Refused,
        $"The session '{cell.Id}' has changed since it was listed, and matches no more. It was left as it is.")
    {
        Code = NoLongerMatchesCode,
    };

    public static Problem Ended(Cell cell, Snapshot latest) => new(
        ProblemTypes.Refused,
        $"The session '{cell.Id}' has ended ('{latest.Status.Name}'), and nothing follows. Begin another, or this one "
        + "anew.")
    {
        Code = "session-ended",
    };

    public static Problem OperationReused(string operationId) => new(
        ProblemTypes.OperationReused,
        $"The operation id '{operationId}' was used before, with another command. Use a new id for a new command.");

    public static Problem TooManyOperations(int limit) => new(
        ProblemTypes.TooManyOperations,
        $"The session remembers {limit} operation ids already, none older than a day. Send without one, or later.")
    {
        Retryable = true,
    };

    public static Problem Overloaded(int limit) => new(
        ProblemTypes.Overloaded, $"{limit} commands wait for this session already. Try again in a moment.")
    {
        Retryable = true,
    };

    public static Problem StoreBehind() => new(
        ProblemTypes.Overloaded, "More changes are on their way to the store than may be. Try again in a moment.")
    {
        Retryable = true,
    };

    public static Problem ChangedTooOften() => new(
        ProblemTypes.Overloaded, "The session was changed by others again and again. Try again in a moment.")
    {
        Retryable = true,
    };

    public static Problem TooManyWatchers(int limit) => new(
        ProblemTypes.TooManyWatchers, $"The session has {limit} watchers already. Try again when one has left.")
    {
        Retryable = true,
    };

    public static Problem Full(Fullness fullness, KindRuntime kind, OwnerAccount account) => fullness switch
    {
        Fullness.Quota => QuotaExceeded("sessions", account.SessionsAndBegun + 1, account.Quota.MaxSessions ?? 0) with
        {
            RetryAfter = kind.Policy.RetryWhenFull,
        },
        Fullness.Share => new(
            ProblemTypes.Full,
            $"You have {kind.Policy.MaxSessionsPerOwner:N0} sessions of kind '{kind.Name}', as many as one may. Remove "
            + "one, or try again when one has ended.")
        {
            Retryable = true,
            RetryAfter = kind.Policy.RetryWhenFull,
        },
        Fullness.Kind or _ => new(
            ProblemTypes.Full,
            $"There are {kind.Policy.MaxSessions:N0} sessions of kind '{kind.Name}', as many as there may be, and none "
            + "can make place. Try again when one has ended.")
        {
            Retryable = true,
            RetryAfter = kind.Policy.RetryWhenFull,
        },
    };

    public static Problem QuotaExceeded(string what, long asked, long limit) => new(
        ProblemTypes.QuotaExceeded,
        $"Your quota is {limit:N0} {what}; this would make it {asked:N0}. Remove something first.")
    {
        Retryable = true,
    };

    public static Problem RateLimited(TimeSpan retryAfter) => new(
        ProblemTypes.RateLimited, "Your commands come faster than your quota allows. Slow down, and try again.")
    {
        Retryable = true,
        RetryAfter = retryAfter,
    };

    public static Problem TooManyLabels() => new(
        ProblemTypes.Invalid, $"A session has at most {Labels.MaxCount} labels. Remove some first.")
    {
        Field = "labels",
    };

    public static Problem TooManyStreams(int limit) => QuotaExceeded("followed streams", limit + 1L, limit);

    public static Problem TooLarge(string what, long size, long limit) =>
        new(
            ProblemTypes.TooLarge,
            $"The step's {what} would be {size:N0}; the limit is {limit:N0}. Nothing was changed.");

    public static Problem RuleFailed(Cell cell, Exception cause) => new(
        ProblemTypes.RuleFailed,
        $"A rule of kind '{cell.Kind.Name}' failed on this command. The session is as it was; "
        + "the server's log says more.")
    {
        Cause = cause,
    };

    public static Problem StoreUnavailable(Exception? cause) => new(
        ProblemTypes.StoreUnavailable,
        "The store cannot take changes now. Nothing was acknowledged; try again with the same operation id.")
    {
        Retryable = true,
        Cause = cause,
    };

    public static Problem LeaseLost(Cell cell) =>
        new(
            ProblemTypes.LeaseLost,
            $"The lease on session '{cell.Id}' is held by another driver now. Stop driving it.");

    public static Problem Damaged(Cell cell, Exception cause) => new(
        ProblemTypes.Damaged,
        $"The stored record of session '{cell.Id}' of kind '{cell.Kind.Name}' cannot be read. Other sessions are not "
        + "concerned; the server's log says what was found. Restore it, or remove it.")
    {
        Cause = cause,
    };

    public static Problem StepsLost(SessionKey session) => new(
        ProblemTypes.Damaged,
        $"Acknowledged steps of session '{session.Id}' of kind '{session.Kind}' could not be saved and are lost; the "
        + "server's log says why. All others are in the store.");

    public static Problem NothingToRestore(Cell cell) => new(
        ProblemTypes.Damaged,
        $"Nothing of session '{cell.Id}' of kind '{cell.Kind.Name}' can be read, so nothing can be restored but from a "
        + "backup. It can be removed; its bytes stay in quarantine.");

    public static Problem Damaged(DamagedRecordException damage) =>
        new(ProblemTypes.Damaged, "A stored record cannot be read: " + damage.Message)
        {
            Cause = damage,
        };

    public static Problem Stopping() => new(ProblemTypes.Stopping, "The server is stopping. Try again in a moment.")
    {
        Retryable = true,
    };

    public static Problem UnknownCommand(KindRuntime kind, string command) => new(
        ProblemTypes.UnknownCommand,
        $"The kind '{kind.Name}' has no command '{command}'. It has: "
        + string.Join(", ", kind.CommandsByName.Values.Where(rule => !rule.ForDriver).Select(rule => rule.Name).Order(
            StringComparer.Ordinal)) + ".");
}
