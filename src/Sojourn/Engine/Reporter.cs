using System.Collections.Frozen;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>Puts statistics and health together from what was counted.</summary>
internal sealed class Reporter(EngineParts parts, TimeProvider time)
{
    /// <summary>Beyond so many, stuck sessions are not counted on.</summary>
    private const long MaxStuck = 10_000;

    public async ValueTask<EngineStatistics> StatisticsAsync(OwnerId? owner, CancellationToken giveUp)
    {
        var now = time.GetUtcNow();
        var kinds = new List<KindStatistics>();
        foreach (var kind in parts.Kinds.OrderBy(kind => kind.Name, StringComparer.Ordinal))
        {
            kinds.Add(await OfAsync(kind, owner, now, giveUp).ConfigureAwait(false));
        }

        return new EngineStatistics(parts.StartedAt, now, kinds, owner is null ? OfStore() : null)
        {
            Owner = owner is { } one ? OfOwner(parts.Accounts.Of(one)) : null,
        };
    }

    public async ValueTask<HealthReport> HealthAsync(CancellationToken giveUp)
    {
        var findings = new List<HealthFinding>();
        if (!parts.IsRunning)
        {
            findings.Add(new(HealthLevel.Critical, "not-running", "The engine takes no work: it starts or stops."));
        }

        if (parts.Committer.IsFailing)
        {
            findings.Add(new(HealthLevel.Critical, "store",
                "The store cannot take changes; they are refused until it can. Look for a full disk."));
        }
        else if (parts.Committer.IsFull)
        {
            findings.Add(new(HealthLevel.Warning, "lag", "Changes come faster than the store takes them."));
        }

        var now = time.GetUtcNow();
        foreach (var kind in parts.Kinds)
        {
            if (OfCapacity(kind) is { } full)
            {
                findings.Add(full);
            }

            if (await CountStuckAsync(kind, null, now, giveUp).ConfigureAwait(false) is > 0 and var stuck)
            {
                findings.Add(new(HealthLevel.Warning, "stuck",
                    $"{stuck} busy sessions of kind '{kind.Name}' took no step for {kind.Policy.StuckAfter}."));
            }
        }

        return new HealthReport(findings);
    }

    private static HealthFinding? OfCapacity(KindRuntime kind)
    {
        var (sessions, most) = (kind.Tally.Sessions, kind.Policy.MaxSessions);
        var level = KindStatistics.LevelOf(sessions, most);
        return level == HealthLevel.Healthy ? null : new(level, "capacity",
            $"There are {sessions:N0} of at most {most:N0} sessions of kind '{kind.Name}'.");
    }

    private async ValueTask<KindStatistics> OfAsync(
        KindRuntime kind, OwnerId? owner, DateTimeOffset now, CancellationToken giveUp)
    {
        var tally = owner is { } one ? parts.Accounts.Of(one).TallyOf(kind) : kind.Tally;
        return new KindStatistics
        {
            Kind = kind.Name,
            Sessions = tally.Sessions,
            ByStatus = kind.Statuses.ToFrozenDictionary(status => status.Name, tally.Of),
            Bytes = tally.Bytes,
            MaxSessions = owner is null ? kind.Policy.MaxSessions : kind.Policy.MaxSessionsPerOwner,
            Stuck = await CountStuckAsync(kind, owner, now, giveUp).ConfigureAwait(false),
            Ages = owner is null ? kind.Ages.Sort(now) : null,
            Activity = owner is null ? ActivityOf(kind) : null,
        };
    }

    private async ValueTask<long> CountStuckAsync(
        KindRuntime kind, OwnerId? owner, DateTimeOffset now, CancellationToken giveUp)
    {
        var busy = kind.Statuses.Where(status => status.CanBeStuck && kind.Tally.Of(status) > 0).ToList();
        if (busy.Count == 0)
        {
            return 0;
        }

        var since = now - kind.Policy.StuckAfter;
        if (kind.IsVolatile)
        {
            return kind.Cells.ToList().Count(cell => (owner is null || cell.Owner == owner)
                && cell.Visible is { Status.CanBeStuck: true } seen && seen.LastActivityAt < since);
        }

        var query = new SessionQuery { Kind = kind.Name, Owner = owner, IsBusy = true, ActiveBefore = since };
        if (!kind.Statuses.Any(status => status.Busy && !status.CanBeStuck))
        {
            return await parts.Store.CountAsync(query, MaxStuck, giveUp).ConfigureAwait(false);
        }

        long stuck = 0;
        foreach (var status in busy)
        {
            stuck += await parts.Store.CountAsync(query with { Status = status.Name }, MaxStuck, giveUp)
                .ConfigureAwait(false);
        }

        return Math.Min(stuck, MaxStuck);
    }

    private static KindActivity ActivityOf(KindRuntime kind) => new()
    {
        InMemory = kind.IsVolatile ? kind.Tally.Sessions : kind.Residents.Count,
        Commands = kind.Counters.Of(Counted.Commands),
        Failed = kind.Counters.Of(Counted.Failed),
        Created = kind.Counters.Of(Counted.Created),
        Removed = kind.Counters.Of(Counted.Removed),
        Expired = kind.Counters.Of(Counted.Expired),
        Evicted = kind.Counters.Of(Counted.Evicted),
        Passivated = kind.Counters.Of(Counted.Passivated),
        Loaded = kind.Counters.Of(Counted.Loaded),
        Recovered = kind.Counters.Of(Counted.Recovered),
        Damaged = kind.Counters.Of(Counted.Damaged),
    };

    private static OwnerUse OfOwner(OwnerAccount account) =>
        new(account.Sessions, account.Bytes, account.Streams, account.Pending, account.Quota);

    private StoreStatistics OfStore()
    {
        var (committer, lag) = (parts.Committer, parts.Store.Lag);
        return new StoreStatistics(
            committer.PendingSteps,
            committer.PendingBytes,
            committer.Commits,
            committer.Changes,
            committer.LastCommit,
            lag.Changes,
            lag.Bytes,
            committer.IsFailing,
            committer.MaxPendingSteps,
            committer.MaxPendingBytes);
    }
}
