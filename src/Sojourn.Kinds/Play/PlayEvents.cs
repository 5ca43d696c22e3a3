using Sojourn.Kinds.Play.Flow;

namespace Sojourn.Kinds.Play;

// What happened, for whoever watches. Each has a text, so that a log needs no knowledge of the game.

/// <summary>A play began.</summary>
public sealed record PlayStarted(string Text, string Pilot, string Game);

/// <summary>What the game keeps about it has changed.</summary>
public sealed record PlayUpdated(string Text, IReadOnlyList<string> Names);

/// <summary>It is saved at other times from now on.</summary>
public sealed record PlayAdjusted(string Text, bool AutoSave, double AutoSaveSeconds, double CheckpointSeconds);

/// <summary>The player is somewhere else in the game.</summary>
public sealed record GameStateChanged(string Text, GameState From, GameState To);

/// <summary>A checkpoint is due.</summary>
public sealed record CheckpointDue(string Text);

/// <summary>A checkpoint was made.</summary>
public sealed record CheckpointMade(string Text, int Number, string Why, string? Slot, long? Generation);

/// <summary>The game is to save by itself now.</summary>
public sealed record AutoSaveDue(string Text, string Why);

/// <summary>A save was done.</summary>
public sealed record SaveDone(string Text, string Slot, long Generation, string Type, long Size, double Milliseconds);

/// <summary>A save could not be done.</summary>
public sealed record SaveNotDone(string Text, string Slot, string Error);

/// <summary>The play was cut off.</summary>
public sealed record PlayInterrupted(string Text, DateTimeOffset LastActivityAt, GameState GameState, int Backups);

/// <summary>It had not been cut off, and goes on.</summary>
public sealed record PlayContinued(string Text);

/// <summary>A recovery began, from this save.</summary>
public sealed record RecoveryBegan(string Text, string Slot, long Generation);

/// <summary>The game was recovered, and plays.</summary>
public sealed record PlayRecovered(
    string Text, string Slot, long Generation, double LostSeconds, GameState GameState);

/// <summary>A recovery came to nothing; the offer stays.</summary>
public sealed record RecoveryNotDone(string Text, string Slot, long Generation, string Reason);

/// <summary>The answer to the offer was put off.</summary>
public sealed record RecoveryDeferred(string Text);

/// <summary>The play is over.</summary>
public sealed record PlayEnded(string Text, PlayEnd How, double DurationSeconds);

/// <summary>Nobody answered the offer for long; the session is kept, and can be taken up if asked for.</summary>
public sealed record PlayArchived(string Text);
