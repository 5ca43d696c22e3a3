using System.Text.Json.Serialization;

namespace Sojourn.Kinds.Play.Cloud;

/// <summary>What a slot must hold for a change to be made.</summary>
/// <param name="Tag">
/// The newest save's <see cref="CloudSave.Tag"/>; <c>*</c> for any save; null for no matter what.
/// </param>
/// <param name="MustBeEmpty">That there is no save yet.</param>
internal sealed record SlotCondition(string? Tag = null, bool MustBeEmpty = false)
{
    /// <summary>Whatever is there.</summary>
    public static SlotCondition None { get; } = new();

    public bool Holds(CloudSlot slot) => MustBeEmpty
        ? slot.Newest is null
        : Tag is null || (slot.Newest is { } newest && (Tag == "*" || Tag == newest.Tag));
}

/// <summary>
/// How far the slot's streams reach. A slot whose record was restored knows of less than was appended, and must not
/// count on from there.
/// </summary>
/// <param name="Saves">The newest entry of <see cref="CloudSlotKind.Saves"/>; 0 for none.</param>
/// <param name="Screenshots">The newest entry of <see cref="CloudSlotKind.Screenshots"/>; 0 for none.</param>
internal readonly record struct SlotEnds(long Saves, long Screenshots);

/// <summary>Makes a slot, with nothing in it yet.</summary>
/// <param name="Game">Whose slot.</param>
/// <param name="Slot">What it is called.</param>
internal sealed record OpenCloudSlot(string Game, string Slot) : IStart<CloudSlot>;

/// <summary>Puts a save into a slot. What was there stays as an older one.</summary>
/// <param name="Sha256">Of the content.</param>
/// <param name="Details">What it is about.</param>
/// <param name="Condition">What must be there.</param>
internal sealed record PutCloudSave(string Sha256, CloudSaveDetails Details, SlotCondition Condition)
    : ICommand<CloudSave>
{
    /// <summary>The save. Told apart by its checksum, so that it need not be encoded for that.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Its picture, a PNG; empty for none.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Screenshot { get; init; }

    /// <summary>As the streams stood before.</summary>
    [JsonIgnore]
    public SlotEnds Ends { get; init; }
}

/// <summary>Makes an older save the newest again. What was the newest stays as an older one.</summary>
/// <param name="Generation">Which.</param>
/// <param name="Condition">What must be there.</param>
internal sealed record RestoreCloudSave(long Generation, SlotCondition Condition) : ICommand<CloudSave>
{
    /// <summary>Its bytes, as they were read.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Its picture, as it was read; empty if it has none.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Screenshot { get; init; }

    /// <summary>As the streams stood before.</summary>
    [JsonIgnore]
    public SlotEnds Ends { get; init; }
}

/// <summary>Gives the newest save its picture.</summary>
/// <param name="Sha256">Of the picture.</param>
/// <param name="Condition">What must be there.</param>
internal sealed record AttachScreenshot(string Sha256, SlotCondition Condition) : ICommand<CloudSave>
{
    /// <summary>The picture, a PNG.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Screenshot { get; init; }

    /// <summary>As the streams stood before.</summary>
    [JsonIgnore]
    public SlotEnds Ends { get; init; }
}
