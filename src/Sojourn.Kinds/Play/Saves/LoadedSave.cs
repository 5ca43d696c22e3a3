namespace Sojourn.Kinds.Play.Saves;

/// <summary>Which save of a slot to load.</summary>
public sealed record LoadOptions
{
    /// <summary>The save's number; null, the default, for the newest.</summary>
    public long? Generation { get; init; }

    /// <summary>Whether an older one will do if that one is damaged; true by default.</summary>
    public bool AllowOlder { get; init; } = true;
}

/// <summary>A save that was loaded, every byte of it checked.</summary>
/// <param name="Metadata">What is known of it.</param>
/// <param name="Content">Its parts.</param>
/// <param name="FellBack">Why it is not the one that was meant; null if it is.</param>
public sealed record LoadedSave(SaveMetadata Metadata, SaveContent Content, FellBack? FellBack);

/// <summary>An older save was loaded, since the one that was meant is not good.</summary>
/// <param name="Reason">What is wrong, in a sentence.</param>
/// <param name="Lost">How much of the game is lost by it; zero if nobody can tell.</param>
/// <param name="Skipped">The saves that are not good, newest first.</param>
/// <param name="QuarantinedAs">The files that these now are, in the same folder; fewer if some cannot be read.</param>
public sealed record FellBack(
    string Reason, TimeSpan Lost, IReadOnlyList<long> Skipped, IReadOnlyList<string> QuarantinedAs);

/// <summary>What a repair did.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Good">How many good saves it has now.</param>
/// <param name="Quarantined">The files that were put aside, by their new names.</param>
/// <param name="Rewritten">The newest good save, written anew since newer ones were bad; null if that was not needed.</param>
/// <param name="Unreadable">Saves that the disk did not let be read; they were left as they are.</param>
public sealed record RepairOutcome(
    SlotName Slot, int Good, IReadOnlyList<string> Quarantined, SaveMetadata? Rewritten, IReadOnlyList<long> Unreadable)
{
    /// <summary>Whether there was nothing to do.</summary>
    public bool WasWell => Quarantined.Count == 0 && Rewritten is null && Unreadable.Count == 0;
}
