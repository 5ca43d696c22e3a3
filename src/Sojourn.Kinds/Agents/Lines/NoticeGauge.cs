namespace Sojourn.Kinds.Agents.Lines;

/// <summary>Lets so many notices through in a minute, and counts the rest. For one caller at a time.</summary>
internal sealed class NoticeGauge(TimeProvider time, int mostAMinute)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private long _since = time.GetTimestamp();
    private int _passed, _held;

    /// <returns>The text, with how many were held back before it; null if it is held back itself.</returns>
    public string? Pass(string text)
    {
        if (time.GetElapsedTime(_since) >= Minute)
        {
            (_since, _passed) = (time.GetTimestamp(), 0);
        }

        if (_passed == mostAMinute)
        {
            _held++;
            return null;
        }

        _passed++;
        var before = _held;
        _held = 0;
        return before == 0 ? text : $"{text} ({before} more before this one are not shown.)";
    }
}
