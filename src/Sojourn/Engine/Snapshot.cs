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

    private readonly long _createdTicks;
    private readonly long _lastActivityTicks;
    private readonly long _statusSinceTicks;
    private readonly long _wakeTicks;

    public required long Version { get; init; }

    public required object State { get; init; }

    /// <summary>The state's length as JSON; 0 for volatile kinds, whose states are never written.</summary>
    public required int StateBytes { get; init; }

    public required Status Status { get; init; }

    public required SnapshotExtras Extras { get; init; }

    public required DateTimeOffset CreatedAt
    {
        get => new(_createdTicks, TimeSpan.Zero);
        init => _createdTicks = value.UtcTicks;
    }

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

    public required long LastEvent { get; init; }

    /// <summary>Bytes of the events that are kept.</summary>
    public required long EventBytes { get; init; }

    /// <summary>The version at which it became busy; 0 if it is not. Tells one run from the next.</summary>
    public long BusySince => Extras.BusySince;

    public long FirstEvent => Extras.Events.First;

    /// <summary>What it takes up: its state and its logs.</summary>
    public long Bytes => StateBytes + EventBytes + Extras.TailBytes;

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

/// <summary>What most steps leave as it was, and most sessions have in common.</summary>
internal sealed record SnapshotExtras
{
    public static readonly SnapshotExtras None = new();

    private readonly IReadOnlyDictionary<string, StreamTail> _tails = Snapshot.NoTails;

    public IReadOnlyDictionary<string, StreamTail> Tails
    {
        get => _tails;
        init => (_tails, TailBytes) = (value, value.Values.Sum(tail => tail.Marks.Sum(mark => mark.Bytes)));
    }

    /// <summary>Bytes of all named streams.</summary>
    public long TailBytes { get; private init; }

    public EventPortions Events { get; init; } = EventPortions.None;

    public long BusySince { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = Snapshot.NoLabels;

    public OperationWindow? Operations { get; init; }

    public DriverReport? Reported { get; init; }
}
