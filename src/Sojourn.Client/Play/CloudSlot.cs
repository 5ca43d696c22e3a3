namespace Sojourn.Client.Play;

/// <summary>Slots on the server, those that were saved to last first.</summary>
/// <param name="Slots">Those that hold something.</param>
/// <param name="Usage">What their owner uses, of all games together.</param>
public sealed record CloudSlotList(IReadOnlyList<CloudSlot> Slots, CloudUsage Usage);

/// <summary>How much an owner uses, and may.</summary>
/// <param name="Bytes">Of all its saves, older ones and pictures included.</param>
/// <param name="MaxBytes">The most of these.</param>
/// <param name="Slots">Those that hold something, of all games.</param>
/// <param name="MaxSlots">The most of these.</param>
public sealed record CloudUsage(long Bytes, long MaxBytes, int Slots, int MaxSlots);

/// <summary>A slot, without the saves themselves.</summary>
/// <param name="Game">Whose slot.</param>
/// <param name="Slot"><c>0</c> and up, <c>quick</c> or <c>auto</c>.</param>
/// <param name="Status"><c>kept</c>, or <c>damaged</c> if its record cannot be read.</param>
/// <param name="Bytes">All that is kept for it.</param>
/// <param name="Older">The saves before the newest, newest first.</param>
public sealed record CloudSlot(string Game, string Slot, string Status, long Bytes, IReadOnlyList<CloudSave> Older)
{
    /// <summary>The newest save; null if the slot is damaged.</summary>
    public CloudSave? Newest { get; init; }
}

/// <summary>A save, without its bytes.</summary>
/// <param name="Generation">Which: grows by one with each save to the slot.</param>
/// <param name="ETag">Tells it from any other; keep it, to upload what goes on from this save.</param>
/// <param name="StoredAt">When the server stored it, UTC.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Of the bytes, in lower-case hexadecimal.</param>
/// <param name="Screenshot">Whether it has a picture.</param>
/// <param name="Details">What it is about, as the game told it.</param>
public sealed record CloudSave(
    long Generation, string ETag, DateTimeOffset StoredAt, long Size, string Sha256, bool Screenshot,
    CloudSaveDetails Details)
{
    /// <summary>The generation that it is a copy of; null if it was uploaded.</summary>
    public long? RestoredFrom { get; init; }
}

/// <summary>What a save is about. Texts have at most 128 characters, a description 1,000.</summary>
public sealed record CloudSaveDetails
{
    /// <summary>When the game saved, by its own clock, UTC.</summary>
    public DateTimeOffset? SavedAt { get; init; }

    /// <summary><c>manual</c>, <c>auto</c>, <c>quick</c> or <c>checkpoint</c>; null for <c>manual</c>.</summary>
    public string? Type { get; init; }

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

    internal IEnumerable<(string Name, string? Value)> ToQuery() =>
    [
        ("savedAt", Address.Time(SavedAt)), ("type", Type), ("name", Name), ("callsign", Callsign),
        ("pilotRank", PilotRank), ("campaign", Campaign), ("mission", Mission), ("description", Description),
        ("completion", Text(Completion)), ("score", Text(Score)), ("missionsFlown", Text(MissionsFlown)),
        ("realPlaySeconds", Text(RealPlaySeconds)), ("gamePlaySeconds", Text(GamePlaySeconds)),
        ("gameVersion", GameVersion), ("device", Device),
    ];

    private static string? Text<T>(T? number)
        where T : struct, IFormattable => number?.ToString(null, System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>What a slot must hold for a change to be made.</summary>
public sealed record CloudCondition
{
    private CloudCondition()
    {
    }

    /// <summary>The slot must be empty: nothing that the player has is written over.</summary>
    public static CloudCondition Empty { get; } = new() { MustBeEmpty = true };

    /// <summary>Whatever the slot holds. What it held stays as an older save.</summary>
    public static CloudCondition Whatever { get; } = new();

    internal bool MustBeEmpty { get; private init; }

    internal string? ETag { get; private init; }

    /// <summary>The slot must hold this save still, the one that was last uploaded from here, or downloaded.</summary>
    /// <param name="etag">Its <see cref="CloudSave.ETag"/>.</param>
    public static CloudCondition Still(string etag)
    {
        ArgumentException.ThrowIfNullOrEmpty(etag);
        return System.Net.Http.Headers.EntityTagHeaderValue.TryParse(etag, out _)
            ? new CloudCondition { ETag = etag }
            : throw new ArgumentException($"'{etag}' is no ETag of a save.", nameof(etag));
    }
}

/// <summary>What came of a change to a slot: it is done, or the slot holds another save than was thought.</summary>
public abstract record CloudChange
{
    private CloudChange()
    {
    }

    /// <summary>It is done.</summary>
    /// <param name="Slot">The slot as it is now; null if it was emptied.</param>
    public sealed record Done(CloudSlot? Slot) : CloudChange;

    /// <summary>
    /// Nothing was changed: somebody, on another machine perhaps, has saved to the slot. Ask the player which to keep,
    /// then send again with <see cref="CloudCondition.Still"/> and the stored one's tag, or download that.
    /// </summary>
    /// <param name="Stored">The slot as it is; null if it is empty.</param>
    /// <param name="Detail">A sentence for people.</param>
    public sealed record Conflict(CloudSlot? Stored, string Detail) : CloudChange;
}

/// <summary>A save with its bytes, which are as they were uploaded: their checksum is checked.</summary>
/// <param name="Generation">Which of the slot's saves.</param>
/// <param name="ETag">For <see cref="CloudCondition.Still"/>.</param>
/// <param name="Content">The bytes.</param>
public sealed record DownloadedSave(long Generation, string ETag, ReadOnlyMemory<byte> Content);
