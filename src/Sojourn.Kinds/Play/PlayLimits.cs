using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Sojourn.Kinds.Play.Models;

namespace Sojourn.Kinds.Play;

/// <summary>What parameters may be. Pure.</summary>
internal static class PlayLimits
{
    public const int LongestText = 64;
    public const int LongestReason = 256;
    public const int LongestDescription = 128;
    public const int LongestWhy = 32;
    public const int MostNames = 64;
    public const int MostMetadataBytes = 16 << 10;
    public const int MostBackups = 64;
    public const long MostSaveBytes = 1L << 40;

    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);
    private static readonly string[] SaveTypes = ["manual", "auto", "quick", "checkpoint"];

    /// <summary>A parameter that could never be accepted.</summary>
    public sealed record Fault(string Field, string Code, string Message);

    public static Fault? Check(StartPlay start, TimeSpan shortest)
    {
        if (!Callsign.TryParse(start.Pilot, out _))
        {
            return OutOfRange("pilot", $"1 to {Callsign.MaxLength} letters, digits, spaces, dashes and underscores");
        }

        if (!SessionId.TryParse(start.Game, out _))
        {
            return OutOfRange(
                "game", "1 to 64 of a-z, 0-9, '.', '_' and '-', beginning with a letter or a digit");
        }

        return CheckText("pilotName", start.PilotName) ?? CheckText("gameVersion", start.GameVersion)
            ?? CheckText("device", start.Device)
            ?? CheckInterval("autoSaveSeconds", start.AutoSaveSeconds, shortest)
            ?? CheckInterval("checkpointSeconds", start.CheckpointSeconds, shortest)
            ?? (Enum.IsDefined(start.GameState) ? null : OutOfRange("gameState", "one of the game's states"));
    }

    public static Fault? Check(Adjust adjust, TimeSpan shortest) =>
        CheckInterval("autoSaveSeconds", adjust.AutoSaveSeconds ?? shortest.TotalSeconds, shortest)
        ?? CheckInterval("checkpointSeconds", adjust.CheckpointSeconds ?? shortest.TotalSeconds, shortest);

    public static Fault? Check(IEnumerable<string> names, ImmutableSortedDictionary<string, JsonElement> merged)
    {
        if (names.FirstOrDefault(name => name.Length is 0 or > LongestText || !name.All(IsNameCharacter)) is not null)
        {
            return OutOfRange("metadata", "named by 1 to 64 letters, digits, '.', '_' and '-'");
        }

        if (merged.Count > MostNames)
        {
            return new("metadata", "too-many",
                $"A session keeps at most {MostNames} names; this would be {merged.Count}. Remove some with null.");
        }

        var bytes = merged.Sum(each => each.Key.Length + Encoding.UTF8.GetByteCount(each.Value.GetRawText()));
        return bytes <= MostMetadataBytes ? null : new("metadata", "too-large",
            $"A session keeps at most {MostMetadataBytes:N0} bytes of metadata; this would be {bytes:N0}. What is "
            + "larger belongs in a save.");
    }

    public static Fault? Check(SavedContent? save)
    {
        if (save is null)
        {
            return null;
        }

        if (!IsSlot(save.Slot) || save.Generation < 1)
        {
            return OutOfRange("save", "of a slot '0' to '998', 'quick' or 'auto', and of a generation from 1");
        }

        if (!SaveTypes.Contains(save.Type, StringComparer.Ordinal))
        {
            return OutOfRange("save", $"of the type {string.Join(", ", SaveTypes)}");
        }

        if (save.Size > MostSaveBytes)
        {
            return OutOfRange("save", $"of at most {MostSaveBytes:N0} bytes");
        }

        if (save.Size < 0 || !double.IsFinite(save.Milliseconds) || save.Milliseconds < 0)
        {
            return OutOfRange("save", "of a size and a time that are not negative");
        }

        return save.Sha256 is "" || (save.Sha256.Length == 64 && save.Sha256.All(char.IsAsciiHexDigit))
            ? null
            : OutOfRange("save", "with a SHA-256 of 64 hexadecimal digits, or none");
    }

    public static Fault? Check(ImmutableArray<FoundBackup>? backups)
    {
        if (backups is not { IsDefault: false } found)
        {
            return null;
        }

        if (found.Length > MostBackups)
        {
            return OutOfRange("backups", $"at most {MostBackups}");
        }

        return found.All(backup => backup is not null && IsSlot(backup.Slot) && backup.Generation >= 1
                && backup.Attempts >= 0 && SaveTypes.Contains(backup.Type, StringComparer.Ordinal)
                && Enum.IsDefined(backup.Validity))
            ? null
            : OutOfRange("backups", "of slots '0' to '998', 'quick' or 'auto', of generations from 1, of a type that "
                + $"is one of {string.Join(", ", SaveTypes)}, and with no negative count of attempts");
    }

    public static Fault? CheckText(string field, string? text) =>
        text is null || (text.Length <= LongestText && !text.Any(char.IsControl))
            ? null
            : OutOfRange(field, $"at most {LongestText} characters, none of them a control character");

    public static Fault? CheckWhy(string why) => why.Length is > 0 and <= LongestWhy && !why.Any(char.IsControl)
        ? null
        : OutOfRange("why", $"1 to {LongestWhy} characters, none of them a control character");

    /// <summary>A text that is told to people, on one line and not too long.</summary>
    public static string Cut(string? text, int most)
    {
        var line = string.Concat((text ?? "").Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        if (line.Length <= most)
        {
            return line;
        }

        // Not between the halves of a character.
        return line[..(char.IsHighSurrogate(line[most - 2]) ? most - 2 : most - 1)] + "…";
    }

    private static bool IsSlot(string? slot) => slot is "quick" or "auto"
        || (slot is { Length: >= 1 and <= 3 } && slot.All(char.IsAsciiDigit) && slot is not (['0', _, ..] or "999"));

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';

    private static Fault? CheckInterval(string field, double seconds, TimeSpan shortest) =>
        seconds >= shortest.TotalSeconds && seconds <= LongestInterval.TotalSeconds
            ? null
            : OutOfRange(field, $"{shortest.TotalSeconds:0.###} to {LongestInterval.TotalSeconds:N0} seconds");

    private static Fault OutOfRange(string field, string must) =>
        new(field, "out-of-range", $"'{field}' must be {must}.");
}
