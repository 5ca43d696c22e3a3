using Sojourn.Kinds.Play.Saves;

namespace Sojourn.Kinds.Play.Cloud;

/// <summary>What a save says of itself, if it is a file as <see cref="SaveSlots.ExportAsync"/> writes it.</summary>
/// <param name="Details">What it is about; nothing for a save in any other form.</param>
/// <param name="Screenshot">Its picture; empty if it has none.</param>
/// <param name="Damage">
/// Why it is no whole file of a save, though it begins like one; null if it is good, or in another form.
/// </param>
internal sealed record SavedFile(CloudSaveDetails Details, ReadOnlyMemory<byte> Screenshot, string? Damage)
{
    private static readonly SaveReader Reader = new(new SaveSlotsOptions());

    /// <summary>Reads a save. Texts become single lines, and are cut where they are too long.</summary>
    /// <param name="content">The save.</param>
    /// <param name="longestText">In characters.</param>
    /// <param name="longestDescription">In characters.</param>
    public static SavedFile Read(byte[] content, int longestText, int longestDescription)
    {
        var unknown = new SavedFile(new CloudSaveDetails(), default, null);
        if (!content.AsSpan().StartsWith(SaveFormat.Magic))
        {
            return unknown;
        }

        using var file = new MemoryStream(content, writable: false);
        var reading = Reader.Read(file, content.Length, ReadDepth.Body, CancellationToken.None);
        if (reading is not { IsGood: true, Metadata: { } save })
        {
            // One of a newer program is its own affair.
            return reading.Validity == SaveValidity.Newer ? unknown : unknown with { Damage = reading.Reason };
        }

        var details = save.Details;
        return new(
            new CloudSaveDetails
            {
                SavedAt = save.TakenAt,
                Type = WordOf(details.Type),
                Name = Text(details.Name),
                Callsign = Text(details.Callsign),
                PilotRank = Text(details.PilotRank),
                Campaign = Text(details.Campaign),
                Mission = Text(details.Mission),
                Description = Cut(details.Description, longestDescription),
                Completion = Math.Clamp(details.CampaignCompletion, 0, 1),
                Score = details.Score,
                MissionsFlown = details.MissionsFlown,
                RealPlaySeconds = details.RealPlayTime.TotalSeconds,
                GamePlaySeconds = details.GamePlayTime.TotalSeconds,
                GameVersion = Text(details.GameVersion),
            },
            details.Screenshot,
            null);

        string? Text(string? text) => Cut(text, longestText);
    }

    private static string WordOf(SaveType type) => type switch
    {
        SaveType.Auto => "auto",
        SaveType.Quick => "quick",
        SaveType.Checkpoint => "checkpoint",
        // What a player asked for, or a type that is newer than this.
        _ => "manual",
    };

    private static string? Cut(string? text, int longest) =>
        PlayLimits.Cut(text, longest) is { Length: > 0 } line ? line : null;
}
