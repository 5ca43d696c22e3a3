using System.Globalization;

namespace Sojourn.Kinds.Explorer.Saves;

/// <summary>The sentences of save slots.</summary>
internal static class SlotProblems
{
    public static Problem OutOfRange(int slots) => new(ProblemTypes.Invalid, slots == 1
        ? "There is one slot, number 0."
        : $"The slots are numbered 0 to {Number(slots - 1)}.")
    {
        Field = "slot",
        Code = "unknown-slot",
    };

    public static Problem IdTooLong(int most) => new(
        ProblemTypes.Invalid, $"A game that is saved has an id of at most {Number(most)} characters: its slots are "
        + "named after it.")
    {
        Field = "id",
        Code = "id-too-long",
    };

    public static Problem Automatic(bool isRemoval) => new(ProblemTypes.Refused, isRemoval
        ? "Slot 0 is for automatic saves and stays as long as there is the game."
        : "Slot 0 is for automatic saves. Save to another slot.")
    {
        Code = "automatic-slot",
    };

    public static Problem GameOver() => new(
        ProblemTypes.Refused, "This game is over, and there is nothing to come back to. Load a save, or start anew.")
    {
        Code = "game-over",
    };

    public static Problem Empty(int slot) =>
        new(ProblemTypes.NotFound, $"Slot {Number(slot)} is empty: nothing was saved to it yet.");

    public static Problem NoPrevious(int slot) =>
        new(ProblemTypes.NotFound, $"Slot {Number(slot)} holds one save alone, and no previous one.");

    public static Problem NoGame(SessionId game) => new(
        ProblemTypes.NotFound, $"There is no game '{game}', and nothing was ever saved of one.");

    /// <summary>The stored record of a slot cannot be read.</summary>
    public static Problem Unreadable(int slot) => new(ProblemTypes.Damaged, UnreadableText(slot))
    {
        Code = "slot-damaged",
    };

    public static string UnreadableText(int slot) =>
        $"The record of slot {Number(slot)} is damaged. Restore the slot, which brings back its newest good state, or "
        + "remove it.";

    /// <summary>One save in a slot is not as it was written.</summary>
    public static Problem Bad(int slot, SaveGeneration generation, string fault, SaveView? other) => new(
        ProblemTypes.Damaged, BadText(slot, generation, fault, other))
    {
        Code = "save-damaged",
    };

    public static string BadText(int slot, SaveGeneration generation, string fault, SaveView? other)
    {
        var (which, instead) = generation == SaveGeneration.Current ? ("current", "previous") : ("previous", "current");
        return $"The {which} save in slot {Number(slot)} is damaged: {fault} " + (other is { Damaged: false }
            ? $"The {instead} one, of turn {Number(other.Metadata.Turn)}, is good; load it with generation={instead}."
            : "There is no other good one in this slot.");
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
