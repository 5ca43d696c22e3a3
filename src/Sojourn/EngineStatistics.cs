namespace Sojourn;

/// <summary>What an engine has and does. Counted as it happens; asking costs next to nothing and wakes
/// nobody.</summary>
/// <param name="StartedAt">When the engine started, UTC; what is counted "since the start" is since then.</param>
/// <param name="At">When this was put together, UTC.</param>
/// <param name="Kinds">Each kind, in order of its name.</param>
/// <param name="Store">What is on its way to the store; null in an owner's own statistics.</param>
public sealed record EngineStatistics(
    DateTimeOffset StartedAt, DateTimeOffset At, IReadOnlyList<KindStatistics> Kinds, StoreStatistics? Store)
{
    /// <summary>What the owner takes up of its quota; null in everybody's statistics.</summary>
    public OwnerUse? Owner { get; init; }
}

/// <summary>What an owner takes up, over all kinds, beside what its <see cref="OwnerQuota"/> allows.</summary>
/// <param name="Sessions">Sessions of all kinds together.</param>
/// <param name="Bytes">Bytes of all its sessions' states and logs that are stored.</param>
/// <param name="Streams">Event streams that are followed now.</param>
/// <param name="PendingSteps">Its steps that are not in the store yet.</param>
/// <param name="Quota">How much there may be.</param>
public sealed record OwnerUse(long Sessions, long Bytes, int Streams, int PendingSteps, OwnerQuota Quota);

/// <summary>One kind's sessions, all of them or one owner's.</summary>
public sealed record KindStatistics
{
    private const double WarningAt = 0.7, CriticalAt = 0.9;

    /// <summary>The kind.</summary>
    public required string Kind { get; init; }

    /// <summary>How many there are.</summary>
    public required long Sessions { get; init; }

    /// <summary>How many in each of the policy's statuses.</summary>
    public required IReadOnlyDictionary<string, long> ByStatus { get; init; }

    /// <summary>Bytes of states and logs of those that are stored.</summary>
    public required long Bytes { get; init; }

    /// <summary>The most that there may be, in an owner's own statistics of that owner; null for no limit.</summary>
    public required long? MaxSessions { get; init; }

    /// <summary>Sessions as a share of <see cref="MaxSessions"/>, from 0; null without a limit.</summary>
    public double? Usage => MaxSessions is { } most ? most == 0 ? 1 : (double)Sessions / most : null;

    /// <summary>
    /// What <see cref="Usage"/> means: healthy under 70 %, a warning under 90 %, else critical; healthy without a
    /// limit, and for a limit of none.
    /// </summary>
    public HealthLevel Level => LevelOf(Sessions, MaxSessions);

    /// <summary>By age; null in an owner's own statistics.</summary>
    public AgeStatistics? Ages { get; init; }

    /// <summary>Busy ones without a step for longer than the policy's <see cref="Policy.StuckAfter"/>.</summary>
    public long Stuck { get; init; }

    /// <summary>What happened since the start; null in an owner's own statistics.</summary>
    public KindActivity? Activity { get; init; }

    internal static HealthLevel LevelOf(long sessions, long? most) => most is null or 0 ? HealthLevel.Healthy
        : sessions >= CriticalAt * most ? HealthLevel.Critical
        : sessions >= WarningAt * most ? HealthLevel.Warning : HealthLevel.Healthy;
}

/// <summary>Sessions by age, to the hour.</summary>
/// <param name="UnderAnHour">Begun in the current hour.</param>
/// <param name="UnderADay">Older, but less than 24 hours.</param>
/// <param name="UnderAWeek">Older, but less than 7 days.</param>
/// <param name="UnderAMonth">Older, but less than 30 days.</param>
/// <param name="Older">Older still.</param>
public sealed record AgeStatistics(long UnderAnHour, long UnderADay, long UnderAWeek, long UnderAMonth, long Older);

/// <summary>What happened to a kind's sessions on this node since the start.</summary>
public sealed record KindActivity
{
    /// <summary>Sessions in memory now.</summary>
    public required long InMemory { get; init; }

    /// <summary>Commands that were decided, refused ones included.</summary>
    public required long Commands { get; init; }

    /// <summary>Commands on which a rule threw.</summary>
    public required long Failed { get; init; }

    /// <summary>Sessions that began.</summary>
    public required long Created { get; init; }

    /// <summary>Sessions that somebody removed.</summary>
    public required long Removed { get; init; }

    /// <summary>Sessions that expired.</summary>
    public required long Expired { get; init; }

    /// <summary>Sessions that made place for others.</summary>
    public required long Evicted { get; init; }

    /// <summary>Sessions that left memory.</summary>
    public required long Passivated { get; init; }

    /// <summary>Sessions that came into memory from the store.</summary>
    public required long Loaded { get; init; }

    /// <summary>Sessions restored after damage, or driven again after a crash.</summary>
    public required long Recovered { get; init; }

    /// <summary>Reads that found a damaged record.</summary>
    public required long Damaged { get; init; }
}

/// <summary>The way to the store.</summary>
/// <param name="PendingSteps">Steps that are not in the store yet.</param>
/// <param name="PendingBytes">Their bytes.</param>
/// <param name="Commits">Commits since the start.</param>
/// <param name="Changes">Sessions in them.</param>
/// <param name="LastCommit">How long the last one took.</param>
/// <param name="LagChanges">Changes that are safe, but not yet in their final place.</param>
/// <param name="LagBytes">Bytes of log that these keep.</param>
/// <param name="IsFailing">True from a failed commit to the next that succeeds.</param>
/// <param name="MaxPendingSteps">From how many waiting steps on changes are turned away.</param>
/// <param name="MaxPendingBytes">From how many waiting bytes on changes are turned away.</param>
public sealed record StoreStatistics(
    long PendingSteps,
    long PendingBytes,
    long Commits,
    long Changes,
    TimeSpan LastCommit,
    long LagChanges,
    long LagBytes,
    bool IsFailing,
    long MaxPendingSteps,
    long MaxPendingBytes);

/// <summary>How well an engine is.</summary>
public enum HealthLevel
{
    /// <summary>All is well.</summary>
    Healthy,

    /// <summary>Something needs attention soon.</summary>
    Warning,

    /// <summary>Something does not work, or is about to.</summary>
    Critical,
}

/// <summary>Something that keeps an engine from being healthy.</summary>
/// <param name="Level">How bad it is.</param>
/// <param name="Code">Stable, in kebab case: <c>capacity</c>, <c>stuck</c>, <c>store</c>, <c>lag</c>,
/// <c>not-running</c>.</param>
/// <param name="Message">A sentence for the operator.</param>
public sealed record HealthFinding(HealthLevel Level, string Code, string Message);

/// <summary>An engine's health: the worst of its findings.</summary>
/// <param name="Findings">What was found; empty if all is well.</param>
public sealed record HealthReport(IReadOnlyList<HealthFinding> Findings)
{
    /// <summary>The worst level found.</summary>
    public HealthLevel Level => Findings.Count == 0 ? HealthLevel.Healthy : Findings.Max(finding => finding.Level);
}
