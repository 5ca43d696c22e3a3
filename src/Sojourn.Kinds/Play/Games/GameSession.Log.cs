using Microsoft.Extensions.Logging;

namespace Sojourn.Kinds.Play.Games;

internal static partial class GameSessionLog
{
    [LoggerMessage(8401, LogLevel.Error, "A listener to the saves of {Session} failed.")]
    public static partial void LogListenerFailed(this ILogger log, Exception failure, SessionKey session);

    [LoggerMessage(8402, LogLevel.Warning, "{Session} could not save by itself ({Why}). The save before stands.")]
    public static partial void LogAutomaticSaveFailed(
        this ILogger log, Exception failure, SessionKey session, string why);

    [LoggerMessage(8403, LogLevel.Warning,
        "{Session} was cut off, and {Backups} saves cannot be noted with it: {Problem} Fewer are offered.")]
    public static partial void LogFewerOffered(this ILogger log, SessionKey session, int backups, string problem);

    [LoggerMessage(8405, LogLevel.Warning, "Attempts to recover from slot {Slot}, generation {Generation}, "
        + "could not be noted with the save.")]
    public static partial void LogAttemptNotNoted(
        this ILogger log, Exception failure, string slot, long generation);

    [LoggerMessage(8406, LogLevel.Warning, "{Session} ended while it was recovered, and that cannot be noted.")]
    public static partial void LogRecoveryNotGivenUp(this ILogger log, Exception failure, SessionKey session);

    [LoggerMessage(8404, LogLevel.Error, "{Session} was cut off, and that cannot be noted: {Problem}")]
    public static partial void LogNotOffered(this ILogger log, SessionKey session, string problem);
}
