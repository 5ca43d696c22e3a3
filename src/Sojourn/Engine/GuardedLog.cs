using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Sojourn.Engine;

/// <summary>
/// The application's log, which may throw: the engine's loops write to it, and must not end because its disk is full.
/// </summary>
internal sealed class GuardedLog(ILogger inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return inner.IsEnabled(logLevel);
        }
        catch (Exception failure)
        {
            Lose(failure);
            return false;
        }
    }

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        try
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception failure)
        {
            Lose(failure);
        }
    }

    private static void Lose(Exception failure) => Trace.TraceError($"Sojourn could not write to its log: {failure}");
}
