using System.Globalization;
using Sojourn.Kinds.Play.Saves;
using Spectre.Console;

namespace Sojourn.Cli.Saves;

/// <summary>Saves as people like to read them. Everything goes in as text, nothing as markup.</summary>
internal static class SaveTables
{
    public static Table List(IEnumerable<SaveMetadata> saves, DateTimeOffset now)
    {
        var table = SessionTables.Plain("SLOT", "SAVE", "STATE", "TYPE", "SAVED", "PILOT", "MISSION", "SIZE");
        foreach (var save in saves)
        {
            table.AddRow(
                SessionTables.Cell(save.Slot.ToString()),
                SessionTables.Cell(Number(save.Generation)),
                State(save.State),
                SessionTables.Cell(ShownSave.Word(save.Details.Type)),
                SessionTables.Cell(SessionTables.Span(now - save.SavedAt) + " ago"),
                SessionTables.Cell(save.Details.Callsign),
                SessionTables.Cell(save.Details.Mission),
                SessionTables.Cell(Bytes(save.Size)));
        }

        return table;
    }

    public static Grid Details(SaveMetadata save)
    {
        var grid = new Grid().AddColumn().AddColumn();
        (string Name, string? Text)[] rows =
        [
            ("slot", save.Slot.ToString()),
            ("save", Number(save.Generation)),
            ("problem", save.Problem),
            ("type", ShownSave.Word(save.Details.Type)),
            ("saved", SessionTables.Moment(save.SavedAt)),
            ("taken from", save.Origin is { } origin
                ? $"save {origin.Generation} of slot {origin.Slot}, "
                    + $"{SessionTables.Moment(origin.TakenAt)} ({origin.How})"
                : null),
            ("name", save.Details.Name),
            ("pilot", $"{save.Details.PilotRank} {save.Details.Callsign}".Trim()),
            ("campaign", save.Details.Campaign),
            ("mission", save.Details.Mission),
            ("completion", save.Details.CampaignCompletion.ToString("P0", CultureInfo.InvariantCulture)),
            ("played", SessionTables.Span(save.Details.RealPlayTime)),
            ("description", save.Details.Description),
            ("game", save.Details.GameVersion),
            ("parts", string.Join(", ", save.Parts.Select(part => $"{part.Name} ({Bytes(part.Size)})"))),
            ("size", $"{Bytes(save.Size)}, {save.Compression}"),
            ("screenshot", save.Details.Screenshot.IsEmpty ? null : Bytes(save.Details.Screenshot.Length)),
            ("sha-256", save.Sha256),
        ];
        foreach (var (name, text) in rows.Where(row => !string.IsNullOrEmpty(row.Text)))
            grid.AddRow(new Text(name, new Style(decoration: Decoration.Dim)), SessionTables.Cell(text));
        return grid;
    }

    public static Table Generations(IEnumerable<GenerationState> saves, DateTimeOffset now)
    {
        var table = SessionTables.Plain("SAVE", "STATE", "SAVED", "SIZE", "FILE", "PROBLEM");
        foreach (var save in saves)
        {
            table.AddRow(
                SessionTables.Cell(Number(save.Generation)),
                Coloured(ShownSave.Word(save.Validity), save.Validity == SaveValidity.Good),
                SessionTables.Cell(save.Metadata is { } known ? SessionTables.Span(now - known.SavedAt) + " ago" : ""),
                SessionTables.Cell(save.Metadata is { } sized ? Bytes(sized.Size) : ""),
                SessionTables.Cell(save.File),
                SessionTables.Cell(save.Reason));
        }

        return table;
    }

    public static void Tell(Call call, IReadOnlyList<ShownCheck> checks)
    {
        var saves = checks.SelectMany(check => check.Generations).ToList();
        foreach (var check in checks)
        {
            if (check.Problem is { } problem)
                call.Say(problem);
            foreach (var save in check.Generations.Where(save => save.Reason is not null))
                call.Say($"{save.File}: {save.Validity}. {save.Reason}");
        }

        var bad = saves.Count(save => save.Reason is not null);
        call.Say($"{saves.Count} saves in {checks.Count} slots were read whole; "
            + (bad == 0 ? "all are good." : $"not good: {bad}. To mend what can be: sojourn saves repair DIR"));
    }

    public static void Tell(Call call, IReadOnlyList<RepairOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            foreach (var file in outcome.Quarantined)
                call.Say($"Slot {outcome.Slot}: put aside as {file}.");
            foreach (var number in outcome.Unreadable)
                call.Say($"Slot {outcome.Slot}: save {number} cannot be read, and was left as it is.");
            if (outcome.Rewritten is { } rewritten)
                call.Say($"Slot {outcome.Slot}: the newest good save was written anew, as {rewritten.Generation}.");
            if (outcome.Good == 0)
                call.Say($"Slot {outcome.Slot}: none of its saves is good.");
            else if (outcome.WasWell)
                call.Say($"Slot {outcome.Slot}: all is well.");
        }
    }

    private static Text State(SlotState state) => Coloured(ShownSave.Word(state), state == SlotState.Good);

    private static Text Coloured(string word, bool isGood) => new(word, new Style(isGood ? Color.Green : Color.Red));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Bytes(long bytes) => bytes switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0} MiB"),
    };
}
