namespace Sojourn.Client.Explorer;

/// <summary>A game's slots.</summary>
/// <param name="Slots">Each, in order, empty ones too.</param>
/// <param name="MaxSlots">How many there are.</param>
public sealed record SaveSlotList(IReadOnlyList<SaveSlot> Slots, int MaxSlots);

/// <summary>A slot, without the games in it.</summary>
/// <param name="Slot">Its number, from 0.</param>
/// <param name="Automatic">True for slot 0, which the server writes by itself.</param>
/// <param name="Status"><c>empty</c>, <c>kept</c>, or <c>damaged</c> if its newest save cannot be loaded.</param>
public sealed record SaveSlot(int Slot, bool Automatic, string Status)
{
    /// <summary>What was saved last; null if there is nothing, or it cannot be read.</summary>
    public SavedGame? Current { get; init; }

    /// <summary>What that took the place of; null if there was nothing.</summary>
    public SavedGame? Previous { get; init; }

    /// <summary>What is wrong, for people; null if all is well.</summary>
    public string? Detail { get; init; }
}

/// <summary>A save, without the game in it.</summary>
/// <param name="SavedAt">When, UTC.</param>
/// <param name="Metadata">What it is about.</param>
/// <param name="Damaged">True if it cannot be loaded.</param>
public sealed record SavedGame(DateTimeOffset SavedAt, SavedGameMetadata Metadata, bool Damaged);

/// <summary>What a save is about.</summary>
public sealed record SavedGameMetadata(string Pilot, int Turn, int Wealth, int Health, int Hull, string Location);
