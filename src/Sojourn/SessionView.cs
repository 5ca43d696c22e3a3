using Sojourn.Stores;

namespace Sojourn;

/// <summary>
/// A session as it stands at one version: a consistent, immutable copy. Reading never extends a life.
/// </summary>
public record SessionView
{
    internal SessionView()
    {
    }

    /// <summary>The kind, owner and id.</summary>
    public SessionKey Key { get; internal init; }

    /// <summary>One of the statuses of the kind's policy.</summary>
    public string Status { get; internal init; } = "";

    /// <summary>True while outside work is under way.</summary>
    public bool IsBusy { get; internal init; }

    /// <summary>True once the session has ended.</summary>
    public bool IsFinal { get; internal init; }

    /// <summary>
    /// True once it has ended for good: nothing is added to its logs any more. False in a final status that is
    /// <see cref="StatusPolicy.Resumable"/>.
    /// </summary>
    public bool IsComplete { get; internal init; }

    /// <summary>The number of steps taken.</summary>
    public long Version { get; internal init; }

    /// <summary>The newest version that would survive a power cut.</summary>
    public long DurableVersion { get; internal init; }

    /// <summary>The number of the oldest event that is still kept; 1 while none has been dropped.</summary>
    public long FirstEvent { get; internal init; } = 1;

    /// <summary>The number of the newest event; 0 if there is none.</summary>
    public long LastEvent { get; internal init; }

    /// <summary>When the session began, UTC.</summary>
    public DateTimeOffset CreatedAt { get; internal init; }

    /// <summary>When it last took a step, UTC. Reading does not count.</summary>
    public DateTimeOffset LastActivityAt { get; internal init; }

    /// <summary>When it will be removed if it stays in this status, UTC; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; internal init; }

    /// <summary>Names and values given at the start.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; internal init; } = Engine.Snapshot.NoLabels;

    /// <summary>
    /// How far its streams are, by name, those of them that anything was appended to; empty in lists. Events are not
    /// among them.
    /// </summary>
    public IReadOnlyDictionary<string, StreamTail> Streams { get; internal init; } = Engine.Snapshot.NoTails;

    /// <summary>The kind's state; null in lists.</summary>
    public object State { get; internal init; } = null!;

    /// <summary>The same as lists have it: without state and streams, and keeping neither in memory.</summary>
    public SessionView AsListed() => this with { State = null!, Streams = Engine.Snapshot.NoTails };
}

/// <summary>A <see cref="SessionView"/> whose state's type is known.</summary>
public sealed record SessionView<TState> : SessionView
    where TState : class
{
    internal SessionView()
    {
    }

    /// <summary>The kind's state.</summary>
    public new TState State => (TState)base.State;
}
