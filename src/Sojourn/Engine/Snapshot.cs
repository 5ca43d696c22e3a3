using System.Collections.Frozen;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>
/// A session at one version. Immutable; commands make the next one. There is one for each session in memory and a new
/// one with each step, so it is kept small: times are ticks, and what rarely changes is shared.
/// </summary>
internal sealed class Snapshot
{
    public static readonly FrozenDictionary<string, string> NoLabels = FrozenDictionary<string, string>.Empty;
    public static readonly FrozenDictionary<string, StreamTail> NoTails = FrozenDictionary<string, StreamTail>.Empty;

    private readonly long _lastActivityTicks;
    private readonly long _statusSinceTicks;
    private readonly long _wakeTicks;

    public required long Version { get; init; }

    public required object State { get; init; }

    public required StatusPolicy Status { get; init; }

    public required SnapshotExtras Extras { get; init; }

    public required DateTimeOffset LastActivityAt
    {
        get => new(_lastActivityTicks, TimeSpan.Zero);
        init => _lastActivityTicks = value.UtcTicks;
    }

    public required DateTimeOffset StatusSince
    {
        get => new(_statusSinceTicks, TimeSpan.Zero);
        init => _statusSinceTicks = value.UtcTicks;
    }

    public required DateTimeOffset? WakeAt
    {
        get => _wakeTicks == 0 ? null : new DateTimeOffset(_wakeTicks, TimeSpan.Zero);
        init => _wakeTicks = value?.UtcTicks ?? 0;
    }

    /// <summary>The version at which it became busy; 0 if it is not. Tells one run from the next.</summary>
    public required long BusySince { get; init; }

    public required long FirstEvent { get; init; }

    public required long LastEvent { get; init; }

    public DateTimeOffset? ExpiresAt => Status.KeepFor is { } keep ? StatusSince + keep : null;

    /// <summary>The earlier of <see cref="ExpiresAt"/> and <see cref="WakeAt"/>.</summary>
    public DateTimeOffset? DueAt
    {
        get
        {
            if (_wakeTicks == 0 && Status.KeepFor is null)
            {
                return null;
            }

            var (expires, wake) = (ExpiresAt, WakeAt);
            return expires < wake || wake is null ? expires : wake;
        }
    }
}

/// <summary>What most steps leave as it was.</summary>
internal sealed record SnapshotExtras
{
    public required DateTimeOffset CreatedAt { get; init; }

    public IReadOnlyDictionary<string, StreamTail> Tails { get; init; } = Snapshot.NoTails;

    public IReadOnlyDictionary<string, string> Labels { get; init; } = Snapshot.NoLabels;

    public OperationWindow? Operations { get; init; }

    public DriverReport? Reported { get; init; }
}
