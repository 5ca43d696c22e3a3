using Microsoft.Extensions.Logging;

namespace Sojourn.Kinds.Play.Games;

internal static partial class GameSessionLog
{
    [LoggerMessage(8401, LogLevel.Error, "A listener to the saves of {Session} failed.")]
    public static partial void LogListenerFailed(this ILogger log, Exception failure, SessionKey session);

    [LoggerMessage(8402, LogLevel.Warning, "{Session} could not save by itself ({Why}). The save before stands.")]
    public static partial void LogAutomaticSaveFailed(
        this ILogger log, Exception failure, SessionKey session, string why);
}
