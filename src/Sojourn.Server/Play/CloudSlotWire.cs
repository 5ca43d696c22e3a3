using Sojourn.Kinds.Play.Cloud;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Play;

/// <summary>Slots of a player, those that were saved to last first.</summary>
/// <param name="Slots">Those that hold something.</param>
/// <param name="Usage">What their owner uses, of all games together.</param>
internal sealed record CloudSlotsView(IReadOnlyList<CloudSlotView> Slots, CloudUsage Usage)
{
    public static CloudSlotsView Of(CloudSlotList list) =>
        new([.. list.Slots.Select(slot => CloudSlotView.Of(slot.Slot, slot.IsDamaged))], list.Usage);
}

/// <summary>A slot, without the saves themselves.</summary>
/// <param name="Game">Whose slot.</param>
/// <param name="Slot"><c>0</c> and up, <c>quick</c> or <c>auto</c>.</param>
/// <param name="Status"><c>kept</c>, or <c>damaged</c> if its record cannot be read.</param>
/// <param name="Bytes">All that is kept for it: each save, and its picture.</param>
/// <param name="Older">The saves before the newest, newest first.</param>
internal sealed record CloudSlotView(
    string Game, string Slot, string Status, long Bytes, IReadOnlyList<CloudSaveView> Older)
{
    /// <summary>The newest save; left out if the slot is damaged.</summary>
    public CloudSaveView? Newest { get; init; }

    public static CloudSlotView Of(CloudSlot slot, bool isDamaged = false) => new(
        slot.Game, slot.Slot, isDamaged ? "damaged" : "kept", slot.TotalBytes(),
        [.. slot.Older.Select(CloudSaveView.Of)])
    {
        Newest = slot.Newest is { } newest ? CloudSaveView.Of(newest) : null,
    };
}

/// <summary>A save, without its bytes.</summary>
/// <param name="Generation">Which: grows by one with each save to the slot.</param>
/// <param name="ETag">For <c>If-Match</c>, with its quotes.</param>
/// <param name="StoredAt">When the server stored it.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Of the bytes, in lower-case hexadecimal.</param>
/// <param name="Screenshot">Whether it has a picture.</param>
/// <param name="Details">What it is about, as the game told it.</param>
internal sealed record CloudSaveView(
    long Generation, string ETag, DateTimeOffset StoredAt, long Size, string Sha256, bool Screenshot,
    CloudSaveDetails Details)
{
    /// <summary>The generation that it is a copy of; left out if it was uploaded.</summary>
    public long? RestoredFrom { get; init; }

    public static CloudSaveView Of(CloudSave save) => new(
        save.Generation, CloudConditions.ETagOf(save), save.StoredAt, save.Size, save.Sha256, save.Screenshot > 0,
        save.Details)
    {
        RestoredFrom = save.RestoredFrom,
    };
}

/// <summary>What was to be saved, and is not.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Of the bytes, in lower-case hexadecimal.</param>
/// <param name="Details">What it is about.</param>
internal sealed record RefusedSave(long Size, string Sha256, CloudSaveDetails Details);
