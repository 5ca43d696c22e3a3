namespace Sojourn.Kinds.Play.Saves;

/// <summary>What can be saved: everything has a limit, and what is over it is refused before anything is done.</summary>
internal static class SaveRules
{
    public const int MaxTextLength = 200;
    public const int MaxDescriptionLength = 1000;
    public const int MaxExtra = 64;
    public const int MaxNameLength = 64;
    public const int MaxExtraLength = 1000;

    /// <exception cref="SaveRefusedException">Something cannot be saved; the message says all of it.</exception>
    public static void Check(SlotName slot, SaveContent content, SaveDetails details, SaveSlotsOptions options)
    {
        CheckSlot(slot, options);
        var faults = Of(content, options).Concat(Of(details, options)).ToList();
        if (faults.Count > 0)
        {
            throw new SaveRefusedException($"This cannot be saved to slot {slot}. {string.Join(' ', faults)}");
        }
    }

    /// <exception cref="SaveRefusedException">There is no such slot here.</exception>
    public static void CheckSlot(SlotName slot, SaveSlotsOptions options)
    {
        if (slot.Index >= options.Slots)
        {
            throw new SaveRefusedException(options.Slots == 0
                ? $"There is no slot {slot}; there are 'quick' and 'auto'."
                : $"There is no slot {slot}; there are 0 to {options.Slots - 1}, 'quick' and 'auto'.");
        }
    }

    private static IEnumerable<string> Of(SaveContent content, SaveSlotsOptions options)
    {
        if (content.Parts.Count == 0)
            yield return "It has no parts; give at least one.";
        if (content.Parts.Count > options.MaxParts)
            yield return $"It has {content.Parts.Count} parts; {options.MaxParts} is the most.";
        if (content.Size > options.MaxContentBytes)
            yield return $"It has {content.Size:N0} bytes; {options.MaxContentBytes:N0} is the most.";
        foreach (var name in content.Parts.Keys.Where(name => !IsName(name)).Take(1))
        {
            yield return $"'{name}' is no name of a part: a-z, 0-9, '.', '_' and '-', a letter or digit first, at most "
                + $"{MaxNameLength} characters.";
        }
    }

    private static IEnumerable<string> Of(SaveDetails details, SaveSlotsOptions options)
    {
        (string Name, string? Text, int Most)[] texts =
        [
            (nameof(details.Callsign), details.Callsign, MaxTextLength),
            (nameof(details.PilotRank), details.PilotRank, MaxTextLength),
            (nameof(details.Name), details.Name ?? "", MaxTextLength),
            (nameof(details.Campaign), details.Campaign, MaxTextLength),
            (nameof(details.CampaignFile), details.CampaignFile, MaxTextLength),
            (nameof(details.Mission), details.Mission, MaxTextLength),
            (nameof(details.GameVersion), details.GameVersion, MaxTextLength),
            (nameof(details.PlayId), details.PlayId ?? "", MaxTextLength),
            (nameof(details.GameState), details.GameState ?? "", MaxTextLength),
            (nameof(details.Description), details.Description, MaxDescriptionLength),
        ];
        foreach (var (name, text, most) in texts.Where(each => each.Text is null || each.Text.Length > each.Most))
            yield return text is null ? $"{name} is null." : $"{name} has {text.Length} characters; {most} is the most.";
        if (!Enum.IsDefined(details.Type))
            yield return $"{details.Type} is no type of a save.";
        if (details.CampaignCompletion is not (>= 0 and <= 1))
            yield return $"CampaignCompletion is {details.CampaignCompletion}; it must be 0 to 1.";
        if (details.MissionsFlown < 0 || details.MissionIndex < 0)
            yield return "MissionsFlown and MissionIndex must not be negative.";
        if (details.RealPlayTime < TimeSpan.Zero || details.GamePlayTime < TimeSpan.Zero)
            yield return "Play times must not be negative.";
        foreach (var fault in OfScreenshot(details.Screenshot.Span, options.MaxScreenshotBytes))
            yield return fault;
        if (details.Extra.Count > MaxExtra
            || details.Extra.Any(each => each.Key.Length > MaxNameLength || each.Value.Length > MaxExtraLength))
        {
            yield return $"Extra may have {MaxExtra} entries, keys of {MaxNameLength} characters and values of "
                + $"{MaxExtraLength}.";
        }
    }

    private static List<string> OfScreenshot(ReadOnlySpan<byte> picture, int most) =>
        picture.IsEmpty ? []
        : picture.Length > most ? [$"The screenshot has {picture.Length:N0} bytes; {most:N0} is the most."]
        : !picture.StartsWith(SaveFormat.PngSignature) ? ["The screenshot is no PNG."]
        : [];

    private static bool IsName(string name) => name.Length is > 0 and <= MaxNameLength
        && (char.IsAsciiLetterLower(name[0]) || char.IsAsciiDigit(name[0]))
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-');
}
