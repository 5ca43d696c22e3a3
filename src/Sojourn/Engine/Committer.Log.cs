using Microsoft.Extensions.Logging;

namespace Sojourn.Engine;

/// <content>What the operator reads of commits.</content>
internal sealed partial class Committer
{
    [LoggerMessage(103, LogLevel.Critical,
        "What became of a commit of {Session} could not be told; it is loaded anew.")]
    private partial void LogSettlementBroke(Exception broken, SessionKey session);

    [LoggerMessage(104, LogLevel.Warning, "The sessions could not be counted anew; trying again.")]
    private partial void LogNotCounted(Exception failure);

    [LoggerMessage(100, LogLevel.Error,
        "A commit of {Sessions} sessions failed; nothing of it was acknowledged. Further changes are refused until "
        + "the store takes one again.")]
    private partial void LogCommitFailed(Exception failure, int sessions);
}
