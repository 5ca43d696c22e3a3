namespace Sojourn.Cli;

/// <summary>The user's words or files cannot be used as they are; the message says what helps.</summary>
internal sealed class UsageException(string message, Exception? cause = null) : Exception(message, cause);
