using System.Collections.Immutable;
using Sojourn.Kinds.Play.Saves;

namespace Sojourn.Kinds.Play.Games;

/// <summary>A save as a recovery sees it.</summary>
internal sealed record FoundSave(string? Pilot, FoundBackup Backup)
{
    /// <summary>
    /// All saves of a folder, each read whole. Files of slots that the options no longer have are passed over.
    /// </summary>
    public static async Task<IReadOnlyList<FoundSave>> AllAsync(SaveSlots saves, CancellationToken giveUp)
    {
        var found = new List<FoundSave>();
        foreach (var slot in await saves.ListAsync(giveUp).ConfigureAwait(false))
        {
            try
            {
                foreach (var save in await saves.GenerationsAsync(slot.Slot, giveUp).ConfigureAwait(false))
                {
                    found.Add(Of(slot.Slot, save));
                }
            }
            catch (SaveRefusedException)
            {
                // It could not be loaded either, so it is nothing to offer.
            }
        }

        return found;
    }

    /// <summary>The newest of each slot.</summary>
    public static ImmutableArray<FoundBackup> NewestOf(ImmutableArray<FoundBackup> backups) =>
        [.. backups.GroupBy(backup => backup.Slot).Select(slot => slot.MaxBy(backup => backup.Generation)!)];

    /// <summary>The newest saves that may be a pilot's: another's are not offered.</summary>
    public static ImmutableArray<FoundBackup> Of(IEnumerable<FoundSave> found, string pilot) =>
    [
        .. found.Where(save => string.IsNullOrEmpty(save.Pilot) || save.Pilot == pilot).Select(save => save.Backup)
            .OrderByDescending(backup => backup.SavedAt).Take(PlayLimits.MostBackups),
    ];

    private static FoundSave Of(SlotName slot, GenerationState save)
    {
        var about = save.Metadata?.Details;
        return new FoundSave(about?.Callsign, new FoundBackup(
            slot.ToString(),
            save.Generation,
            // A copy of an older game is no newer one.
            save.Metadata?.TakenAt ?? DateTimeOffset.UnixEpoch,
            (about?.Type ?? SaveType.Manual).ToString().ToLowerInvariant(),
            // What cannot be read, or is of a newer game, cannot be recovered from now.
            save.Validity == SaveValidity.Good ? BackupValidity.Good : BackupValidity.Damaged,
            save.Attempts,
            save.Validity == SaveValidity.Good ? null : save.Reason ?? save.Validity.ToString(),
            string.Join(", ", new[] { about?.Name, about?.Mission, about?.Description }
                .Where(text => !string.IsNullOrEmpty(text)))));
    }
}

/// <summary>Answers that can only be a problem if the store is in trouble.</summary>
internal static class Expected
{
    /// <exception cref="SojournException">The answer is a problem.</exception>
    public static TReply Expect<TReply>(this Answer<TReply> answer) => answer.Reply;
}
