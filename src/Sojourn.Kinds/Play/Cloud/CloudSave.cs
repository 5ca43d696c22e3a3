namespace Sojourn.Kinds.Play.Cloud;

/// <summary>What a save is about, to be shown without loading it. All of it is as the game told it.</summary>
public sealed record CloudSaveDetails
{
    /// <summary>When the game saved, by its own clock, UTC; null if it did not say.</summary>
    public DateTimeOffset? SavedAt { get; init; }

    /// <summary><c>manual</c>, <c>auto</c>, <c>quick</c> or <c>checkpoint</c>.</summary>
    public string Type { get; init; } = "manual";

    /// <summary>What the player called it.</summary>
    public string? Name { get; init; }

    /// <summary>The pilot's callsign.</summary>
    public string? Callsign { get; init; }

    /// <summary>The pilot's rank.</summary>
    public string? PilotRank { get; init; }

    /// <summary>The campaign.</summary>
    public string? Campaign { get; init; }

    /// <summary>The mission.</summary>
    public string? Mission { get; init; }

    /// <summary>More, in a sentence.</summary>
    public string? Description { get; init; }

    /// <summary>How much of the campaign is done, 0 to 1.</summary>
    public double? Completion { get; init; }

    /// <summary>The score.</summary>
    public long? Score { get; init; }

    /// <summary>How many missions were flown.</summary>
    public int? MissionsFlown { get; init; }

    /// <summary>Seconds that were played, by the clock on the wall.</summary>
    public double? RealPlaySeconds { get; init; }

    /// <summary>Seconds that passed in the game.</summary>
    public double? GamePlaySeconds { get; init; }

    /// <summary>The version of the game that wrote it.</summary>
    public string? GameVersion { get; init; }

    /// <summary>The machine that it comes from.</summary>
    public string? Device { get; init; }
}

/// <summary>One save in a slot, without the save itself.</summary>
/// <param name="Generation">Which: grows by one with each save to the slot.</param>
/// <param name="StoredAt">When the server stored it, UTC.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Of the bytes, in lower-case hexadecimal.</param>
/// <param name="Details">What it is about.</param>
internal sealed record CloudSave(
    long Generation, DateTimeOffset StoredAt, long Size, string Sha256, CloudSaveDetails Details)
{
    /// <summary>The entry of its picture; 0 if it has none.</summary>
    public long Screenshot { get; init; }

    /// <summary>Bytes of its picture.</summary>
    public long ScreenshotSize { get; init; }

    /// <summary>The generation that it is a copy of; null if it was uploaded.</summary>
    public long? RestoredFrom { get; init; }

    /// <summary>Tells it from any other save, also from one of a slot that was emptied and written again.</summary>
    public string Tag => $"{Generation}-{Sha256[..16]}";

    /// <summary>All bytes that are kept for it.</summary>
    public long Bytes => Size + ScreenshotSize;
}

/// <summary>A slot: its newest save and those before it. The saves themselves are in the session's streams.</summary>
/// <param name="Game">Whose slot.</param>
/// <param name="Slot">What it is called.</param>
internal sealed record CloudSlot(string Game, string Slot)
{
    /// <summary>The newest save; null until there is one.</summary>
    public CloudSave? Newest { get; init; }

    /// <summary>Those before it, newest first.</summary>
    public IReadOnlyList<CloudSave> Older { get; init; } = [];

    /// <summary>How many pictures were ever stored in it.</summary>
    public long Screenshots { get; init; }

    /// <summary>All saves, newest first.</summary>
    public IEnumerable<CloudSave> All() => Newest is null ? [] : Older.Prepend(Newest);

    /// <summary>A save by its generation; the newest for null.</summary>
    public CloudSave? Find(long? generation) =>
        generation is null ? Newest : All().FirstOrDefault(save => save.Generation == generation);

    /// <summary>All bytes that are kept for it.</summary>
    public long TotalBytes() => All().Sum(save => save.Bytes);
}
