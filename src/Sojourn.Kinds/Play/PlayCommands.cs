using System.Collections.Immutable;
using System.Text.Json;
using Sojourn.Kinds.Play.Flow;

namespace Sojourn.Kinds.Play;

// What one can do with a play session. Every command but those of recovery is a sign of life.

/// <summary>Begins a play session.</summary>
/// <param name="Pilot">The pilot's callsign: 1 to 32 letters, digits, spaces, dashes and underscores.</param>
/// <param name="Game">Which game: 1 to 64 of a-z, 0-9, '.', '_' and '-', beginning with a letter or a digit. Default
/// <c>game</c>.</param>
/// <param name="PilotName">What the pilot is called otherwise; at most 64 characters.</param>
/// <param name="GameVersion">At most 64 characters.</param>
/// <param name="Device">Where it is played; at most 64 characters.</param>
/// <param name="AutoSave">Whether the game is to save by itself. Default true.</param>
/// <param name="AutoSaveSeconds">How often; 60 to 86,400. Default 300.</param>
/// <param name="CheckpointSeconds">How often a checkpoint is made; 60 to 86,400. Default 300.</param>
/// <param name="GameState">Where the game begins. Default the main menu.</param>
/// <param name="TakeOver">
/// True to end, as part of this, a session in which this pilot plays this game already. Default false: then this start
/// is refused with <c>already-playing</c>.
/// </param>
public sealed record StartPlay(
    string Pilot,
    string Game = "game",
    string? PilotName = null,
    string GameVersion = "",
    string Device = "",
    bool AutoSave = true,
    double AutoSaveSeconds = 300,
    double CheckpointSeconds = 300,
    GameState GameState = GameState.MainMenu,
    bool TakeOver = false) : IStart<PlaySession>;

/// <summary>Changes what the game keeps about the session.</summary>
/// <param name="Metadata">What to set, by names of 1 to 64 letters, digits, '.', '_' and '-'. It takes the place of
/// what is there; null removes it. At most 64 names and 16 KiB are left.</param>
public sealed record Update(ImmutableSortedDictionary<string, JsonElement> Metadata) : ICommand<PlayTimes>;

/// <summary>Changes when the game is saved by itself. What is null stays as it is.</summary>
/// <param name="AutoSave">Whether the game is to save by itself.</param>
/// <param name="AutoSaveSeconds">How often, counted from now; 60 to 86,400.</param>
/// <param name="CheckpointSeconds">How often a checkpoint is made, counted from now; 60 to 86,400.</param>
public sealed record Adjust(bool? AutoSave = null, double? AutoSaveSeconds = null, double? CheckpointSeconds = null)
    : ICommand;

/// <summary>A sign of life and nothing else. Within a second of the last it takes no step.</summary>
public sealed record Beat : ICommand;

/// <summary>The player is somewhere else in the game.</summary>
/// <param name="To">Where; what may follow what is in the table.</param>
public sealed record ChangeState(GameState To) : ICommand<StateChange>;

/// <summary>A checkpoint was made.</summary>
/// <param name="Why">At most 32 characters. Default <c>game</c>.</param>
/// <param name="Save">The save that the game's content went to; null if there is none.</param>
public sealed record Checkpoint(string Why = "game", SavedContent? Save = null) : ICommand<CheckpointNote>;

/// <summary>A save was done, or was tried.</summary>
/// <param name="Save">What was written; with an error, what would have been.</param>
/// <param name="Error">Why it failed; null if it was done. At most 256 characters are kept.</param>
public sealed record Saved(SavedContent Save, string? Error = null) : ICommand<SaveTally>;

/// <summary>Ends the session in good order: no recovery is ever offered for it.</summary>
/// <param name="Reason">Why, for people; at most 64 characters.</param>
public sealed record End(string? Reason = null) : ICommand<PlayTimes>;

/// <summary>The same pilot plays elsewhere now.</summary>
/// <param name="By">The session that takes over.</param>
public sealed record TakeOver(string By) : ICommand;

/// <summary>It was found that the session had been cut off. Found again, the backups are looked at anew.</summary>
/// <param name="What">What happened, in a sentence; at most 256 characters.</param>
/// <param name="Backups">
/// The saves there are, at most 64, damaged ones too. Null for those that the session knows of.
/// </param>
public sealed record Interrupted(string What, ImmutableArray<FoundBackup>? Backups = null) : ICommand<RecoveryOffer>;

/// <summary>The game was not cut off at all; it goes on. The offer is withdrawn.</summary>
/// <param name="TakeOver">
/// On a server: true to end a session in which the pilot plays this game meanwhile. Default false: then this is refused
/// with <c>already-playing</c>.
/// </param>
public sealed record ContinuePlay(bool TakeOver = false) : ICommand;

/// <summary>Accepts the offer. It stays until the recovery has succeeded.</summary>
/// <param name="Slot">The slot of the save to take; null for the recommended one.</param>
/// <param name="Generation">Which generation of it; null for its newest that can be tried.</param>
/// <param name="NoFallback">True to try no other if that one cannot be loaded. Default false.</param>
/// <param name="FromArchive">True to take up a session that was archived. Default false.</param>
/// <param name="TakeOver">As for <see cref="ContinuePlay"/>.</param>
public sealed record AcceptRecovery(
    string? Slot = null, long? Generation = null, bool NoFallback = false, bool FromArchive = false,
    bool TakeOver = false) : ICommand<RecoveryPlan>;

/// <summary>The recovery passes on to the next save.</summary>
/// <param name="Damaged">Why the one that was tried cannot be loaded.</param>
public sealed record TryNext(string Damaged) : ICommand<RecoveryPlan>;

/// <summary>The game was recovered, and plays.</summary>
/// <param name="Slot">The slot of the save that it was recovered from.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="GameState">Where the game is now; null for where the offer says.</param>
public sealed record Recovered(string Slot, long Generation, GameState? GameState = null) : ICommand<PlayTimes>;

/// <summary>The recovery came to nothing; the offer stays.</summary>
/// <param name="Reason">Why; at most 256 characters are kept.</param>
/// <param name="Counts">
/// False if it was not the save's fault (the player cancelled, the slot was busy): the attempt is taken back. Default
/// true.
/// </param>
/// <param name="Damaged">True if the save cannot be loaded at all. Default false.</param>
public sealed record RecoveryFailed(string Reason, bool Counts = true, bool Damaged = false) : ICommand<RecoveryOffer>;

/// <summary>Turns the offer down: the session ends. The saves stay.</summary>
public sealed record DeclineRecovery : ICommand;

/// <summary>Leaves the offer for later.</summary>
public sealed record DecideLater : ICommand<RecoveryOffer>;

/// <summary>What a save consists of, as far as the session keeps it.</summary>
/// <param name="Slot"><c>0</c> to <c>998</c>, <c>quick</c> or <c>auto</c>.</param>
/// <param name="Generation">From 1.</param>
/// <param name="Type"><c>manual</c>, <c>auto</c>, <c>quick</c> or <c>checkpoint</c>. Default <c>manual</c>.</param>
/// <param name="Sha256">64 hexadecimal digits; empty if not known.</param>
/// <param name="Size">In bytes; not negative.</param>
/// <param name="Milliseconds">How long it took; not negative.</param>
public sealed record SavedContent(
    string Slot, long Generation, string Type = "manual", string Sha256 = "", long Size = 0, double Milliseconds = 0);

/// <summary>A save that was found when the session had been cut off.</summary>
/// <param name="Slot">As in <see cref="SavedContent"/>.</param>
/// <param name="Generation">From 1.</param>
/// <param name="SavedAt">When it was written.</param>
/// <param name="Type">As in <see cref="SavedContent"/>.</param>
/// <param name="Validity">Whether it can be loaded. Default <see cref="BackupValidity.Unknown"/>.</param>
/// <param name="Attempts">How often a recovery from it came to nothing, as the files say. Default 0.</param>
/// <param name="Reason">Why it cannot be loaded; null if it can.</param>
/// <param name="Description">What it is, for people; at most 128 characters are kept.</param>
public sealed record FoundBackup(
    string Slot,
    long Generation,
    DateTimeOffset SavedAt,
    string Type = "manual",
    BackupValidity Validity = BackupValidity.Unknown,
    int Attempts = 0,
    string? Reason = null,
    string Description = "");

/// <summary>How long it has been.</summary>
/// <param name="DurationSeconds">Since the start.</param>
/// <param name="LastActivityAt">The last sign of life, UTC.</param>
public sealed record PlayTimes(double DurationSeconds, DateTimeOffset LastActivityAt);

/// <summary>What a change of the game's state asks for.</summary>
/// <param name="GameState">Where the player is now.</param>
/// <param name="Previous">Where the player was.</param>
/// <param name="AutoSave">True if the game is to save now.</param>
/// <param name="Checkpoint">True if a checkpoint is to be made now.</param>
public sealed record StateChange(GameState GameState, GameState? Previous, bool AutoSave, bool Checkpoint);

/// <summary>How to recover.</summary>
/// <param name="Backup">The save to load now.</param>
/// <param name="Others">What comes after it if it cannot be loaded, in order; see <see cref="TryNext"/>.</param>
/// <param name="ResumeAt">Where to go then.</param>
/// <param name="Path">The way there from the main menu.</param>
public sealed record RecoveryPlan(
    BackupName Backup, ImmutableArray<BackupName> Others, GameState ResumeAt, ImmutableArray<GameState> Path);
