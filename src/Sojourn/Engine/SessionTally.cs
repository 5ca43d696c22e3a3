namespace Sojourn.Engine;

/// <summary>
/// Sessions, counted as they come, change and go, so that nobody has to look for them: of a kind, or of one owner's
/// share in it.
/// </summary>
internal sealed class SessionTally(int statuses)
{
    private readonly Lock _gate = new();
    private readonly long[] _byStatus = new long[statuses];
    private long _sessions;
    private long _reserved;
    private long _bytes;

    /// <summary>Sessions that exist.</summary>
    public long Sessions => Volatile.Read(ref _sessions);

    /// <summary>Bytes of those that are stored.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Keeps a place for a session that is about to begin, if there is one.</summary>
    public bool TryReserve(long? limit)
    {
        lock (_gate)
        {
            if (_sessions + _reserved >= (limit ?? long.MaxValue))
            {
                return false;
            }

            _reserved++;
            return true;
        }
    }

    /// <summary>It did not begin.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _reserved--;
        }
    }

    /// <summary>A session began in a reserved place, or went.</summary>
    public void Add(int sessions, bool isReserved)
    {
        lock (_gate)
        {
            _sessions += sessions;
            _reserved -= isReserved ? sessions : 0;
        }
    }

    public void Move(Status? from, Status? to)
    {
        if (from is not null)
        {
            Interlocked.Decrement(ref _byStatus[from.Index]);
        }

        if (to is not null)
        {
            Interlocked.Increment(ref _byStatus[to.Index]);
        }
    }

    public void AddBytes(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public long Of(Status status) => Volatile.Read(ref _byStatus[status.Index]);

    /// <summary>Sets what was counted by the store; what is reserved stays so.</summary>
    /// <returns>By how much that changed the sums.</returns>
    public (long Sessions, long Bytes) Reset(IEnumerable<(Status Status, long Sessions, long Bytes)> counts)
    {
        lock (_gate)
        {
            Array.Clear(_byStatus);
            var (allSessions, allBytes) = (0L, 0L);
            foreach (var (status, sessions, bytes) in counts)
            {
                _byStatus[status.Index] += sessions;
                allSessions += sessions;
                allBytes += bytes;
            }

            var before = _sessions;
            _sessions = allSessions;
            return (allSessions - before, allBytes - Interlocked.Exchange(ref _bytes, allBytes));
        }
    }
}
