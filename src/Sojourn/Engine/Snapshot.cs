using System.Collections.Frozen;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>A session at one version. Immutable; commands make the next one.</summary>
internal sealed record Snapshot
{
    public static readonly FrozenDictionary<string, string> NoLabels = FrozenDictionary<string, string>.Empty;
    public static readonly FrozenDictionary<string, long> NoTails = FrozenDictionary<string, long>.Empty;

    public required long Version { get; init; }

    public required object State { get; init; }

    public required StatusPolicy Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastActivityAt { get; init; }

    public required DateTimeOffset StatusSince { get; init; }

    public required DateTimeOffset? WakeAt { get; init; }

    public long FirstEvent { get; init; } = 1;

    public long LastEvent { get; init; }

    public IReadOnlyDictionary<string, long> Tails { get; init; } = NoTails;

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public OperationWindow? Operations { get; init; }

    public DriverReport? Reported { get; init; }

    public DateTimeOffset? ExpiresAt => Status.KeepFor is { } keep ? StatusSince + keep : null;

    public DateTimeOffset? DueAt
    {
        get
        {
            var expires = ExpiresAt;
            return expires < WakeAt || WakeAt is null ? expires : WakeAt;
        }
    }
}
