using System.Collections.Immutable;
using System.Text.Json;
using Sojourn.Kinds.Play.Flow;

namespace Sojourn.Kinds.Play;

/// <summary>How a play session stands.</summary>
public enum PlayStatus
{
    /// <summary>Somebody plays.</summary>
    Playing,

    /// <summary>It was cut off; <see cref="PlaySession.Offer"/> waits for an answer.</summary>
    Interrupted,

    /// <summary>The offer was accepted, and the game is loading.</summary>
    Recovering,

    /// <summary>It is over.</summary>
    Ended,

    /// <summary>It was cut off, and nobody answered the offer for long; it can still be accepted, if asked for.</summary>
    Archived,
}

/// <summary>Why a play session is over.</summary>
public enum PlayEnd
{
    /// <summary>The player, or the operating system, ended the game in good order.</summary>
    Clean,

    /// <summary>The same pilot began elsewhere, and said to take over.</summary>
    TakenOver,

    /// <summary>It had been cut off, and the player did not want it back.</summary>
    Declined,
}

/// <summary>One play of a game by one pilot, from its start to its end. Immutable.</summary>
public sealed record PlaySession
{
    /// <summary>The pilot's callsign.</summary>
    public required string Pilot { get; init; }

    /// <summary>What the pilot is called otherwise; null if nothing is known.</summary>
    public string? PilotName { get; init; }

    /// <summary>Which game.</summary>
    public required string Game { get; init; }

    /// <summary>The game's version; empty if it does not say.</summary>
    public string GameVersion { get; init; } = "";

    /// <summary>Where it is played; empty if it does not say.</summary>
    public string Device { get; init; } = "";

    /// <summary>How it stands.</summary>
    public PlayStatus Status { get; init; }

    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When the game last gave a sign of life, UTC. What the server does by itself is none.</summary>
    public DateTimeOffset LastActivityAt { get; init; }

    /// <summary>When <see cref="Metadata"/> last changed, UTC; null if it never did.</summary>
    public DateTimeOffset? LastUpdateAt { get; init; }

    /// <summary>When it ended, UTC; null while it has not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it ended; null while it has not.</summary>
    public PlayEnd? End { get; init; }

    /// <summary>Whether the game is to save by itself.</summary>
    public bool AutoSave { get; init; }

    /// <summary>How often it is to, in seconds.</summary>
    public double AutoSaveSeconds { get; init; }

    /// <summary>How often a checkpoint is made, in seconds.</summary>
    public double CheckpointSeconds { get; init; }

    /// <summary>Where in the game the player is.</summary>
    public GameState GameState { get; init; }

    /// <summary>Where the player was before; null if nowhere.</summary>
    public GameState? PreviousGameState { get; init; }

    /// <summary>Since when, UTC.</summary>
    public DateTimeOffset GameStateAt { get; init; }

    /// <summary>What the game keeps about it, by name. A later value takes the place of an earlier one.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Metadata { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;

    /// <summary>The newest checkpoint; null before the first.</summary>
    public CheckpointNote? Checkpoint { get; init; }

    /// <summary>When the next checkpoint is asked for, UTC.</summary>
    public DateTimeOffset NextCheckpointAt { get; init; }

    /// <summary>When the next automatic save is asked for, UTC.</summary>
    public DateTimeOffset NextAutoSaveAt { get; init; }

    /// <summary>Why a save is asked of the game now; null if none is.</summary>
    public string? AutoSaveWanted { get; init; }

    /// <summary>How saving has gone.</summary>
    public SaveTally Saves { get; init; } = new();

    /// <summary>The newest good save of each slot that this play has written, by slot.</summary>
    public ImmutableSortedDictionary<string, SaveNote> Slots { get; init; } =
        ImmutableSortedDictionary<string, SaveNote>.Empty;

    /// <summary>From when on silence counts, UTC; later than the last activity if the server was away.</summary>
    public DateTimeOffset SilenceSince { get; init; }

    /// <summary>What can be done about a play that was cut off; null if nothing is to be. Kept until it is answered.</summary>
    public RecoveryOffer? Offer { get; init; }

    /// <summary>The recovery under way; null if none is.</summary>
    public RecoveryUnderWay? Recovery { get; init; }

    /// <summary>How often this play was recovered.</summary>
    public int Recoveries { get; init; }

    /// <summary>How long it has lasted, up to its end or a given time. Not negative.</summary>
    public TimeSpan LastedUntil(DateTimeOffset now) =>
        (EndedAt ?? now) - StartedAt is { Ticks: > 0 } lasted ? lasted : TimeSpan.Zero;
}

/// <summary>A checkpoint: from here on the session is known.</summary>
/// <param name="Number">From 1.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Why">Why: <c>start</c>, <c>interval</c>, <c>state-change</c> or what the game says.</param>
/// <param name="GameState">Where the player was.</param>
/// <param name="Slot">The slot that the game's content went to; null if only the session was noted.</param>
/// <param name="Generation">Which generation of that slot.</param>
public sealed record CheckpointNote(
    int Number, DateTimeOffset At, string Why, GameState GameState, string? Slot = null, long? Generation = null);

/// <summary>A save that was done.</summary>
/// <param name="Slot">Which slot.</param>
/// <param name="Generation">Its generation there.</param>
/// <param name="SavedAt">When, UTC.</param>
/// <param name="Type"><c>manual</c>, <c>auto</c>, <c>quick</c> or <c>checkpoint</c>.</param>
/// <param name="Sha256">The content's, as 64 hexadecimal digits; empty if not told.</param>
/// <param name="Size">In bytes.</param>
public sealed record SaveNote(
    string Slot, long Generation, DateTimeOffset SavedAt, string Type, string Sha256, long Size);

/// <summary>How saving has gone in one play. Times are of saves that succeeded.</summary>
public sealed record SaveTally
{
    /// <summary>Saves that succeeded.</summary>
    public int Done { get; init; }

    /// <summary>Saves that failed.</summary>
    public int Failed { get; init; }

    /// <summary>Why the last one that failed did; null if none has.</summary>
    public string? LastError { get; init; }

    /// <summary>When the last good one was done, UTC.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>Into which slot.</summary>
    public string? LastSlot { get; init; }

    /// <summary>How long the last took, in milliseconds; 0 before the first, as the next three.</summary>
    public double LastMilliseconds { get; init; }

    /// <summary>How long they took on average.</summary>
    public double AverageMilliseconds { get; init; }

    /// <summary>How long the fastest took.</summary>
    public double FastestMilliseconds { get; init; }

    /// <summary>How long the slowest took.</summary>
    public double SlowestMilliseconds { get; init; }

    /// <summary>Bytes written.</summary>
    public long Bytes { get; init; }
}
