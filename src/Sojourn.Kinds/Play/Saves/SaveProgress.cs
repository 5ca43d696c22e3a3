namespace Sojourn.Kinds.Play.Saves;

/// <summary>What a save is at.</summary>
public enum SaveStage
{
    /// <summary>It waits for its turn.</summary>
    Waiting,

    /// <summary>The parts are compressed.</summary>
    Packing,

    /// <summary>The file is written beside the others.</summary>
    Writing,

    /// <summary>The file is brought to the disk.</summary>
    Flushing,

    /// <summary>The file is read back and compared.</summary>
    Verifying,

    /// <summary>The file gets its name. From here on the save cannot be cancelled.</summary>
    Committing,

    /// <summary>It is on the disk.</summary>
    Done,
}

/// <summary>How far a save is.</summary>
/// <param name="Stage">What it is at.</param>
/// <param name="Fraction">How much of the whole is done, 0 to 1; never falls.</param>
public sealed record SaveProgress(SaveStage Stage, double Fraction);

/// <summary>What happened to saves.</summary>
public enum SaveEventType
{
    /// <summary>A save has begun.</summary>
    SaveStarted,

    /// <summary>A save is on the disk.</summary>
    Saved,

    /// <summary>A save was not done; what was there before is there.</summary>
    SaveFailed,

    /// <summary>Loading has begun.</summary>
    LoadStarted,

    /// <summary>A save was loaded.</summary>
    Loaded,

    /// <summary>Nothing could be loaded.</summary>
    LoadFailed,

    /// <summary>An older save was loaded, since the newest is not good.</summary>
    FellBack,

    /// <summary>A damaged file was put aside.</summary>
    Quarantined,

    /// <summary>An older save was deleted, since enough newer ones are good.</summary>
    Rotated,

    /// <summary>A slot was deleted.</summary>
    Deleted,

    /// <summary>A slot was repaired.</summary>
    Repaired,
}

/// <summary>Something happened to saves.</summary>
/// <param name="Type">What.</param>
/// <param name="Slot">Where.</param>
/// <param name="Generation">Which save; null if it is about none, or about one that has no number yet.</param>
/// <param name="Detail">A sentence, or a file's name; null if the type says all.</param>
public sealed record SaveEvent(SaveEventType Type, SlotName Slot, long? Generation, string? Detail)
{
    /// <summary>What is known of the save; null if nothing is.</summary>
    public SaveMetadata? Metadata { get; init; }

    /// <summary>What went wrong; null if nothing did.</summary>
    public Exception? Failure { get; init; }
}

/// <summary>How often and how fast saves were done since the folder was opened.</summary>
/// <param name="Saves">Saves of the game, without copies and repairs.</param>
/// <param name="Loads">Loads.</param>
public sealed record SaveStatistics(SaveTimes Saves, SaveTimes Loads);

/// <summary>How often and how fast something was done; times in milliseconds, from its turn to its end, of what succeeded.</summary>
/// <param name="Count">How often it succeeded.</param>
/// <param name="Failed">How often it did not; what was cancelled counts too.</param>
/// <param name="LastMs">The last.</param>
/// <param name="AverageMs">The mean of all.</param>
/// <param name="FastestMs">The fastest.</param>
/// <param name="SlowestMs">The slowest.</param>
public sealed record SaveTimes(
    long Count, long Failed, double? LastMs, double? AverageMs, double? FastestMs, double? SlowestMs);
