using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sojourn.Kinds.Play.Models;

/// <summary>A pilot: who it is, what has been achieved, how the controls are set. Immutable; members that a newer game
/// wrote are kept.</summary>
public sealed record PilotProfile
{
    /// <summary>How many hotkeys there are.</summary>
    public const int HotkeySlots = 8;

    /// <summary>The version of this model that is written.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What the pilot is called; see <see cref="Models.Callsign"/>.</summary>
    public required string Callsign { get; init; }

    /// <summary>For where there is little room; null for the callsign's own.</summary>
    public string? ShortCallsign { get; init; }

    /// <summary>How hard the game is: 0 to 4. Default 2.</summary>
    public int Difficulty { get; init; } = 2;

    /// <summary>The rank; empty if there is none.</summary>
    public string Rank { get; init; } = "";

    /// <summary>Points over all missions; 0 or more.</summary>
    public long Score { get; init; }

    /// <summary>Missions flown; 0 or more.</summary>
    public int MissionsFlown { get; init; }

    /// <summary>How long the pilot has flown; not negative.</summary>
    public TimeSpan FlightTime { get; init; }

    /// <summary>Medals by name, and how often each.</summary>
    public ImmutableSortedDictionary<string, int> Medals { get; init; } =
        ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>Kills by what was shot down.</summary>
    public ImmutableSortedDictionary<string, int> Kills { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>The eight hotkeys' targets; null for one that is free.</summary>
    public ImmutableArray<string?> Hotkeys { get; init; } = [.. new string?[HotkeySlots]];

    /// <summary>What the game keeps from mission to mission.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Variables { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;

    /// <summary>When the pilot was made, UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the pilot last played, UTC.</summary>
    public DateTimeOffset LastPlayedAt { get; init; }

    /// <summary>Members that this version does not know; kept as they are.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>All that is wrong, in sentences; empty if the pilot can be saved and played.</summary>
    public IEnumerable<string> Faults()
    {
        if (!Models.Callsign.TryParse(Callsign, out _))
        {
            yield return $"The callsign '{Callsign}' must be 1 to {Models.Callsign.MaxLength} letters, digits, spaces, "
                + "dashes and underscores.";
        }

        if (Version < 1)
        {
            yield return $"The version must be 1 or more; it is {Version}.";
        }

        if (Difficulty is < 0 or > 4)
        {
            yield return $"The difficulty must be 0 to 4; it is {Difficulty}.";
        }

        if (Score < 0 || MissionsFlown < 0 || FlightTime < TimeSpan.Zero
            || Medals.Values.Concat(Kills.Values).Any(count => count < 0))
        {
            yield return "Score, missions, flight time, medals and kills must not be negative.";
        }

        if (Hotkeys.IsDefault || Hotkeys.Length != HotkeySlots)
        {
            yield return $"There must be exactly {HotkeySlots} hotkeys.";
        }
    }

    /// <summary>The pilot under another callsign, trimmed; null if that is none, and the pilot stays as it is.</summary>
    public PilotProfile? WithCallsign(string callsign) => Models.Callsign.TryParse(callsign, out var parsed)
        ? this with { Callsign = parsed.ToString(), ShortCallsign = ShortCallsign ?? parsed.ShortForm }
        : null;

    /// <summary>The whole pilot as JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, SojournJson.Stored);

    /// <summary>Reads what <see cref="ToJson"/> wrote, here or in another version.</summary>
    /// <exception cref="JsonException">It is no pilot.</exception>
    public static PilotProfile FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<PilotProfile>(json, SojournJson.Stored)
        ?? throw new JsonException("A pilot is a JSON object; this is 'null'.");
}
