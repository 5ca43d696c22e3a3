namespace Sojourn.Testing;

/// <summary>A session between two decisions, and the world as its rules will see it.</summary>
internal sealed record Standing(KindUnderTest Kind)
{
    public SessionKey Key { get; init; } = new(Kind.Name, OwnerId.Local, "a");

    public ulong Seed { get; init; } = 1;

    public DateTimeOffset Now { get; init; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>When the engine began that decides.</summary>
    public DateTimeOffset AwakeSince { get; init; }

    /// <summary>Null before the start and after the end.</summary>
    public object? State { get; init; }

    public long Version { get; init; }

    public StatusPolicy? Status { get; init; }

    public DateTimeOffset? WakeAt { get; init; }

    public DateTimeOffset StatusSince { get; init; }

    public DateTimeOffset LastActivityAt { get; init; } = DateTimeOffset.MinValue;

    public bool IsExpired { get; init; }

    public DateTimeOffset? ExpiresAt => Status?.KeepFor is { } keep ? StatusSince + keep : null;

    /// <summary>As the engine does: a clock that is set back does not take a session back.</summary>
    public DateTimeOffset DecidedAt => Now < LastActivityAt ? LastActivityAt : Now;

    public static object StateOf(Decision decision) => decision.After.State ?? throw NoSession(decision);

    public static StatusPolicy StatusOf(Decision decision) => decision.After.Status ?? throw NoSession(decision);

    /// <summary>A context is good for one decision; each gets a fresh one, with the same chance.</summary>
    public RuleContext NewContext() => new(Key, Version, DecidedAt, Seed, AwakeSince);

    /// <summary>The session after a step.</summary>
    public Standing Next(object state, string status)
    {
        var next = Kind.Status(status);
        return this with
        {
            State = state,
            Version = Version + 1,
            Status = next,
            WakeAt = Kind.Rules.WakeAt(state),
            StatusSince = ReferenceEquals(next, Status) ? StatusSince : DecidedAt,
            LastActivityAt = DecidedAt,
        };
    }

    /// <summary>When the engine will next do something by itself; null for never.</summary>
    public DateTimeOffset? NextDue() => ExpiresAt < WakeAt || WakeAt is null ? ExpiresAt : WakeAt;

    public Standing Expire() => this with { State = null, Status = null, WakeAt = null, IsExpired = true };

    private static InvalidOperationException NoSession(Decision decision) => new(decision.After.IsExpired
        ? "There is no session any more: it has expired."
        : $"There is no session: its start was refused, {decision.Refusal}");
}
