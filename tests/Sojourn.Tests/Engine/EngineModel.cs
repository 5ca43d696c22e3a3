namespace Sojourn.Tests.Engine;

/// <summary>What an engine of tallies should have, told in the plainest way: a list, gone through each time.</summary>
internal sealed class EngineModel(Policy policy, DateTimeOffset now)
{
    private long _created;

    public Policy Policy { get; private set; } = policy;

    public DateTimeOffset Now { get; private set; } = now;

    public List<Modelled> Sessions { get; } = [];

    public long Created => _created;

    public long Removed { get; private set; }

    public long Expired { get; private set; }

    public long Evicted { get; private set; }

    public Modelled? Find(string id) => Sessions.Find(session => session.Id == id);

    /// <returns>The type of problem that it should be answered with; null for none.</returns>
    public string? Create(string id, string status)
    {
        if (Find(id) is not null)
        {
            return ProblemTypes.AlreadyExists;
        }

        if (Sessions.Count >= Policy.MaxSessions && !TryEvict())
        {
            return ProblemTypes.Full;
        }

        Sessions.Add(new Modelled(id, _created++, Now) { Status = status, Since = Now, Active = Now });
        return null;
    }

    public string? Step(string id, Action<Modelled> change)
    {
        if (Find(id) is not { } session)
        {
            return ProblemTypes.NotFound;
        }

        var before = session.Status;
        change(session);
        session.Version++;
        session.Active = Now;
        session.Since = session.Status == before ? session.Since : Now;
        return null;
    }

    public string? Remove(string id)
    {
        var removed = Sessions.RemoveAll(session => session.Id == id);
        Removed += removed;
        return removed == 0 ? ProblemTypes.NotFound : null;
    }

    public void Advance(TimeSpan by)
    {
        Now += by;
        WakeDue();
    }

    public void Reconfigure(Policy policy)
    {
        Policy = policy;
        while (policy.WhenFull != WhenFull.Refuse && Sessions.Count > policy.MaxSessions && TryEvict())
        {
            // The next one goes.
        }

        WakeDue();
    }

    /// <summary>A new process knows nothing of what the old one did.</summary>
    public void Restart() => (_created, Removed, Expired, Evicted) = (0, 0, 0, 0);

    private void WakeDue()
    {
        foreach (var session in Sessions.ToList())
        {
            if (session.Since + KeepFor(session.Status) <= Now)
            {
                Sessions.Remove(session);
                Expired++;
            }
            else if (session.RingAt <= Now)
            {
                Step(session.Id, ringing =>
                {
                    ringing.RingAt = null;
                    ringing.Rings++;
                    ringing.Events++;
                });
            }
        }
    }

    private TimeSpan? KeepFor(string status) => Policy.Statuses.Single(known => known.Name == status).KeepFor;

    private bool TryEvict()
    {
        if (Policy.WhenFull == WhenFull.Refuse)
        {
            return false;
        }

        var victim = Sessions.Where(session => session.Status != "working")
            .OrderBy(session => session.Status == "done" ? 0 : 1)
            .ThenBy(session => Policy.WhenFull == WhenFull.EvictOldest ? session.CreatedAt : session.Active)
            .ThenBy(session => session.Number)
            .FirstOrDefault();
        Evicted += victim is null ? 0 : 1;
        return victim is not null && Sessions.Remove(victim);
    }
}

/// <summary>A session as it should be.</summary>
internal sealed record Modelled(string Id, long Number, DateTimeOffset CreatedAt)
{
    public string Status { get; set; } = "";

    public DateTimeOffset Since { get; set; }

    public DateTimeOffset Active { get; set; }

    public DateTimeOffset? RingAt { get; set; }

    public int Rings { get; set; }

    public long Total { get; set; }

    public long Version { get; set; } = 1;

    public long Events { get; set; } = 1;
}
