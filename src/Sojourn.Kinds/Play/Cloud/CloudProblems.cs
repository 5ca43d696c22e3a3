using System.Globalization;

namespace Sojourn.Kinds.Play.Cloud;

/// <summary>The sentences of slots on a server.</summary>
internal static class CloudProblems
{
    public static Problem BadGame { get; } = new(ProblemTypes.Invalid,
        $"A game's name is 1 to {Number(CloudSlotName.LongestGame)} characters of a-z, 0-9, '.', '_' and '-', the "
        + "first a letter or a digit.")
    {
        Field = "game",
        Code = "bad-game",
    };

    public static Problem NoContent { get; } = new(ProblemTypes.Invalid, "There is nothing to save: the body is empty.")
    {
        Code = "empty",
    };

    public static Problem NotPng { get; } = new(ProblemTypes.Invalid, "The picture is no PNG.")
    {
        Code = "not-a-png",
    };

    public static Problem TooManyUploads { get; } = new(ProblemTypes.Overloaded,
        "Too many uploads are under way. Try again in a moment.")
    {
        Retryable = true,
    };

    public static Problem TooManyDownloads { get; } = new(ProblemTypes.Overloaded,
        "Too many downloads are under way. Try again in a moment.")
    {
        Retryable = true,
    };

    public static Problem DamagedUpload(string why) => new(ProblemTypes.Invalid,
        $"What was sent begins as a save does, and is damaged, so that it is not stored: {why}")
    {
        Code = "save-damaged",
    };

    public static Problem BadSlot(int numbered) => new(ProblemTypes.Invalid,
        $"The slots are called 0 to {Number(numbered - 1)}, quick and auto.")
    {
        Field = "slot",
        Code = "unknown-slot",
    };

    public static Problem Empty(CloudSlotName slot) => new(ProblemTypes.NotFound,
        $"Slot {slot.Slot} of {slot.Game} is empty: nothing was saved to it.");

    public static Problem NoGeneration(CloudSlotName slot, long generation) => new(ProblemTypes.NotFound,
        $"Slot {slot.Slot} of {slot.Game} keeps no generation {Number(generation)}; its list says which it keeps.");

    public static Problem NoScreenshot(CloudSlotName slot) => new(ProblemTypes.NotFound,
        $"The save in slot {slot.Slot} of {slot.Game} has no picture.");

    public static Problem Conflict(CloudSlotName slot, CloudSlot? stored) => new(ProblemTypes.Refused,
        stored?.Newest is { } newest
            ? $"Slot {slot.Slot} of {slot.Game} holds another save than you know of: generation "
                + $"{Number(newest.Generation)}. Let the player choose: download that one, or send yours again with "
                + "its ETag as If-Match, or with force=true."
            : $"Slot {slot.Slot} of {slot.Game} is empty by now. Send yours again with If-None-Match: *, if it is "
                + "to be kept.")
    {
        Code = CloudSlotKind.ConflictCode,
    };

    /// <summary>The bytes of a save are not those that were stored.</summary>
    public static Problem Bad(CloudSlotName slot, CloudSlot stored, CloudSave save)
    {
        var other = stored.All().FirstOrDefault(older => older.Generation < save.Generation);
        return new(ProblemTypes.Damaged,
            $"Generation {Number(save.Generation)} in slot {slot.Slot} of {slot.Game} is damaged. " + (other is null
                ? "There is no older one; upload it again with force=true."
                : $"Upload it again with force=true, or go back to generation {Number(other.Generation)}."))
        {
            Code = "save-damaged",
        };
    }

    public static Problem Unreadable(CloudSlotName slot) => new(ProblemTypes.Damaged,
        $"The record of slot {slot.Slot} of {slot.Game} is damaged. Restore the slot, which brings back its newest "
        + "good state, or remove it.")
    {
        Code = "slot-damaged",
    };

    public static Problem OverQuota(CloudUsage used, long bytes) => new(ProblemTypes.QuotaExceeded,
        used.Slots > used.MaxSlots
            ? $"Your saves would fill {Number(used.Slots)} slots; you may use {Number(used.MaxSlots)}. Remove one "
                + "first."
            : $"Your saves would take up {bytes:N0} bytes; you may use {used.MaxBytes:N0} and use {used.Bytes:N0} now. "
                + "Remove some first.")
    {
        Retryable = true,
    };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
