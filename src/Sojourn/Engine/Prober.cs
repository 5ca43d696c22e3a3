using Microsoft.Extensions.Logging;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>
/// Remembers that the store failed, and finds out, at growing intervals, when it takes commits again.
/// </summary>
internal sealed partial class Prober : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ISessionStore _store;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private TimeSpan _pause = FirstPause;
    private volatile bool _isDue;
    private volatile bool _isFailing;

    public Prober(ISessionStore store, TimeProvider time, Signal news, ILogger log)
    {
        _store = store;
        _log = log;
        _timer = time.CreateTimer(
            _ =>
            {
                _isDue = true;
                news.Set();
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    public bool IsFailing => _isFailing;

    /// <summary>Set to probe at the next opportunity.</summary>
    public bool IsDue
    {
        set => _isDue = value;
    }

    /// <summary>What the last failure was.</summary>
    public Exception? Cause { get; private set; }

    public void Failed(Exception cause)
    {
        Cause = cause;
        _isFailing = true;
        _isDue = false;
        _timer.Change(_pause, Timeout.InfiniteTimeSpan);
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }

    /// <summary>True if the store does not fail, or a probe that was due shows that it does no more.</summary>
    public async ValueTask<bool> MayCommitAsync()
    {
        if (!_isFailing)
        {
            return true;
        }

        if (!_isDue)
        {
            return false;
        }

        try
        {
            await _store.ProbeAsync().ConfigureAwait(false);
        }
        catch (Exception still)
        {
            LogStillFailing(still.Message);
            Failed(still);
            return false;
        }

        _isFailing = false;
        _pause = FirstPause;
        LogRecovered();
        return true;
    }

    public void Dispose() => _timer.Dispose();

    [LoggerMessage(101, LogLevel.Warning, "The store still cannot take commits: {Reason}")]
    private partial void LogStillFailing(string reason);

    [LoggerMessage(102, LogLevel.Information, "The store takes commits again.")]
    private partial void LogRecovered();
}
