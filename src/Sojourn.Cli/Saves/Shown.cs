using System.Text.Json;
using Sojourn.Kinds.Play.Saves;

namespace Sojourn.Cli.Saves;

/// <summary>A save as <c>--json</c> shows it.</summary>
internal sealed record ShownSave(
    string Slot, long Generation, string State, string? Problem, string Type, DateTimeOffset SavedAt,
    DateTimeOffset TakenAt)
{
    public required long Size { get; init; }

    public required long ContentSize { get; init; }

    public required string Sha256 { get; init; }

    public required string Compression { get; init; }

    public required int FormatVersion { get; init; }

    public required int Schema { get; init; }

    public required bool HasOlder { get; init; }

    public required IReadOnlyList<SavePart> Parts { get; init; }

    public required SaveDetails Details { get; init; }

    public required int ScreenshotBytes { get; init; }

    public static ShownSave Of(SaveMetadata save) => new(
        save.Slot.ToString(), save.Generation, Word(save.State), save.Problem, Word(save.Details.Type), save.SavedAt,
        save.TakenAt)
    {
        Size = save.Size,
        ContentSize = save.ContentSize,
        Sha256 = save.Sha256,
        Compression = save.Compression,
        FormatVersion = save.FormatVersion,
        Schema = save.Schema,
        HasOlder = save.HasOlder,
        Parts = save.Parts,
        Details = save.Details,
        ScreenshotBytes = save.Details.Screenshot.Length,
    };

    /// <summary>How a value is called on the outside.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}

/// <summary>One save of a slot as <c>--json</c> shows it.</summary>
internal sealed record ShownGeneration(
    long Generation, string Validity, string? Reason, DateTimeOffset? SavedAt, long? Size, int Attempts, string File)
{
    public static ShownGeneration Of(GenerationState save) => new(
        save.Generation, ShownSave.Word(save.Validity), save.Reason, save.Metadata?.SavedAt, save.Metadata?.Size,
        save.Attempts, save.File);
}

/// <summary>What verifying a slot found.</summary>
internal sealed record ShownCheck(
    string Slot, string State, string? Problem, bool IsWell, IReadOnlyList<ShownGeneration> Generations)
{
    public static ShownCheck Of(SaveMetadata slot, IReadOnlyList<GenerationState> saves) => new(
        slot.Slot.ToString(), ShownSave.Word(slot.State), slot.Problem,
        slot.State == SlotState.Good && saves.All(save => save.Validity == SaveValidity.Good),
        [.. saves.Select(ShownGeneration.Of)]);
}

/// <summary>What a repair did.</summary>
internal sealed record ShownRepair(
    string Slot, int Good, IReadOnlyList<string> Quarantined, long? RewrittenAs, IReadOnlyList<long> Unreadable)
{
    public static ShownRepair Of(RepairOutcome outcome) => new(
        outcome.Slot.ToString(), outcome.Good, outcome.Quarantined, outcome.Rewritten?.Generation, outcome.Unreadable);
}
