namespace Sojourn.Kinds.Agents.Driving;

/// <summary>What this process knows of a session whose program lives in it, beyond its state.</summary>
internal sealed class LiveAgent(SessionKey key)
{
    // Who has declined is not asked again and again: what keeps it may last.
    private static readonly TimeSpan NotAskedFor = TimeSpan.FromSeconds(30);

    private volatile TaskCompletionSource _hibernate = NewSignal();
    private long _quietSince, _declinedAt;

    public SessionKey Key => key;

    /// <summary>The terminal; null for a program that has none.</summary>
    public LiveTerminal? Terminal
    {
        get;
        set
        {
            Volatile.Write(ref field, value);
            Shown?.Invoke();
        }
    }

    /// <summary>Called once the terminal is there.</summary>
    public Action? Shown { get; set; }

    /// <summary>Whether its program may be stopped while there is nothing to do.</summary>
    public bool CanHibernate { get; set; }

    /// <summary>Since when there is nothing to do; null while there is, or if it never hibernates.</summary>
    public DateTimeOffset? QuietSince
    {
        get => Volatile.Read(ref _quietSince) is not 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        set => Volatile.Write(ref _quietSince, value?.UtcTicks ?? 0);
    }

    /// <summary>Completes when its place is wanted.</summary>
    public Task HibernateWanted => _hibernate.Task;

    /// <summary>True if it could not make place when it was last asked to.</summary>
    public bool HasDeclined => Volatile.Read(ref _declinedAt) != 0;

    public void WantHibernation()
    {
        Volatile.Write(ref _declinedAt, 0);
        _hibernate.TrySetResult();
    }

    /// <summary>It has something to do after all.</summary>
    public void Decline(DateTimeOffset now)
    {
        Volatile.Write(ref _declinedAt, now.UtcTicks);
        _hibernate = NewSignal();
    }

    /// <summary>Whether it is worth asking to make place.</summary>
    public bool MayMakePlace(DateTimeOffset now) => QuietSince is not null && !HibernateWanted.IsCompleted
        && now.UtcTicks - Volatile.Read(ref _declinedAt) >= NotAskedFor.Ticks;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The sessions whose programs live in this process. Safe from any thread.</summary>
internal sealed class LiveAgents
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<SessionKey, LiveAgent> _all = new();
    private TaskCompletionSource _news = NewSignal();

    public int Count => _all.Count;

    public LiveAgent? Find(SessionKey key) => _all.GetValueOrDefault(key);

    public void Add(LiveAgent agent)
    {
        agent.Shown = Told;
        _all[agent.Key] = agent;
    }

    public void Remove(LiveAgent agent)
    {
        _all.TryRemove(new(agent.Key, agent));
        Told();
    }

    /// <summary>
    /// The terminal of a session, for which it waits while its program is about to have one; null if there is none,
    /// also after that time.
    /// </summary>
    /// <param name="key">The session.</param>
    /// <param name="isExpectedAsync">Whether there may be one soon.</param>
    /// <param name="deadline">Ends the waiting.</param>
    public async Task<LiveTerminal?> TerminalOfAsync(
        SessionKey key, Func<Task<bool>> isExpectedAsync, CancellationToken deadline)
    {
        while (true)
        {
            // Asked for before looking: what comes in between is not missed.
            var news = Volatile.Read(ref _news).Task;
            if (Find(key)?.Terminal is { } terminal)
                return terminal;
            if (deadline.IsCancellationRequested || !await isExpectedAsync())
                return null;
            await news.WaitAsync(deadline).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Told() => Interlocked.Exchange(ref _news, NewSignal()).TrySetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Asks the one that had nothing to do for longest to make place.</summary>
    /// <param name="owner">Of this owner alone; null for any.</param>
    /// <param name="now">The time.</param>
    /// <returns>Which; null if none can.</returns>
    public LiveAgent? MakePlace(OwnerId? owner, DateTimeOffset now)
    {
        var quiet = _all.Values
            .Where(agent => agent.MayMakePlace(now) && (owner is null || agent.Key.Owner == owner))
            .MinBy(agent => agent.QuietSince);
        quiet?.WantHibernation();
        return quiet;
    }
}
