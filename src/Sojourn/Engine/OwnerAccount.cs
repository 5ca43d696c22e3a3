namespace Sojourn.Engine;

/// <summary>What one owner has and uses, over all kinds. One object an owner.</summary>
internal sealed class OwnerAccount(OwnerId owner, OwnerQuota quota, int kinds)
{
    private readonly Lock _gate = new();
    private readonly SessionTally?[] _kinds = new SessionTally?[kinds];
    private OwnerQuota _quota = quota;
    private long _sessions;
    private long _reserved;
    private long _bytes;
    private long _coming;
    private int _streams;
    private int _pending;
    private double _tokens = quota.Capacity;
    private long _tokensAtTicks;

    public OwnerId Owner { get; } = owner;

    public OwnerQuota Quota
    {
        get => Volatile.Read(ref _quota);
        set
        {
            lock (_gate)
            {
                _quota = value;
                _tokens = Math.Min(_tokens, value.Capacity);
            }
        }
    }

    /// <summary>Sessions of all kinds.</summary>
    public long Sessions => Volatile.Read(ref _sessions);

    /// <summary>Also those that are about to begin.</summary>
    public long SessionsAndBegun
    {
        get
        {
            lock (_gate)
            {
                return _sessions + _reserved;
            }
        }
    }

    /// <summary>Bytes of all sessions that are stored.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Bytes by which steps on their way to the store make sessions longer.</summary>
    public long Coming => Volatile.Read(ref _coming);

    /// <summary>Event streams that are followed now.</summary>
    public int Streams => Volatile.Read(ref _streams);

    /// <summary>Steps on their way to the store.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>The owner's sessions of a kind.</summary>
    public SessionTally TallyOf(KindRuntime kind) =>
        Volatile.Read(ref _kinds[kind.Index]) ?? Interlocked.CompareExchange(
            ref _kinds[kind.Index], new SessionTally(kind.Statuses.Length), null) ?? _kinds[kind.Index]!;

    public void AddPending(int steps) => Interlocked.Add(ref _pending, steps);

    public void AddBytes(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public void AddComing(long bytes) => Interlocked.Add(ref _coming, bytes);

    public bool TryReserve()
    {
        lock (_gate)
        {
            if (_sessions + _reserved >= (_quota.MaxSessions ?? long.MaxValue))
            {
                return false;
            }

            _reserved++;
            return true;
        }
    }

    /// <summary>A reservation has become a session, or nothing.</summary>
    public void EndReservation(bool began)
    {
        lock (_gate)
        {
            _reserved--;
            _sessions += began ? 1 : 0;
        }
    }

    public void AddSessions(long sessions)
    {
        lock (_gate)
        {
            _sessions += sessions;
        }
    }

    /// <summary>Begins to follow a stream, if the quota lets it.</summary>
    public bool TryAddStream()
    {
        lock (_gate)
        {
            if (_streams >= (_quota.MaxStreams ?? int.MaxValue))
            {
                return false;
            }

            _streams++;
            return true;
        }
    }

    public void RemoveStream()
    {
        lock (_gate)
        {
            _streams--;
        }
    }

    /// <summary>Takes one command's worth of the rate.</summary>
    /// <returns>Null if it may go on; otherwise when the next one may come.</returns>
    public TimeSpan? TakeCommand(TimeProvider time)
    {
        if (Quota.CommandsPerSecond is null)
        {
            return null;
        }

        var now = time.GetUtcNow().UtcTicks;
        lock (_gate)
        {
            if (_quota.CommandsPerSecond is not { } rate)
            {
                return null;
            }

            // A clock that was set back earns nothing, and costs nothing.
            var passed = Math.Max(0, now - _tokensAtTicks) / (double)TimeSpan.TicksPerSecond;
            _tokensAtTicks = now;
            _tokens = Math.Min(_quota.Capacity, _tokens + (passed * rate));
            if (_tokens < 1)
            {
                return TimeSpan.FromSeconds((1 - _tokens) / rate);
            }

            _tokens--;
            return null;
        }
    }
}
