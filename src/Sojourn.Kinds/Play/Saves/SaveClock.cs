namespace Sojourn.Kinds.Play.Saves;

/// <summary>Counts and times one sort of work. Safe from any thread.</summary>
internal sealed class SaveClock(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private long _count;
    private long _failed;
    private double _last;
    private double _sum;
    private double _fastest;
    private double _slowest;

    public SaveTimes Times
    {
        get
        {
            lock (_gate)
            {
                return _count == 0
                    ? new SaveTimes(0, _failed, null, null, null, null)
                    : new SaveTimes(_count, _failed, _last, _sum / _count, _fastest, _slowest);
            }
        }
    }

    public T Time<T>(Func<T> work)
    {
        var began = clock.GetTimestamp();
        var isDone = false;
        try
        {
            var result = work();
            isDone = true;
            return result;
        }
        finally
        {
            Note(isDone, clock.GetElapsedTime(began).TotalMilliseconds);
        }
    }

    private void Note(bool isDone, double milliseconds)
    {
        lock (_gate)
        {
            if (!isDone)
            {
                _failed++;
                return;
            }

            _fastest = _count == 0 ? milliseconds : Math.Min(_fastest, milliseconds);
            _slowest = Math.Max(_slowest, milliseconds);
            _last = milliseconds;
            _sum += milliseconds;
            _count++;
        }
    }
}
