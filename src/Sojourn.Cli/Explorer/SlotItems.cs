using System.Globalization;

namespace Sojourn.Cli.Explorer;

using Sojourn.Client.Explorer;

/// <summary>What can be done with a save slot.</summary>
internal static class SlotItems
{
    public static IEnumerable<PlayItem> Of(PlayedGame game, SaveSlot slot)
    {
        var heading = slot.Automatic ? "SLOT 0, WRITTEN BY ITSELF" : Number($"SLOT {slot.Slot}");
        if (slot.Current is { } current)
            yield return Load(game, slot, current, isPrevious: false, heading);
        if (slot.Previous is { } previous)
            yield return Load(game, slot, previous, isPrevious: true, heading);
        if (slot is { Status: "damaged", Current: null })
        {
            yield return new PlayItem(
                heading, Number($"Restore slot {slot.Slot}"), "its record is damaged: brings back what is good of it",
                Available: true, null, () => game.Restore(slot.Slot));
            yield break;
        }

        if (slot is { Automatic: true, Current: null })
        {
            yield return new PlayItem(
                heading, "Load", "empty: nothing was saved yet", Available: false, null, () => { });
        }

        if (!slot.Automatic)
        {
            yield return new PlayItem(
                heading, Number($"Save to slot {slot.Slot}"),
                slot.Current is null ? "empty" : "what is there stays as the older",
                game.View.Ending is null, null, () => game.Save(slot.Slot));
        }
    }

    private static PlayItem Load(PlayedGame game, SaveSlot slot, SavedGame save, bool isPrevious, string heading)
    {
        var what = save.Metadata;
        var note = Number($"{PlainText.Line(what.Location)}, turn {what.Turn}, {what.Wealth:N0} credits, ")
            + save.SavedAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return new PlayItem(
            heading, Number($"Load slot {slot.Slot}{(isPrevious ? ", the older" : "")}"),
            save.Damaged ? "damaged: it cannot be loaded" : note, !save.Damaged,
            game.View.Ending is null ? "What was not saved is lost." : null, () => game.Load(slot.Slot, isPrevious));
    }

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
