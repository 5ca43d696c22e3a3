using Microsoft.Extensions.Logging;

namespace Sojourn.Engine;

internal sealed partial class Runner
{
    [LoggerMessage(110, LogLevel.Error, "A rule failed on {Session} ({Request}); the session is as it was.")]
    private partial void LogRuleFailed(Exception broken, SessionKey session, string request);

    [LoggerMessage(111, LogLevel.Error, "The stored record of {Session} cannot be read.")]
    private partial void LogDamaged(Exception damage, SessionKey session);

    [LoggerMessage(112, LogLevel.Error, "The store could not be read for {Session}.")]
    private partial void LogReadFailed(Exception failure, SessionKey session);
}
