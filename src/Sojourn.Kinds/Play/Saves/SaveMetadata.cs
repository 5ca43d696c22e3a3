using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sojourn.Kinds.Play.Saves;

/// <summary>What is known of a save without reading all of it.</summary>
public sealed record SaveMetadata
{
    /// <summary>Where it is.</summary>
    public required SlotName Slot { get; init; }

    /// <summary>Its number in its slot: grows with each save and never comes again.</summary>
    public required long Generation { get; init; }

    /// <summary>When it was written, UTC.</summary>
    public required DateTimeOffset SavedAt { get; init; }

    /// <summary>The game's own version of what the parts mean: <see cref="SaveSlotsOptions.Schema"/> when saved.</summary>
    public int Schema { get; init; }

    /// <summary>What the game said of it.</summary>
    public required SaveDetails Details { get; init; }

    /// <summary>The parts' names and sizes, in the names' ordinal order.</summary>
    public IReadOnlyList<SavePart> Parts { get; init; } = [];

    /// <summary>Bytes of all parts, as the game gave them.</summary>
    public long ContentSize { get; init; }

    /// <summary>
    /// The SHA-256 of all parts, lower-case hexadecimal: the same for the same content, in whatever slot it is. Empty for
    /// a save of which nothing can be read.
    /// </summary>
    public string Sha256 { get; init; } = "";

    /// <summary><c>zlib</c>, or <c>none</c> if no part became smaller by it.</summary>
    public string Compression { get; init; } = "none";

    /// <summary>Where it comes from if it was not the game that saved it; null if it was.</summary>
    public SaveOrigin? Origin { get; init; }

    /// <summary>When the game was as it is in here: older than <see cref="SavedAt"/> for a copy.</summary>
    [JsonIgnore]
    public DateTimeOffset TakenAt => Origin?.TakenAt ?? SavedAt;

    /// <summary>Bytes on the disk.</summary>
    [JsonIgnore]
    public long Size { get; init; }

    /// <summary>The version of the file's format.</summary>
    [JsonIgnore]
    public int FormatVersion { get; init; }

    /// <summary>Whether the slot keeps older saves too.</summary>
    [JsonIgnore]
    public bool HasOlder { get; init; }

    /// <summary>In a list: how the slot is, as far as names, lengths and heads tell.</summary>
    [JsonIgnore]
    public SlotState State { get; init; }

    /// <summary>A sentence that goes with <see cref="State"/>; null if all is well.</summary>
    [JsonIgnore]
    public string? Problem { get; init; }

    /// <summary>What another version wrote here and this one does not know; kept when a save is copied.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>A part of a save.</summary>
/// <param name="Name">What the game calls it.</param>
/// <param name="Size">Bytes, as the game gave them.</param>
/// <param name="Packed">Bytes in the file.</param>
/// <param name="Compression"><c>zlib</c> or <c>none</c>.</param>
public sealed record SavePart(string Name, long Size, long Packed, string Compression);

/// <summary>Where a save comes from that was made of another.</summary>
/// <param name="How"><c>copied</c>, <c>imported</c>, <c>repaired</c> or <c>restored</c>.</param>
/// <param name="Slot">The other's slot.</param>
/// <param name="Generation">The other's number.</param>
/// <param name="TakenAt">When the game was so.</param>
public sealed record SaveOrigin(string How, SlotName Slot, long Generation, DateTimeOffset TakenAt);

/// <summary>How a slot is.</summary>
public enum SlotState
{
    /// <summary>Its newest save can be loaded, as far as is known.</summary>
    Good,

    /// <summary>Its newest save is damaged or gone; what is described is the one that would be loaded instead.</summary>
    FallsBack,

    /// <summary>There are saves, and none is good.</summary>
    Damaged,

    /// <summary>Its newest save is of a newer version of this library.</summary>
    Newer,
}

/// <summary>How one save is.</summary>
public enum SaveValidity
{
    /// <summary>Every byte is as it was written.</summary>
    Good,

    /// <summary>It is not what was written.</summary>
    Damaged,

    /// <summary>The disk did not let it be read; it may be good.</summary>
    Unreadable,

    /// <summary>It is of a newer version of this library, which alone can tell.</summary>
    Newer,

    /// <summary>There is no such save.</summary>
    Missing,
}

/// <summary>One save of a slot, and how it is.</summary>
/// <param name="Generation">Its number.</param>
/// <param name="Validity">How it is.</param>
/// <param name="Metadata">What is known of it; null if its head cannot be read.</param>
/// <param name="Reason">Why it is not good; null if it is.</param>
public sealed record GenerationState(long Generation, SaveValidity Validity, SaveMetadata? Metadata, string? Reason)
{
    /// <summary>How often it was to be restored without success.</summary>
    public int Attempts { get; init; }

    /// <summary>The file's name.</summary>
    public required string File { get; init; }
}
