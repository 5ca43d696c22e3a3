namespace Sojourn.Engine;

/// <summary>
/// A status of a kind at work. The object stays the same when the policy is changed, so that comparing objects tells
/// whether a session's status has changed.
/// </summary>
internal sealed class Status(StatusPolicy policy, int index)
{
    private long _keepTicks = policy.KeepFor?.Ticks ?? 0;

    public string Name { get; } = policy.Name;

    /// <summary>Its place among the kind's statuses, from 0.</summary>
    public int Index { get; } = index;

    public bool Busy { get; } = policy.Busy;

    /// <summary>True if it is busy and can be stuck.</summary>
    public bool CanBeStuck { get; } = policy is { Busy: true, Rests: false };

    public bool Final { get; } = policy.Final;

    /// <summary>True if nothing follows: it is final, and not left again.</summary>
    public bool IsEnd { get; } = policy is { Final: true, Resumable: false };

    public bool Failed { get; } = policy.Failed;

    public TimeSpan? KeepFor
    {
        get => Volatile.Read(ref _keepTicks) is var ticks && ticks == 0 ? null : TimeSpan.FromTicks(ticks);
        set => Volatile.Write(ref _keepTicks, value?.Ticks ?? 0);
    }
}
